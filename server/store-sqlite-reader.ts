/**
 * What the SQLite store reads. Every statement is one bounded range of one index. Between two of
 * them the writer may commit: where that matters, the order of reading is said.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  Change,
  Entry,
  EntryId,
  Epoch,
  Line,
  Message,
  Ms,
  Seq,
  UserId,
} from 'mini-chat/protocol';
import { changesOf, emojiAfter, linesOf, UNSCRUBBED_MAX } from './store-entry.ts';
import type {
  DraftKey,
  EntryRange,
  LineRange,
  LogFacts,
  ReactionKey,
  RoomKey,
  Views,
} from './store.ts';

const COLUMNS = 'seq, id, kind, user, cid, name, role, avatar, at, body';

/** A row of `COLUMNS`, in this order. */
type Row = [number, string, string, string, string, string, string, string | null, number, string];

/** A look at the file, in this thread. */
export class SqliteReader {
  readonly #database: DatabaseSync;
  readonly #epoch: Epoch;
  readonly #newest: StatementSync;
  readonly #floor: StatementSync;
  readonly #range: StatementSync;
  readonly #draft: StatementSync;
  readonly #lines: StatementSync;
  readonly #changes: StatementSync;
  readonly #reactions: StatementSync;
  readonly #viewedTo: StatementSync;
  readonly #views: StatementSync;
  readonly #unscrubbed: StatementSync;
  readonly #at: StatementSync;
  readonly #rooms: StatementSync;
  readonly #mark: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#newest = this.#entries('SELECT seq, id, at', 'ORDER BY seq DESC LIMIT 1');
    this.#range = this.#entries(undefined, 'AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?');
    this.#draft = this.#entries(undefined, 'AND user = ? AND cid = ?');
    this.#at = this.#entries('SELECT at', 'AND seq = ?');
    this.#lines = this.#prepare(sqliteQueries.lines);
    this.#changes = this.#prepare(sqliteQueries.changes);
    this.#reactions = this.#prepare(sqliteQueries.reactions);
    this.#rooms = this.#prepare(sqliteQueries.rooms);
    this.#floor = this.#prepare('SELECT floor FROM floors WHERE room = ?');
    this.#viewedTo = this.#prepare('SELECT seq FROM viewed WHERE room = ?');
    this.#views = this.#prepare(
      'SELECT as_of, message FROM views WHERE room = ? AND seq >= ? AND seq <= ? ORDER BY seq',
    );
    this.#unscrubbed = this.#prepare('SELECT room, target FROM unscrubbed LIMIT ?');
    this.#mark = this.#prepare('SELECT seq FROM read_marks WHERE room = ? AND user = ?');
    const [epoch] = this.#prepare("SELECT value FROM meta WHERE name = 'epoch'").all();
    this.#epoch = (rowOf<[string]>(epoch)?.[0] ?? '') as Epoch;
  }

  /** The floor first: read afterwards, it might be above the head that was read before. */
  facts(room: RoomKey): LogFacts {
    const floor = rowOf<[Seq]>(this.#floor.get(room))?.[0] ?? 1;
    const newest = rowOf<[Seq, EntryId, Ms]>(this.#newest.get(room));
    const [head, headId, headAt] = newest ?? [0, '' as const, 0];
    return { epoch: this.#epoch, head, headId, headAt, floor };
  }

  read(room: RoomKey, { after, upTo, limit }: EntryRange): readonly Entry[] {
    return entriesOf(this.#range.all(room, after, upTo, limit));
  }

  find(room: RoomKey, drafts: readonly DraftKey[]): readonly Entry[] {
    return drafts.flatMap(({ user, cid }) => entriesOf(this.#draft.all(room, user, cid)));
  }

  /**
   * Most entries are lines, and a stretch of the table is read in less time than a row for each
   * step through an index; only what that leaves open is looked for by the index.
   */
  lines(room: RoomKey, { before, limit }: LineRange): readonly Line[] {
    const start = before - limit;
    const near = rowsOf<Row>(this.#range.all(room, start - 1, before - 1, limit)).filter(isLine);
    const missing = limit - near.length;
    const older = missing > 0 ? this.#lines.all(room, start, missing).reverse() : [];
    return linesOf(entriesOf([...older, ...near]));
  }

  changes(room: RoomKey, { after, upTo, limit }: EntryRange): readonly Change[] {
    return changesOf(entriesOf(this.#changes.all(room, after, upTo, limit)));
  }

  emojiOf(room: RoomKey, { target, user }: ReactionKey, upTo: Seq): readonly string[] {
    const rows = rowsOf<[string, number]>(this.#reactions.all(room, target, user, upTo));
    return emojiAfter(rows.map(([emoji, on]) => ({ emoji, on: on === 1 })));
  }

  /** How far they reach first: read afterwards, it might promise more than the views hold. */
  views(room: RoomKey, from: Seq, to: Seq): Views {
    const viewedTo = rowOf<[Seq]>(this.#viewedTo.get(room))?.[0] ?? 0;
    const rows = rowsOf<[Seq, string]>(this.#views.all(room, from, to));
    // What is in the file was a Message when it was written.
    const views = rows.map(([asOf, json]) => ({ asOf, message: JSON.parse(json) as Message }));
    return { views, viewedTo };
  }

  unscrubbed(): readonly { readonly room: RoomKey; readonly target: Seq }[] {
    const rows = rowsOf<[RoomKey, Seq]>(this.#unscrubbed.all(UNSCRUBBED_MAX));
    return rows.map(([room, target]) => ({ room, target }));
  }

  at(room: RoomKey, seq: Seq): Ms | undefined {
    return rowOf<[Ms]>(this.#at.get(room, seq))?.[0];
  }

  rooms(after: string, limit: number): readonly RoomKey[] {
    return rowsOf<[RoomKey]>(this.#rooms.all(after, limit)).map(([room]) => room);
  }

  readMark(room: RoomKey, user: UserId): Seq {
    return rowOf<[Seq]>(this.#mark.get(room, user))?.[0] ?? 0;
  }

  #entries(select = `SELECT ${COLUMNS}`, rest: string): StatementSync {
    return this.#prepare(`${select} FROM entries WHERE room = ? ${rest}`);
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}

/** Those whose plan a test looks at: each must stay on its own partial index, or skip by it. */
export const sqliteQueries = {
  lines: `SELECT ${COLUMNS} FROM entries INDEXED BY lines
    WHERE room = ? AND seq < ? AND kind IN ('message', 'notice') ORDER BY seq DESC LIMIT ?`,
  changes: `SELECT ${COLUMNS} FROM entries INDEXED BY changes
    WHERE room = ? AND seq > ? AND seq <= ? AND target IS NOT NULL ORDER BY seq LIMIT ?`,
  reactions: `SELECT body ->> 'emoji', body ->> 'on' FROM entries INDEXED BY targets
    WHERE room = ? AND target = ? AND kind = 'react' AND user = ? AND seq <= ? ORDER BY seq`,
  rooms: `WITH RECURSIVE next (room, count) AS (
      SELECT min(room), 1 FROM entries WHERE room > ?1
      UNION ALL
      SELECT (SELECT min(room) FROM entries WHERE room > next.room), count + 1
      FROM next WHERE room IS NOT NULL AND count < ?2
    ) SELECT room FROM next WHERE room IS NOT NULL`,
} as const;

/** Rows come as arrays of the columns asked for; node:sqlite's types do not know that. */
const rowsOf = <Row>(rows: readonly unknown[]): readonly Row[] => rows as readonly Row[];

const rowOf = <Row>(row: unknown): Row | undefined => row as Row | undefined;

const isLine = ([, , kind]: Row): boolean => kind === 'message' || kind === 'notice';

const entriesOf = (rows: readonly unknown[]): Entry[] => rowsOf<Row>(rows).map(entryOf);

function entryOf([seq, id, kind, user, cid, name, role, avatar, at, body]: Row): Entry {
  const facts = { id: user, name, role, ...(avatar === null ? {} : { avatar }) };
  // What is in the file was an Entry when it was written.
  return { seq, id, kind, user: facts, at, cid, body: JSON.parse(body) } as Entry;
}
