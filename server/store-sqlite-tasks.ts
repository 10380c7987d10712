/** What the writer of the SQLite store can do inside its transaction. Knows no threads. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Entry, Seq, UserId } from 'mini-chat/protocol';
import { checkFloor, targetOf } from './store-entry.ts';
import type { RoomKey, View } from './store.ts';

/** One call of the store; carried out whole or not at all. */
export type WriteTask =
  | { readonly do: 'insert'; readonly room: RoomKey; readonly entries: readonly Entry[] }
  | { readonly do: 'views'; readonly room: RoomKey; readonly views: readonly View[]; upTo: Seq }
  | { readonly do: 'scrub'; readonly room: RoomKey; readonly target: Seq }
  | { readonly do: 'trim'; readonly room: RoomKey; readonly floor: Seq }
  | { readonly do: 'mark'; readonly room: RoomKey; readonly user: UserId; readonly seq: Seq }
  | { readonly do: 'swap'; readonly name: string; readonly expected?: string; next: string };

/** What `trim` answers when the same task has to be done again: one transaction stays short. */
export const MORE = 'more';

/** In `meta`, from the first erasure on until no file has what was erased. */
export const SWEEP_DUE = 'sweep';

/** Entries that one transaction removes. */
const TRIM_STEP = 500;

type Task<Name extends WriteTask['do']> = Extract<WriteTask, { do: Name }>;

/** Prepared once, for one connection. */
export class WriteTasks {
  readonly #insertEntry: StatementSync;
  readonly #insertDeletion: StatementSync;
  readonly #keepView: StatementSync;
  readonly #raiseViewedTo: StatementSync;
  readonly #emptyMessage: StatementSync;
  readonly #emptyEdits: StatementSync;
  readonly #dropView: StatementSync;
  readonly #dropDeletion: StatementSync;
  readonly #ends: StatementSync;
  readonly #raiseFloor: StatementSync;
  readonly #below: readonly StatementSync[];
  readonly #raiseMark: StatementSync;
  readonly #readFact: StatementSync;
  readonly #writeFact: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#insertEntry = prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#insertDeletion = prepare('INSERT OR IGNORE INTO unscrubbed VALUES (?, ?, ?)');
    // A view of a scrubbed message would bring its text back: nothing may be kept for it.
    this.#keepView = prepare(
      `INSERT INTO views SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (
         SELECT 1 FROM entries
         WHERE room = ?1 AND seq = ?2 AND kind = 'message' AND body ->> 'text' <> '')
       ON CONFLICT (room, seq) DO UPDATE SET as_of = excluded.as_of, message = excluded.message
       WHERE excluded.as_of >= as_of`,
    );
    this.#raiseViewedTo = prepare(raise('viewed', 'room', 'seq'));
    const empty = "UPDATE entries SET body = json_set(body, '$.text', '') WHERE room = ? AND";
    this.#emptyMessage = prepare(`${empty} seq = ? AND kind = 'message'`);
    this.#emptyEdits = prepare(`${empty} target = ? AND kind = 'edit'`);
    this.#dropView = prepare('DELETE FROM views WHERE room = ? AND seq = ?');
    this.#dropDeletion = prepare('DELETE FROM unscrubbed WHERE room = ? AND target = ?');
    this.#ends = prepare(
      `SELECT (SELECT min(seq) FROM entries WHERE room = ?1) AS first,
              (SELECT max(seq) FROM entries WHERE room = ?1) AS head`,
    );
    this.#raiseFloor = prepare(raise('floors', 'room', 'floor'));
    this.#below = ['entries', 'views', 'unscrubbed'].map((table) =>
      prepare(`DELETE FROM ${table} WHERE room = ? AND seq < ?`),
    );
    this.#raiseMark = prepare(raise('read_marks', 'room, user', 'seq'));
    this.#readFact = prepare('SELECT value FROM meta WHERE name = ?');
    this.#writeFact = prepare(
      'INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
  }

  /** Throws when it cannot be done; what it did until then has to be undone. */
  run(task: WriteTask): string | undefined {
    switch (task.do) {
      case 'insert':
        return this.#insert(task);
      case 'views':
        return this.#views(task);
      case 'scrub':
        return this.#scrub(task);
      case 'trim':
        return this.#trim(task);
      case 'mark':
        return void this.#raiseMark.run(task.room, task.user, task.seq);
      case 'swap':
        return this.#swap(task);
      default:
        return task satisfies never;
    }
  }

  #insert({ room, entries }: Task<'insert'>): undefined {
    for (const entry of entries) {
      const { seq, id, kind, user, cid, at, body } = entry;
      const { id: userId, name, role, avatar = null } = user;
      const target = targetOf(entry) ?? null;
      const [who, json] = [[name, role, avatar] as const, JSON.stringify(body)];
      this.#insertEntry.run(room, seq, id, kind, userId, cid, ...who, at, json, target);
      if (kind === 'delete') this.#insertDeletion.run(room, target, seq);
    }
  }

  #views({ room, views, upTo }: Task<'views'>): undefined {
    for (const { asOf, message } of views) {
      this.#keepView.run(room, message.seq, asOf, JSON.stringify(message));
    }
    this.#raiseViewedTo.run(room, upTo);
  }

  #scrub({ room, target }: Task<'scrub'>): undefined {
    this.#writeFact.run(SWEEP_DUE, '');
    for (const statement of [
      this.#emptyMessage,
      this.#emptyEdits,
      this.#dropView,
      this.#dropDeletion,
    ]) {
      statement.run(room, target);
    }
  }

  /** The floor goes up first: whatever fails afterwards, nobody is shown half a stretch. */
  #trim({ room, floor }: Task<'trim'>): string | undefined {
    const ends = this.#ends.get(room);
    const [first, head] = [Number(ends?.['first'] ?? 1), Number(ends?.['head'] ?? 0)];
    checkFloor(floor, head);
    if (floor <= first) return undefined;
    this.#writeFact.run(SWEEP_DUE, '');
    this.#raiseFloor.run(room, floor);
    const end = Math.min(floor, first + TRIM_STEP);
    for (const statement of this.#below) statement.run(room, end);
    return end < floor ? MORE : undefined;
  }

  #swap({ name, expected, next }: Task<'swap'>): string {
    const now = this.#readFact.get(name)?.['value'];
    if (now === undefined && expected !== undefined) {
      throw new Error(`nothing is kept as "${name}"`);
    }
    if (now !== expected) return String(now);
    this.#writeFact.run(name, next);
    return next;
  }
}

/** Sets a number that never falls. */
const raise = (table: string, keys: string, column: string): string =>
  `INSERT INTO ${table} VALUES (${keys.replaceAll(/\w+/g, '?')}, ?) ON CONFLICT (${keys})
   DO UPDATE SET ${column} = excluded.${column} WHERE excluded.${column} > ${column}`;
