/**
 * Entries and drafts become the rows that a reader sees. Pure: no clock, no sockets.
 * Applies only the entry that follows the last one, so that a gap can never go unseen.
 */

import type {
  Cid,
  Cursor,
  Entry,
  EntryId,
  Epoch,
  JoinedOp,
  Line,
  Message,
  Ms,
  PageOp,
  Reaction,
  ResetOp,
  Seq,
  User,
  UserId,
} from '../protocol/ops.ts';
import type { Draft } from './outbox.ts';
import type { Refusal } from './refusal.ts';

/** One emoji on a message, as this reader sees it. */
export type RowReaction = Reaction & { readonly mine: boolean };

/** What a reply answers, in short. */
export interface Quote {
  readonly seq: Seq;
  readonly user: User;
  readonly text: string;
  readonly deleted?: true;
}

/** What the log view draws for one message, one notice, or one draft of them. */
export interface Row {
  /** The same from draft to message, and unique in its room. */
  readonly key: string;
  readonly kind: 'message' | 'notice';
  readonly state: 'sent' | 'sending' | 'failed';
  readonly cid: Cid;
  readonly seq?: Seq | undefined;
  readonly id?: EntryId;
  readonly user: User;
  readonly at: Ms;
  /** Empty when it was deleted. */
  readonly text: string;
  readonly replyTo?: Seq | undefined;
  /** What it answers; absent until that is known, and `gone` when it is not kept any more. */
  readonly quote?: Quote | 'gone';
  /** When its text was changed last. */
  readonly edited?: Ms;
  readonly deleted?: true;
  readonly pinned?: true;
  /** In order of first use; absent when there is none. */
  readonly reactions?: readonly RowReaction[];
  /** It shows an own change that no server has acknowledged yet. */
  readonly pending?: true;
  /** Why a draft was refused, with state `failed`; or an own change, which is not shown then. */
  readonly failure?: Refusal | undefined;
  /** The refused change; to be given to `retry` or `discard`. */
  readonly failedCid?: Cid;
}

/**
 * A room's log as far as it is here: the messages from `oldest` to `last`, without holes.
 * Invariant: each entry with `oldest ≤ seq ≤ last` was applied exactly once.
 */
export interface Timeline {
  /** Undefined until the first page. */
  readonly epoch: Epoch | undefined;
  readonly last: Seq;
  /** The id at `last`; with it the server knows that both have the same log. */
  readonly lastId: EntryId | '';
  readonly oldest: Seq;
  readonly hasOlder: boolean;
  readonly rows: readonly Row[];
  /** How often one log took the place of another. */
  readonly resets: number;
}

/** Rows kept at most: a hot room must not fill the memory of a tab that is left open. */
export const ROWS_MAX = 10_000;
/** Cut at once, so that cutting is rare. They can be loaded again, as older ones. */
const ROWS_CUT = 1_000;

/** Before anything is known of the log. */
export const emptyTimeline: Timeline = {
  epoch: undefined,
  last: 0,
  lastId: '',
  oldest: 1,
  hasOlder: false,
  rows: [],
  resets: 0,
};

/** Where to resume; undefined: from the newest page. */
export function cursorOf({ epoch, last, lastId }: Timeline): Cursor | undefined {
  return epoch === undefined ? undefined : { epoch, seq: last, id: lastId };
}

type FirstPage = Extract<JoinedOp | ResetOp, { readonly messages: readonly Line[] }>;

/** Drops what was there and starts from the newest page. */
export function startFrom(timeline: Timeline, page: FirstPage, me: UserId | undefined): Timeline {
  const messages = page.messages.filter(isMessage);
  const oldest = messages[0]?.seq ?? page.head + 1;
  return {
    epoch: page.epoch,
    last: page.head,
    lastId: page.headId,
    oldest,
    hasOlder: messages.length > 0 && oldest > page.floor,
    rows: rowsOf(messages, me),
    resets: resetsAfter(timeline),
  };
}

/** Nothing is here any more: another user looks, and may see other things. */
export function startOver(timeline: Timeline): Timeline {
  return { ...emptyTimeline, resets: resetsAfter(timeline) };
}

/** Keeps what is shown, but resumes from the newest page: this log cannot be continued. */
export function forgetEpoch(timeline: Timeline): Timeline {
  return { ...timeline, epoch: undefined };
}

/** What applying entries came to. */
export interface Applied {
  /** Another object if anything was taken, also of kinds that are not drawn. */
  readonly timeline: Timeline;
  /** The messages that were new, in order. */
  readonly messages: readonly Message[];
  /** Something is missing before one of them: it and all after it were not taken. */
  readonly isGap: boolean;
}

/** Takes each entry that follows the last one; drops those that are here already. */
export function applyEntries(
  timeline: Timeline,
  entries: readonly Entry[],
  me: UserId | undefined,
): Applied {
  let { last, lastId } = timeline;
  let isGap = false;
  const messages: Message[] = [];
  for (const entry of entries) {
    if (entry.seq <= last) continue;
    // Before the first page nothing follows anything.
    isGap = timeline.epoch === undefined || entry.seq > last + 1;
    if (isGap) break;
    last = entry.seq;
    lastId = entry.id;
    if (isMessage(entry)) messages.push(entry);
  }
  if (last === timeline.last) return { timeline, messages, isGap };
  const rows = [...timeline.rows, ...rowsOf(messages, me)];
  return { timeline: cut({ ...timeline, last, lastId, rows }), messages, isGap };
}

/** Puts a page of history before what is here. `limit`: what was asked for. */
export function prependPage(
  timeline: Timeline,
  { messages, floor }: PageOp,
  { limit, me }: { readonly limit: number; readonly me: UserId | undefined },
): Timeline {
  const older = messages.filter(isMessage).filter((one) => one.seq < timeline.oldest);
  const oldest = older[0]?.seq ?? timeline.oldest;
  return {
    ...timeline,
    oldest,
    hasOlder: older.length > 0 && messages.length >= limit && oldest > floor,
    rows: [...rowsOf(older, me), ...timeline.rows],
  };
}

/** What a draft looks like until its entry arrives. */
export function draftRow({ cid, body, at, ack, failure }: Draft, user: User): Row {
  const state = failure ? 'failed' : ack ? 'sent' : 'sending';
  return { ...body, kind: 'message', key: cid, cid, user, at, state, seq: ack, failure };
}

function rowsOf(messages: readonly Message[], me: UserId | undefined): readonly Row[] {
  return messages.map(({ user, cid, seq, id, at, body: { text, replyTo } }) => ({
    // A cid is unique per user only: a stranger may copy ours. A cid has no colon in it.
    key: user.id === me ? cid : `${user.id}:${cid}`,
    kind: 'message',
    state: 'sent',
    cid,
    seq,
    id,
    user,
    at,
    text,
    replyTo,
  }));
}

function resetsAfter({ epoch, last, resets }: Timeline): number {
  return epoch === undefined && last === 0 ? resets : resets + 1;
}

/** Kinds that this version does not draw have their place in the log all the same. */
function isMessage(entry: Entry | Line): entry is Message {
  return entry.kind === 'message' && typeof entry.body.text === 'string';
}

function cut(timeline: Timeline): Timeline {
  if (timeline.rows.length <= ROWS_MAX) return timeline;
  const rows = timeline.rows.slice(ROWS_CUT - ROWS_MAX);
  return { ...timeline, rows, oldest: rows[0]?.seq ?? timeline.oldest, hasOlder: true };
}
