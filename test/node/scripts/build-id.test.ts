import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { buildId } from '../../../scripts/build-id.ts';
import { temporaryFolder } from '../../support/server-process.ts';

/** Writes what a build is made of, in this order. */
function write(root: string, texts: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}

const texts = {
  'component/package.json': '{"version":"1.2.3"}',
  'component/element/one.ts': 'one\n',
  'component/client/two.ts': 'two\n',
  'rollup.config.mjs': 'how\n',
  'package-lock.json': '{}\n',
};

describe('buildId', () => {
  it('is the version and a hash, the same wherever the sources are the same', async () => {
    await using here = await temporaryFolder();
    await using there = await temporaryFolder();
    write(here.dir, texts);
    write(there.dir, Object.fromEntries(Object.entries(texts).reverse()));
    write(there.dir, { 'component/client/two.ts': 'two\r\n', 'README.md': 'no ingredient' });

    assert.match(buildId(here.dir), /^1\.2\.3-[0-9a-f]{8}$/);
    assert.equal(buildId(there.dir), buildId(here.dir));
  });

  for (const file of Object.keys(texts)) {
    it(`is another one when ${file} is`, async () => {
      await using folder = await temporaryFolder();
      write(folder.dir, texts);
      const before = buildId(folder.dir);

      write(folder.dir, { [file]: '{"version":"1.2.4"}' });

      assert.notEqual(buildId(folder.dir), before);
    });
  }
});
