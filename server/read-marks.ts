/**
 * How far users have read, on the way to the store: the newest of each user and room, at most one
 * write a second of each, few at once. A mark that a crash takes away is a line read twice.
 */

import type { Ms, Seq, UserId } from 'mini-chat/protocol';
import { Pace, type Clock } from './pace.ts';
import type { RoomKey, Store } from './store.ts';

/** What marks are made of. */
export interface ReadMarksOptions {
  readonly store: Pick<Store, 'readMark' | 'markRead'>;
  readonly clock: Clock;
  /** How seldom one user's mark in one room is written. */
  readonly everyMs: Ms;
}

interface Mark {
  readonly room: RoomKey;
  readonly user: UserId;
  readonly seq: Seq;
}

/** Marks must not crowd out the messages. */
const WRITES_AT_ONCE = 16;
/** While the store does not answer, those that came first are forgotten. */
const WAITING_MAX = 10_000;

/** Invariant: at most one round of writes is under way, and it has each mark once. */
export class ReadMarks {
  readonly #options: ReadMarksOptions;
  readonly #pace: Pace;
  readonly #waiting = new Map<string, Mark>();
  #writing: Promise<void> | undefined;

  constructor(options: ReadMarksOptions) {
    const { clock, everyMs } = options;
    this.#options = options;
    this.#pace = new Pace({ clock, everyMs: () => everyMs, run: () => this.#write() });
  }

  /** How many wait to be written. */
  get size(): number {
    return this.#waiting.size;
  }

  /** What is known of a user: never less than what was marked on this node. */
  async of(room: RoomKey, user: UserId): Promise<Seq> {
    const stored = await this.#options.store.readMark(room, user);
    return Math.max(stored, this.#waiting.get(keyOf(room, user))?.seq ?? 0);
  }

  /** Takes a mark; it is written soon. A lower one than before changes nothing. */
  mark(room: RoomKey, user: UserId, seq: Seq): void {
    const key = keyOf(room, user);
    if (seq <= (this.#waiting.get(key)?.seq ?? 0)) return;
    this.#waiting.set(key, { room, user, seq });
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > WAITING_MAX && oldest !== undefined) this.#waiting.delete(oldest);
    this.#pace.touch();
  }

  /** Drops what waits to be written of a room. */
  forget(room: RoomKey): void {
    for (const [key, mark] of this.#waiting) if (mark.room === room) this.#waiting.delete(key);
  }

  /** Writes what waits. Resolves when it is written, or cannot be. */
  async close(): Promise<void> {
    await this.#writing;
    this.#pace.flush();
    this.#pace.stop();
    await this.#writing;
    this.#pace.stop();
  }

  #write(): void {
    if (this.#writing !== undefined) return;
    const marks = [...this.#waiting];
    const workers = Array.from({ length: WRITES_AT_ONCE }, () => this.#writeFrom(marks));
    this.#writing = Promise.all(workers).then(() => {
      this.#writing = undefined;
      if (this.#waiting.size > 0) this.#pace.touch();
    });
  }

  async #writeFrom(marks: [string, Mark][]): Promise<void> {
    for (let next = marks.pop(); next !== undefined; next = marks.pop()) {
      const [key, mark] = next;
      try {
        await this.#options.store.markRead(mark.room, mark.user, mark.seq);
        if (this.#waiting.get(key) === mark) this.#waiting.delete(key);
      } catch {
        // It still waits, for the next round: nothing is lost but time.
      }
    }
  }
}

function keyOf(room: RoomKey, user: UserId): string {
  return `${room} ${user}`;
}
