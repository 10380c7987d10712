/**
 * Logs kept in one SQLite file: the store nobody has to set up. One process writes, in a thread of
 * its own; reads happen here, because a page of a room is a few dozen microseconds away in WAL mode
 * and a trip to another thread would cost more, and wait behind an fsync.
 */

import { join } from 'node:path';
import type { Change, Entry, Line, Ms, Seq, UserId } from 'mini-chat/protocol';
import { firstSince } from './store-entry.ts';
import type {
  DraftKey,
  EntryRange,
  LineRange,
  LogFacts,
  ReactionKey,
  RoomKey,
  Store,
  View,
  Views,
} from './store.ts';
import { openDataFolder, type DataFolder } from './store-sqlite-file.ts';
import { SqliteReader } from './store-sqlite-reader.ts';
import { MORE } from './store-sqlite-tasks.ts';
import { SqliteWriter } from './store-sqlite-writer.ts';

/** Which folder, and what bounds it. */
export interface SqliteOptions {
  /** Made when it is not there. */
  readonly dir: string;
  /** How far the file may grow, in pages of 4 KB; without it, as far as the disk lets it. */
  readonly pagesMax?: number;
  /** Another writer's script: tests give one that dies. */
  readonly worker?: URL;
}

/**
 * Opens the messages of a folder. Rejects with one plain sentence when another process uses the
 * folder, or when a newer version wrote it.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const folder = openDataFolder(options.dir);
  const { pagesMax = 0 } = options;
  const writer = new SqliteWriter({ path: folder.path, pagesMax }, options.worker);
  const store = new SqliteStore(folder, writer, options.dir);
  try {
    // An empty transaction shows that the writer is up and that the file can be written.
    await store.insert('' as RoomKey, []);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

class SqliteStore implements Store {
  readonly place: string;
  readonly #folder: DataFolder;
  readonly #reader: SqliteReader;
  readonly #writer: SqliteWriter;
  #closing: Promise<void> | undefined;

  constructor(folder: DataFolder, writer: SqliteWriter, dir: string) {
    this.place = `SQLite, in ${join(dir, 'messages.db')}`;
    this.#folder = folder;
    this.#reader = new SqliteReader(folder.reader);
    this.#writer = writer;
  }

  async facts(room: RoomKey): Promise<LogFacts> {
    return this.#reader.facts(room);
  }

  async holds(room: RoomKey, seq: Seq): Promise<boolean> {
    return seq <= this.#reader.facts(room).head;
  }

  async insert(room: RoomKey, entries: readonly Entry[]): Promise<void> {
    await this.#writer.ask({ do: 'insert', room, entries });
  }

  async read(room: RoomKey, range: EntryRange): Promise<readonly Entry[]> {
    return this.#reader.read(room, range);
  }

  async find(room: RoomKey, drafts: readonly DraftKey[]): Promise<readonly Entry[]> {
    return this.#reader.find(room, drafts);
  }

  async lines(room: RoomKey, range: LineRange): Promise<readonly Line[]> {
    return this.#reader.lines(room, range);
  }

  async changes(room: RoomKey, range: EntryRange): Promise<readonly Change[]> {
    return this.#reader.changes(room, range);
  }

  async reactionsOf(
    room: RoomKey,
    asked: readonly ReactionKey[],
    upTo: Seq,
  ): Promise<readonly (ReactionKey & { readonly emoji: readonly string[] })[]> {
    return asked.map((key) => ({ ...key, emoji: this.#reader.emojiOf(room, key, upTo) }));
  }

  async views(room: RoomKey, { from, to }: { from: Seq; to: Seq }): Promise<Views> {
    return this.#reader.views(room, from, to);
  }

  async saveViews(room: RoomKey, views: readonly View[], upTo: Seq): Promise<void> {
    await this.#writer.ask({ do: 'views', room, views, upTo });
  }

  async scrub(room: RoomKey, target: Seq): Promise<void> {
    await this.#writer.ask({ do: 'scrub', room, target });
  }

  async unscrubbed(): Promise<readonly { readonly room: RoomKey; readonly target: Seq }[]> {
    return this.#reader.unscrubbed();
  }

  /** In short steps, so that others' inserts get in between. */
  async trim(room: RoomKey, floor: Seq): Promise<void> {
    for (let said = MORE; said === MORE;) {
      said = await this.#writer.ask({ do: 'trim', room, floor });
    }
  }

  async firstSince(room: RoomKey, from: Ms): Promise<Seq | undefined> {
    const { floor, head } = this.#reader.facts(room);
    return firstSince({ floor, head, atOf: async (seq) => this.#reader.at(room, seq) }, from);
  }

  async rooms({ after, limit }: { after: string; limit: number }): Promise<readonly RoomKey[]> {
    return this.#reader.rooms(after, limit);
  }

  async readMark(room: RoomKey, user: UserId): Promise<Seq> {
    return this.#reader.readMark(room, user);
  }

  async markRead(room: RoomKey, user: UserId, seq: Seq): Promise<void> {
    await this.#writer.ask({ do: 'mark', room, user, seq });
  }

  swap(name: string, expected: string | undefined, next: string): Promise<string> {
    const known = expected === undefined ? {} : { expected };
    return this.#writer.ask({ do: 'swap', name: `fact:${name}`, ...known, next });
  }

  async ping(): Promise<void> {
    if (this.#writer.fault !== undefined) throw this.#writer.fault;
    this.#reader.facts('' as RoomKey);
  }

  close(): Promise<void> {
    this.#closing ??= this.#writer.close().finally(() => this.#folder.close());
    return this.#closing;
  }
}
