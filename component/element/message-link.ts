/**
 * A link to a message: the page's address with `#mini-chat-<room>-<seq>`, as "Copy link" gives it.
 * A chat follows it once, also when a framework makes a new element while the address stays.
 */

import type { Seq } from '../protocol/ops.ts';

/** The part of the address that was followed last. */
let followed = '';

/** The message of this room that the address names; 0: none that was not followed yet. */
export function linkedSeq(room: string): Seq {
  const { hash } = location;
  return hash === followed ? 0 : Number(hash.split(`#mini-chat-${room}-`)[1]) || 0;
}

/** The reader is on their way there. */
export function endLink(): void {
  followed = location.hash;
}

/** The address changed, perhaps to one from before. */
export function beginLink(): void {
  followed = '';
}
