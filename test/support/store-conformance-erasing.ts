/** What every store must forget when it is told to, and what it keeps: scrub, trim, read marks. */

import assert from 'node:assert/strict';
import { it } from 'node:test';

import type { Entry, Message, UserId } from 'mini-chat/protocol';

import type { RoomKey, Store } from '../../server/store.ts';
import {
  draftKeyOf,
  freshRoom,
  roomKey,
  sampleEdit,
  sampleEntries,
  sampleEntry,
  sampleReaction,
} from './log-samples.ts';

const EVERYTHING = { after: 0, upTo: 1_000_000, limit: 1_000_000 };
const ALL_VIEWS = { from: 0, to: 1_000_000 };
const NEWEST = { before: 1_000_000, limit: 100 };

/** Declares this part of the suite, inside the store's `describe`. */
export function erasingConformance(store: () => Store): void {
  scrubSuite(store);
  unscrubbedSuite(store);
  trimSuite(store);
  roomsSuite(store);
  marksSuite(store);
}

function scrubSuite(store: () => Store): void {
  it('scrub takes the text out of a message and its edits; all else stays', async () => {
    const room = freshRoom();
    const entries = secretEntries();
    await store().insert(room, entries);

    await store().scrub(room, 2);
    await store().scrub(room, 2);

    const expected = entries.map((entry) =>
      [2, 4, 6].includes(entry.seq) ? withText(entry, '') : entry,
    );
    assert.deepEqual(await store().read(room, EVERYTHING), expected);
    assert.deepEqual(
      await store().lines(room, NEWEST),
      expected.filter(({ kind }) => kind === 'message'),
    );
    assert.deepEqual(await store().changes(room, { ...EVERYTHING, after: 3 }), expected.slice(3));
    const drafts = ['cid-2', 'cid-4'].map((cid) => draftKeyOf('ada', cid));
    const found = await store().find(room, drafts);
    assert.deepEqual([...found].sort(bySeq), [expected[1], expected[3]]);
    assert.equal((await store().facts(room)).head, entries.length);
  });

  it('scrub drops the view, and none is kept for that message any more', async () => {
    const room = freshRoom();
    await store().insert(room, secretEntries());
    const late = [1, 2].map((seq) => ({ asOf: 90, message: sampleEntry(seq) as Message }));
    await store().saveViews(room, late, 5);

    await store().scrub(room, 2);
    const after = await store().views(room, ALL_VIEWS);
    await store().saveViews(
      room,
      late.map(({ message }) => ({ asOf: 99, message })),
      8,
    );

    assert.deepEqual(after, { views: late.slice(0, 1), viewedTo: 5 });
    const { views, viewedTo } = await store().views(room, ALL_VIEWS);
    assert.deepEqual([views.map(({ message }) => message.seq), viewedTo], [[1], 8]);
  });

  it('a view saved while its message is scrubbed does not outlive that', async () => {
    const room = freshRoom();
    await store().insert(room, sampleEntries(1, 20));
    const views = sampleEntries(1, 20).map((entry) => ({ asOf: 30, message: entry as Message }));

    await Promise.all(
      views.flatMap((view) => [
        store().saveViews(room, [view], 30),
        store().scrub(room, view.message.seq),
        store().saveViews(room, [{ ...view, asOf: 31 }], 31),
      ]),
    );

    assert.deepEqual((await store().views(room, ALL_VIEWS)).views, []);
  });

  it('scrubbing what is no message, or nothing, harms nothing', async () => {
    const room = freshRoom();
    const entries = [
      sampleEntry(1, { kind: 'notice', body: { text: 'a topic' } }),
      sampleEntry(2),
      sampleEdit(3, 2),
    ];
    await store().insert(room, entries);

    for (const target of [0, 1, 3, 99]) await store().scrub(room, target);
    await store().scrub(freshRoom(), 1);

    assert.deepEqual(await store().read(room, EVERYTHING), entries);
  });
}

