import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Draft } from '../../../component/client/draft.ts';
import { shownRows, unreadCount } from '../../../component/client/shown-rows.ts';
import {
  applyEntries,
  emptyTimeline,
  isMoot,
  keepQuote,
  missingQuote,
  prependPage,
  startFrom,
  type Timeline,
} from '../../../component/client/timeline.ts';
import type {
  Change,
  Cid,
  Content,
  EntryId,
  Epoch,
  Line,
  Message,
  PageOp,
  RoomId,
  User,
  UserId,
} from '../../../component/protocol/ops.ts';

const room = 'lobby' as RoomId;
const ada: User = { id: 'u_ada' as UserId, name: 'Ada', role: 'member' };
const author: User = { id: 'u_me' as UserId, name: 'Me', role: 'member' };
const me = author.id;
const epoch = 'e1' as Epoch;

function message(seq: number, more: Partial<Message> = {}): Message {
  const [id, cid] = [`id${seq}` as EntryId, `cid-no-${seq}` as Cid];
  return { seq, id, kind: 'message', user: ada, at: seq, cid, body: { text: `${seq}` }, ...more };
}

/** A log of a hundred whose newest lines are these. */
function timelineOf(...messages: readonly Line[]): Timeline {
  const facts = { room, epoch, head: 100, headId: 'id100' as EntryId, floor: 1, can: [] };
  return startFrom(emptyTimeline, { op: 'joined', ...facts, messages }, me);
}

function draftOf<K extends Content['kind']>(
  content: Content<K>,
  more: Partial<Pick<Draft, 'failure' | 'ack' | 'epoch'>> = {},
): Draft {
  return { room, cid: 'cid-of-mine' as Cid, at: 500, epoch, ...content, ...more } as Draft;
}

function changeOf(content: Content<Change['kind']>, seq = 101): Change {
  return { ...content, user: ada, seq, id: `id${seq}` as EntryId, at: seq, cid: 'cid-x-12' as Cid };
}

const react = (target: number, on = true): Content<'react'> => ({
  kind: 'react',
  body: { target, emoji: '👍', on },
});
const remove = (target: number): Content<'delete'> => ({ kind: 'delete', body: { target } });
const failure = { code: 'forbidden', message: 'no' };

describe('shown rows: own changes', () => {
  const timeline = timelineOf(message(98), message(99, { user: author }), message(100));

  test('show at once, on their row alone', () => {
    const edit = draftOf({ kind: 'edit', body: { target: 99, text: 'better' } });
    const pin = draftOf({ kind: 'pin', body: { target: 100, on: true } });

    const rows = shownRows(timeline, [edit, draftOf(react(98)), pin], author);

    assert.deepEqual(
      rows.map(({ text, pending, pinned, edited }) => [text, pending, pinned, edited]),
      [
        ['98', true, undefined, undefined],
        ['better', true, undefined, 500],
        ['100', true, true, undefined],
      ],
    );
    assert.deepEqual(rows[0]?.reactions?.[0], {
      emoji: '👍',
      count: 1,
      users: [{ id: me, name: 'Me' }],
      mine: true,
    });
    assert.equal(timeline.rows[0]?.reactions, undefined);
  });

  test('are no longer pending once acknowledged, and show until their entry comes', () => {
    const [row] = shownRows(timeline, [draftOf(remove(98), { ack: 101 })], author);

    assert.deepEqual([row?.deleted, row?.text, row?.pending], [true, '', undefined]);
  });

  test('a refused one is taken back and says why, and by which cid it can be retried', () => {
    const [row] = shownRows(timeline, [draftOf(remove(98), { failure })], author);

    assert.deepEqual([row?.deleted, row?.text, row?.state], [undefined, '98', 'sent']);
    assert.deepEqual([row?.failure, row?.failedCid], [failure, 'cid-of-mine']);
  });

  test('a reaction that is there already is not counted again', () => {
    const reactions = [{ emoji: '👍', count: 2, users: [author, ada] }];
    const there = timelineOf(message(100, { reactions }));

    assert.equal(shownRows(there, [draftOf(react(100))], author)[0]?.reactions?.[0]?.count, 2);
    const less = shownRows(there, [draftOf(react(100, false))], author)[0]?.reactions?.[0];
    assert.deepEqual([less?.count, less?.mine], [1, false]);
  });

  test('of a line that is not here show nowhere', () => {
    const rows = shownRows(timeline, [draftOf(react(5))], author);

    assert.deepEqual(rows, timeline.rows);
  });

  test('drafts of lines come last, notices too', () => {
    const notice = draftOf({ kind: 'notice', body: { text: 'new topic' } });

    const row = shownRows(timeline, [notice], author).at(-1);

    assert.deepEqual([row?.kind, row?.state, row?.text], ['notice', 'sending', 'new topic']);
  });

  test('are moot on a deleted row, in another log, and refused without a row', () => {
    const gone = timelineOf(message(100, { body: { text: '' } }));

    assert.equal(isMoot(gone, draftOf(react(100))), true);
    assert.equal(isMoot(timeline, draftOf(react(100), { epoch: 'e0' as Epoch })), true);
    assert.equal(isMoot(timeline, draftOf(react(5), { failure })), true);
    assert.equal(isMoot(timeline, draftOf(react(5))), false);
    assert.equal(isMoot(timeline, draftOf(react(100), { failure })), false);
    assert.equal(isMoot(emptyTimeline, draftOf(react(5), { failure })), false);
    const text = draftOf({ kind: 'message', body: { text: 'x' } }, { epoch: 'e0' as Epoch });
    assert.equal(isMoot(timeline, text), false);
  });
});

