/**
 * Sees to it that what was erased is in no file any more: neither in the write-ahead log, whose
 * frames keep what was there before, nor between the rows of the database file. In short steps, on
 * the writer's connection and in its thread; nothing waits for the whole of it.
 */

import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { PageGaps } from './store-sqlite-gaps.ts';
import { SWEEP_DUE } from './store-sqlite-tasks.ts';

/** Erasures of this long share one checkpoint; and so long others may write between two steps. */
export const WIPE_AFTER_MS = 100;

/** How soon a wipe that met somebody else's long read is tried again; and again, for ever. */
const WIPE_AGAIN_MS = 1000;

/** A checkpoint waits for readers no longer than that: meanwhile nothing is written. */
const WIPE_BUSY_MS = 50;

/** One connection's wiper. */
export class SqliteWiper {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #gaps: PageGaps;
  readonly #truncate: StatementSync;
  readonly #due: StatementSync;
  readonly #busyMs: number;
  /** Where the sweep through the gaps goes on; undefined when none is due. */
  #next: number | undefined;

  constructor(database: DatabaseSync, path: string, busyMs: number) {
    this.#database = database;
    this.#path = path;
    this.#busyMs = busyMs;
    this.#gaps = new PageGaps(path);
    this.#truncate = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#due = database.prepare('SELECT 1 FROM meta WHERE name = ?');
    // A crash may have come before the end of the last sweep.
    this.restart();
  }

  /** If something was erased, all pages have to be looked at again. */
  restart(): void {
    if (this.#due.get(SWEEP_DUE) !== undefined) this.#next = 0;
  }

  /** Does a part. Gives in how many milliseconds the next is due, if there is any. */
  step(): number | undefined {
    try {
      if (!this.#emptyLog()) return WIPE_AGAIN_MS;
      if (this.#next === undefined) return undefined;
      this.#next = this.#sweep(this.#next);
      if (this.#next !== undefined) return WIPE_AFTER_MS;
      this.#database.prepare('DELETE FROM meta WHERE name = ?').run(SWEEP_DUE);
      return undefined;
    } catch {
      // Nothing is lost: the log is durable, and the next try may succeed.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return WIPE_AGAIN_MS;
    }
  }

  /** After the connection was closed. */
  close(): void {
    this.#gaps.close();
  }

  #emptyLog(): boolean {
    this.#database.exec(`PRAGMA busy_timeout = ${WIPE_BUSY_MS}`);
    try {
      return this.#truncate.get()?.['busy'] === 0;
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${this.#busyMs}`);
    }
  }

  #sweep(from: number): number | undefined {
    this.#database.exec('BEGIN IMMEDIATE');
    // A person's sqlite3 may have written since the log was emptied.
    const isEmpty = statSync(`${this.#path}-wal`).size === 0;
    const next = isEmpty ? this.#gaps.step(from) : from;
    this.#database.exec('ROLLBACK');
    // Pages in this connection's memory still have their gaps, and would be written with them.
    this.#database.exec('PRAGMA shrink_memory');
    return next;
  }
}
