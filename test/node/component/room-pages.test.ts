import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { dueAt } from '../../../component/client/machine.ts';
import { RoomPages } from '../../../component/client/room-pages.ts';
import { emptyTimeline, startFrom, type Timeline } from '../../../component/client/timeline.ts';
import type {
  Cid,
  EntryId,
  Epoch,
  Message,
  PageOp,
  RoomId,
  UserId,
} from '../../../component/protocol/ops.ts';

const room = 'lobby' as RoomId;
const me = 'u_me' as UserId;

function message(seq: number, replyTo?: number): Message {
  const user = { id: 'u_ada' as UserId, name: 'Ada', role: 'member' } as const;
  const [id, cid] = [`id${seq}` as EntryId, `cid-no-${seq}` as Cid];
  return { seq, id, kind: 'message', user, at: seq, cid, body: { text: `${seq}`, replyTo } };
}

function timelineOf(...messages: readonly Message[]): Timeline {
  const facts = { room, epoch: 'e1' as Epoch, head: 100, headId: 'id100' as EntryId, floor: 1 };
  return startFrom(emptyTimeline, { op: 'joined', ...facts, can: [], messages }, me);
}

function page(re: number, ...messages: readonly Message[]): PageOp {
  return { op: 'page', re, room, messages, asOf: 100, floor: 1 };
}

/** Pages, and what they asked for. */
class Run {
  readonly asked: { before: number; limit: number; re: number }[] = [];
  readonly pages = new RoomPages((question) => this.asked.push(question));
}

describe('RoomPages', () => {
  test('asks for one page at a time, and puts it before the rows', async () => {
    const { pages, asked } = new Run();
    pages.load(100, 0);
    pages.load(100, 0);
    const { loaded } = pages;

    const timeline = pages.take(timelineOf(message(100)), page(1, message(99)), { now: 5, me });

    assert.deepEqual(asked, [{ before: 100, limit: 50, re: 1 }]);
    assert.deepEqual(
      timeline.rows.map(({ seq }) => seq),
      [99, 100],
    );
    assert.deepEqual([pages.isLoading, pages.loaded], [false, undefined]);
    await loaded;
  });

  test('a page that was not asked for changes nothing', () => {
    const { pages } = new Run();
    const timeline = timelineOf(message(100));
    pages.load(100, 0);

    assert.equal(pages.take(timeline, page(7, message(99)), { now: 5, me }), timeline);
    assert.equal(pages.isLoading, true);
  });

  test('a refusal goes to who asked; without an answer the reader may ask again', async () => {
    const { pages, asked } = new Run();
    pages.load(100, 0);
    const refused = pages.loaded;
    pages.refuse({ op: 'error', code: 'forbidden', message: 'no', room, re: 1 });
    await assert.rejects(refused!, { code: 'forbidden' });

    pages.load(100, 0);
    pages.due(14_999);
    assert.equal(pages.isLoading, true);
    pages.due(15_000);
    assert.equal(pages.isLoading, false);
    assert.equal(asked.length, 2);
  });

  test('asks for quoted lines one after another, not faster than ten in a second', () => {
    const { pages, asked } = new Run();
    let timeline = timelineOf(message(99, 3), message(100, 4));
    pages.loadQuote(timeline, 0);
    pages.loadQuote(timeline, 5);
    assert.deepEqual(asked, [{ before: 5, limit: 1, re: 1 }]);

    timeline = pages.take(timeline, page(1, message(4)), { now: 10, me });
    pages.loadQuote(timeline, 10);
    assert.equal(asked.length, 1);
    assert.equal(Math.min(...pages.waits.map(dueAt)), 110);
    pages.loadQuote(timeline, 110);
    timeline = pages.take(timeline, page(2, message(2)), { now: 120, me });
    pages.loadQuote(timeline, 220);

    assert.deepEqual(asked[1], { before: 4, limit: 1, re: 2 });
    assert.equal(asked.length, 2);
    assert.equal(timeline.quoted.get(3), 'gone');
    assert.equal(Math.min(...pages.waits.map(dueAt)), Infinity);
  });

  test('a quoted line that was refused or lost is asked for again later', () => {
    const { pages, asked } = new Run();
    const timeline = timelineOf(message(100, 4));
    pages.loadQuote(timeline, 0);
    pages.refuse({ op: 'error', code: 'unavailable', message: 'no', room, re: 1 });
    pages.loadQuote(timeline, 14_999);
    assert.equal(asked.length, 1);

    pages.loadQuote(timeline, 15_000);
    assert.equal(asked.length, 2);
    pages.endAll();
    pages.loadQuote(timeline, 15_001);
    assert.equal(asked.length, 3);
  });
});
