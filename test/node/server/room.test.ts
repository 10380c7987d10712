import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entry, ServerOp } from 'mini-chat/protocol';
import { createLogger, type Logger } from '../../../server/logger.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** Limits that no test here is about. */
const lifted = {
  sendsPerSecondMax: 1e9,
  sendsBurstMax: 1e9,
  framesPerSecondMax: 1e9,
  inputOpsMax: 1e6,
};

const sayMany = async (client: RawClient, count: number, text = 'x'): Promise<void> => {
  for (let i = 0; i < count; i += 1) await client.say('lobby', `${text} ${i}`);
};

/** Every seq that a client was shown, in the order in which it came. */
const seqsShown = (ops: readonly ServerOp[]): readonly number[] =>
  ops.flatMap((op) => {
    if (op.op === 'entries') return op.entries.map((entry) => entry.seq);
    if (op.op !== 'joined' && op.op !== 'reset') return [];
    const list: readonly Entry[] = 'entries' in op ? op.entries : op.messages;
    return list.map((entry) => entry.seq);
  });

const upTo = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const cursorOf = async (server: TestServer, seq: number): Promise<object> => {
  const reader = await server.guest('Cursor');
  const joined = await reader.join('lobby');
  reader.send({ op: 'history', room: 'lobby', before: seq + 1, limit: 1, re: 1 });
  const { messages } = await reader.next('page');
  return { epoch: joined.epoch, seq, id: messages[0]?.id ?? '' };
};

describe('G7 › Room', () => {
  it('gives a resumed reader exactly what came after its cursor', async (t) => {
    const server = await startServer(t, lifted);
    const ann = await server.member('Ann', 'lobby');
    await sayMany(ann, 10);

    const bob = await server.guest('Bob');
    const joined = await bob.join('lobby', await cursorOf(server, 4));
    await ann.say('lobby', 'more');
    await bob.next('entries');

    assert.ok('entries' in joined);
    assert.deepEqual(seqsShown(bob.ops), upTo(5, 11));
  });

  it('gives a reader from the beginning, or at the head, what is new', async (t) => {
    const server = await startServer(t, lifted);
    const ann = await server.member('Ann', 'lobby');
    const start = await (await server.guest('Bob')).join('lobby');
    await sayMany(ann, 3);
    const [bob, cid] = [await server.guest('Bob'), await server.guest('Cid')];

    await bob.join('lobby', { epoch: start.epoch, seq: 0, id: '' });
    await cid.join('lobby', await cursorOf(server, 3));

    assert.deepEqual(seqsShown(bob.ops), [1, 2, 3]);
    assert.deepEqual(seqsShown(cid.ops), []);
  });

  it('sends the further pages of a long resume as entries, live ones behind them', async (t) => {
    const server = await startServer(t, lifted);
    const ann = await server.member('Ann', 'lobby');
    await sayMany(ann, 600);
    const bob = await server.guest('Bob');

    const joined = await bob.join('lobby', await cursorOf(server, 1));
    await ann.say('lobby', 'live');
    await bob.until((op) => op.op === 'entries' && op.entries.some((entry) => entry.seq === 601));

    assert.ok('entries' in joined && joined.more === true);
    assert.deepEqual(seqsShown(bob.ops), upTo(2, 601));
  });

  it('moves a member that joins again to its new cursor', async (t) => {
    const server = await startServer(t, lifted);
    const ann = await server.member('Ann', 'lobby');
    const bob = await server.member('Bob', 'lobby');
    await sayMany(ann, 3);
    await bob.until((op) => op.op === 'entries' && op.entries.at(-1)?.seq === 3);

    await bob.join('lobby', await cursorOf(server, 1));
    await ann.say('lobby', 'live');
    await bob.settle();

    assert.deepEqual(seqsShown(bob.ops), [1, 2, 3, 2, 3, 4]);
  });
});

describe('G8 › Room', () => {
  it('resets a cursor that does not fit, saying why, with the newest page', async (t) => {
    const server = await startServer(t, lifted);
    const ann = await server.member('Ann', 'lobby');
    await sayMany(ann, 3);
    const good = { ...(await cursorOf(server, 2)) } as { epoch: string; seq: number; id: string };
    const cases: readonly [object, string][] = [
      [{ ...good, epoch: 'another' }, 'epoch'],
      [{ ...good, id: 'another' }, 'other_id'],
      [{ ...good, seq: 99 }, 'ahead_of_head'],
    ];

    for (const [cursor, reason] of cases) {
      const bob = await server.guest('Bob');
      const reset = await bob.join('lobby', cursor);
      assert.ok(reset.op === 'reset');
      assert.deepEqual([reset.reason, reset.head], [reason, 3]);
      assert.deepEqual(
        reset.messages.map((message) => message.seq),
        [1, 2, 3],
      );
    }
  });

  it('resets a reader more than 1000 behind, and goes on from the head', async (t) => {
    const server = await startServer(t, lifted);
    const ann = await server.member('Ann', 'lobby');
    await sayMany(ann, 1002);

    const bob = await server.guest('Bob');
    const reset = await bob.join('lobby', await cursorOf(server, 1));
    await ann.say('lobby', 'live');
    await bob.next('entries');

    assert.ok(reset.op === 'reset');
    assert.equal(reset.reason, 'too_far_behind');
    assert.deepEqual(seqsShown(bob.ops), upTo(953, 1003));
  });
});