describe('shown rows: quotes', () => {
  const reply = (seq: number, replyTo: number): Message =>
    message(seq, { body: { text: 'reply', replyTo } });
  const quoteIn = (timeline: Timeline, at = 0): unknown =>
    shownRows(timeline, [], author)[at]?.quote;

  test('come from the rows, and change with them', () => {
    const before = timelineOf(message(99), reply(100, 99));
    assert.deepEqual(quoteIn(before, 1), { seq: 99, user: ada, text: '99' });

    const edit = changeOf({ kind: 'edit', body: { target: 99, text: 'new' } });
    const { timeline: edited } = applyEntries(before, [edit], me);
    assert.deepEqual(quoteIn(edited, 1), { seq: 99, user: ada, text: 'new' });

    const { timeline: deleted } = applyEntries(edited, [changeOf(remove(99), 102)], me);
    assert.deepEqual(quoteIn(deleted, 1), { seq: 99, user: ada, text: '', deleted: true });
  });

  test('of older lines are asked for, the newest first, once, and kept up to date', () => {
    let timeline = timelineOf(reply(98, 3), reply(99, 4), reply(100, 99));
    assert.equal(quoteIn(timeline), undefined);
    assert.equal(missingQuote(timeline), 4);
    const page = { op: 'page', re: 1, room, asOf: 100, floor: 1 } as const;
    timeline = keepQuote(timeline, { ...page, messages: [message(4)] }, { target: 4, me });
    assert.equal(missingQuote(timeline), 3);
    timeline = keepQuote(timeline, { ...page, messages: [message(2)] }, { target: 3, me });
    assert.equal(missingQuote(timeline), undefined);
    assert.equal(quoteIn(timeline, 0), 'gone');

    timeline = applyEntries(timeline, [changeOf(remove(4))], me).timeline;

    assert.deepEqual(quoteIn(timeline, 1), { seq: 4, user: ada, text: '', deleted: true });
  });

  test('are looked for in the rows that came since none was missing, or in all others', () => {
    const whole = timelineOf(message(99), message(100));
    const known = applyEntries(whole, [reply(101, 99)], me).timeline;
    const missing = applyEntries(whole, [reply(101, 3)], me).timeline;
    const page: PageOp = { op: 'page', re: 1, room, asOf: 100, floor: 1, messages: [reply(98, 4)] };
    const older = prependPage(known, page, { limit: 1, me });

    assert.equal(missingQuote(known, whole), undefined);
    assert.equal(missingQuote(missing, whole), 3);
    assert.equal(missingQuote(missing, missing), undefined);
    assert.equal(missingQuote(older, known), 4);
  });

  test('of what is no line here are gone without a question', () => {
    const timeline = timelineOf(message(97), reply(100, 98));

    assert.equal(quoteIn(timeline, 1), 'gone');
    assert.equal(missingQuote(timeline), undefined);
  });

  test('a draft that answers something quotes it too', () => {
    const draft = draftOf({ kind: 'message', body: { text: 'x', replyTo: 100 } });

    const row = shownRows(timelineOf(message(100)), [draft], author).at(-1);

    assert.deepEqual(row?.quote, { seq: 100, user: ada, text: '100' });
  });

  test('all are the same object until the log, the drafts or who writes them change', () => {
    const timeline = timelineOf(message(100));
    const drafts = [draftOf(remove(100))];
    const before = shownRows(timeline, drafts, author);

    assert.equal(shownRows(timeline, drafts, author), before);
    assert.notEqual(shownRows(timeline, [...drafts], author), before);
    assert.notEqual(shownRows(timeline, drafts, { ...author }), before);
    assert.notEqual(shownRows({ ...timeline }, drafts, author), before);
  });

  test('rows that stay the same are the same objects', () => {
    const timeline = timelineOf(message(99), reply(100, 99));
    const before = shownRows(timeline, [], author);

    const { timeline: later } = applyEntries(timeline, [message(101)], me);
    const after = shownRows(later, [draftOf(react(99))], author);

    assert.equal(after[1], before[1]);
    assert.notEqual(after[0], before[0]);
  });
});

describe('unread', () => {
  test('counts lines of others after the mark that are not deleted', () => {
    const notice: Line = { ...message(97), kind: 'notice', body: { text: 'topic' } };
    const gone = message(98, { body: { text: '' } });
    const timeline = timelineOf(message(96), notice, gone, message(99, { user: author }));

    assert.equal(unreadCount(timeline, 0, me), 2);
    assert.equal(unreadCount(timeline, 96, me), 1);
    assert.equal(unreadCount(timeline, 97, me), 0);
  });
});
