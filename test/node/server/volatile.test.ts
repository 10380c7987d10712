import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { ServerOp } from 'mini-chat/protocol';
import type { ChatServerOptions } from '../../../server/app.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';
import type { Store } from '../../../server/store.ts';
import { HOST_SECRET, hostToken } from '../../support/host-tokens.ts';
import { NewsBus } from '../../support/news-bus.ts';
import type { OpOf, RawClient } from '../../support/raw-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** The paces of life are tested with a clock that stands still, in room-people.test.ts. */
const quick: ChatServerOptions = {
  typingEveryMs: 5,
  presenceEveryMs: 5,
  crowdEveryMs: 5,
  readEveryMs: 5,
  newsEveryMs: 5,
  jwtKey: HOST_SECRET,
};

const namesOf = (op: OpOf<'typing' | 'presence'>): string =>
  (op.users ?? []).map(({ name }) => name).join(' ');

/** Waits until a client is told exactly this. */
const told = async (client: RawClient, op: 'typing' | 'presence', names: string): Promise<void> => {
  await client.until((one) => one.op === op && namesOf(one as OpOf<'presence'>) === names);
};

const is =
  (name: ServerOp['op'], seq?: number) =>
  (op: ServerOp): boolean =>
    op.op === name && (seq === undefined || ('seq' in op && op.seq === seq));

/** A signed-in user, in the room; one more connection with every call. */
const signedIn = async (
  server: TestServer,
  sub: string,
  claims: object = {},
): Promise<RawClient> => {
  const client = await server.connect();
  await client.hello({ token: await hostToken({ sub, name: sub, ...claims }) });
  await client.join('lobby');
  return client;
};

