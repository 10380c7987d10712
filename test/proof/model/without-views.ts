/** The parts of a store that the model does without, or works out anew each time. */

import type { Entry } from 'mini-chat/protocol';
import { emojiAfter } from '../../../server/store-entry.ts';
import type { ReactionKey, Store } from '../../../server/store.ts';

/** What is kept beside the log: without any of it, everything reads the same. */
export const withoutViews = {
  views: async () => ({ views: [], viewedTo: 0 }),
  saveViews: async () => {},
  scrub: async () => {},
  unscrubbed: async () => [],
  trim: async () => {},
  firstSince: async () => undefined,
  rooms: async () => [],
  readMark: async () => 0,
  markRead: async () => {},
} satisfies Partial<Store>;

/** What one user's reactions on one message come to. */
export function emojiIn(
  entries: readonly Entry[],
  { target, user }: ReactionKey,
  upTo: number,
): readonly string[] {
  const own = entries.filter((entry) => entry.user.id === user && entry.seq <= upTo);
  return emojiAfter(
    own.flatMap(({ kind, body }) => (kind === 'react' && body.target === target ? [body] : [])),
  );
}
