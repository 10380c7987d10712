import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import type { LogRow } from '../../../component/client/row.ts';
import {
  applyEntries,
  emptyTimeline,
  keepQuote,
  prependPage,
  startFrom,
  type Timeline,
} from '../../../component/client/timeline.ts';
import type {
  Cid,
  Content,
  Epoch,
  Line,
  OwnReactions,
  PageOp,
  RoomId,
  Seq,
  User,
  UserId,
} from '../../../component/protocol/ops.ts';
import { FakeLog } from '../../support/fake-log.ts';
import { seedOfRun } from '../../support/seed.ts';

const room = 'lobby' as RoomId;
const me = 'u_me' as UserId;
const EMOJI = ['👍', '❤️', '🎉'];

/** What somebody would like to append; what a server would refuse is left out. */
interface Wish {
  readonly kind: Content['kind'];
  readonly by: number;
  readonly target: number;
  readonly emoji: number;
  readonly on: boolean;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom(
    ...(['message', 'message', 'edit', 'delete', 'react', 'react', 'react', 'pin'] as const),
    'notice' as const,
  ),
  // More people than a reaction names.
  by: fc.oneof(fc.constant(0), { weight: 3, arbitrary: fc.integer({ min: 1, max: 14 }) }),
  // Mostly the same few, so that many react to one.
  target: fc.oneof({ weight: 4, arbitrary: fc.nat(2) }, fc.nat(60)),
  emoji: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(EMOJI.length - 1)),
  on: fc.boolean(),
});

function userOf(by: number): User {
  const id = by === 0 ? me : (`u_${by}` as UserId);
  return { id, name: `N${by}`, role: by === 1 ? 'moderator' : 'member' };
}

function contentOf({ kind, target: place, emoji, on }: Wish, head: Seq): Content {
  const target = (place % Math.max(1, head)) + 1;
  const text = `text ${head}`;
  const body = { target, text, emoji: EMOJI[emoji], on };
  const names = { message: 'text', notice: 'text', edit: 'target text', delete: 'target' };
  const kept = { ...names, react: 'target emoji on', pin: 'target on' }[kind].split(' ');
  const entries = Object.entries(body).filter(([name]) => kept.includes(name));
  return { kind, body: Object.fromEntries(entries) } as unknown as Content;
}

function grow(log: FakeLog, wishes: readonly Wish[]): void {
  for (const one of wishes) {
    const content = contentOf(one, log.head);
    const user = userOf(one.by);
    if (log.refusalOf(content, user) !== undefined) continue;
    log.append({ ...content, user, cid: `cid-no-${log.head + 1}` as Cid, at: log.head + 1 });
  }
}

/** What a row says about its line, and nothing of how a row is made. */
function lineOf({ seq, user, kind, text, edited, deleted, pinned, reactions }: LogRow): unknown {
  return { seq, user, kind, text, edited, deleted, pinned, reactions };
}

/** What a page says, as a row would. */
function expected(line: Line, own: readonly OwnReactions[]): unknown {
  const { seq, user, kind } = line;
  const mine = own.find(({ target }) => target === seq)?.emoji ?? [];
  const { edited, deleted, pinned, reactions } = line as Partial<
    Extract<Line, { edited?: number }>
  >;
  const shown = reactions?.map((one) => ({ ...one, mine: mine.includes(one.emoji) }));
  return { seq, user, kind, text: line.body.text, edited, deleted, pinned, reactions: shown };
}

function joined(log: FakeLog, limit: number): Timeline {
  const { epoch, head, headId, floor } = log;
  const page = log.page({ limit }, userOf(0));
  const op = { op: 'joined', room, epoch, head, headId, floor, can: [], ...page } as const;
  return startFrom(emptyTimeline, op, me);
}

function assertSame({ rows, oldest, last }: Timeline, log: FakeLog): void {
  const { messages, mine } = log.page({ limit: Infinity, asOf: last }, userOf(0));
  const here = messages.filter(({ seq }) => seq >= oldest);
  assert.deepEqual(
    rows.map(lineOf),
    here.map((line) => expected(line, mine)),
  );
}

describe('timeline: changes', () => {
  const wishes = fc.array(wish, { maxLength: 90, size: 'max' });

  test('live entries come to the same rows as the page that a server folds', () => {
    fc.assert(
      fc.property(wishes, wishes, fc.integer({ min: 1, max: 7 }), (before, after, step) => {
        const log = new FakeLog('e1' as Epoch);
        grow(log, before);
        let timeline = joined(log, Infinity);
        grow(log, after);
        for (let at = timeline.last; at < log.head; at = timeline.last) {
          timeline = applyEntries(timeline, log.entries.slice(at, at + step), me).timeline;
          assertSame(timeline, log);
        }
      }),
      { seed: seedOfRun() },
    );
  });

  test('a page read before or after what is here is mended to the same rows', () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(wishes, wishes, fc.tuple(place, place), (before, after, [read, taken]) => {
        const log = new FakeLog('e1' as Epoch);
        grow(log, before);
        let timeline = joined(log, 3);
        const { oldest, last: asked } = timeline;
        grow(log, after);
        const between = (share: number): Seq => asked + Math.floor(share * (log.head - asked));
        const upTo = (seq: Seq): void => {
          timeline = applyEntries(timeline, log.entries.slice(timeline.last, seq), me).timeline;
        };
        const asOf = between(read);
        const content = log.page({ before: oldest, limit: 20, asOf }, userOf(0));
        const page: PageOp = { op: 'page', re: 1, room, asOf, floor: 1, ...content };

        upTo(between(taken));
        timeline = prependPage(timeline, page, { limit: 20, me });
        for (const { seq } of content.messages) {
          timeline = keepQuote(timeline, page, { target: seq, me });
        }
        upTo(log.head);

        assertSame(timeline, log);
        for (const [seq, row] of timeline.quoted) {
          const shown = timeline.rows.find((one) => one.seq === seq)!;
          assert.deepEqual(lineOf(row as LogRow), lineOf(shown));
        }
      }),
      { seed: seedOfRun() },
    );
  });
});
