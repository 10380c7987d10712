/** The two packages as strangers get them: packed, installed in an empty folder, and used there. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { LOADED_FILES } from '../../server/element-file.ts';
import { command, PackedPackages, strangerEnvironment } from '../support/packed.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const NPM_MS_MAX = 180_000;

let packed: PackedPackages;

before(async () => (packed = await PackedPackages.open()), { timeout: NPM_MS_MAX });
after(() => packed.close());

for (const name of ['component', 'server'] as const) {
  describe(`the package of ${name}/`, () => {
    test('has nothing that publint would change', async () => {
      const file = readFileSync(packed[name]);
      const tarball = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);

      const { messages, pkg } = await publint({ pack: { tarball } });

      const words = messages.map((message) => formatMessage(message, pkg));
      assert.deepEqual(words, []);
    });

    test('resolves to types from every ES module', async () => {
      const attw = path.join(ROOT, 'node_modules/.bin/attw');

      const { code, output } = await command(
        process.execPath,
        [attw, packed[name], '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'],
        packed.folder,
      );

      assert.equal(code, 0, output);
    });

    test('carries its licence and a page about itself', async () => {
      const { output } = await packed.run('tar', '-tzf', packed[name]);

      assert.match(output, /^package\/LICENSE$/m);
      assert.match(output, /^package\/README\.md$/m);
    });
  });
}

describe('an empty folder with both packages', () => {
  test('imports every entry in plain Node', async () => {
    const entries = [
      'mini-chat',
      'mini-chat/element.js',
      'mini-chat/client',
      'mini-chat/protocol',
      'mini-chat-server',
    ];
    const script = entries.map((entry) => `await import('${entry}');`).join('\n');

    const { code, output } = await packed.run(
      process.execPath,
      '--input-type=module',
      '--eval',
      `${script}\nif (globalThis.document) throw new Error('a page appeared');`,
    );

    assert.equal(code, 0, output);
    assert.equal(output, '');
  });

  test('type-checks in a strict project, JSX included', async () => {
    await packed.add('stranger');
    for (const name of ['@types/node', 'undici-types', '@types/react', 'csstype']) {
      await packed.borrow(name);
    }

    const { code, output } = await packed.run(
      process.execPath,
      path.join(ROOT, 'node_modules/typescript/bin/tsc'),
      '-p',
      '.',
    );

    assert.equal(code, 0, output);
  });

  test('starts by its command, serves the element and the demo, and drains on SIGTERM', async () => {
    const server = startBin(packed.folder);
    const url = await urlFrom(server);

    const [element, health, page] = await Promise.all(
      ['/mini-chat.js', '/healthz', '/'].map((place) => fetch(url + place)),
    );
    const first = (await element!.text()).slice(0, 40);
    const loaded = await Promise.all(
      LOADED_FILES.map(async (name) => (await fetch(`${url}/${name}`)).text()),
    );
    server.kill('SIGTERM');
    const [code] = (await once(server, 'exit')) as [number | null];

    assert.match(first, /^\/\*! mini-chat/);
    for (const text of loaded) assert.match(text, /^\/\*! mini-chat \S+ \(MIT\)\. \*\/\n/);
    assert.equal(health!.status, 200);
    assert.match(await page!.text(), /<mini-chat room="lobby">/);
    assert.equal(code, 0);
  });
});

function startBin(folder: string): ChildProcess {
  const file = path.join(folder, 'node_modules/.bin/mini-chat-server');
  const args = ['--port', '0', '--data', path.join(folder, 'data')];
  return spawn(file, args, { cwd: folder, env: strangerEnvironment() });
}

/** The address that the server prints first. */
async function urlFrom(server: ChildProcess): Promise<string> {
  let printed = '';
  for await (const part of server.stdout!) {
    printed += String(part);
    const [url] = /http:\/\/\S+/.exec(printed) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`The server ended and had said: ${printed}`);
}