describe('G10 › Room', () => {
  const big = 'x'.repeat(3000);

  it('closes 4408 who never reads, keeps little of it, and delays nobody else', async (t) => {
    const server = await startServer(t, {
      ...lifted,
      slowBytesMax: 16 * 1024,
      slowMs: 200,
      heartbeatMs: 60_000,
      closeMs: 30_000,
    });
    const [ann, bob] = [await server.member('Ann', 'lobby'), await server.member('Bob', 'lobby')];
    const dead = await server.member('Dead', 'lobby');
    dead.socket.pause();

    let said = 0;
    while (said < 20_000 && !(await hasRefused(server, 'too_slow'))) {
      await ann.say('lobby', big);
      said += 1;
    }
    await bob.until((op) => op.op === 'entries' && op.entries.at(-1)?.seq === said);
    dead.socket.resume();

    assert.equal(await dead.closed, 4408);
    // What it gets at last is what the kernel took and one queue of at most 16 KB and a page.
    assert.ok(seqsShown(dead.ops).length < said, `${said} were said`);
    assert.equal(dead.ops.findLast((op) => op.op === 'error')?.code, 'too_slow');
    assert.deepEqual(seqsShown(bob.ops), upTo(1, said));
  });

  it('pumps a slow reader from the log when it reads again: no gap, no repeat', async (t) => {
    const server = await startServer(t, { ...lifted, slowBytesMax: 8 * 1024 });
    const [ann, bob] = [await server.member('Ann', 'lobby'), await server.member('Bob', 'lobby')];

    for (let round = 0; round < 5; round += 1) {
      bob.socket.pause();
      await sayMany(ann, 150, big);
      bob.socket.resume();
      await sayMany(ann, 10, 'small');
    }
    await bob.until((op) => op.op === 'entries' && op.entries.at(-1)?.seq === 800);

    assert.deepEqual(seqsShown(bob.ops), upTo(1, 800));
  });

  it('resets a reader that fell more than 1000 behind while it was slow', async (t) => {
    const server = await startServer(t, { ...lifted, slowBytesMax: 1024 });
    const [ann, bob] = [await server.member('Ann', 'lobby'), await server.member('Bob', 'lobby')];
    bob.socket.pause();

    // More than the kernel takes for a reader that does not read, and then 1000 more.
    for (let i = 0; i < 4000; i += 1) await ann.say('lobby', big);
    bob.socket.resume();
    const reset = await bob.next('reset');
    await ann.say('lobby', 'live');
    await bob.until((op) => op.op === 'entries' && op.entries.at(-1)?.seq === 4001);

    assert.equal(reset.reason, 'too_far_behind');
    assert.equal(reset.head, 4000);
  });

  it('ends a reader whose log cannot be read, and nobody else', async (t) => {
    const lines: string[] = [];
    const store = openMemoryStore();
    const server = await startServer(t, { ...lifted, store, logger: keeping(lines) });
    const ann = await server.member('Ann', 'lobby');
    await sayMany(ann, 600);
    const cursor = await cursorOf(server, 1);
    const { read } = store;
    let reads = 0;
    store.read = (...args) => {
      reads += 1;
      return reads > 1 ? Promise.reject(new Error('disk')) : read.call(store, ...args);
    };

    const bob = await server.guest('Bob');
    await bob.join('lobby', cursor);

    assert.equal((await bob.next('error')).code, 'unavailable');
    assert.equal(await bob.closed, 1011);
    assert.equal((await ann.say('lobby', 'still here')).op, 'ack');
  });
});

/** Whether the server has told anybody this code. */
async function hasRefused(server: TestServer, code: string): Promise<boolean> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return text.includes(`code="${code}"`);
}

function keeping(lines: string[]): Logger {
  const keep = (facts: object, words: string): void =>
    void lines.push(JSON.stringify(facts) + words);
  return { ...createLogger('silent'), debug: keep, info: keep, warn: keep, error: keep };
}
