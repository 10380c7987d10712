/**
 * What every store must do, as one suite: server/store.ts is the contract, and the numbers in the
 * names of tests are its lines. Further parts: pages and look-ups; changes and
 * views; what must be forgotten; room logs that run on the store;
 * processes that share it.
 */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Entry, EntryId, User, UserId } from 'mini-chat/protocol';

import type { Store } from '../../server/store.ts';
import {
  draftKeyOf,
  freshName,
  freshRoom,
  roomKey,
  sampleEntries,
  sampleEntry,
  sampleUser,
} from './log-samples.ts';
import { changesConformance } from './store-conformance-changes.ts';
import { erasingConformance } from './store-conformance-erasing.ts';
import { pagesConformance } from './store-conformance-pages.ts';
import { roomLogConformance } from './store-conformance-log.ts';
import { awkwardTexts, type OpenStore, type StoreTraits } from './stores-under-test.ts';

const EVERYTHING = { after: 0, upTo: 1_000_000, limit: 1_000_000 };

/** Declares the suite for one kind of store. */
export function storeConformance(name: string, open: OpenStore, traits: StoreTraits): void {
  const opened: Store[] = [];
  const openKept: OpenStore = async (data) => {
    const store = await open(data);
    opened.push(store);
    return store;
  };
  // However a test ends: an open store would keep the whole file running.
  const closeAll = (): Promise<unknown> => Promise.all(opened.map((store) => store.close()));
  describe(`${name} store`, () => {
    let store: Store;
    before(async () => {
      store = await openKept(freshName());
    });
    after(closeAll);
    entriesSuite(() => store);
    uniquenessSuite(() => store);
    pagesConformance(() => store);
    changesConformance(() => store);
    erasingConformance(() => store);
    storeSuite(() => store, openKept, traits);
  });
  describe(`room logs on the ${name} store`, () => {
    after(closeAll);
    roomLogConformance(openKept, traits);
  });
}

function entriesSuite(store: () => Store): void {
  it('a room nobody wrote in has an empty log, and asking leaves no trace', async () => {
    const room = freshRoom();

    const facts = await store().facts(room);
    await store().facts(room);

    const { epoch, ...rest } = facts;
    assert.deepEqual(rest, { head: 0, headId: '', headAt: 0, floor: 1 });
    assert.ok(epoch.length > 0 && epoch.length <= 64);
    assert.deepEqual(await store().read(room, EVERYTHING), []);
    assert.deepEqual(await store().lines(room, { before: 10, limit: 10 }), []);
    assert.deepEqual(await store().find(room, [draftKeyOf('ada', 'cid-1')]), []);
  });

  it('what was inserted is read back in order, and the facts say the head', async () => {
    const room = freshRoom();
    const entries = sampleEntries(1, 5);

    await store().insert(room, entries.slice(0, 2));
    await store().insert(room, entries.slice(2));

    assert.deepEqual(await store().read(room, EVERYTHING), entries);
    const { head, headId, headAt, floor } = await store().facts(room);
    assert.deepEqual({ head, headId, headAt, floor }, { ...headOf(entries), floor: 1 });
  });

  it('texts come back byte for byte', async () => {
    const room = freshRoom();
    const entries = awkwardTexts.map((text, place) => sampleEntry(place + 1, { body: { text } }));

    await store().insert(room, entries);

    assert.deepEqual(await store().read(room, EVERYTHING), entries);
    assert.deepEqual(await store().lines(room, { before: 100, limit: 100 }), entries);
  });

  it('the user of an entry comes back as written, with or without an avatar', async () => {
    const room = freshRoom();
    const id = 'u_a b$c.d' as UserId;
    const user: User = { id, name: "Zoë 'Z' 🦊", role: 'admin', avatar: 'https://a.example/z.png' };
    const nameless: User = { id: 'g_1' as UserId, name: '', role: 'guest' };
    const entries = [sampleEntry(1, { user }), sampleEntry(2, { user: nameless })];

    await store().insert(room, entries);

    assert.deepEqual(await store().read(room, EVERYTHING), entries);
    const drafts = [draftKeyOf('u_a b$c.d', 'cid-1')];
    assert.deepEqual(await store().find(room, drafts), [entries[0]]);
  });

  it('every kind of entry is kept with its body, and an answer with what it answers', async () => {
    const room = freshRoom();
    const entries = [
      sampleEntry(1, { body: { text: 'a', replyTo: 7 } }),
      sampleEntry(2, { kind: 'edit', body: { target: 1, text: 'b' } }),
      sampleEntry(3, { kind: 'react', body: { target: 1, emoji: '👍', on: true } }),
      sampleEntry(4, { kind: 'notice', body: { topic: { list: [1, 'x', null, { y: [] }] } } }),
      sampleEntry(5, { kind: 'delete', body: { target: 1 } }),
      sampleEntry(6, { kind: 'pin', body: { target: 1, on: false } }),
    ];

    await store().insert(room, entries);

    assert.deepEqual(await store().read(room, EVERYTHING), entries);
  });

  it('256 entries of the longest text go in at once', async () => {
    const room = freshRoom();
    const text = '𝄞'.repeat(4000);
    const entries = sampleEntries(1, 256).map(({ seq }) => sampleEntry(seq, { body: { text } }));

    await store().insert(room, entries);

    assert.equal((await store().facts(room)).head, 256);
    const last = await store().read(room, { after: 255, upTo: 256, limit: 1 });
    assert.deepEqual(last, entries.slice(255));
  });

  it('rooms of nearly the same name are apart', async () => {
    const base = freshName();
    const names = [base, `${base}_`, `${base}%`, base.toUpperCase(), `${base}/`, `${base}\u0301`];
    const entryIn = (name: string): Entry => sampleEntry(1, { body: { text: name } });

    for (const name of names) await store().insert(roomKey(name), [entryIn(name)]);

    for (const name of names) {
      assert.deepEqual(await store().read(roomKey(name), EVERYTHING), [entryIn(name)]);
    }
  });

  it('5. what it is given stays as it was', async () => {
    const given = deepFreeze([sampleEntry(1, { body: { text: 'a', replyTo: 1 } })]);

    await store().insert(freshRoom(), given);

    assert.deepEqual(given, [sampleEntry(1, { body: { text: 'a', replyTo: 1 } })]);
  });
}

