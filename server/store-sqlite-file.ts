/** The data folder of the SQLite store: who may open it, and what its tables look like. */

import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Raised with every change of the tables; a file of a later version is refused. */
const SCHEMA_VERSION = 2;

/**
 * One row per entry, whatever its kind; `body` is JSON. No rowid: a room's newest page lies
 * together in the file. `target` is the seq that a change is about, null of anything else.
 */
const ENTRIES = `
  CREATE TABLE entries (
    room TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
    user TEXT NOT NULL, cid TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, avatar TEXT,
    at INTEGER NOT NULL, body TEXT NOT NULL, target INTEGER,
    PRIMARY KEY (room, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE floors (room TEXT PRIMARY KEY, floor INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/**
 * What version 2 added. `lines` lets a page skip any number of reactions between messages. `drafts`
 * names the cid before the user: cids begin with the time, so that what many users say at once lies
 * on one page of the index, and a commit writes that one instead of one for each of them.
 */
const VERSION_2 = `
  CREATE UNIQUE INDEX drafts ON entries (room, cid, user);
  CREATE INDEX lines ON entries (room, seq) WHERE kind IN ('message', 'notice');
  CREATE INDEX changes ON entries (room, seq) WHERE target IS NOT NULL;
  CREATE INDEX targets ON entries (room, target, kind, user, seq) WHERE target IS NOT NULL;
  CREATE TABLE views (
    room TEXT NOT NULL, seq INTEGER NOT NULL, as_of INTEGER NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (room, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE viewed (room TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE unscrubbed (
    room TEXT NOT NULL, target INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (room, target)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE read_marks (
    room TEXT NOT NULL, user TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (room, user)
  ) STRICT, WITHOUT ROWID;
`;

/** Version 1 had no column for targets; its first step is the only one that looks at bodies. */
const FROM_VERSION_1 = `
  ALTER TABLE entries ADD COLUMN target INTEGER;
  UPDATE entries SET target = body ->> 'target' WHERE kind IN ('edit', 'delete', 'react', 'pin');
  DROP INDEX messages;
  DROP INDEX drafts;
  ${VERSION_2}
  INSERT OR IGNORE INTO unscrubbed
    SELECT room, target, seq FROM entries WHERE kind = 'delete' AND target IS NOT NULL;
`;

/** SQLite's own number for "somebody else has the lock". */
const SQLITE_BUSY = 5;

/** The messages of one data folder, where nobody else writes. */
export interface DataFolder {
  /** For the writer to open. */
  readonly path: string;
  /** A connection that only reads. WAL lets it read while the writer commits. */
  readonly reader: DatabaseSync;
  close(): void;
}

/** Takes the folder for this process alone. Throws one plain sentence when that cannot be. */
export function openDataFolder(dir: string): DataFolder {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dir);
  try {
    const path = join(dir, 'messages.db');
    const reader = openReader(path, dir);
    const close = (): void => {
      reader.close();
      lock.close();
    };
    return { path, reader, close };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * An open transaction on a database of its own is a lock that the operating system drops with the
 * process, however it ends. A file with a process id in it would stay behind after kill -9.
 */
function lockFolder(dir: string): DatabaseSync {
  const lock = new DatabaseSync(join(dir, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    const words = `Another server uses the data folder ${dir}: stop it, or choose another folder.`;
    throw new Error(words, { cause: error });
  }
}

function openReader(path: string, dir: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 1000 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version > SCHEMA_VERSION) {
      throw new Error(
        `The data folder ${dir} was written by a newer mini-chat-server: update this one.`,
      );
    }
    if (version === 0) createTables(database);
    if (version === 1) change(database, FROM_VERSION_1);
    database.exec('PRAGMA query_only = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function createTables(database: DatabaseSync): void {
  const epoch = `INSERT INTO meta VALUES ('epoch', '${randomUUID()}')`;
  change(database, `${ENTRIES} ${VERSION_2} ${epoch};`);
}

/** In one transaction: a crash leaves the file as it was. */
function change(database: DatabaseSync, statements: string): void {
  database.exec(`
    BEGIN IMMEDIATE;
    ${statements}
    PRAGMA user_version = ${SCHEMA_VERSION};
    COMMIT`);
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
