import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { runBin } from '../../support/bin.ts';
import { HOST_SECRET } from '../../support/host-tokens.ts';
import { RawClient } from '../../support/raw-client.ts';

const newFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mini-chat-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

describe('main', () => {
  it('prints its address, two lines to embed, and where messages are kept', async (t) => {
    const folder = await newFolder(t);
    const bin = runBin(t, ['--port', '0', '--data', folder]);
    const url = await bin.url;

    bin.child.kill('SIGTERM');
    const { code, stdout } = await bin.ended;

    assert.equal(code, 0);
    assert.match(url, /^http:\/\/localhost:\d+$/);
    assert.ok(stdout.includes(`<script type="module" src="${url}/mini-chat.js"></script>`));
    assert.ok(stdout.includes('<mini-chat room="lobby"></mini-chat>'));
    assert.match(stdout, new RegExp(`Messages are kept in SQLite, in ${folder}`));
  });

  it('keeps messages across a restart, and drains with exit 0 at SIGTERM and SIGINT', async (t) => {
    const folder = await newFolder(t);
    const first = runBin(t, ['--port', '0', '--data', folder]);
    const ann = await RawClient.connect(await first.url);
    const { token } = await ann.hello();
    await ann.join('lobby');
    await ann.say('lobby', 'kept');

    first.child.kill('SIGTERM');
    assert.equal((await ann.next('bye')).code, 'drain');
    assert.equal(await ann.closed, 1001);
    assert.equal((await first.ended).code, 0);
    const second = runBin(t, ['--port', '0', '--data', folder]);
    const again = await RawClient.connect(await second.url);
    await again.hello({ token });
    const joined = await again.join('lobby');
    second.child.kill('SIGINT');

    assert.ok('messages' in joined);
    assert.equal(joined.messages[0]?.body.text, 'kept');
    assert.equal((await second.ended).code, 0);
  });

  it('ends at once at the second signal', async (t) => {
    const bin = runBin(t, ['--port', '0', '--memory', '--drain-ms', '60000']);
    const ann = await RawClient.connect(await bin.url);
    await ann.hello();
    ann.socket.pause();

    bin.child.kill('SIGTERM');
    bin.child.kill('SIGINT');
    const { code } = await bin.ended;

    assert.equal(code, 1);
  });

  it('says in one line that its port is taken, exit 1', async (t) => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    t.after(() => holder.close());
    const { port } = holder.address() as AddressInfo;

    const { code, stderr } = await runBin(t, ['--port', String(port), '--memory']).ended;

    assert.equal(code, 1);
    assert.equal(stderr, `mini-chat-server: --port: address already in use 127.0.0.1:${port}\n`);
  });

  it('says in one line that its data folder is in use, exit 1', async (t) => {
    const folder = await newFolder(t);
    await runBin(t, ['--port', '0', '--data', folder]).url;

    const { code, stderr } = await runBin(t, ['--port', '0', '--data', folder]).ended;

    assert.equal(code, 1);
    assert.match(stderr, /^mini-chat-server: [^\n]+\n$/);
    assert.ok(stderr.includes(folder), stderr);
  });

  const refused: readonly [string, readonly string[], Record<string, string>, RegExp][] = [
    [
      'an unknown flag',
      ['--prot', '1'],
      {},
      /--prot: there is no such flag; did you mean --port\?/,
    ],
    ['a bad value', ['--port', 'x'], {}, /--port: must be a whole number from 0 to 65535/],
    ['a bad variable', [], { MINI_CHAT_GUESTS: 'x' }, /MINI_CHAT_GUESTS: must be one of on/],
    ['a short secret', ['--memory'], { MINI_CHAT_JWT_KEY: 'x' }, /a secret needs 32 bytes/],
    ['a missing key file', ['--memory', '--jwt-key-file', '/no/such'], {}, /cannot be read/],
    ['a token without a key', ['token', '--sub', 'ann'], {}, /no key to sign with/],
  ];
  for (const [what, args, environment, words] of refused) {
    it(`says what is wrong with ${what} in one line, exit 2`, async (t) => {
      const { code, stderr, stdout } = await runBin(t, args, environment).ended;

      assert.equal(code, 2);
      assert.match(stderr, words);
      assert.match(stderr, /^mini-chat-server: [^\n]+\n$/);
      assert.equal(stdout, '');
    });
  }

  it('prints help and version, exit 0', async (t) => {
    const [help, version] = await Promise.all([
      runBin(t, ['--help']).ended,
      runBin(t, ['--version']).ended,
    ]);

    assert.equal(help.code, 0);
    assert.match(help.stdout, /^Usage: mini-chat-server/);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('mints a token that its own server takes', async (t) => {
    const key = { MINI_CHAT_JWT_KEY: HOST_SECRET };
    const args = ['token', '--sub', 'ann', '--name', 'Ann', '--role', 'moderator', '--ttl', '5m'];
    const { stdout } = await runBin(t, args, key).ended;
    const bin = runBin(t, ['--port', '0', '--memory', '--guests', 'off'], key);
    const ann = await RawClient.connect(await bin.url);

    const { user } = await ann.hello({ token: stdout.trim() });

    assert.deepEqual(user, { id: 'u_ann', name: 'Ann', role: 'moderator' });
  });
});
