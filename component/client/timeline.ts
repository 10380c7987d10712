/**
 * Entries and drafts become the rows that a reader sees. Pure: no clock, no sockets.
 * Applies only the entry that follows the last one, so that a gap can never go unseen.
 */

import type {
  Change,
  Cursor,
  Entry,
  EntryId,
  Epoch,
  JoinedOp,
  Line,
  OwnReactions,
  PageOp,
  ResetOp,
  Seq,
  UserId,
} from '../protocol/ops.ts';
import type { Draft } from './draft.ts';
import { changed, isChange, isLine, type LogRow, rowOf } from './row.ts';

/**
 * A room's log as far as it is here: the lines from `oldest` to `last`, without holes.
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
  readonly rows: readonly LogRow[];
  /** Lines that replies answer and that are not among the rows. */
  readonly quoted: ReadonlyMap<Seq, LogRow | 'gone'>;
  /** Changes of lines that are not here: a page on its way may have been read before them. */
  readonly strays: readonly Change[];
  /** How often one log took the place of another. */
  readonly resets: number;
}

/** Rows kept at most once all is read: a hot room must not fill the memory of a tab left open. */
export const READ_ROWS_MAX = 10_000;
/** Until then: the place of who reads the oldest would go with them. */
export const ROWS_MAX = 2 * READ_ROWS_MAX;
/** Cut at once, so that cutting is rare. They can be loaded again, as older ones. */
const ROWS_CUT = 1_000;
/** More than come while one page is on its way. */
const STRAYS_MAX = 1_000;

/** Before anything is known of the log. */
export const emptyTimeline: Timeline = {
  epoch: undefined,
  last: 0,
  lastId: '',
  oldest: 1,
  hasOlder: false,
  rows: [],
  quoted: new Map(),
  strays: [],
  resets: 0,
};

/** Where to resume; undefined: from the newest page. */
export function cursorOf({ epoch, last, lastId }: Timeline): Cursor | undefined {
  return epoch === undefined ? undefined : { epoch, seq: last, id: lastId };
}

/** What a room begins with here. */
export type FirstPage = Extract<JoinedOp | ResetOp, { readonly messages: readonly Line[] }>;