describe('Volatile › one node', () => {
  it('tells members who is there, who writes and who stopped', async (t) => {
    const server = await startServer(t, quick);
    const ann = await server.member('Ann', 'lobby');
    const bob = await server.member('Bob', 'lobby');
    await ann.until((op) => op.op === 'presence' && op.count === 2);

    bob.send({ op: 'typing', room: 'lobby', on: true });
    await told(ann, 'typing', 'Bob');
    bob.send({ op: 'typing', room: 'lobby', on: false });
    await told(ann, 'typing', '');
    bob.destroy();

    await told(ann, 'presence', 'Ann');
  });

  it('takes a message for the end of the writing', async (t) => {
    const server = await startServer(t, quick);
    const ann = await server.member('Ann', 'lobby');
    const bob = await server.member('Bob', 'lobby');
    bob.send({ op: 'typing', room: 'lobby', on: true });
    await told(ann, 'typing', 'Bob');

    await bob.say('lobby', 'there');

    await told(ann, 'typing', '');
  });

  it('forgets a writer that says nothing more', async (t) => {
    const server = await startServer(t, { ...quick, typingMs: 500 });
    const ann = await server.member('Ann', 'lobby');

    ann.send({ op: 'typing', room: 'lobby', on: true });
    await told(ann, 'typing', 'Ann');

    await told(ann, 'typing', '');
  });

  it('lets nobody write who may not, or has no name, and counts them as present', async (t) => {
    const server = await startServer(t, { ...quick, readOnly: ['lobby'] });
    const nobody = await server.connect();
    await nobody.hello({ name: undefined });
    await nobody.join('lobby');
    const ann = await server.member('Ann', 'lobby');

    nobody.send({ op: 'typing', room: 'lobby', on: true });
    ann.send({ op: 'typing', room: 'lobby', on: true });
    const refusals = [await nobody.next('error'), await ann.next('error')];
    await ann.until((op) => op.op === 'presence' && op.count === 2);
    await ann.settle();

    assert.deepEqual(
      refusals.map(({ code, room }) => [code, room]),
      [
        ['name_required', 'lobby'],
        ['forbidden', 'lobby'],
      ],
    );
    assert.ok(!ann.ops.some(is('typing')));
  });

  it('tells a new name of who is there', async (t) => {
    const server = await startServer(t, quick);
    const ann = await server.member('Ann', 'lobby');
    const bob = await server.connect();
    const { token } = await bob.hello({ name: 'Bob' });
    await bob.join('lobby');
    await ann.until((op) => op.op === 'presence' && op.count === 2);

    bob.send({ op: 'token', token, name: 'Rob' });

    await ann.until((op) => op.op === 'presence' && namesOf(op).includes('Rob'));
  });

  it('tells nothing to who may not join, who left, and whose token no longer opens it', async (t) => {
    const server = await startServer(t, { ...quick, private: ['lobby'] });
    const claims = { rooms: { '*': 'rw' } };
    const ann = await signedIn(server, 'ann', claims);
    const eve = await server.guest('Eve');
    const [gone, lost] = [
      await signedIn(server, 'gone', claims),
      await signedIn(server, 'lost', claims),
    ];
    await ann.until((op) => op.op === 'presence' && op.count === 3);

    for (const op of ['join', 'typing', 'read']) {
      eve.send({ op, room: 'lobby', on: true, seq: 1 });
      await eve.next('error');
    }
    gone.send({ op: 'leave', room: 'lobby' });
    lost.send({ op: 'token', token: await hostToken({ sub: 'lost', rooms: { other: 'rw' } }) });
    await lost.next('error');
    await told(ann, 'presence', 'ann');
    await gone.settle();
    const before = [gone.ops.length, lost.ops.length];
    ann.send({ op: 'typing', room: 'lobby', on: true });
    await told(ann, 'typing', 'ann');
    for (const one of [eve, gone, lost]) await one.settle();

    assert.ok(!eve.ops.some((op) => op.op === 'presence' || op.op === 'typing'));
    assert.deepEqual([gone.ops.length, lost.ops.length], [before[0]! + 1, before[1]! + 1]);
  });

  it('keeps how far a user has read: told to their other tab, and at the next join', async (t) => {
    const server = await startServer(t, quick);
    const [one, other] = [await signedIn(server, 'ann'), await signedIn(server, 'ann')];
    const bob = await signedIn(server, 'bob');
    for (let i = 0; i < 3; i += 1) await bob.say('lobby', 'hi');

    one.send({ op: 'read', room: 'lobby', seq: 2 });
    await other.until(is('read', 2));
    one.send({ op: 'read', room: 'lobby', seq: 99 });
    await other.until(is('read', 3));
    const late = await server.connect();
    await late.hello({ token: await hostToken({ sub: 'ann', name: 'ann' }) });
    const joined = await late.join('lobby');
    const first = await server.connect();
    await first.hello();

    assert.equal(joined.read, 3);
    assert.equal((await first.join('lobby')).read, undefined);
    for (const client of [one, bob]) {
      await client.settle();
      assert.ok(!client.ops.some(is('read')));
    }
  });

  it('lets a join through when nobody can say how far its user has read', async (t) => {
    const store = openMemoryStore();
    store.readMark = () => Promise.reject(new Error('no store'));
    store.markRead = () => Promise.reject(new Error('no store'));
    const server = await startServer(t, { ...quick, store });

    const ann = await server.member('Ann', 'lobby');
    await ann.say('lobby', 'hi');
    ann.send({ op: 'read', room: 'lobby', seq: 1 });
    await ann.settle();

    assert.ok(ann.ops.some(is('joined')));
  });

  it('writes the marks that wait when the server closes', async (t) => {
    const store = openMemoryStore();
    const server = await startServer(t, { ...quick, readEveryMs: 60_000, store });
    const ann = await server.member('Ann', 'lobby');
    for (let i = 0; i < 2; i += 1) await ann.say('lobby', 'hi');
    const marks: number[] = [];
    store.markRead = async (_room, _user, seq) => void marks.push(seq);

    for (const seq of [1, 2]) ann.send({ op: 'read', room: 'lobby', seq });
    await ann.settle();
    await server.close();

    assert.equal(marks.at(-1), 2);
  });
});

/** Nodes that share a store and a bus. */
const startNodes = async (
  t: TestContext,
  count: number,
  options: ChatServerOptions = {},
): Promise<{ bus: NewsBus; store: Store; nodes: readonly TestServer[] }> => {
  const [bus, store] = [new NewsBus(), openMemoryStore()];
  const nodes: TestServer[] = [];
  for (let i = 0; i < count; i += 1) {
    nodes.push(await startServer(t, { ...quick, store: bus.share(store), ...options }));
  }
  return { bus, store, nodes };
};

