/** What a page pays for the chat, and that the README says so. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import {
  gzipBytes,
  kilobytes,
  ONE_FILE,
  ONE_FILE_GZIP_MAX,
  SECOND_FILE,
  SECOND_FILE_GZIP_MAX,
} from '../../scripts/size.ts';

const ROOT = path.join(import.meta.dirname, '../..');

describe('the one file', () => {
  const file = readFileSync(path.join(ROOT, ONE_FILE));

  test('is at most 31 KB gzipped, Lit included', () => {
    const bytes = gzipBytes(file);

    assert.ok(bytes <= ONE_FILE_GZIP_MAX, `${bytes} bytes; the limit is ${ONE_FILE_GZIP_MAX}`);
  });

  test('loads nothing but the second one, on demand', () => {
    const text = file.toString('utf8');

    const loads = text.match(/\bimport\s*\([^)]*\)|\bimport\s*["'{*]|\bfrom\s*["']/g);

    assert.deepEqual(loads, ['import("./mini-chat-actions.js")']);
  });

  test('carries the notices of its licences and the name of its source map', () => {
    const text = file.toString('utf8');

    assert.match(text, /^\/\*! mini-chat \d+\.\d+\.\d+ \(MIT\)\. Contains Lit/);
    assert.match(text, /\/\/# sourceMappingURL=mini-chat\.min\.js\.map\s*$/);
  });

  test('is as large as the README says', () => {
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

    assert.ok(readme.includes(`**${kilobytes(gzipBytes(file))}**`), 'run "npm run docs"');
  });
});

describe('the second file', () => {
  const file = readFileSync(path.join(ROOT, SECOND_FILE));

  test('is at most 12 KB gzipped', () => {
    const bytes = gzipBytes(file);

    assert.ok(
      bytes <= SECOND_FILE_GZIP_MAX,
      `${bytes} bytes; the limit is ${SECOND_FILE_GZIP_MAX}`,
    );
  });

  test('loads nothing, so that nothing of the first one is there twice', () => {
    const text = file.toString('utf8');

    assert.doesNotMatch(text, /\bimport\s*\(|\bimport\s*["'{*]|\bfrom\s*["']/);
    assert.doesNotMatch(text, /lit\$/, 'Lit is in the first file');
  });
});
