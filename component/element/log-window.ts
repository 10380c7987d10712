/**
 * Which part of a long log is in the document. Pure. Edges are keys of rows, not indexes, so that
 * older pages may come in above without moving the window. No `last`: it follows the end.
 */

import type { Row } from '../client/client.ts';
import type { LogRange } from './log-items.ts';

/** Keys of the first and the last row. */
export interface LogWindow {
  readonly first: string | undefined;
  readonly last?: string | undefined;
}

/** Rows at first, and after a jump to the end: a few screens of a tall window. */
export const WINDOW_ROWS_START = 100;
/** Rows added at an edge the reader comes near. */
export const WINDOW_ROWS_STEP = 50;
/** Rows in the document at most; the far edge gives way. */
export const WINDOW_ROWS_MAX = 250;
/** Rows that one render adds at most while the log follows its end: what a slow phone can draw. */
export const BATCH_ROWS = 4;
/** A log that is further behind goes to its end, with a few rows. */
export const BEHIND_ROWS_MAX = 50;

/** The window on the newest rows. */
export function newestWindow(rows: readonly Row[]): LogWindow {
  return { first: rows.at(-WINDOW_ROWS_START)?.key ?? rows[0]?.key };
}

/** The rows of a window. Rows that would be too many are cut at the end, away from the reader. */
export function rangeOf(rows: readonly Row[], { first, last }: LogWindow): LogRange {
  // From the end, where readers are: a hot room does this in each frame.
  const indexOf = (key: string): number => rows.findLastIndex((row) => row.key === key);
  // A first row that is no longer kept was the oldest: what is left begins with the next one.
  const start = first === undefined ? 0 : Math.max(0, indexOf(first));
  const end = (last !== undefined && indexOf(last) + 1) || rows.length;
  return { rows, start, end: Math.min(end, start + WINDOW_ROWS_MAX) };
}

/**
 * A range that goes after the end, some rows further than the last one `shown`. Nobody reads the
 * rows of a room that is faster than that; they are above when somebody looks.
 */
export function followEnd({ rows, start }: LogRange, shown: string | undefined): LogRange {
  const { length } = rows;
  const from = rows.findLastIndex(({ key }) => key === shown) + 1 || length;
  const isBehind = length - from > BEHIND_ROWS_MAX;
  const end = isBehind ? length : Math.min(length, from + BATCH_ROWS);
  const most = isBehind ? 2 * BATCH_ROWS : WINDOW_ROWS_MAX;
  return { rows, start: Math.max(start, end - most), end };
}

/** The window with a row in its middle. */
export function windowAround(rows: readonly Row[], key: string): LogWindow {
  const index = rows.findIndex((row) => row.key === key);
  const from = Math.max(0, index - WINDOW_ROWS_STEP);
  return windowOf(rows, from, Math.min(rows.length, index + WINDOW_ROWS_STEP));
}

/** The window with more rows above; few of them while the log follows its end. */
export function growUp({ rows, start, end }: LogRange, isFollowing = false): LogWindow {
  const from = Math.max(0, start - (isFollowing ? BATCH_ROWS : WINDOW_ROWS_STEP));
  return windowOf(rows, from, Math.min(end, from + WINDOW_ROWS_MAX));
}

/** The window with more rows below. */
export function growDown({ rows, start, end }: LogRange): LogWindow {
  const to = Math.min(rows.length, end + WINDOW_ROWS_STEP);
  return windowOf(rows, Math.max(start, to - WINDOW_ROWS_MAX), to);
}

function windowOf(rows: readonly Row[], start: number, end: number): LogWindow {
  return { first: rows[start]?.key, last: end < rows.length ? rows[end - 1]?.key : undefined };
}
