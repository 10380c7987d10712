/** Rows become what the log shows: days, and runs of one author. Pure; looks at neighbours only. */

import type { Row } from '../client/client.ts';
import { startOfDay } from './language.ts';

/** A message, and whether it begins or ends its author's run. */
export interface RowItem {
  readonly kind: 'row';
  readonly key: string;
  readonly row: Row;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** The line above a day's first message. */
interface DayItem {
  readonly kind: 'day';
  readonly key: string;
  readonly at: number;
}

/** The line above the first message that was not read. */
interface UnreadItem {
  readonly kind: 'unread';
  readonly key: string;
}

/** What the list shows, in order. */
export type LogItem = RowItem | DayItem | UnreadItem;

/** A pause this long begins a new run, so that its time is shown again. */
const RUN_PAUSE_MS_MAX = 5 * 60_000;

/** Part of the log: rows from `start` up to, not including, `end`. */
export interface LogRange {
  readonly rows: readonly Row[];
  readonly start: number;
  readonly end: number;
}

/**
 * The items of a range. `seams` are rows that begin a run whatever is above them: they were the
 * oldest known when they were drawn, and a row that loses its header later would move the text
 * under the reader's eye.
 */
export function itemsOf(
  { rows, start, end }: LogRange,
  seams: ReadonlySet<string>,
  firstUnread?: string,
): LogItem[] {
  const items: LogItem[] = [];
  for (let i = start; i < end; i += 1) {
    const row = rows[i];
    if (row === undefined) break;
    const { key, at } = row;
    // Named after its row, not its date: clocks disagree, and two lines may say the same day.
    if (i === start || !isSameDay(rows[i - 1], row))
      items.push({ kind: 'day', key: `day ${key}`, at });
    if (key === firstUnread) items.push({ kind: 'unread', key: `unread ${key}` });
    const isFirst = beginsRun(rows[i - 1], row, seams);
    items.push({ kind: 'row', key, row, isFirst, isLast: beginsRun(row, rows[i + 1], seams) });
  }
  return items;
}

function beginsRun(
  before: Row | undefined,
  row: Row | undefined,
  seams: ReadonlySet<string>,
): boolean {
  if (!before || !row || seams.has(row.key)) return true;
  const same = (['id', 'name', 'role'] as const).every(
    (fact) => before.user[fact] === row.user[fact],
  );
  const isNotice = before.kind === 'notice' || row.kind === 'notice';
  return isNotice || !same || row.at - before.at > RUN_PAUSE_MS_MAX || !isSameDay(before, row);
}

function isSameDay(before: Row | undefined, row: Row): boolean {
  return before !== undefined && startOfDay(before.at) === startOfDay(row.at);
}
