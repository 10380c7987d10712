import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Cid, Entry, Seq } from 'mini-chat/protocol';

import { type Keep, Retention } from '../../../server/retention.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';
import type { RoomKey, Store } from '../../../server/store.ts';
import { methodsOf } from '../../support/gated-store.ts';
import { sampleEntries, sampleEntry } from '../../support/log-samples.ts';
import { startServer } from '../../support/server.ts';

const DAY_MS = 24 * 60 * 60_000;
const NOW = 100 * DAY_MS;
const lobby = 'main/lobby' as RoomKey;

/** One entry per day, the newest of them as old as said. */
const daily = (count: number, newestDays: number): readonly Entry[] =>
  Array.from({ length: count }, (_, n) => {
    const ageDays = newestDays + count - 1 - n;
    return sampleEntry(n + 1, { at: NOW - ageDays * DAY_MS - 1, cid: `daily-${n}` as Cid });
  });

interface Swept {
  readonly floors: readonly Seq[];
  readonly trimmed: readonly RoomKey[];
  readonly faults: readonly unknown[];
}

async function sweep(
  store: Store,
  keep: Partial<Keep>,
  rooms: readonly RoomKey[] = [lobby],
): Promise<Swept> {
  const [trimmed, faults]: [RoomKey[], unknown[]] = [[], []];
  const retention = new Retention({
    store,
    tenant: 'main',
    keep: { keepDays: undefined, keepMessages: undefined, ...keep },
    everyMs: 1_000_000,
    now: () => NOW,
    onTrim: (room) => void trimmed.push(room),
    onFault: (error) => void faults.push(error),
  });
  await retention.sweep();
  await retention.close();
  const facts = await Promise.all(rooms.map((room) => store.facts(room)));
  return { floors: facts.map(({ floor }) => floor), trimmed, faults };
}

describe('Retention', () => {
  it('forgets what is older than so many days', async () => {
    const store = openMemoryStore();
    await store.insert(lobby, daily(10, 0));

    const { floors, trimmed } = await sweep(store, { keepDays: 3 });

    assert.deepEqual([floors, trimmed], [[8], [lobby]]);
    assert.equal((await store.facts(lobby)).head, 10);
  });

  it('forgets all but so many messages; what others say about them does not count', async () => {
    const store = openMemoryStore();
    const react = { kind: 'react', body: { target: 3, emoji: '👍', on: true } } as const;
    await store.insert(lobby, [...sampleEntries(1, 5), sampleEntry(6, react), sampleEntry(7)]);

    assert.deepEqual((await sweep(store, { keepMessages: 6 })).floors, [1]);
    assert.deepEqual((await sweep(store, { keepMessages: 3 })).floors, [4]);
    assert.deepEqual((await sweep(store, { keepMessages: 3 })).trimmed, []);
  });

  it('finishes a trim that was cut short, though the floor stays where it is', async () => {
    const inner = openMemoryStore();
    await inner.insert(lobby, daily(10, 0));
    const floors: Seq[] = [];
    const store: Store = {
      ...methodsOf(inner),
      trim: async (room, floor) => (floors.push(floor), inner.trim(room, floor)),
    };

    await sweep(store, { keepDays: 3 });
    const { trimmed, faults } = await sweep(store, { keepDays: 3 });

    assert.deepEqual(floors, [8, 8]);
    assert.deepEqual([trimmed, faults], [[], []]);
  });

  it('counts further than one page of lines', async () => {
    const store = openMemoryStore();
    await store.insert(lobby, sampleEntries(1, 1300));

    assert.deepEqual((await sweep(store, { keepMessages: 1200 })).floors, [101]);
  });

  it('keeps the newest entry for its seq, but not for its text', async () => {
    const store = openMemoryStore();
    await store.insert(lobby, daily(4, 9));
    const { headId } = await store.facts(lobby);

    const { floors } = await sweep(store, { keepDays: 3 });

    assert.deepEqual(floors, [4]);
    const [head] = await store.read(lobby, { after: 0, upTo: 9, limit: 9 });
    assert.deepEqual([head?.id, head?.body], [headId, { text: '' }]);
  });

  it('goes through every room of its own tenant, and leaves the others alone', async () => {
    const store = openMemoryStore();
    const rooms = ['main/a', 'main/b', 'other/a', 'maintain/a'] as RoomKey[];
    for (const room of rooms) await store.insert(room, daily(5, 0));

    const { floors } = await sweep(store, { keepDays: 1 }, rooms);

    assert.deepEqual(floors, [5, 5, 1, 1]);
  });

  it('asks nothing while everything is kept, and tells a failure', async () => {
    const store = methodsOf(openMemoryStore());
    store.rooms = () => Promise.reject(new Error('away'));

    const off = new Retention({
      store,
      tenant: 'main',
      keep: { keepDays: undefined, keepMessages: undefined },
      everyMs: 1,
      now: () => NOW,
      onTrim: () => assert.fail(),
      onFault: () => assert.fail(),
    });
    await off.close();
    const { faults } = await sweep(store, { keepDays: 1 });

    assert.equal(faults.length, 1);
  });

  it('moves the floor of a live room at once, and resets who stands below it', async (t) => {
    const store = openMemoryStore();
    const server = await startServer(t, {
      store,
      keepMessages: 2,
      retentionMs: 20,
      // Bob asks again and again until it has come.
      framesPerSecondMax: 1_000_000,
    });
    const ann = await server.member('Ann', 'lobby');
    const first = await ann.say('lobby', 'one');
    const entry = ann.ops.flatMap((op) => (op.op === 'entries' ? op.entries : []))[0];
    assert.ok(first.op === 'ack' && entry !== undefined);
    for (const text of ['two', 'three', 'four']) await ann.say('lobby', text);
    const bob = await server.guest('Bob');

    let joined = await bob.join('lobby');
    while (joined.floor < 3) joined = await bob.join('lobby');
    const reset = await bob.join('lobby', { epoch: joined.epoch, seq: 1, id: entry.id });

    assert.ok('messages' in joined);
    assert.deepEqual(
      joined.messages.map(({ seq }) => seq),
      [3, 4],
    );
    assert.ok(reset.op === 'reset' && reset.reason === 'below_floor');
  });
});
