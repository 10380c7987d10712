/**
 * Forgets what is older, or more, than the server's settings keep: moves the floor of each room of
 * its tenant, now and every hour. Any number of nodes may do so at once. Knows no live rooms.
 */

import type { Ms, Seq } from 'mini-chat/protocol';
import { isScrubbed, targetOf } from './store-entry.ts';
import type { LogFacts, RoomKey, Store } from './store.ts';

/** Rooms asked for at once, and lines counted at once. */
const PAGE = 500;

const DAY_MS: Ms = 24 * 60 * 60_000;

/** What is kept; undefined: everything. */
export interface Keep {
  readonly keepDays: number | undefined;
  readonly keepMessages: number | undefined;
}

interface RetentionOptions {
  readonly store: Store;
  readonly tenant: string;
  readonly keep: Keep;
  readonly everyMs: Ms;
  readonly now: () => Ms;
  /** The floor of this room has moved: whoever has it open should look. */
  readonly onTrim: (room: RoomKey) => void;
  /** Told of every failure; the next sweep tries again. */
  readonly onFault: (error: unknown) => void;
}

/** Does nothing at all while the settings keep everything. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #isClosing = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    const { keepDays, keepMessages } = options.keep;
    if (keepDays === undefined && keepMessages === undefined) return;
    this.#timer = setInterval(() => void this.sweep(), options.everyMs);
    void this.sweep();
  }

  /** Goes through every room once. Calls during a sweep share it. Never rejects. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweepAll()
      .catch(this.#options.onFault)
      .finally(() => {
        this.#sweeping = undefined;
      });
    return this.#sweeping;
  }

  /** Stops after the room under way. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  async #sweepAll(): Promise<void> {
    const { store, tenant } = this.#options;
    const prefix = `${tenant}/`;
    for (let after = prefix; ;) {
      const rooms = await store.rooms({ after, limit: PAGE });
      for (const room of rooms) {
        if (this.#isClosing || !room.startsWith(prefix)) return;
        await this.#trim(room);
        after = room;
      }
      if (rooms.length < PAGE) return;
    }
  }

  async #trim(room: RoomKey): Promise<void> {
    const { store, onTrim } = this.#options;
    const facts = await store.facts(room);
    if (facts.head === 0) return;
    const floor = Math.max(
      facts.floor,
      await this.#floorByAge(room, facts),
      await this.#floorByCount(room, facts),
    );
    // At the old floor, too: a crash may have come before the end of the last trim.
    if (floor > 1) await store.trim(room, Math.min(floor, facts.head));
    if (floor > facts.floor) onTrim(room);
    // The newest entry stays, for its seq and id; its text need not.
    if (floor > facts.head) await this.#empty(room, facts.head);
  }

  /** The first seq that is young enough; above the head when none is. */
  async #floorByAge(room: RoomKey, { head }: LogFacts): Promise<Seq> {
    const { store, keep, now } = this.#options;
    if (keep.keepDays === undefined) return 0;
    return (await store.firstSince(room, now() - keep.keepDays * DAY_MS)) ?? head + 1;
  }

  /** The seq of the oldest of the newest lines that are to be kept. */
  async #floorByCount(room: RoomKey, { head, floor }: LogFacts): Promise<Seq> {
    const { store, keep } = this.#options;
    let left = keep.keepMessages ?? Infinity;
    // Most rooms have fewer entries than that, and need no count.
    if (head - floor < left) return 0;
    let before = head + 1;
    while (left > 0) {
      const lines = await store.lines(room, { before, limit: Math.min(left, PAGE) });
      const oldest = lines[0];
      if (oldest === undefined) return 0;
      left -= lines.length;
      before = oldest.seq;
    }
    return before;
  }

  async #empty(room: RoomKey, head: Seq): Promise<void> {
    const { store } = this.#options;
    const [entry] = await store.read(room, { after: head - 1, upTo: head, limit: 1 });
    if (entry === undefined || isScrubbed(entry) || !('text' in entry.body)) return;
    await store.scrub(room, targetOf(entry) ?? head);
  }
}
