/** What this reader may do with a message. Pure: room and row in, names out. */

import type { RoomSnapshot, Row } from '../client/client.ts';

/** Something to do with a message; each but `react` has a place of its own in the menu. */
export type Deed =
  'react' | 'reply' | 'toQuote' | 'copyText' | 'copyLink' | 'edit' | 'pin' | 'unpin' | 'remove';

/** A message that the server has: what everything here is about. */
export type SentRow = Row & { readonly seq: number };

/** Whether there is anything to be done: not with drafts, notices, and what was deleted. */
export function isOpenTo(row: Row | undefined): row is SentRow {
  return row?.kind === 'message' && row.state === 'sent' && row.seq !== undefined && !row.deleted;
}

/** In the order of the menu. */
export function deedsFor(
  row: SentRow,
  { can, user }: RoomSnapshot,
  hasClipboard: boolean,
): readonly Deed[] {
  const isOwn = row.user.id === user?.id;
  const all: readonly (readonly [Deed, boolean])[] = [
    ['react', can.includes('react')],
    ['reply', can.includes('message')],
    ['toQuote', row.replyTo !== undefined && row.quote !== 'gone'],
    ['edit', isOwn && can.includes('edit')],
    ['copyText', hasClipboard],
    ['copyLink', true],
    ['pin', can.includes('pin') && !row.pinned],
    ['unpin', can.includes('pin') && row.pinned === true],
    ['remove', can.includes('moderate') || (isOwn && can.includes('delete'))],
  ];
  return all.filter(([, may]) => may).map(([deed]) => deed);
}

/** The last message that this reader may edit: what the up arrow is about. */
export function lastOwn({ rows, can, user }: RoomSnapshot): SentRow | undefined {
  if (!can.includes('edit')) return undefined;
  const found = rows.findLast((row) => row.user.id === user?.id && isOpenTo(row));
  return isOpenTo(found) ? found : undefined;
}
