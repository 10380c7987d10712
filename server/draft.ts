/** A draft as the server holds it, and when an entry is that draft's entry. */

import type { Cid, Content, Entry, EntryId, Ms, Seq, User } from 'mini-chat/protocol';

/** What a member wants to add to a log. */
export type Draft = Content & {
  readonly user: User;
  readonly cid: Cid;
  /** Its sender may delete what others wrote. Never stored. */
  readonly mayModerate?: true;
};

/** What the log adds to a draft. */
export interface Place {
  readonly seq: Seq;
  readonly id: EntryId;
  readonly at: Ms;
}

/** Names a draft inside its room. A cid has no space, so the last space parts the two. */
export const draftKey = (user: string, cid: string): string => `${user} ${cid}`;

/** The user as of now: what a draft's entry says must not change with a later name. */
export function copyOf(draft: Draft): Draft {
  const { id, name, role, avatar } = draft.user;
  const user = avatar === undefined ? { id, name, role } : { id, name, role, avatar };
  return { ...draft, user };
}

/** The draft's entry at a place. */
export function entryOf({ kind, user, cid, body }: Draft, { seq, id, at }: Place): Entry {
  // Taken apart, kind and body are no pair any more in TypeScript's eyes; they still are.
  return { seq, id, kind, user, at, cid, body } as Entry;
}

/** Whether what is stored under a draft's cid says the same. */
export const isSameDraft = (entry: Entry, draft: Draft): boolean =>
  entry.kind === draft.kind && isSame(entry.body, draft.body, saysNothing(entry));

/** Its text was taken out, so that nobody can tell any more what it was: any text is the same. */
const saysNothing = ({ body }: Entry): boolean => 'text' in body && body.text === '';

/** By content, not by the order of fields or by prototype: one of the two came from a store. */
function isSame(a: unknown, b: unknown, isScrubbed = false): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  if (left.size !== right.size) return false;
  return [...left].every(([field, value]) => {
    if (isScrubbed && field === 'text') return right.has(field);
    return right.has(field) && isSame(value, right.get(field));
  });
}
