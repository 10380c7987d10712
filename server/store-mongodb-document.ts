/** An entry as MongoDB keeps it. */

import type { Cid, Entry, EntryId, Kind, Ms, Role, Seq, User, UserId } from 'mini-chat/protocol';
import type { RoomKey } from './store.ts';

/** Flat, so that every field a query names has a type; `_id` is the driver's and means nothing. */
export interface EntryDocument {
  readonly room: RoomKey;
  readonly seq: Seq;
  readonly id: EntryId;
  readonly kind: Kind;
  readonly user: UserId;
  readonly cid: Cid;
  readonly name: string;
  readonly role: Role;
  readonly avatar?: string;
  readonly at: Ms;
  readonly body: unknown;
  /** Of an edit or a reaction: what `aboutKey` says. */
  readonly about?: string;
  /** Of a deletion until its target is scrubbed: what `aboutKey` says. */
  readonly unscrubbed?: string;
}

/** What finds the edits of a message, one user's reactions to it, or its deletions. */
export const aboutKey = (room: RoomKey, target: Seq, ...more: readonly string[]): string =>
  JSON.stringify([room, target, ...more]);

/** The document of an entry, whose own `_id` the driver adds. */
export function documentOf(room: RoomKey, entry: Entry): EntryDocument {
  const { seq, id, kind, user, at, cid, body } = entry;
  const { id: userId, name, role, avatar } = user;
  const facts = { name, role, ...(avatar === undefined ? {} : { avatar }) };
  return { room, seq, id, kind, user: userId, cid, ...facts, at, body, ...keysOf(room, entry) };
}

function keysOf(
  room: RoomKey,
  { kind, body, user }: Entry,
): Pick<EntryDocument, 'about' | 'unscrubbed'> {
  switch (kind) {
    case 'edit':
      return { about: aboutKey(room, body.target, kind) };
    case 'react':
      return { about: aboutKey(room, body.target, kind, user.id) };
    case 'delete':
      return { unscrubbed: aboutKey(room, body.target) };
    default:
      return {};
  }
}

/** The entry of a document, as it was before. */
export function entryOf(document: EntryDocument): Entry {
  const { seq, id, kind, user: userId, name, role, avatar, at, cid, body } = document;
  const user: User = { id: userId, name, role, ...(avatar === undefined ? {} : { avatar }) };
  // What is in the collection was an Entry when it was written.
  return { seq, id, kind, user, at, cid, body } as Entry;
}
