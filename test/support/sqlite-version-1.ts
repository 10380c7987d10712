/** A data folder as the first version of the server left it, made by its own statements. */

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Entry } from 'mini-chat/protocol';

import type { RoomKey } from '../../server/store.ts';

/** As it stood in that version: never to be changed. */
const SCHEMA = `
  CREATE TABLE entries (
    room TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
    user TEXT NOT NULL, cid TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, avatar TEXT,
    at INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (room, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX drafts ON entries (room, user, cid);
  CREATE INDEX messages ON entries (room, seq) WHERE kind = 'message';
  CREATE TABLE floors (room TEXT PRIMARY KEY, floor INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** What that version knew. */
interface Version1 {
  readonly epoch: string;
  readonly facts: ReadonlyMap<string, string>;
  readonly rooms: ReadonlyMap<RoomKey, readonly Entry[]>;
}

/** Writes it, and closes it as that version did. */
export function writeVersion1(dir: string, { epoch, facts, rooms }: Version1): void {
  mkdirSync(dir, { recursive: true });
  const database = new DatabaseSync(path.join(dir, 'messages.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec(`BEGIN IMMEDIATE; ${SCHEMA}`);
  const meta = database.prepare('INSERT INTO meta VALUES (?, ?)');
  meta.run('epoch', epoch);
  for (const [name, value] of facts) meta.run(`fact:${name}`, value);
  database.exec('PRAGMA user_version = 1; COMMIT');
  const insert = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  database.exec('BEGIN');
  for (const [room, entries] of rooms) {
    for (const { seq, id, kind, user, cid, at, body } of entries) {
      const who = [user.name, user.role, user.avatar ?? null] as const;
      insert.run(room, seq, id, kind, user.id, cid, ...who, at, JSON.stringify(body));
    }
  }
  database.exec('COMMIT');
  database.close();
}