function uniquenessSuite(store: () => Store): void {
  it('2. a taken seq is refused and the first entry stays', async () => {
    const room = freshRoom();
    await store().insert(room, sampleEntries(1, 2));

    await assert.rejects(store().insert(room, [sampleEntry(2, { cid: 'another' })]));

    assert.deepEqual(await store().read(room, EVERYTHING), sampleEntries(1, 2));
  });

  it("2. a user's cid is taken once in a room; other users and rooms may use it", async () => {
    const room = freshRoom();
    await store().insert(room, [sampleEntry(1, { cid: 'same' })]);

    await assert.rejects(store().insert(room, [sampleEntry(2, { cid: 'same' })]));

    const bob = sampleEntry(2, { cid: 'same', user: sampleUser('bob') });
    await store().insert(room, [bob]);
    await store().insert(freshRoom(), [sampleEntry(1, { cid: 'same' })]);
    assert.deepEqual(await store().read(room, EVERYTHING), [sampleEntry(1, { cid: 'same' }), bob]);
  });

  it('ids that look like something else are only ids', async () => {
    const room = freshRoom();
    const names = ['a b', 'a', '{"$ne":null}', '$gt', 'a.b', '__proto__', "' OR 1=1 --"];
    const entries = names.map((name, place) =>
      sampleEntry(place + 1, { user: sampleUser(name), cid: 'same' }),
    );

    await store().insert(room, entries);

    for (const [place, name] of names.entries()) {
      assert.deepEqual(await store().find(room, [draftKeyOf(name, 'same')]), [entries[place]]);
    }
  });

  it('an insert that is refused in the middle stored what came before, or nothing', async () => {
    const room = freshRoom();
    await store().insert(room, sampleEntries(1, 3));
    const known = sampleEntry(5, { cid: 'cid-2' });

    await assert.rejects(store().insert(room, [sampleEntry(4), known, sampleEntry(6)]));

    const { head } = await store().facts(room);
    assert.ok(head === 3 || head === 4, `head is ${head}`);
    assert.deepEqual(await store().read(room, EVERYTHING), sampleEntries(1, head));
  });

  it('of inserts that want the same seqs at once, one is stored', async () => {
    const room = freshRoom();
    const rivals = ['a', 'b', 'c', 'd'].map((name) =>
      sampleEntries(1, 20).map(({ seq }) => sampleEntry(seq, { cid: `${name}-${seq}` })),
    );

    const outcomes = await Promise.allSettled(rivals.map((one) => store().insert(room, one)));

    const stored = rivals.filter((_, place) => outcomes[place]?.status === 'fulfilled');
    assert.equal(stored.length, 1);
    assert.deepEqual(await store().read(room, EVERYTHING), stored[0]);
  });

  it('a conflict in one room undoes nothing that other rooms insert at the same time', async () => {
    const rooms = Array.from({ length: 20 }, freshRoom);
    const [clash] = rooms;
    assert.ok(clash !== undefined);
    await store().insert(clash, sampleEntries(1, 1));

    const outcomes = await Promise.allSettled(
      rooms.map((room) => store().insert(room, sampleEntries(1, 3))),
    );

    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', ...Array.from({ length: 19 }, () => 'fulfilled')],
    );
    for (const room of rooms.slice(1)) assert.equal((await store().facts(room)).head, 3);
  });
}

