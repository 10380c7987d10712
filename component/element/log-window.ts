/**
 * Which part of a long log is in the document. Pure. Edges are seqs, not indexes, so that older
 * pages may come in above without moving the window. `last` is absent while it reaches the end.
 */

import type { Row } from '../client/client.ts';
import type { LogRange } from './log-items.ts';

/** Seqs of the first and the last row. */
export interface LogWindow {
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}

/** Rows at first, and after a jump to the end: a few screens of a tall window. */
export const WINDOW_ROWS_START = 100;
/** Rows added at an edge the reader comes near. */
export const WINDOW_ROWS_STEP = 50;
/** Rows in the document at most; the far edge gives way. */
export const WINDOW_ROWS_MAX = 250;

/** The window on the newest rows. */
export function newestWindow(rows: readonly Row[]): LogWindow {
  return { first: rows[Math.max(0, rows.length - WINDOW_ROWS_START)]?.seq };
}

/** The rows of a window. Rows that would be too many are cut at the end, away from the reader. */
export function rangeOf(rows: readonly Row[], window: LogWindow): LogRange {
  const start = window.first === undefined ? 0 : lowerBound(rows, window.first);
  const wanted = window.last === undefined ? rows.length : lowerBound(rows, window.last + 1);
  return { rows, start, end: Math.min(Math.max(start, wanted), start + WINDOW_ROWS_MAX) };
}

/** The window with more rows above. */
export function growUp({ rows, start, end }: LogRange): LogWindow {
  const from = Math.max(0, start - WINDOW_ROWS_STEP);
  return windowOf(rows, from, Math.min(end, from + WINDOW_ROWS_MAX));
}

/** The window with more rows below. */
export function growDown({ rows, start, end }: LogRange): LogWindow {
  const to = Math.min(rows.length, end + WINDOW_ROWS_STEP);
  return windowOf(rows, Math.max(start, to - WINDOW_ROWS_MAX), to);
}

/** How many sent rows of other people came after a seq. */
export function countAfter(rows: readonly Row[], seq: number, ownId: string | undefined): number {
  let count = 0;
  for (let i = lowerBound(rows, seq + 1); i < rows.length; i += 1) {
    const row = rows[i];
    if (row?.seq !== undefined && row.user.id !== ownId) count += 1;
  }
  return count;
}

function windowOf(rows: readonly Row[], start: number, end: number): LogWindow {
  return { first: rows[start]?.seq, last: end < rows.length ? rows[end - 1]?.seq : undefined };
}

/** The first row whose seq is not lower; drafts, which have none yet, come after all others. */
function lowerBound(rows: readonly Row[], seq: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.seq ?? Infinity) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