describe('Volatile › several nodes', () => {
  it('are one room: people, each user once, and who writes', async (t) => {
    const { nodes } = await startNodes(t, 2);
    const [one, other] = nodes;
    const ann = await signedIn(one!, 'ann');
    const bob = await signedIn(other!, 'bob');
    const tab = await signedIn(other!, 'ann');
    for (const client of [ann, bob, tab]) await told(client, 'presence', 'ann bob');

    bob.send({ op: 'typing', room: 'lobby', on: true });
    await told(ann, 'typing', 'bob');
    await bob.say('lobby', 'hi');
    await told(ann, 'typing', '');
    tab.destroy();
    bob.destroy();

    await told(ann, 'presence', 'ann');
  });

  it("carry a read mark to the same user's tab on another node", async (t) => {
    const { nodes } = await startNodes(t, 2);
    const [ann, tab] = [await signedIn(nodes[0]!, 'ann'), await signedIn(nodes[1]!, 'ann')];
    const bob = await signedIn(nodes[1]!, 'bob');
    for (const client of [ann, tab]) await told(client, 'presence', 'ann bob');
    for (let i = 0; i < 2; i += 1) await bob.say('lobby', 'hi');
    await ann.until((op) => op.op === 'entries' && op.entries.some(({ seq }) => seq === 2));

    ann.send({ op: 'read', room: 'lobby', seq: 2 });

    await tab.until(is('read', 2));
    await bob.settle();
    assert.ok(!bob.ops.some(is('read')));
  });

  it('forget a node that closes at once, and tell one that starts all there is', async (t) => {
    const { nodes } = await startNodes(t, 3);
    const ann = await signedIn(nodes[0]!, 'ann');
    await signedIn(nodes[1]!, 'bob');
    await told(ann, 'presence', 'ann bob');

    await nodes[1]!.close();
    await told(ann, 'presence', 'ann');
    const cid = await signedIn(nodes[2]!, 'cid');

    await told(cid, 'presence', 'ann cid');
  });

  it('forget a node that says nothing, and hear of it again when it does', async (t) => {
    const { bus, nodes } = await startNodes(t, 2, { retellMs: 20, forgetNodeMs: 60 });
    const ann = await signedIn(nodes[0]!, 'ann');
    const bob = await signedIn(nodes[1]!, 'bob');
    await told(ann, 'presence', 'ann bob');

    bus.route = () => [];
    await told(ann, 'presence', 'ann');
    await told(bob, 'presence', 'bob');
    bus.route = (news) => [news];

    await told(ann, 'presence', 'ann bob');
    await told(bob, 'presence', 'ann bob');
  });

  it('agree though news is lost, doubled, late and out of order', async (t) => {
    const { bus, nodes } = await startNodes(t, 3, { retellMs: 30 });
    const late: string[] = [];
    let turn = 0;
    bus.route = (news) => {
      turn += 1;
      if (turn % 5 === 0) return [];
      if (turn % 5 === 1) return [news, news];
      if (turn % 5 !== 2) return late.length > 3 ? [news, ...late.splice(0)] : [news];
      late.push(news);
      return [];
    };
    const watchers = await Promise.all(nodes.map((node, i) => signedIn(node, `w${i}`)));

    for (let i = 0; i < 10; i += 1) {
      const guest = await signedIn(nodes[i % 3]!, `guest-${i}`);
      guest.send({ op: 'typing', room: 'lobby', on: true });
      await guest.settle();
      if (i % 2 === 0) guest.destroy();
    }

    const all = ['guest-1', 'guest-3', 'guest-5', 'guest-7', 'guest-9', 'w0', 'w1', 'w2'].join(' ');
    for (const watcher of watchers) {
      // The last of its kind is what counts: what was true for a moment may come before.
      const last = (): string => namesOf(watcher.ops.findLast(is('presence')) as OpOf<'presence'>);
      while (last() !== all) await watcher.next('presence');
    }
  });

  it('pass over news that no node says', async (t) => {
    const { bus, nodes } = await startNodes(t, 1);
    const ann = await signedIn(nodes[0]!, 'ann');
    await told(ann, 'presence', 'ann');

    for (const news of [
      '',
      '{',
      '{"node":"n","n":1,"facts":[{"about":"presence","room":"main/lobby"}]}',
    ]) {
      bus.deliver(news);
    }
    const fact = { about: 'read', room: 'main/lobby', user: 'u_ann', seq: 7 };
    bus.deliver(JSON.stringify({ node: 'n', n: 2, facts: [{ about: 'x' }, fact] }));

    await ann.until(is('read', 7));
    const text = await (await fetch(`${nodes[0]!.url}/metrics`)).text();
    assert.match(text, /^mini_chat_news_total\{way="heard"\} 2$/m);
  });

  it('count the crowd of another node, which it tells by keys', async (t) => {
    const { bus, nodes } = await startNodes(t, 1);
    const ann = await signedIn(nodes[0]!, 'ann');
    const keys = Array.from({ length: 5000 }, (_, i) => `k${i}`.padEnd(6, '-')).join('');
    const fact = { about: 'presence', room: 'main/lobby', keys };
    bus.deliver(JSON.stringify({ node: 'big', n: 1, facts: [fact] }));
    const presence = (await ann.until(
      (op) => op.op === 'presence' && op.count > 5000,
    )) as OpOf<'presence'>;

    assert.deepEqual([presence.count, presence.users], [5001, undefined]);
  });
});
