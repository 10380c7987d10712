/**
 * What a reader sees of a room: its log, with the own changes that wait as if they had been taken,
 * and then the drafts. Pure, but for a memory of rows: what stays the same is the same object.
 */

import type { Change, EntryId, Line, Seq, User, UserId } from '../protocol/ops.ts';
import type { Draft } from './draft.ts';
import { changed, isChange, type LogRow, ownOf, type Quote, type Row } from './row.ts';
import { placeOf, sourceOf, type Timeline } from './timeline.ts';

interface Shown {
  readonly drafts: readonly Draft[];
  readonly author: User;
  readonly rows: readonly Row[];
}

/** Most changes of a room, as who writes or how far is read, are none of its rows. */
const shown = new WeakMap<Timeline, Shown>();

/** What a reader sees: the log with the own changes that wait, then drafts of lines. */
export function shownRows(
  timeline: Timeline,
  drafts: readonly Draft[],
  author: User,
): readonly Row[] {
  const known = shown.get(timeline);
  if (known?.drafts === drafts && known.author === author) return known.rows;
  const rows = rowsOf(timeline, drafts, author);
  shown.set(timeline, { drafts, author, rows });
  return rows;
}

function rowsOf(timeline: Timeline, drafts: readonly Draft[], author: User): readonly Row[] {
  const rows: Row[] = timeline.rows.map((row) => withQuote(timeline, row));
  for (const draft of drafts) {
    if (!isChange(draft)) rows.push(withQuote(timeline, draftRow(draft, author)));
    else {
      const place = placeOf(timeline.rows, draft.body.target);
      const row = rows[place];
      if (row) rows[place] = tried(row as LogRow, draft, author);
    }
  }
  return rows;
}

/** The drafts of other tabs go first, unless they are here already. */
export function shownDrafts(
  { rows }: Timeline,
  own: readonly Draft[],
  others: readonly Draft[],
): readonly Draft[] {
  if (!others[0]) return own;
  const here = new Set([...rows.map(({ key }) => key), ...own.map(({ cid }) => cid)]);
  return [...others.filter(({ cid }) => !here.has(cid)), ...own];
}

/** Lines of others after `read` that are here and not deleted. */
export function unreadCount({ rows }: Timeline, read: Seq, me: UserId | undefined): number {
  const later = rows.slice(rows.findLastIndex(({ seq }) => seq <= read) + 1);
  return later.filter(({ user, deleted }) => user.id !== me && !deleted).length;
}

/** What a draft of a line looks like until its entry arrives. */
function draftRow({ kind, cid, body, at, ack, failure }: Draft<Line['kind']>, user: User): Row {
  const state = failure ? 'failed' : ack ? 'sent' : 'sending';
  return { ...body, kind, key: cid, cid, user, at, state, seq: ack, failure };
}

/** A row as if the own change had been taken, which it has not been; or with why it was refused. */
function tried(row: LogRow, draft: Draft<Change['kind']>, user: User): Row {
  const { kind, body, failure, ack, cid } = draft;
  if (failure) return { ...row, failure, failedCid: cid };
  const isMine = (emoji: string): boolean => ownOf(row).includes(emoji);
  const isSo = kind === 'react' && isMine(body.emoji) === body.on;
  const change = { ...draft, seq: Infinity, id: '' as EntryId, user } as Change;
  const next = isSo ? row : changed(row, change, user.id);
  return ack ? next : { ...next, pending: true };
}

/** Rows that stay the same must be the same objects, so that nothing is drawn again. */
const withQuotes = new WeakMap<Row, { readonly source: LogRow | 'gone'; readonly shown: Row }>();

function withQuote(timeline: Timeline, row: Row): Row {
  const source = row.replyTo && sourceOf(timeline, row.replyTo);
  if (!source) return row;
  const known = withQuotes.get(row);
  if (known?.source === source) return known.shown;
  const shown = { ...row, quote: source === 'gone' ? source : quoteOf(source) };
  withQuotes.set(row, { source, shown });
  return shown;
}

function quoteOf({ seq, user, text, deleted }: LogRow): Quote {
  return { seq, user, text, ...(deleted && { deleted }) };
}
