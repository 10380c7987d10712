/**
 * Logs kept in one SQLite file: the store nobody has to set up. One process writes, in a thread of
 * its own; reads happen here, because a page of a room is a few dozen microseconds away in WAL mode
 * and a trip to another thread would cost more, and wait behind an fsync.
 */

import { join } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import type { Entry, EntryId, Epoch, Message } from 'mini-chat/protocol';
import type { DraftKey, EntryRange, LogFacts, MessageRange, RoomKey, Store } from './store.ts';
import { openDataFolder, type DataFolder } from './store-sqlite-file.ts';
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

const COLUMNS = 'seq, id, kind, user, cid, name, role, avatar, at, body';

/** A row of `COLUMNS`, in this order. */
type Row = [number, string, string, string, string, string, string, string | null, number, string];

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
    await writer.insert('' as RoomKey, []);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

class SqliteStore implements Store {
  readonly place: string;
  readonly #folder: DataFolder;
  readonly #writer: SqliteWriter;
  readonly #epoch: Epoch;
  readonly #newest: StatementSync;
  readonly #floor: StatementSync;
  readonly #range: StatementSync;
  readonly #draft: StatementSync;
  readonly #messages: StatementSync;
  #closing: Promise<void> | undefined;

  constructor(folder: DataFolder, writer: SqliteWriter, dir: string) {
    this.place = `SQLite, in ${join(dir, 'messages.db')}`;
    this.#folder = folder;
    this.#writer = writer;
    this.#newest = this.#prepare(
      'SELECT seq, id, at FROM entries WHERE room = ? ORDER BY seq DESC LIMIT 1',
    );
    this.#floor = this.#prepare('SELECT floor FROM floors WHERE room = ?');
    this.#range = this.#prepare(
      `SELECT ${COLUMNS} FROM entries WHERE room = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
    );
    this.#draft = this.#prepare(
      `SELECT ${COLUMNS} FROM entries WHERE room = ? AND user = ? AND cid = ?`,
    );
    this.#messages = this.#prepare(
      `SELECT ${COLUMNS} FROM entries INDEXED BY messages
       WHERE room = ? AND seq < ? AND kind = 'message' ORDER BY seq DESC LIMIT ?`,
    );
    const [epoch] = rowsOf<[string]>(
      this.#prepare("SELECT value FROM meta WHERE name = 'epoch'").all(),
    );
    this.#epoch = (epoch?.[0] ?? '') as Epoch;
  }

  async facts(room: RoomKey): Promise<LogFacts> {
    const [newest] = rowsOf<[number, string, number]>(this.#newest.all(room));
    const [floor] = rowsOf<[number]>(this.#floor.all(room));
    const [head, headId, headAt] = newest ?? [0, '', 0];
    return { epoch: this.#epoch, head, headId: headId as EntryId, headAt, floor: floor?.[0] ?? 1 };
  }

  insert(room: RoomKey, entries: readonly Entry[]): Promise<void> {
    return this.#writer.insert(room, entries);
  }

  async read(room: RoomKey, { after, upTo, limit }: EntryRange): Promise<readonly Entry[]> {
    return entriesOf(this.#range.all(room, after, upTo, limit));
  }

  async find(room: RoomKey, drafts: readonly DraftKey[]): Promise<readonly Entry[]> {
    return drafts.flatMap(({ user, cid }) => entriesOf(this.#draft.all(room, user, cid)));
  }

  async messages(room: RoomKey, { before, limit }: MessageRange): Promise<readonly Message[]> {
    const newestFirst = entriesOf(this.#messages.all(room, before, limit));
    return newestFirst.filter((entry) => entry.kind === 'message').reverse();
  }

  swap(name: string, expected: string | undefined, next: string): Promise<string> {
    return this.#writer.swap(`fact:${name}`, expected, next);
  }

  async ping(): Promise<void> {
    if (this.#writer.fault !== undefined) throw this.#writer.fault;
    this.#newest.all('');
  }

  close(): Promise<void> {
    this.#closing ??= this.#writer.close().finally(() => this.#folder.close());
    return this.#closing;
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#folder.reader.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}

/** Rows come as arrays of the columns asked for; node:sqlite's types do not know that. */
const rowsOf = <Row>(rows: readonly unknown[]): readonly Row[] => rows as readonly Row[];

const entriesOf = (rows: readonly unknown[]): Entry[] => rowsOf<Row>(rows).map(entryOf);

function entryOf([seq, id, kind, user, cid, name, role, avatar, at, body]: Row): Entry {
  const facts = { id: user, name, role, ...(avatar === null ? {} : { avatar }) };
  // What is in the file was an Entry when it was written.
  return { seq, id, kind, user: facts, at, cid, body: JSON.parse(body) } as Entry;
}
