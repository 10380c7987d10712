/**
 * The one writer of the SQLite store, a thread of its own: an fsync takes as long as it takes, and
 * nobody's socket waits for it. Whatever lies in the inbox, of all rooms, goes in one transaction.
 */

import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Entry } from 'mini-chat/protocol';
import type { RoomKey } from './store.ts';

/** What the thread is started with. */
export interface WriterData {
  readonly path: string;
  /** How far the file may grow, in pages; 0: as far as SQLite can. */
  readonly pagesMax: number;
}

/** One insert or one swap; stored whole or not at all. */
export type WriteJob =
  | { readonly id: number; readonly room: RoomKey; readonly entries: readonly Entry[] }
  | {
      readonly id: number;
      readonly name: string;
      readonly expected?: string;
      readonly next: string;
    };

/** `error` says why nothing of the job was stored; `value` answers a swap. */
export interface WriteAnswer {
  readonly id: number;
  readonly error?: string;
  readonly value?: string;
}

/** What the main thread says. */
export type ToWriter = readonly WriteJob[] | 'close';

/** One transaction takes this many jobs at most, so that the first of them need not wait long. */
const JOBS_MAX = 256;

if (parentPort === null) throw new Error('store-sqlite-worker runs as a worker thread');
const port = parentPort;
const { path, pagesMax } = workerData as WriterData;
const database = new DatabaseSync(path, { timeout: 5000 });
database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
if (pagesMax > 0) database.exec(`PRAGMA max_page_count = ${pagesMax}`);

const prepare = (sql: string): StatementSync => database.prepare(sql);
const begin = prepare('BEGIN IMMEDIATE');
const commit = prepare('COMMIT');
const mark = prepare('SAVEPOINT job');
const keep = prepare('RELEASE job');
const undo = prepare('ROLLBACK TO job');
const insertEntry = prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
const readFact = prepare('SELECT value FROM meta WHERE name = ?');
const writeFact = prepare(
  'INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
);

port.on('message', (first: ToWriter) => {
  const inbox = [first];
  while (inbox.flat().length < JOBS_MAX) {
    const more: { message: ToWriter } | undefined = receiveMessageOnPort(port);
    if (more === undefined) break;
    inbox.push(more.message);
  }
  const jobs = inbox.flatMap((message) => (message === 'close' ? [] : message));
  if (jobs.length > 0) port.postMessage(commitAll(jobs));
  if (inbox.includes('close')) close();
});

/** Each job is stored whole or not at all, and none is answered before the commit. */
function commitAll(jobs: readonly WriteJob[]): readonly WriteAnswer[] {
  try {
    begin.run();
    const answers = jobs.map(runJob);
    commit.run();
    return answers;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    return jobs.map(({ id }) => ({ id, error: String(error) }));
  }
}

/** One room's conflict must not undo what the others wrote. Throws when the transaction is gone. */
function runJob(job: WriteJob): WriteAnswer {
  mark.run();
  try {
    const answer = 'entries' in job ? insertAll(job.id, job.room, job.entries) : swap(job);
    keep.run();
    return answer;
  } catch (error) {
    // A full disk makes SQLite undo everything by itself.
    if (!database.isTransaction) throw error;
    undo.run();
    keep.run();
    return { id: job.id, error: String(error) };
  }
}

function insertAll(id: number, room: RoomKey, entries: readonly Entry[]): WriteAnswer {
  for (const { seq, id: entryId, kind, user, cid, at, body } of entries) {
    const { id: userId, name, role, avatar = null } = user;
    const json = JSON.stringify(body);
    insertEntry.run(room, seq, entryId, kind, userId, cid, name, role, avatar, at, json);
  }
  return { id };
}

function swap(job: Exclude<WriteJob, { entries: unknown }>): WriteAnswer {
  const now = readFact.get(job.name)?.['value'];
  if (now === undefined && job.expected !== undefined) {
    return { id: job.id, error: `nothing is kept as "${job.name}"` };
  }
  if (now !== job.expected) return { id: job.id, value: String(now) };
  writeFact.run(job.name, job.next);
  return { id: job.id, value: job.next };
}

function close(): void {
  database.close();
  port.close();
}
