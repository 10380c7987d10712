import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import type { Draft } from '../../../component/client/draft.ts';
import type { Row } from '../../../component/client/row.ts';
import { shownRows } from '../../../component/client/shown-rows.ts';
import {
  applyEntries,
  cursorOf,
  cutRead,
  emptyTimeline,
  forgetEpoch,
  prependPage,
  READ_ROWS_MAX,
  ROWS_MAX,
  startFrom,
  startOver,
  type Timeline,
} from '../../../component/client/timeline.ts';
import type {
  Cid,
  Entry,
  EntryId,
  Epoch,
  Message,
  PageOp,
  RoomId,
  User,
  UserId,
} from '../../../component/protocol/ops.ts';
import { seedOfRun } from '../../support/seed.ts';

const room = 'lobby' as RoomId;
const ada: User = { id: 'u_ada' as UserId, name: 'Ada', role: 'member' };
const me = 'u_me' as UserId;

function message(seq: number): Message {
  const [id, cid] = [`id${seq}` as EntryId, `cid-no-${seq}` as Cid];
  return { seq, id, kind: 'message', user: ada, at: seq, cid, body: { text: `${seq}` } };
}

function messages(from: number, to: number): readonly Message[] {
  return Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
}

/** A timeline that starts with these, in a log that ends with the last of them. */
function timelineOf(from: number, to: number, floor = 1): Timeline {
  const headId = to === 0 ? ('' as const) : (`id${to}` as EntryId);
  const facts = { room, epoch: 'e1' as Epoch, head: to, headId, floor, can: [] };
  return startFrom(emptyTimeline, { op: 'joined', ...facts, messages: messages(from, to) }, me);
}

/** One that has followed its log from the beginning. */
function fullTimeline(to: number): Timeline {
  let timeline = timelineOf(1, 50);
  for (let seq = 51; seq <= to; seq += 50) {
    timeline = applyEntries(timeline, messages(seq, seq + 49), me).timeline;
  }
  return timeline;
}

function page(from: number, to: number, floor = 1): PageOp {
  return { op: 'page', re: 1, room, messages: messages(from, to), asOf: 100, floor };
}

/** What a draft looks like. */
function drawn(more: Partial<Draft<'message'>>, user: User): Row {
  const common = { room, cid: 'cid-of-mine' as Cid, kind: 'message', at: 1 } as const;
  return shownRows(emptyTimeline, [{ ...common, body: { text: 'x' }, ...more }], user)[0]!;
}

const texts = ({ rows }: Timeline): readonly string[] => rows.map(({ text }) => text);

