/** A draft as the server holds it, and when an entry is that draft's entry. */

import type { Cid, Entry, MessageBody, User } from 'mini-chat/protocol';

/** What a member wants to add to a log. */
export interface Draft {
  readonly user: User;
  readonly cid: Cid;
  readonly kind: 'message';
  readonly body: MessageBody;
}

/** Names a draft inside its room. A cid has no space, so the last space parts the two. */
export const draftKey = (user: string, cid: string): string => `${user} ${cid}`;

/** Whether what is stored under a draft's cid says the same. */
export const isSameDraft = (entry: Entry, draft: Draft): boolean =>
  entry.kind === draft.kind && isSame(entry.body, draft.body);

/** By content, not by the order of fields or by prototype: one of the two came from a store. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  if (left.size !== right.size) return false;
  return [...left].every(([field, value]) => right.has(field) && isSame(value, right.get(field)));
}
