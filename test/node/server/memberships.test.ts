import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemoryStore } from '../../../server/store-memory.ts';
import { HOST_SECRET, hostToken } from '../../support/host-tokens.ts';
import { startServer } from '../../support/server.ts';

describe('Memberships', () => {
  it('are given up at once when a fresh token no longer opens the room', async (t) => {
    const server = await startServer(t, { jwtKey: HOST_SECRET });
    const token = (rooms: object): Promise<string> => hostToken({ sub: 'ann', name: 'Ann', rooms });
    const ann = await server.connect();
    await ann.hello({ token: await token({ lobby: 'rw', news: 'rw' }) });
    await ann.join('lobby');
    await ann.join('news');

    ann.send({ op: 'token', token: await token({ lobby: 'r' }) });
    await ann.next('welcome');
    const lost = await ann.next('error');
    const nack = await ann.say('lobby', 'hi');
    const bob = await server.connect();
    await bob.hello({ token: await hostToken({ sub: 'bob', name: 'Bob' }) });
    await bob.join('news');
    await bob.say('news', 'hi');
    await ann.settle();

    assert.deepEqual([lost.code, lost.room], ['forbidden', 'news']);
    assert.ok(nack.op === 'nack' && nack.code === 'forbidden');
    assert.ok(!ann.ops.some((op) => op.op === 'entries'));
  });

  it('are told by the room when a fresh token changes what may be done, and keep their place', async (t) => {
    const server = await startServer(t, { jwtKey: HOST_SECRET });
    const token = (grant: string): Promise<string> =>
      hostToken({ sub: 'ann', name: 'Ann', rooms: { lobby: grant } });
    const ann = await server.connect();
    await ann.hello({ token: await token('rw') });
    await ann.join('lobby');
    await ann.say('lobby', 'one');

    ann.send({ op: 'token', token: await token('rw') });
    await ann.next('welcome');
    ann.send({ op: 'token', token: await token('rwm') });
    await ann.next('welcome');
    const told = await ann.next('joined');
    ann.send({ op: 'token', token: await token('r') });
    const less = await ann.next('joined');

    assert.ok('entries' in told);
    assert.deepEqual([told.entries, told.more, told.head], [[], undefined, 1]);
    assert.ok(told.can.includes('moderate'));
    assert.deepEqual(less.can, ['join', 'history']);
    assert.equal(ann.ops.filter(({ op }) => op === 'joined').length, 3);
  });

  it('are not taken up when the connection ends before the room has answered', async (t) => {
    const store = openMemoryStore();
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const { lines } = store;
    store.lines = async (...args) => {
      asked.resolve();
      await gate.promise;
      return lines.call(store, ...args);
    };
    const server = await startServer(t, { store, roomIdleMs: 20 });
    const ann = await server.guest('Ann');
    ann.send({ op: 'join', room: 'lobby' });
    await asked.promise;
    const text = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text();

    ann.destroy();
    while (!(await text()).includes('mini_chat_connections 0\n'));
    gate.resolve();
    while (!(await text()).includes('mini_chat_rooms 0\n'));

    assert.match(await text(), /^mini_chat_rooms 0$/m);
  });

  it('end with the connection: the room has no member and its place is free', async (t) => {
    const server = await startServer(t, { roomIdleMs: 20 });
    const ann = await server.member('Ann', 'lobby');
    const rooms = async (): Promise<boolean> =>
      (await (await fetch(`${server.url}/metrics`)).text()).includes('mini_chat_rooms 0\n');
    assert.equal(await rooms(), false);

    ann.destroy();
    while (!(await rooms()));

    assert.equal(await rooms(), true);
  });
});