function unscrubbedSuite(store: () => Store): void {
  it('a deletion is unscrubbed until its target is scrubbed', async () => {
    const [room, other] = [freshRoom(), freshRoom()];
    const deletion = (seq: number, target: number): Entry =>
      sampleEntry(seq, { kind: 'delete', body: { target } });
    assert.deepEqual(await unscrubbedIn(room), []);

    // A crash came between: the deletions are durable, and nothing was scrubbed.
    await store().insert(room, [...sampleEntries(1, 3), deletion(4, 1), deletion(5, 3)]);
    await store().insert(other, [sampleEntry(1), deletion(2, 1)]);

    assert.deepEqual(await unscrubbedIn(room), [1, 3]);
    await store().scrub(room, 1);
    assert.deepEqual(await unscrubbedIn(room), [3]);
    assert.deepEqual(await unscrubbedIn(other), [1]);
    await store().scrub(room, 3);
    assert.deepEqual(await unscrubbedIn(room), []);
    await store().scrub(other, 1);
  });

  it('a deletion that was itself trimmed is not told any more', async () => {
    const room = freshRoom();
    const deletion = sampleEntry(2, { kind: 'delete', body: { target: 1 } });
    await store().insert(room, [sampleEntry(1), deletion, ...sampleEntries(3, 4)]);

    await store().trim(room, 3);

    assert.deepEqual(await unscrubbedIn(room), []);
  });

  it('a deletion whose target was trimmed still has its edits scrubbed', async () => {
    const room = freshRoom();
    const deletion = sampleEntry(4, { kind: 'delete', body: { target: 1 } });
    await store().insert(room, [sampleEntry(1), sampleEntry(2), sampleEdit(3, 1), deletion]);

    await store().trim(room, 2);

    assert.deepEqual(await unscrubbedIn(room), [1]);
    await store().scrub(room, 1);
    assert.deepEqual(await unscrubbedIn(room), []);
    const [edit] = await store().read(room, { after: 2, upTo: 3, limit: 1 });
    assert.deepEqual(edit, withText(sampleEdit(3, 1), ''));
  });

  const unscrubbedIn = async (room: RoomKey): Promise<readonly number[]> =>
    (await store().unscrubbed())
      .filter((one) => one.room === room)
      .map(({ target }) => target)
      .sort((a, b) => a - b);
}

function trimSuite(store: () => Store): void {
  it('trim removes what is below the floor, in every look, and keeps the rest', async () => {
    const room = freshRoom();
    await fill(store(), room, 1300);
    const views = [3, 1290].map((seq) => ({ asOf: 9, message: sampleEntry(seq) as Message }));
    await store().saveViews(room, views, 1300);
    const before = await store().facts(room);

    await store().trim(room, 1288);

    assert.deepEqual(await store().facts(room), { ...before, floor: 1288 });
    const left = await store().read(room, EVERYTHING);
    assert.deepEqual(left, entriesTo(1300).slice(1287));
    const lines = await store().lines(room, NEWEST);
    assert.deepEqual(
      lines.map(({ seq }) => seq),
      left.filter(({ kind }) => kind === 'message').map(({ seq }) => seq),
    );
    const changes = await store().changes(room, EVERYTHING);
    assert.deepEqual(
      changes.map(({ seq }) => seq),
      left.filter(({ kind }) => kind === 'react').map(({ seq }) => seq),
    );
    const kept = await store().views(room, ALL_VIEWS);
    assert.deepEqual(kept, { views: views.slice(1), viewedTo: 1300 });
    const drafts = ['cid-1287', 'cid-1288'].map((cid) => draftKeyOf('ada', cid));
    assert.deepEqual(await store().find(room, drafts), [left[0]]);
  });

  it('trimming again, or lower, changes nothing', async () => {
    const room = freshRoom();
    await fill(store(), room, 30);

    await store().trim(room, 20);
    await store().trim(room, 20);
    await store().trim(room, 5);

    assert.equal((await store().facts(room)).floor, 20);
    assert.deepEqual(await store().read(room, EVERYTHING), entriesTo(30).slice(19));
  });

  it("the head's row is always kept: a floor above it is refused", async () => {
    const room = freshRoom();
    await fill(store(), room, 10);
    const before = await store().facts(room);

    await assert.rejects(store().trim(room, 11), /above the head/);
    await assert.rejects(store().trim(freshRoom(), 2), /above the head/);
    await store().trim(room, 10);

    assert.deepEqual(await store().facts(room), { ...before, floor: 10 });
    assert.deepEqual(await store().read(room, EVERYTHING), entriesTo(10).slice(9));
  });

  it('a trimmed room goes on, and its old cids are free', async () => {
    const room = freshRoom();
    await fill(store(), room, 10);
    await store().trim(room, 8);

    const next = [sampleEntry(11, { cid: 'cid-3' }), sampleEntry(12)];
    await store().insert(room, next);

    assert.deepEqual(await store().read(room, EVERYTHING), [...entriesTo(10).slice(7), ...next]);
    await assert.rejects(store().insert(room, [sampleEntry(13, { cid: 'cid-9' })]));
    await assert.rejects(store().insert(room, [sampleEntry(9, { cid: 'free' })]));
  });

  it('a room may be trimmed while it is written and read', async () => {
    const room = freshRoom();
    await fill(store(), room, 600);

    const trims = [100, 550, 300].map((floor) => store().trim(room, floor));
    const writes = store().insert(room, [sampleEntry(601), sampleEntry(602)]);
    const looks = await Promise.all(Array.from({ length: 20 }, () => store().facts(room)));
    await Promise.all([...trims, writes]);

    for (const { head, floor } of looks) assert.ok(floor <= head + 1 && head >= 600);
    const { head, floor } = await store().facts(room);
    assert.deepEqual([head, floor], [602, 550]);
    const seqs = (await store().read(room, EVERYTHING)).map(({ seq }) => seq);
    assert.deepEqual([seqs.length, seqs[0], seqs.at(-1)], [53, 550, 602]);
  });

  it('firstSince finds the first entry that is kept and as young as that', async () => {
    const room = freshRoom();
    assert.equal(await store().firstSince(room, 0), undefined);
    const times = [10, 10, 20, 20, 20, 30, 45];
    await store().insert(
      room,
      times.map((at, place) => sampleEntry(place + 1, { at })),
    );
    const asked = [0, 10, 11, 20, 21, 45, 46];
    const found = (): Promise<unknown> =>
      Promise.all(asked.map((at) => store().firstSince(room, at)));

    assert.deepEqual(await found(), [1, 1, 3, 3, 6, 7, undefined]);
    await store().trim(room, 4);
    assert.deepEqual(await found(), [4, 4, 4, 4, 6, 7, undefined]);
  });
}

