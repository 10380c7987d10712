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

/** What the list shows, in order. */
export type LogItem = RowItem | DayItem;

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
export function itemsOf(range: LogRange, seams: ReadonlySet<string>): LogItem[] {
  const { rows, start, end } = range;
  const items: LogItem[] = [];
  let begins = start < end && beginsRun(rows, start, seams);
  for (let i = start; i < end; i += 1) {
    const row = rows[i];
    if (row === undefined) break;
    if (i === start || !isSameDay(rows[i - 1], row)) items.push(dayItem(row));
    const nextBegins = i + 1 >= rows.length || beginsRun(rows, i + 1, seams);
    items.push({ kind: 'row', key: row.key, row, isFirst: begins, isLast: nextBegins });
    begins = nextBegins;
  }
  return items;
}

function dayItem(row: Row): DayItem {
  // Named after its row, not its date: clocks disagree, and two lines may say the same day.
  return { kind: 'day', key: `day ${row.key}`, at: row.at };
}

function beginsRun(rows: readonly Row[], index: number, seams: ReadonlySet<string>): boolean {
  const before = rows[index - 1];
  const row = rows[index];
  if (before === undefined || row === undefined || seams.has(row.key)) return true;
  return (
    before.user.id !== row.user.id ||
    before.user.name !== row.user.name ||
    before.user.role !== row.user.role ||
    row.at - before.at > RUN_PAUSE_MS_MAX ||
    !isSameDay(before, row)
  );
}

function isSameDay(before: Row | undefined, row: Row): boolean {
  return before !== undefined && startOfDay(before.at) === startOfDay(row.at);
}
