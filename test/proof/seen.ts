/** Entries and lines of the product, as the histories of runs hold them. */

import type { Entry, Line } from 'mini-chat/protocol';
import { shown } from './fold-rules.ts';
import type { Seen } from './history.ts';

/** An entry as it lies in a log. */
export function seenOf({ seq, id, user, cid, kind, body }: Entry): Seen {
  const seen = { seq, id, user: user.id, cid, text: textOf({ kind, body }) };
  return kind === 'message' ? seen : { ...seen, kind, body: { ...body } };
}

/** A line as people read it. */
export function rowOf(line: Line): Seen {
  if (line.kind === 'notice') return seenOf(line);
  const { body, deleted, pinned, reactions = [] } = line;
  const shows = shown({
    ...{ text: body.text, isDeleted: !!deleted, isPinned: !!pinned },
    reactions: reactions.map(({ emoji, count }) => [emoji, count] as const),
  });
  return { ...seenOf(line), shows };
}

/** What a draft says, as one string. */
export function textOf({ kind, body }: { readonly kind: string; readonly body: object }): string {
  const isMessage = kind === 'message' && 'text' in body;
  return isMessage ? String(body.text) : `${kind} ${JSON.stringify(body)}`;
}
