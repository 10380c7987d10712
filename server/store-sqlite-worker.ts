/**
 * The one writer of the SQLite store, a thread of its own: an fsync takes as long as it takes, and
 * nobody's socket waits for it. Whatever lies in the inbox, of all rooms, goes in one transaction.
 */

import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { MORE, type WriteTask, WriteTasks } from './store-sqlite-tasks.ts';
import { SqliteWiper, WIPE_AFTER_MS } from './store-sqlite-wiper.ts';

/** What the thread is started with. */
export interface WriterData {
  readonly path: string;
  /** How far the file may grow, in pages; 0: as far as SQLite can. */
  readonly pagesMax: number;
}

/** A task, named for its answer. */
export type WriteJob = { readonly id: number } & WriteTask;

/** `error` says why nothing of the job was stored; `value` is what its task gave. */
export interface WriteAnswer {
  readonly id: number;
  readonly error?: string;
  readonly value?: string;
}

/** What the main thread says. */
export type ToWriter = readonly WriteJob[] | 'close';

/**
 * One transaction takes no more jobs than this, and of more entries only the first job's: the main
 * thread tells what one committed while the next is under way. With everything in one, each thread
 * would wait for the other, and the first job for the last (20 rooms with 64 drafts each: 40 000
 * drafts a second instead of 53 000).
 */
const JOBS_MAX = 256;
const ENTRIES_MAX = 256;

/** How long a writer waits for somebody else's lock: a person's sqlite3, a back-up. */
const BUSY_MS = 5000;

if (parentPort === null) throw new Error('store-sqlite-worker runs as a worker thread');
const port = parentPort;
const { path, pagesMax } = workerData as WriterData;
const database = new DatabaseSync(path, { timeout: BUSY_MS });
database.exec(
  'PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA secure_delete = ON',
);
if (pagesMax > 0) database.exec(`PRAGMA max_page_count = ${pagesMax}`);

const prepare = (sql: string): StatementSync => database.prepare(sql);
const begin = prepare('BEGIN IMMEDIATE');
const commit = prepare('COMMIT');
const mark = prepare('SAVEPOINT job');
const keep = prepare('RELEASE job');
const undo = prepare('ROLLBACK TO job');
const tasks = new WriteTasks(database);
const wiper = new SqliteWiper(database, path, BUSY_MS);

/** Answers of erasures, held back until the write-ahead log no longer has what they erased. */
let held: WriteAnswer[] = [];
let wiping: NodeJS.Timeout | undefined;

// What a crash left in the write-ahead log may have been erased since.
wipe();

/** Jobs that wait for their transaction, of all rooms, in the order in which they came. */
const waiting: WriteJob[] = [];
let isClosing = false;
let due: NodeJS.Immediate | undefined;

port.on('message', (message: ToWriter) => {
  take(message);
  due ??= setImmediate(work);
});

function take(message: ToWriter): void {
  if (message === 'close') isClosing = true;
  else waiting.push(...message);
}

/** One transaction a turn: timers have to come in between. */
function work(): void {
  due = undefined;
  for (;;) {
    const more: { message: ToWriter } | undefined = receiveMessageOnPort(port);
    if (more === undefined) break;
    take(more.message);
  }
  const jobs = next();
  if (jobs.length > 0) answer(jobs, commitAll(jobs));
  if (waiting.length > 0) due = setImmediate(work);
  else if (isClosing) close();
}

/** Takes what waited longest: at least one job, if there is any. */
function next(): readonly WriteJob[] {
  let entries = 0;
  const end = waiting.findIndex((job, at) => {
    entries += job.do === 'insert' ? job.entries.length : 1;
    return at > 0 && (at >= JOBS_MAX || entries > ENTRIES_MAX);
  });
  return waiting.splice(0, end < 0 ? waiting.length : end);
}

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
  const { id } = job;
  mark.run();
  try {
    const value = tasks.run(job);
    keep.run();
    return { id, ...(value === undefined ? {} : { value }) };
  } catch (error) {
    // A full disk makes SQLite undo everything by itself.
    if (!database.isTransaction) throw error;
    undo.run();
    keep.run();
    return { id, error: String(error) };
  }
}

function answer(jobs: readonly WriteJob[], answers: readonly WriteAnswer[]): void {
  const erasures = new Set(jobs.filter(isErasure).map(({ id }) => id));
  const isHeld = ({ id, error, value }: WriteAnswer): boolean =>
    erasures.has(id) && error === undefined && value !== MORE;
  held.push(...answers.filter(isHeld));
  const others = answers.filter((one) => !isHeld(one));
  if (others.length > 0) port.postMessage(others);
  if (erasures.size === 0) return;
  wiper.restart();
  wiping ??= setTimeout(wipe, WIPE_AFTER_MS);
}

const isErasure = (job: WriteJob): boolean => job.do === 'scrub' || job.do === 'trim';

/** Nobody waits for more than one try: somebody else's long read may be in the way for hours. */
function wipe(): void {
  const againMs = wiper.step();
  wiping = againMs === undefined ? undefined : setTimeout(wipe, againMs);
  if (held.length > 0) port.postMessage(held);
  held = [];
}

function close(): void {
  clearTimeout(wiping);
  if (held.length > 0) wipe();
  clearTimeout(wiping);
  database.close();
  wiper.close();
  port.close();
}
