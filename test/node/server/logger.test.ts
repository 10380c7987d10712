import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';
import { runBin } from '../../support/bin.ts';
import { HOST_SECRET, hostToken } from '../../support/host-tokens.ts';
import { RawClient } from '../../support/raw-client.ts';

const LOGGER = path.join(import.meta.dirname, '../../../server/logger.ts');

describe('logger', () => {
  it('writes no message text and no token, however talkative it is', async (t) => {
    const canary = 'canary-5f3a';
    const bin = runBin(t, ['--port', '0', '--memory', '--log-level', 'debug'], {
      MINI_CHAT_JWT_KEY: HOST_SECRET,
    });
    const url = await bin.url;
    const ann = await RawClient.connect(url);
    const { token = '' } = await ann.hello();
    await ann.join('lobby');
    await ann.say('lobby', canary);
    await ann.say('lobby', `${canary}\0`);
    ann.send(`{"op":"send","room":"lobby","body":"${canary}"`);
    const host = await hostToken({ sub: 'ann', name: 'Ann', note: canary });
    const bad = await hostToken({ sub: canary, role: 'x' });
    for (const given of [host, bad, `${canary}.x.y`]) {
      const client = await RawClient.connect(url);
      client.send({ op: 'hello', v: 1, client: 'raw', token: given });
      await client.next('welcome', 'error');
    }

    bin.child.kill('SIGTERM');
    const { stderr, stdout } = await bin.ended;

    assert.match(stderr, /"msg":"greeted"/);
    for (const secret of [canary, token, token.split('.')[2]!, host.split('.')[2]!]) {
      assert.ok(!(stderr + stdout).includes(secret), secret);
    }
  });

  it('writes of an error only what was chosen: a driver hangs documents on its errors', () => {
    const script = `
      import { createLogger } from ${JSON.stringify(LOGGER)};
      const facts = { code: 11000, document: { text: 'canary' } };
      const cause = Object.assign(new Error('inner'), facts);
      const err = Object.assign(new Error('outer', { cause }), { result: ['canary'] });
      createLogger('info').error({ err, room: 'lobby' }, 'failed');
      createLogger('silent').error({ err }, 'canary');
    `;
    const args = ['--conditions=source', '--input-type=module', '-e', script];

    const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const line = JSON.parse(stderr) as { err: { message: string; cause: { code: number } } };

    assert.equal(line.err.message, 'outer');
    assert.equal(line.err.cause.code, 11000);
    assert.ok(!stderr.replaceAll(script, '').includes('"canary"'));
    assert.ok(!('result' in line.err) && !('document' in line.err.cause));
  });
});