describe('timeline', () => {
  test('has no cursor before the first page, then one that names the last entry', () => {
    assert.equal(cursorOf(emptyTimeline), undefined);
    assert.deepEqual(cursorOf(timelineOf(1, 3)), { epoch: 'e1', seq: 3, id: 'id3' });
    assert.deepEqual(cursorOf(timelineOf(1, 0)), { epoch: 'e1', seq: 0, id: '' });

    const { timeline } = applyEntries(timelineOf(1, 3), messages(4, 5), me);
    assert.deepEqual(cursorOf(timeline), { epoch: 'e1', seq: 5, id: 'id5' });
  });

  test('applies last + 1, drops what is lower, stops at what is higher', () => {
    const applied = applyEntries(timelineOf(1, 2), [...messages(1, 4), message(6)], me);

    assert.deepEqual(texts(applied.timeline), ['1', '2', '3', '4']);
    assert.deepEqual(
      applied.taken.map(({ seq }) => seq),
      [3, 4],
    );
    assert.equal(applied.isGap, true);
    assert.equal(applied.timeline.last, 4);
  });

  test('nothing new is the same object', () => {
    const timeline = timelineOf(1, 2);

    assert.equal(applyEntries(timeline, messages(1, 2), me).timeline, timeline);
    assert.equal(applyEntries(timeline, messages(5, 6), me).timeline, timeline);
  });

  test('before the first page every entry is a gap', () => {
    assert.deepEqual(applyEntries(emptyTimeline, [message(1)], me), {
      timeline: emptyTimeline,
      taken: [],
      isGap: true,
    });
  });

  test('kinds that it cannot draw have their place all the same', () => {
    const poll = { ...message(3), kind: 'poll', body: { target: 1 } } as unknown as Entry;
    const odd = { ...message(4), body: { text: 7 } } as unknown as Entry;

    const { timeline, taken: told } = applyEntries(timelineOf(1, 2), [poll, odd, message(5)], me);

    assert.deepEqual(texts(timeline), ['1', '2', '5']);
    assert.equal(timeline.last, 5);
    assert.equal(told.length, 3);
  });

  test('knows whether there are older messages', () => {
    assert.equal(timelineOf(1, 3).hasOlder, false);
    assert.equal(timelineOf(51, 100).hasOlder, true);
    assert.equal(timelineOf(51, 100, 51).hasOlder, false);
    assert.equal(timelineOf(1, 0).hasOlder, false);
  });

  test('a page goes before what is here; a short one, or the floor, is the start', () => {
    const timeline = timelineOf(51, 60);
    const limit = 50;

    const full = prependPage(timeline, page(1, 50), { limit, me });
    assert.deepEqual([full.rows.length, full.oldest, full.hasOlder], [60, 1, false]);
    const short = prependPage(timeline, page(40, 50), { limit, me });
    assert.deepEqual([short.rows.length, short.oldest, short.hasOlder], [21, 40, false]);
    const more = prependPage(timelineOf(101, 110), page(51, 100), { limit, me });
    assert.deepEqual([more.rows.length, more.oldest, more.hasOlder], [60, 51, true]);
    const floor = prependPage(timelineOf(101, 110), page(51, 100, 51), { limit, me });
    assert.equal(floor.hasOlder, false);
    const none = prependPage(timeline, page(1, 0), { limit, me });
    assert.deepEqual([none.rows.length, none.oldest, none.hasOlder], [10, 51, false]);
  });

  test('a page that overlaps shows nothing twice', () => {
    const timeline = prependPage(timelineOf(51, 60), page(31, 55), { limit: 25, me });

    assert.equal(timeline.rows.length, 30);
  });

  test('a reset counts, also from a log that could not be continued; the first page does not', () => {
    const timeline = timelineOf(1, 3);
    assert.equal(timeline.resets, 0);
    const facts = { room, epoch: 'e2' as Epoch, head: 0, headId: '' as const, floor: 1, can: [] };
    const next = { op: 'reset', reason: 'epoch', ...facts, messages: [] } as const;

    assert.equal(startFrom(timeline, next, me).resets, 1);
    assert.equal(startFrom(forgetEpoch(timeline), next, me).resets, 1);
    assert.equal(cursorOf(forgetEpoch(timeline)), undefined);
    assert.deepEqual([startOver(timeline).resets, startOver(timeline).rows.length], [1, 0]);
    assert.equal(startOver(emptyTimeline).resets, 0);
  });

  test('keeps the key from draft to message, and no stranger can have it', () => {
    const cid = 'cid-of-mine' as Cid;
    const user: User = { ...ada, id: me };
    const draft = drawn({ body: { text: 'x', replyTo: 2 } }, user);
    const mine = { ...message(1), cid, user };
    const theirs = { ...message(2), cid };

    const { timeline } = applyEntries(timelineOf(1, 0), [mine, theirs], me);

    assert.equal(timeline.rows[0]!.key, draft.key);
    assert.notEqual(timeline.rows[1]!.key, draft.key);
    assert.equal(draft.replyTo, 2);
  });

  test('draws a draft as what it is', () => {
    const failure = { code: 'forbidden', message: 'no' };

    assert.equal(drawn({}, ada).state, 'sending');
    assert.equal(drawn({ failure }, ada).state, 'failed');
    assert.deepEqual(drawn({ failure }, ada).failure, failure);
    const acked = drawn({ ack: 7 }, ada);
    assert.deepEqual([acked.state, acked.seq], ['sent', 7]);
    assert.equal(drawn({}, ada).kind, 'message');
  });

  test(`keeps at most ${ROWS_MAX} rows; what was cut can be loaded again`, () => {
    const timeline = fullTimeline(ROWS_MAX + 1);

    assert.ok(timeline.rows.length <= ROWS_MAX);
    assert.equal(timeline.rows.at(-1)!.seq, timeline.last);
    assert.equal(timeline.hasOlder, true);
    assert.equal(timeline.oldest, timeline.rows[0]!.seq);
    const older = page(timeline.oldest - 50, timeline.oldest - 1);
    assert.equal(
      prependPage(timeline, older, { limit: 50, me }).rows[49]!.seq,
      timeline.oldest - 1,
    );
  });

  test(`keeps at most ${READ_ROWS_MAX} rows once all is read, and more until then`, () => {
    const timeline = fullTimeline(ROWS_MAX);

    assert.equal(timeline.rows.length, ROWS_MAX);
    assert.equal(cutRead(timeline, timeline.last - 1), timeline);
    const { rows, last } = cutRead(timeline, timeline.last);
    assert.ok(rows.length <= READ_ROWS_MAX);
    assert.equal(rows.at(-1)!.seq, last);
  });

  test('shares rows: an entry more does not touch those that are there', () => {
    const before = timelineOf(1, 50);
    const { timeline: after } = applyEntries(before, [message(51)], me);

    assert.ok(before.rows.every((row, i) => after.rows[i] === row));
    assert.equal(before.rows.length, 50);
  });

  test('G7 › however batches are cut, doubled and disordered, what is applied is contiguous', () => {
    const batch = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 10 }));
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 60 }), (batches) => {
        let timeline = timelineOf(1, 0);
        const told: number[] = [];
        for (const [from, length] of batches) {
          const applied = applyEntries(timeline, messages(from, from + length - 1), me);
          assert.equal(applied.isGap, length > 0 && from > timeline.last + 1);
          told.push(...applied.taken.map(({ seq }) => seq));
          timeline = applied.timeline;
        }
        assert.deepEqual(
          told,
          Array.from({ length: timeline.last }, (_, i) => i + 1),
        );
        assert.deepEqual(
          timeline.rows.map(({ seq }) => seq),
          told,
        );
      }),
      { seed: seedOfRun() },
    );
  });
});
