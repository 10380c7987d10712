/** Whether a reader's cursor fits a log: the rules of G7 and G8, pure. */

import type { Cursor, Entry, ResetReason } from 'mini-chat/protocol';
import type { LogFacts } from './store.ts';

/** A reader further behind than this starts again from the newest page instead. */
export const RESUME_BEHIND_MAX = 1000;

/** Entries in one answer to a cursor; the reader asks for the rest with `read`. */
const RESUME_PAGE = 200;

/** What a reader with a cursor gets: all that came after it, or why it must start again. */
export type Resumption =
  { readonly entries: readonly Entry[]; readonly more: boolean } | { readonly reset: ResetReason };

/** Why a cursor cannot be resumed, as far as the facts alone can tell. */
export function refuseCursor(cursor: Cursor, facts: LogFacts): ResetReason | undefined {
  if (cursor.epoch !== facts.epoch) return 'epoch';
  if (cursor.seq > facts.head) return 'ahead_of_head';
  // The entry at the cursor must be there to prove the history, except before the first one.
  if (cursor.seq < (facts.floor === 1 ? 0 : facts.floor)) return 'below_floor';
  if (facts.head - cursor.seq > RESUME_BEHIND_MAX) return 'too_far_behind';
  if (cursor.seq === 0 && cursor.id !== '') return 'other_id';
  return undefined;
}

/** The first seq to read for an accepted cursor: its own entry, where there is one. */
export const firstRead = (cursor: Cursor): { after: number; limit: number } =>
  cursor.seq === 0
    ? { after: 0, limit: RESUME_PAGE }
    : { after: cursor.seq - 1, limit: RESUME_PAGE + 1 };

/** The answer to an accepted cursor, from what `firstRead` gave. */
export function resumption(cursor: Cursor, read: readonly Entry[], head: number): Resumption {
  const entries = cursor.seq === 0 ? read : read.slice(1);
  // Retention by another node, before this one has heard of it.
  if (read[0] !== undefined && read[0].seq > Math.max(cursor.seq, 1)) {
    return { reset: 'below_floor' };
  }
  if (cursor.seq > 0 && read[0]?.id !== cursor.id) return { reset: 'other_id' };
  return { entries, more: cursor.seq + entries.length < head };
}
