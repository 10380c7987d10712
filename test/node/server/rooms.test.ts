import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Entry, RoomId } from 'mini-chat/protocol';
import { configWith } from '../../../server/config.ts';
import { FanOut } from '../../../server/fan-out.ts';
import type { Reader } from '../../../server/room.ts';
import { Rooms } from '../../../server/rooms.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';
import type { HintListener, RoomKey, Store } from '../../../server/store.ts';
import { methodsOf } from '../../support/gated-store.ts';
import { sampleDraft } from '../../support/log-samples.ts';
import { startServer } from '../../support/server.ts';

const lobby = 'lobby' as RoomId;
const { roomQueueMax: queueMax, appendMs: deadlineMs } = configWith({});

/** Reads whatever it is sent. */
class QuietReader implements Reader {
  readonly isOpen = true;
  readonly isSlow = false;
  #hasQueued = false;

  queue(): boolean {
    const isFirst = !this.#hasQueued;
    this.#hasQueued = true;
    return isFirst;
  }

  flush(): void {
    this.#hasQueued = false;
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  fail(error: unknown): void {
    throw error;
  }
}

interface Opened {
  readonly rooms: Rooms;
  readonly clock: { now: number };
}

const openRooms = (t: TestContext, store: Store, fanOut = new FanOut(1000)): Opened => {
  const clock = { now: 0 };
  const rooms = new Rooms({
    store,
    tenant: 'main',
    fanOut,
    now: () => clock.now,
    logLimits: { batchEntriesMax: 256, batchBytesMax: 1e6, queueMax, deadlineMs },
    idleMs: 100,
    repairMs: 60_000,
    onEntries: () => undefined,
  });
  t.after(() => rooms.close());
  return { rooms, clock };
};

describe('Rooms', () => {
  it('open a room once for all who hold it, and close it a while after the last', async (t) => {
    const { rooms, clock } = openRooms(t, openMemoryStore());

    const [one, other] = await Promise.all([rooms.acquire(lobby), rooms.acquire(lobby)]);
    assert.equal(one, other);
    rooms.release(lobby);
    clock.now = 1000;
    await rooms.sweep(clock.now);
    assert.equal(rooms.size, 1);
    rooms.release(lobby);
    await rooms.sweep(clock.now + 99);
    assert.equal(rooms.size, 1);
    await rooms.sweep(clock.now + 100);

    assert.equal(rooms.size, 0);
  });

  it('forget a room that could not be opened, so that the next join tries again', async (t) => {
    const store = methodsOf(openMemoryStore());
    const { facts } = store;
    store.facts = () => Promise.reject(new Error('down'));
    const { rooms } = openRooms(t, store);

    await assert.rejects(rooms.acquire(lobby), { code: 'unavailable' });
    store.facts = facts;

    await rooms.acquire(lobby);
    assert.equal(rooms.size, 1);
  });

  it('leave no trace in a room where nothing was said', async (t) => {
    const store = openMemoryStore();
    const { rooms } = openRooms(t, store);

    await rooms.acquire(lobby);

    assert.equal((await store.facts('main/lobby' as RoomKey)).head, 0);
  });

  it('wait while a large room is told, unless as many drafts are there as before', async (t) => {
    const store = methodsOf(openMemoryStore());
    const { insert } = store;
    const batches: number[] = [];
    store.insert = (key, entries) => {
      batches.push(entries.length);
      return insert(key, entries);
    };
    const { rooms } = openRooms(t, store, new FanOut(2));
    const room = await rooms.acquire(lobby);
    await Promise.all(Array.from({ length: 40 }, () => room.join(new QuietReader(), { can: [] })));

    const say = (text: string): Promise<Entry> => room.append(sampleDraft('ada', text));
    await Promise.all([say('a'), say('b')]);
    const during = say('c');
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    assert.deepEqual(batches, [2], 'one alone waits for the room');
    let areAnswered = false;
    const asking = Promise.all([during, say('d')]).finally(() => (areAnswered = true));
    let turns = 0;
    for (; !areAnswered; turns += 1) await nextTurn();
    assert.ok(turns < 5, `two waited for ${turns} turns`);
    const answers = await asking;
    const last = await say('e');

    assert.deepEqual(batches, [2, 2, 1]);
    assert.deepEqual(
      [...answers, last].map(({ seq }) => seq),
      [3, 4, 5],
    );
  });

  it('put the tenant before every room', async (t) => {
    const store = openMemoryStore();
    const server = await startServer(t, { store, tenant: 'shop' });

    await (await server.member('Ann', 'lobby')).say('lobby', 'hi');

    assert.equal((await store.facts('shop/lobby' as RoomKey)).head, 1);
    assert.equal((await store.facts('main/lobby' as RoomKey)).head, 0);
  });
});

describe('G8 › Rooms', () => {
  it('go on with the log of a store that was replaced, and reset their members', async (t) => {
    let inner = openMemoryStore();
    const store: Store = {
      ...methodsOf(inner),
      facts: (room) => inner.facts(room),
      read: (room, range) => inner.read(room, range),
      lines: (room, range) => inner.lines(room, range),
      insert: (room, entries) => inner.insert(room, entries),
      find: (room, drafts) => inner.find(room, drafts),
    };
    const server = await startServer(t, { store, repairMs: 20 });
    const ann = await server.member('Ann', 'lobby');
    await ann.say('lobby', 'in the old one');
    const before = await (await server.guest('Bob')).join('lobby');

    inner = openMemoryStore();
    const reset = await ann.next('reset');
    const ack = await ann.say('lobby', 'in the new one');
    await ann.settle();

    assert.equal(reset.reason, 'epoch');
    assert.deepEqual([reset.head, reset.messages], [0, []]);
    assert.notEqual(reset.epoch, before.epoch);
    assert.ok(ack.op === 'ack' && ack.seq === 1);
    assert.equal((await inner.facts('main/lobby' as RoomKey)).head, 1);
    assert.equal(ann.ops.filter(({ op }) => op === 'reset').length, 1);
  });
});

/** A store that two nodes share, whose hints a test gives or withholds. */
const sharedStore = () => {
  const inner = openMemoryStore();
  const listeners = new Set<HintListener>();
  const open = (): Store => ({
    ...methodsOf(inner),
    close: async () => undefined,
    hints: {
      watch(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      tell: () => undefined,
    },
  });
  return { open, listeners, inner };
};

describe('Rooms › hints', () => {
  it('carry an entry to the members on another node', async (t) => {
    const { open, listeners } = sharedStore();
    const [one, other] = [
      await startServer(t, { store: open() }),
      await startServer(t, { store: open() }),
    ];
    const [ann, bob] = [await one.member('Ann', 'lobby'), await other.member('Bob', 'lobby')];
    await ann.say('lobby', 'hi');
    const entries = ann.ops.flatMap((op) => (op.op === 'entries' ? op.entries : []));
    for (const listener of listeners) listener.entry('main/lobby' as RoomKey, entries[0]!);

    assert.deepEqual((await bob.next('entries')).entries, entries);
  });

  it('may be lost: repair, and the watchdog, read what is new', async (t) => {
    const { open, listeners } = sharedStore();
    const [one, other, third] = [
      await startServer(t, { store: open() }),
      await startServer(t, { store: open() }),
      await startServer(t, { store: open(), repairMs: 30 }),
    ];
    const [ann, bob, cid] = [
      await one.member('Ann', 'lobby'),
      await other.member('Bob', 'lobby'),
      await third.member('Cid', 'lobby'),
    ];
    await ann.say('lobby', 'one');
    await ann.say('lobby', 'two');

    for (const listener of listeners) listener.repair();
    const seqs = async (client: typeof bob): Promise<readonly number[]> => {
      await client.until((op) => op.op === 'entries' && op.entries.at(-1)?.seq === 2);
      return client.ops.flatMap((op) =>
        op.op === 'entries' ? op.entries.map((entry) => entry.seq) : [],
      );
    };

    assert.deepEqual(await seqs(bob), [1, 2]);
    assert.deepEqual(await seqs(cid), [1, 2]);
  });

  it('are watched until the server closes', async (t) => {
    const { open, listeners } = sharedStore();
    const server = await startServer(t, { store: open() });
    assert.equal(listeners.size, 1);

    await server.close();

    assert.equal(listeners.size, 0);
  });
});
