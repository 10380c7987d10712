import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { start } from '../../../server/app.ts';
import { openGatedStore } from '../../support/gated-store.ts';
import { RawClient } from '../../support/raw-client.ts';

const APP = JSON.stringify(path.join(import.meta.dirname, '../../../server/app.ts'));

const runScript = (script: string): { readonly status: number | null; readonly stdout: string } =>
  spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });

describe('app', () => {
  it('does nothing when it is imported', () => {
    const { status, stdout } = runScript(`
      import * as app from ${APP};
      const found = [Object.keys(app), process.getActiveResourcesInfo()];
      process.stdout.write(JSON.stringify(found));
    `);

    assert.equal(status, 0);
    const [names, resources] = JSON.parse(stdout) as [string[], string[]];
    assert.ok(names.includes('createChatServer') && names.includes('start'));
    assert.deepEqual(
      resources.filter((name) => /Timeout|TCP|Immediate/.test(name)),
      [],
    );
  });

  it('leaves no timer and no socket behind after close: the process ends by itself', () => {
    const { status, stdout } = runScript(`
      import { start } from ${APP};
      const server = await start({ port: 0, memory: true, logLevel: 'silent' });
      const ws = new WebSocket(server.url.replace('http', 'ws') + '/ws', 'mini-chat.1');
      await new Promise((resolve) => { ws.onopen = resolve; });
      ws.send('{"op":"hello","v":1,"name":"Ann","client":"x"}');
      ws.send('{"op":"join","room":"lobby"}');
      await new Promise((resolve) => {
        ws.onmessage = ({ data }) => data.includes('joined') && resolve();
      });
      const closed = new Promise((resolve) => { ws.onclose = ({ code }) => resolve(code); });
      await server.close();
      process.stdout.write(String(await closed));
    `);

    assert.equal(stdout, '1001');
    assert.equal(status, 0);
  });

  it('ends a request that does not send its headers in time', async (t) => {
    const server = await start({ port: 0, memory: true, logLevel: 'silent', headersMs: 50 });
    t.after(() => server.close());
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nX-Slow: ');

    const [answer] = (await once(socket, 'data')) as [Buffer];
    await once(socket, 'close');

    assert.match(answer.toString(), /^HTTP\/1\.1 408 /);
  });

  it('closes its store when the port is taken', async () => {
    const first = await start({ port: 0, memory: true, logLevel: 'silent' });
    const store = openGatedStore();
    let isClosed = false;
    store.close = async () => void (isClosed = true);
    const port = Number(new URL(first.url).port);

    await assert.rejects(start({ port, store, logLevel: 'silent' }), { code: 'EADDRINUSE' });
    await first.close();

    assert.ok(isClosed);
  });

  it('is reached by a client whose Origin is anything, with the defaults', async () => {
    const server = await start({ port: 0, memory: true, logLevel: 'silent' });
    const client = await RawClient.connect(server.url, { origin: 'https://any.example' });

    await client.hello();
    client.destroy();
    await server.close();
  });
});
