import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { createChatServer } from '../../../server/app.ts';
import { openGatedStore } from '../../support/gated-store.ts';
import { RawClient } from '../../support/raw-client.ts';
import { startServer } from '../../support/server.ts';

describe('G3 › ChatServer', () => {
  it('shows an entry to nobody, and acks it to nobody, before it is durable', async (t) => {
    const store = openGatedStore();
    const server = await startServer(t, { store });
    const [ann, bob] = [await server.member('Ann', 'lobby'), await server.member('Bob', 'lobby')];
    store.shut();

    const answer = ann.say('lobby', 'hi');
    await store.waiting(1);
    await Promise.all([ann.settle(), bob.settle()]);
    const late = await server.member('Cid', 'lobby');
    const before = [ann, bob, late].flatMap(({ ops }) => ops.map((op) => op.op));
    store.open();
    const ack = await answer;

    assert.ok(!before.includes('entries') && !before.includes('ack'), before.join());
    assert.ok(late.ops.every((op) => op.op !== 'joined' || op.head === 0));
    assert.equal(ack.op, 'ack');
    for (const client of [bob, late])
      assert.equal((await client.next('entries')).entries.length, 1);
  });
});

describe('ChatServer › drain', () => {
  it('says bye, stores and acks what was sent before, closes 1001', async (t) => {
    const store = openGatedStore();
    const server = await startServer(t, { store, drainMs: 5000 });
    const [ann, bob] = [await server.member('Ann', 'lobby'), await server.member('Bob', 'lobby')];
    store.shut();
    const answer = ann.say('lobby', 'just in time');
    await store.waiting(1);

    const closed = server.close();
    const bye = await bob.next('bye');
    store.open();

    assert.deepEqual([bye.code, bye.afterMs], ['drain', 3000]);
    assert.equal((await answer).op, 'ack');
    assert.equal((await bob.next('entries')).entries.length, 1);
    assert.deepEqual(await Promise.all([ann.closed, bob.closed]), [1001, 1001]);
    await closed;
  });

  it('lets nobody in, and is not ready, while it drains', async (t) => {
    const store = openGatedStore();
    const server = await startServer(t, { store, drainMs: 5000 });
    const ann = await server.member('Ann', 'lobby');
    store.shut();
    const answer = ann.say('lobby', 'hi');
    await store.waiting(1);

    const closed = server.close();
    await ann.next('bye');

    await assert.rejects(RawClient.connect(server.url));
    store.open();
    await answer;
    await closed;
  });

  it('ends in time for a store and a peer that never answer', async (t) => {
    const store = openGatedStore();
    const server = await startServer(t, { store, drainMs: 100, closeMs: 60_000 });
    const ann = await server.member('Ann', 'lobby');
    store.shut();
    ann.send({ op: 'send', room: 'lobby', cid: 'cid-00001', kind: 'message', body: { text: 'x' } });
    await store.waiting(1);
    ann.socket.pause();
    const started = performance.now();

    await server.close();

    assert.ok(performance.now() - started < 30_000);
    store.open();
  });

  it('is idempotent', async (t) => {
    const server = await startServer(t);

    await Promise.all([server.close(), server.close()]);
  });
});

describe('ChatServer › readiness', () => {
  it('is red while the store does not answer, and green again after', async (t) => {
    const store = openGatedStore();
    const { url } = await startServer(t, { store });
    const status = async (): Promise<number> => (await fetch(`${url}/readyz`)).status;

    assert.equal(await status(), 200);
    store.isUp = false;
    assert.equal(await status(), 503);
    store.isUp = true;

    assert.equal(await status(), 200);
  });
});

describe('ChatServer › a store that is silent', () => {
  it('has everybody sent away with a bye, nobody let in, and then all as before', async (t) => {
    const store = openGatedStore();
    const server = await startServer(t, { store, storeSilentMs: 50, drainMs: 100 });
    const ann = await server.member('Ann', 'lobby');
    store.shut();
    ann.send({ op: 'send', room: 'lobby', cid: 'cid-00001', kind: 'message', body: { text: 'x' } });
    await store.waiting(1);

    store.isUp = false;
    const bye = await ann.next('bye');
    assert.deepEqual([bye.code, bye.afterMs], ['drain', 3000]);
    assert.equal(await ann.closed, 1001);
    await assert.rejects(server.connect(), /503/);
    assert.equal((await fetch(`${server.url}/readyz`)).status, 503);

    store.isUp = true;
    store.open();
    const bob = await comeBack();
    assert.equal((await bob.join('lobby')).head, 1, 'what was under way was stored once');
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);

    async function comeBack(): Promise<RawClient> {
      for (;;) {
        try {
          return await server.guest('Bob');
        } catch (error) {
          // Until the next beat of the watch the door stays shut.
          assert.match(String(error), /503/);
        }
      }
    }
  });
});

describe('ChatServer › as a library', () => {
  it('serves its own path on a foreign server and leaves the rest alone', async (t) => {
    const chat = await createChatServer({ memory: true, logLevel: 'silent' });
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/chat/')) {
        request.url = request.url.slice('/chat'.length);
        return chat.handle(request, response);
      }
      response.end(`host ${request.url}`);
    });
    server.on('upgrade', (request, socket) => {
      if (request.url === '/other') socket.end('HTTP/1.1 418 I am another\r\n\r\n');
    });
    chat.attach(server, '/chat/ws');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    assert.equal(await (await fetch(`${url}/page`)).text(), 'host /page');
    assert.equal((await fetch(`${url}/chat/nothing`)).status, 404);
    await assert.rejects(RawClient.connect(url, { path: '/other' }), /418/);
    const client = await RawClient.connect(url, { path: '/chat/ws' });
    await client.hello();
    await client.join('lobby');
    assert.equal((await client.say('lobby', 'hi')).op, 'ack');

    await chat.close();
    assert.equal(await client.closed, 1001);
    assert.equal(server.listenerCount('upgrade'), 1);
  });

  it('answers 404 to an upgrade that nobody else would answer', async (t) => {
    const chat = await createChatServer({ memory: true, logLevel: 'silent' });
    const server = createServer();
    chat.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(async () => {
      await chat.close();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    await assert.rejects(RawClient.connect(url, { path: '/other' }), /404/);
  });
});
