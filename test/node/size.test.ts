/** What a page pays for the chat, and that the README says so. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { gzipBytes, kilobytes, LOADED, ONE_FILE, ONE_FILE_GZIP_MAX } from '../../scripts/size.ts';
import { LOADED_FILES } from '../../server/element-file.ts';

const ROOT = path.join(import.meta.dirname, '../..');

describe('the one file', () => {
  const file = readFileSync(path.join(ROOT, ONE_FILE));

  test('is at most 33 KB gzipped, Lit included', () => {
    const bytes = gzipBytes(file);

    assert.ok(bytes <= ONE_FILE_GZIP_MAX, `${bytes} bytes; the limit is ${ONE_FILE_GZIP_MAX}`);
  });

  test('loads nothing but the files beside it, on demand', () => {
    const text = file.toString('utf8');

    const loads = text.match(/\bimport\s*\([^)]*\)|\bimport\s*["'{*]|\bfrom\s*["']/g) ?? [];

    const [, build] = /^\/\*! mini-chat (\d\S+-[0-9a-f]{8}) /.exec(text) ?? [];
    const known = LOADED.map(({ name }) => `import("./${name}?build=${build}")`);
    assert.deepEqual([...new Set(loads)].sort(), known.sort());
  });

  test('finds those beside it wherever it is served, and in the package', () => {
    const names = LOADED.map(({ name }) => name);
    const { exports } = JSON.parse(
      readFileSync(path.join(ROOT, 'component/package.json'), 'utf8'),
    ) as { exports: Record<string, { default: string }> };

    assert.deepEqual([...LOADED_FILES], names);
    assert.deepEqual(
      names.map((name) => exports[`./${name}`]?.default),
      names.map((name) => `./dist/${name}`),
    );
  });

  test('carries the notices of its licences and the name of its source map', () => {
    const text = file.toString('utf8');

    assert.match(text, /^\/\*! mini-chat \d+\.\d+\.\d+-[0-9a-f]{8} \(MIT\)\. Contains Lit/);
    assert.match(text, /\/\/# sourceMappingURL=mini-chat\.min\.js\.map\s*$/);
  });

  test('is as large as the README says', () => {
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

    assert.ok(readme.includes(`**${kilobytes(gzipBytes(file))}**`), 'run "npm run docs"');
  });
});

for (const { name, gzipMax } of LOADED) {
  describe(`the file ${name}`, () => {
    const file = readFileSync(path.join(ROOT, 'component/dist', name));

    test(`is at most ${kilobytes(gzipMax)} gzipped`, () => {
      const bytes = gzipBytes(file);

      assert.ok(bytes <= gzipMax, `${bytes} bytes; the limit is ${gzipMax}`);
    });

    test('is of the same build as the one file', () => {
      const line = (text: Buffer): string | undefined => / [\d.]+-\S+ /.exec(String(text))?.[0];

      assert.ok(line(file));
      assert.equal(line(file), line(readFileSync(path.join(ROOT, ONE_FILE))));
    });

    test('loads nothing, so that nothing of the first one is there twice', () => {
      const text = file.toString('utf8');

      assert.doesNotMatch(text, /\bimport\s*\(|\bimport\s*["'{*]|\bfrom\s*["']/);
      assert.doesNotMatch(text, /lit\$/, 'Lit is in the first file');
    });
  });
}
