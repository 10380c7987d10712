import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RawClient } from '../../support/raw-client.ts';
import { startServer } from '../../support/server.ts';

describe('UpgradeGate', () => {
  it('tells a page of an unlisted origin so, and closes 4403', async (t) => {
    const server = await startServer(t, { origins: ['https://a.example'] });

    const evil = await server.connect({ origin: 'https://evil.example' });
    const good = await server.connect({ origin: 'https://a.example' });
    const error = await evil.next('error');

    assert.equal(error.code, 'origin_refused');
    assert.match(error.message, /Pages of https:\/\/evil\.example may not use this chat/);
    assert.equal(await evil.closed, 4403);
    await good.hello();
  });

  it('lets in who names no origin: that is no page', async (t) => {
    const server = await startServer(t, { origins: ['https://a.example'] });

    await (await server.connect()).hello();
  });

  it('lets an address have twenty connections that have not greeted', async (t) => {
    const server = await startServer(t, { waitingPerAddressMax: 20 });
    const clients = await Promise.all(Array.from({ length: 20 }, () => server.connect()));

    const over = await server.connect();
    assert.equal((await over.next('error')).code, 'too_many_connections');
    assert.equal(await over.closed, 4429);
    await clients[0]!.hello();
    const next = await server.connect();

    await next.hello();
  });

  it('gives words only to as many as it would let wait, then refuses over HTTP', async (t) => {
    const server = await startServer(t, {
      origins: ['https://a.example'],
      waitingPerAddressMax: 2,
    });
    const evil = { origin: 'https://evil.example' };
    const held = await Promise.all([1, 2].map(() => server.connect(evil)));
    // They never answer the close frame, so they stay until the server's patience ends.
    for (const { socket } of held) socket.pause();

    const results = await Promise.allSettled([1, 2, 3].map(() => server.connect(evil)));

    const words = results.map((result) =>
      result.status === 'rejected' ? String(result.reason) : '',
    );
    assert.ok(
      words.some((word) => word.includes('429 Too Many Requests')),
      words.join(),
    );
  });

  it('counts addresses that a trusted proxy names', async (t) => {
    const server = await startServer(t, { waitingPerAddressMax: 1, trustProxy: 1 });
    const via = (address: string): Promise<RawClient> =>
      server.connect({ headers: { 'X-Forwarded-For': address } });

    await via('192.0.2.1');
    const other = await via('192.0.2.2');
    const same = await via('6.6.6.6, 192.0.2.1');

    await other.hello();
    assert.equal((await same.next('error')).code, 'too_many_connections');
  });

  it('closes 1009 for a frame above frameBytesMax and goes on with the others', async (t) => {
    const server = await startServer(t);
    const [ann, bob] = [await server.guest('Ann'), await server.guest('Bob')];

    ann.send(`{"op":"ping","n":1,"x":"${'x'.repeat(33_000)}"}`);

    assert.equal(await ann.closed, 1009);
    await bob.settle();
  });

  it('closes 1008 for more than sixteen fragments of one message', async (t) => {
    const ann = await (await startServer(t)).guest('Ann');

    ann.frame(1, Buffer.from('{'), false);
    for (let i = 0; i < 17; i += 1) ann.frame(0, Buffer.from(' '), false);

    assert.equal(await ann.closed, 1008);
  });

  it('closes 1007 for text that is no UTF-8, 1002 for what is no frame', async (t) => {
    const server = await startServer(t);
    const [ann, bob] = [await server.guest('Ann'), await server.guest('Bob')];

    ann.frame(1, Buffer.from([0xff, 0xfe]));
    bob.socket.write(Buffer.from([0x71, 0x80, 0, 0, 0, 0]));

    assert.equal(await ann.closed, 1007);
    assert.equal(await bob.closed, 1002);
  });

  it('refuses what is no upgrade to a WebSocket', async (t) => {
    const { url } = await startServer(t);

    await assert.rejects(RawClient.connect(url, { path: '/elsewhere' }), /404/);
    const plain = await fetch(`${url}/ws`);

    assert.equal(plain.status, 404);
  });
});
