/**
 * The newest lines of a room across reloads, so that they can be shown before the server answers:
 * as the page that it would have sent, with the cursor to resume from. Pure.
 */

import type { JoinedOp, User, UserId } from '../protocol/ops.ts';
import { parseServerOp, subjectOf } from '../protocol/parse.ts';
import { ownOf } from './row.ts';
import { cursorOf, type FirstPage, type Timeline } from './timeline.ts';

/** As many as a first page of the server has. */
export const KEPT_ROWS_MAX = 50;
/** Characters of one room: long messages must not take the page's storage away. */
export const KEPT_LENGTH_MAX = 100_000;

/** A first page, and who it was for. */
export type KeptLog = Extract<JoinedOp, FirstPage> & { readonly user: User };

/** What to keep; undefined while nothing is known of the log. */
export function encodeLog(
  timeline: Timeline,
  user: User | undefined,
  count = KEPT_ROWS_MAX,
): string | undefined {
  const cursor = cursorOf(timeline);
  if (!cursor) return undefined;
  const { epoch, seq: head, id: headId } = cursor;
  const messages = timeline.rows.slice(-count);
  const hasOlder = timeline.hasOlder || messages.length < timeline.rows.length;
  const mine = messages.map((row) => ({ target: row.seq, emoji: ownOf(row) }));
  const floor = hasOlder ? 0 : head;
  const log = { op: 'joined', room: '', epoch, head, headId, floor, can: [], messages, mine, user };
  const text = JSON.stringify(log);
  return text.length > KEPT_LENGTH_MAX && count > 1 ? encodeLog(timeline, user, count >> 1) : text;
}

/** What was kept; undefined for anything else that stands there. */
export function parseLog(text: string | undefined): KeptLog | undefined {
  try {
    const op = parseServerOp(text ?? '') as KeptLog | undefined;
    return op?.op === 'joined' && op.messages && op.user ? op : undefined;
  } catch {
    // Nothing was kept, or the page's other scripts wrote there: the server's page will do.
    return undefined;
  }
}

/** Who the host site's token says this is. Not verified: it only finds what was kept of a user. */
export function userIdIn(token: string | undefined): UserId | undefined {
  const subject = subjectOf(token ?? '');
  return subject === undefined ? undefined : (`u_${subject}` as UserId);
}
