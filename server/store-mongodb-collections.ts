/** The collections of the MongoDB store, and their indexes. */

import type { Collection, Db } from 'mongodb';
import type { Message, Seq, UserId } from 'mini-chat/protocol';
import type { EntryDocument } from './store-mongodb-document.ts';
import type { NewsDocument } from './store-mongodb-news.ts';
import type { RoomKey } from './store.ts';

/** What only rises in a room: the oldest seq kept, and how far the views reach. */
export interface RoomDocument {
  readonly _id: string;
  readonly floor?: Seq;
  readonly viewedTo?: Seq;
}

/** A view; without a message it only keeps others out: its message was scrubbed. */
export interface ViewDocument {
  readonly room: RoomKey;
  readonly seq: Seq;
  readonly asOf: Seq;
  readonly message?: Message;
}

/** How far a user has read. */
export interface MarkDocument {
  /** What `markKey` says. */
  readonly _id: string;
  readonly seq: Seq;
}

/** Names a user in a room. */
export const markKey = (room: RoomKey, user: UserId): string => JSON.stringify([room, user]);

/** A fact about the server itself. */
export interface MetaDocument {
  readonly _id: string;
  readonly value: string;
}

/** Their names start alike, so that a database may be shared with the host site. */
export interface Collections {
  readonly entries: Collection<EntryDocument>;
  readonly rooms: Collection<RoomDocument>;
  readonly views: Collection<ViewDocument>;
  readonly marks: Collection<MarkDocument>;
  readonly news: Collection<NewsDocument>;
  readonly meta: Collection<MetaDocument>;
}

/** News of the last minute; a server that was away longer is told everything anew. */
const NEWS_SECONDS = 60;

/** Those of one database, which come into being with their first document. */
export const collectionsIn = (database: Db): Collections => ({
  entries: database.collection('mini_chat_entries'),
  rooms: database.collection('mini_chat_floors'),
  views: database.collection('mini_chat_views'),
  marks: database.collection('mini_chat_marks'),
  news: database.collection('mini_chat_news'),
  meta: database.collection('mini_chat_meta'),
});

/**
 * The unique ones are the contract. `kind` lets a page skip what is not asked for. The sparse ones
 * hold no messages, so that a message costs nothing there: `about` finds the edits of a message and
 * one user's reactions to it, `unscrubbed` what a crash left to do.
 */
export async function createIndexes({ entries, views, news }: Collections): Promise<void> {
  await Promise.all([
    entries.createIndexes([
      { key: { room: 1, seq: 1 }, name: 'place', unique: true },
      { key: { room: 1, user: 1, cid: 1 }, name: 'draft', unique: true },
      { key: { room: 1, kind: 1, seq: 1 }, name: 'kind' },
      { key: { about: 1 }, name: 'about', sparse: true },
      { key: { unscrubbed: 1 }, name: 'unscrubbed', sparse: true },
    ]),
    views.createIndexes([{ key: { room: 1, seq: 1 }, name: 'place', unique: true }]),
    news.createIndexes([{ key: { at: 1 }, name: 'at', expireAfterSeconds: NEWS_SECONDS }]),
  ]);
}
