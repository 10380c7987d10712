/** How long a room's log waits before it writes again what was not stored. Pure. */

import type { Ms } from 'mini-chat/protocol';

/**
 * Who lost a race tries again within 1 ms: whoever waits longer meets a winner that has started
 * again. Up to 10 ms made waits in a hot room on several nodes four to nine times as long at p99,
 * for as many inserts (docs/scale.md).
 */
const RACE_MS = 1;

/** Added after any other failure, so that nodes do not come back to a sick store together. */
const JITTER_MS = 9;

/** A store that keeps failing is asked at most this seldom until the deadline. */
const PAUSE_MS_MAX = 500;

/** After a race that another node won, or after `tries` other failures in a row. */
export function retryPauseMs(after: 'race' | { readonly tries: number }, random: number): Ms {
  if (after === 'race') return RACE_MS * random;
  return Math.min(2 ** after.tries, PAUSE_MS_MAX) + JITTER_MS * random;
}