function roomsSuite(store: () => Store): void {
  it('rooms are told in one order, each once, and only those with entries', async () => {
    const names = Array.from({ length: 7 }, freshRoom);
    for (const room of names) await store().insert(room, sampleEntries(1, 3));
    const empty = freshRoom();
    await store().facts(empty);
    await store().markRead(empty, 'ada' as UserId, 1);

    const told: RoomKey[] = [];
    for (let after = ''; ; after = told.at(-1) ?? '') {
      const page = await store().rooms({ after, limit: 5 });
      assert.ok(page.length <= 5);
      if (page.length === 0) break;
      told.push(...page);
    }

    assert.equal(new Set(told).size, told.length);
    assert.ok(names.every((room) => told.includes(room)));
    assert.ok(!told.includes(empty));
    const own = told.filter((room) => names.includes(room));
    assert.deepEqual(own, [...names].sort());
    assert.deepEqual(await store().rooms({ after: '\u{10ffff}', limit: 5 }), []);
  });
}

function marksSuite(store: () => Store): void {
  it('a read mark only rises, for its user and room alone', async () => {
    const [room, other] = [freshRoom(), roomKey('other of marks')];
    const [ada, bob] = ['ada' as UserId, 'a$.b {}' as UserId];

    assert.equal(await store().readMark(room, ada), 0);
    await store().markRead(room, ada, 7);
    await store().markRead(room, ada, 3);
    await store().markRead(room, bob, 2);

    assert.equal(await store().readMark(room, ada), 7);
    assert.equal(await store().readMark(room, bob), 2);
    assert.equal(await store().readMark(other, ada), 0);
  });

  it('marks raised at once end at the highest', async () => {
    const room = freshRoom();
    const seqs = [4, 9, 1, 7, 3];

    await Promise.all(seqs.map((seq) => store().markRead(room, 'ada' as UserId, seq)));

    assert.equal(await store().readMark(room, 'ada' as UserId), 9);
  });
}

/** A message with two edits and a reaction, between others. */
const secretEntries = (): readonly Entry[] => [
  sampleEntry(1),
  sampleEntry(2, { body: { text: 'a secret', replyTo: 1 } }),
  sampleEntry(3),
  sampleEdit(4, 2),
  sampleEdit(5, 3),
  sampleEdit(6, 2),
  sampleReaction(7, 2, '👍'),
  sampleEntry(8, { kind: 'delete', body: { target: 2 } }),
];

const withText = (entry: Entry, text: string): Entry =>
  ({ ...entry, body: { ...entry.body, text } }) as Entry;

/** Messages, and every fourth a reaction to the first. */
const entriesTo = (last: number): readonly Entry[] =>
  sampleEntries(1, last).map((entry) =>
    entry.seq % 4 === 0 ? sampleReaction(entry.seq, 1, '👍') : entry,
  );

async function fill(store: Store, room: RoomKey, count: number): Promise<void> {
  const entries = entriesTo(count);
  for (let at = 0; at < count; at += 200) await store.insert(room, entries.slice(at, at + 200));
}

const bySeq = (a: Entry, b: Entry): number => a.seq - b.seq;