/** Drops what was there and starts from the newest page. */
export function startFrom(timeline: Timeline, page: FirstPage, me: UserId | undefined): Timeline {
  const rows = rowsOf(page, me);
  const oldest = rows[0]?.seq ?? page.head + 1;
  return {
    ...emptyTimeline,
    epoch: page.epoch,
    last: page.head,
    lastId: page.headId,
    oldest,
    hasOlder: rows.length > 0 && oldest > page.floor,
    rows,
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
  /** The entries that were new, in order. */
  readonly taken: readonly Entry[];
  /** Something is missing before one of them, or the log is another one: the rest was not taken. */
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
  const taken: Entry[] = [];
  const rows = [...timeline.rows];
  const quoted = new Map(timeline.quoted);
  const strays = [...timeline.strays];
  for (const entry of entries) {
    const { seq, id } = entry;
    if (seq < last || (seq === last && id === lastId)) continue;
    // Before the first page nothing follows anything.
    isGap = timeline.epoch === undefined || seq !== last + 1;
    if (isGap) break;
    [last, lastId] = [seq, id];
    taken.push(entry);
    if (isLine(entry)) rows.push(rowOf(entry, me));
    if (!isChange(entry)) continue;
    const { target } = entry.body;
    const place = placeOf(rows, target);
    const [row, quote] = [rows[place], quoted.get(target)];
    if (row) rows[place] = changed(row, entry, me);
    else strays.push(entry);
    if (quote && quote !== 'gone') quoted.set(target, changed(quote, entry, me));
  }
  if (!taken[0]) return { timeline, taken, isGap };
  const next = { ...timeline, last, lastId, rows, quoted, strays: strays.slice(-STRAYS_MAX) };
  return { timeline: cut(next, ROWS_MAX), taken, isGap };
}

/** Who has read up to here does not need the oldest rows. */
export function cutRead(timeline: Timeline, read: Seq): Timeline {
  return read < timeline.last ? timeline : cut(timeline, READ_ROWS_MAX);
}

/** Puts a page of history before what is here. `limit`: what was asked for. */
export function prependPage(
  timeline: Timeline,
  page: PageOp,
  { limit, me }: { readonly limit: number; readonly me: UserId | undefined },
): Timeline {
  const { messages, floor } = page;
  const older = agedRows(timeline, page, me).filter(({ seq }) => seq < timeline.oldest);
  const oldest = older[0]?.seq ?? timeline.oldest;
  return {
    ...timeline,
    oldest,
    hasOlder: older.length > 0 && messages.length >= limit && oldest > floor,
    rows: [...older, ...timeline.rows],
  };
}

/** The answer to the question for one line that a reply answers. */
export function keepQuote(
  timeline: Timeline,
  page: PageOp,
  { target, me }: { readonly target: Seq; readonly me: UserId | undefined },
): Timeline {
  const row = agedRows(timeline, page, me).find(({ seq }) => seq === target);
  return { ...timeline, quoted: new Map(timeline.quoted).set(target, row ?? 'gone') };
}

/**
 * The newest line that a reply answers and that must be asked for. Nothing is missing in `whole`,
 * an earlier timeline: a hot room asks with each entry, and only the rows since then are looked at.
 */
export function missingQuote(timeline: Timeline, whole = emptyTimeline): Seq | undefined {
  const { rows, oldest, resets } = timeline;
  const known = whole.oldest === oldest && whole.resets === resets ? whole.last : 0;
  const asks = ({ replyTo }: LogRow): boolean => !!replyTo && !sourceOf(timeline, replyTo);
  const { seq = 0, replyTo } = rows.findLast((row) => row.seq <= known || asks(row)) ?? {};
  return seq > known ? replyTo : undefined;
}

/** What this changes is gone, by itself or with its log; or no row is there to tell its refusal. */
export function isMoot({ epoch, rows }: Timeline, draft: Draft): boolean {
  if (epoch === undefined || !isChange(draft)) return false;
  const row = rows[placeOf(rows, draft.body.target)];
  return (draft.epoch ?? epoch) !== epoch || !!(row ? row.deleted : draft.failure);
}

/** A page's rows with what came since it was read. */
function agedRows({ strays }: Timeline, page: PageOp, me: UserId | undefined): readonly LogRow[] {
  const { asOf } = page;
  return rowsOf(page, me).map((row) =>
    strays
      .filter(({ body }) => body.target === row.seq)
      .reduce<LogRow>((now, change) => changed(now, change, me), { ...row, asOf }),
  );
}

interface LinePage {
  readonly messages: readonly Line[];
  readonly mine?: readonly OwnReactions[];
}

function rowsOf({ messages, mine }: LinePage, me: UserId | undefined): readonly LogRow[] {
  return messages
    .filter(isLine)
    .map((line) => rowOf(line, me, mine?.find(({ target }) => target === line.seq)?.emoji));
}

/** Where the row of this seq is; -1: nowhere. */
export function placeOf(rows: readonly LogRow[], seq: Seq): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.seq ?? seq) < seq) low = middle + 1;
    else high = middle;
  }
  return rows[low]?.seq === seq ? low : -1;
}

/** The line at this seq; undefined: it may be known to the server. */
export function sourceOf(timeline: Timeline, seq: Seq): LogRow | 'gone' | undefined {
  const { rows, quoted, oldest, hasOlder } = timeline;
  const isHere = seq >= oldest || !hasOlder;
  return rows[placeOf(rows, seq)] ?? quoted.get(seq) ?? (isHere ? 'gone' : undefined);
}

function resetsAfter({ epoch, last, resets }: Timeline): number {
  return epoch === undefined && last === 0 ? resets : resets + 1;
}

function cut(timeline: Timeline, max: number): Timeline {
  if (timeline.rows.length <= max) return timeline;
  const rows = timeline.rows.slice(ROWS_CUT - max);
  return { ...timeline, rows, oldest: rows[0]?.seq ?? timeline.oldest, hasOlder: true };
}
