import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ElementSource, NOT_BUILT, readVersion } from '../../../server/element-file.ts';

const path = fileURLToPath(import.meta.resolve('mini-chat/mini-chat.min.js'));

describe('ElementSource', () => {
  it('reads the built file with its hash, or says that there is none', async () => {
    const file = await new ElementSource().read();

    assert.equal(file !== undefined, existsSync(path));
    if (file === undefined) return;
    const bytes = await readFile(path);
    const digest = createHash('sha384').update(bytes).digest('base64');
    assert.equal(file.integrity, `sha384-${digest}`);
    assert.deepEqual(gunzipSync(file.gzip), bytes);
    assert.ok(bytes.includes(`./mini-chat-actions.js?build=${file.build}"`));
  });

  it('reads it once while it does not change', async () => {
    const source = new ElementSource();

    assert.equal(await source.read(), await source.read());
  });

  it('has one line for the file that is missing', () => {
    assert.match(NOT_BUILT, /^the element is not built: .*npm run build/);
  });

  it("reads a package's version", async () => {
    const version = await readVersion(import.meta.resolve('mini-chat-server/package.json'));

    assert.match(version, /^\d+\.\d+\.\d+/);
  });
});