function storeSuite(store: () => Store, open: OpenStore, { isDurable }: StoreTraits): void {
  it('swap sets a fact that nobody set, and gives the one in force to all others', async () => {
    const name = freshName();
    const values = ['a', 'b', 'c', 'd', 'e'];

    const seen = await Promise.all(values.map((value) => store().swap(name, undefined, value)));

    assert.equal(new Set(seen).size, 1);
    assert.ok(values.includes(seen[0] ?? ''));
  });

  it('swap replaces the value it expects and no other', async () => {
    const name = freshName();
    await store().swap(name, undefined, 'one');

    assert.equal(await store().swap(name, 'two', 'three'), 'one');
    assert.equal(await store().swap(name, undefined, 'three'), 'one');
    assert.equal(await store().swap(name, 'one', 'two'), 'two');
    assert.equal(await store().swap(name, 'two', '{"$set":{"a.b":"👍"}}'), '{"$set":{"a.b":"👍"}}');
  });

  it('swap rejects when it expects a value of a name that is not set, and sets none', async () => {
    const name = freshName();

    await assert.rejects(store().swap(name, 'one', 'two'), /nothing is kept/);

    assert.equal(await store().swap(name, undefined, 'three'), 'three');
  });

  it('swap lets one of two rivals replace a value, and tells both which', async () => {
    const name = freshName();
    await store().swap(name, undefined, 'old');

    const seen = await Promise.all(['x', 'y'].map((next) => store().swap(name, 'old', next)));

    assert.equal(seen[0], seen[1]);
    assert.ok(seen[0] === 'x' || seen[0] === 'y');
  });

  it('answers a ping, and says where messages are kept', async () => {
    await store().ping();

    assert.ok(store().place.length > 5);
  });

  it('G8 › rooms of one store share its epoch, and another store has another', async () => {
    const other = await open(freshName());

    const { epoch } = await store().facts(freshRoom());

    assert.equal((await store().facts(freshRoom())).epoch, epoch);
    assert.notEqual((await other.facts(freshRoom())).epoch, epoch);
    await other.close();
  });

  it('closing twice is the same as once, and finishes what is under way', async () => {
    const [data, room] = [freshName(), freshRoom()];
    const brief = await open(data);

    const writing = brief.insert(room, sampleEntries(1, 3));
    await Promise.all([brief.close(), brief.close()]);

    await writing;
  });

  if (!isDurable) return;

  it('entries, epoch and facts are still there after reopening', async () => {
    const [data, room] = [freshName(), freshRoom()];
    const first = await open(data);
    await first.insert(room, sampleEntries(1, 100));
    await first.swap('keys', undefined, 'value');
    const facts = await first.facts(room);
    await first.close();

    const second = await open(data);

    assert.deepEqual(await second.facts(room), facts);
    assert.deepEqual(await second.read(room, EVERYTHING), sampleEntries(1, 100));
    assert.equal(await second.swap('keys', undefined, 'other'), 'value');
    await assert.rejects(second.insert(room, [sampleEntry(101, { cid: 'cid-7' })]));
    await second.close();
  });
}

function headOf(entries: readonly Entry[]): { head: number; headId: EntryId | ''; headAt: number } {
  const newest = entries.at(-1);
  return { head: newest?.seq ?? 0, headId: newest?.id ?? '', headAt: newest?.at ?? 0 };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const field of Object.values(value)) deepFreeze(field);
  return Object.freeze(value);
}
