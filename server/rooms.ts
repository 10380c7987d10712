/**
 * The rooms that are live on this node: opened at the first join, closed a while after the last
 * leave, compared with the store now and then. The only module that builds rooms' keys.
 */

import { setTimeout as wait } from 'node:timers/promises';
import type { Entry, Ms, RoomId } from 'mini-chat/protocol';
import { mintEntryId } from './entry-id.ts';
import type { FanOut } from './fan-out.ts';
import { Room } from './room.ts';
import { RoomLog, type RoomLogLimits } from './room-log.ts';
import { Scrubber } from './scrub.ts';
import type { RoomKey, Store } from './store.ts';

/** Rooms asked for their head at once, so that a repair does not crowd out the writes. */
const REPAIRS_AT_ONCE = 16;

/** What the registry needs. */
export interface RoomsOptions {
  readonly store: Store;
  readonly tenant: string;
  readonly fanOut: FanOut;
  readonly now: () => Ms;
  readonly logLimits: RoomLogLimits;
  readonly idleMs: Ms;
  readonly repairMs: Ms;
  /** Called for every entry that became visible on this node. */
  readonly onEntries: (count: number) => void;
  /** Called with what another node told; see `Hints.tell`. */
  readonly onNews?: (news: string) => void;
  /** Called when a live room goes on with another log: seqs of the one before mean nothing now. */
  readonly onReplaced?: (room: RoomKey) => void;
  /** Called when a deleted text is still in the store; it is tried again with each repair. */
  readonly onScrubFault?: (error: unknown) => void;
}

interface Slot {
  readonly room: Promise<Room>;
  holders: number;
  idleSince: Ms;
}

/** Invariant: a room with holders is never closed, and one key has at most one open slot. */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #slots = new Map<RoomKey, Slot>();
  readonly #scrubber: Scrubber;
  readonly #watchdog: NodeJS.Timeout;
  readonly #stopHints: (() => void) | undefined;
  #repairing: Promise<void> | undefined;
  #mustRepairAgain = false;

  constructor(options: RoomsOptions) {
    this.#options = options;
    this.#scrubber = new Scrubber({ store: options.store, onFault: options.onScrubFault });
    // A node may have crashed between a deletion and its scrub: this one, or another since.
    void this.#scrubber.repair();
    // A dead change stream is silent: this bounds what it can hide.
    this.#watchdog = setInterval(() => {
      void this.repairAll();
      void this.#scrubber.repair();
    }, options.repairMs);
    this.#stopHints = options.store.hints?.watch({
      entry: (key, entry) => this.#take(key, entry),
      repair: () => void this.repairAll(),
      news: (news) => options.onNews?.(news),
    });
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Under which name a room is stored. */
  keyOf(id: RoomId): RoomKey {
    return `${this.#options.tenant}/${id}` as RoomKey;
  }

  /** Holds a room open. Rejects with `unavailable`; else pair it with one `release`. */
  async acquire(id: RoomId): Promise<Room> {
    const key = this.keyOf(id);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = { room: this.#open(id, key), holders: 0, idleSince: 0 };
      this.#slots.set(key, slot);
    }
    slot.holders += 1;
    try {
      return await slot.room;
    } catch (error) {
      // A room that could not be opened is forgotten, so that the next join tries again.
      if (this.#slots.get(key) === slot) this.#slots.delete(key);
      throw error;
    }
  }

  /** Lets go of a room; the last to do so starts its idle time. */
  release(id: RoomId): void {
    const slot = this.#slots.get(this.keyOf(id));
    if (slot === undefined) return;
    slot.holders -= 1;
    slot.idleSince = this.#options.now();
  }

  /** Closes rooms that nobody has held for a while. */
  async sweep(now: Ms): Promise<void> {
    const closing: Promise<void>[] = [];
    for (const [key, slot] of this.#slots) {
      if (slot.holders > 0 || now - slot.idleSince < this.#options.idleMs) continue;
      this.#slots.delete(key);
      closing.push(slot.room.then((room) => room.close()));
    }
    await Promise.all(closing);
  }

  /** Compares every live room with the store. Calls during a run cause one more run. */
  repairAll(): Promise<void> {
    this.#mustRepairAgain = true;
    this.#repairing ??= this.#repairLoop().finally(() => {
      this.#repairing = undefined;
    });
    return this.#repairing;
  }

  /** A room's log has changed in the store by other ways than its own: looks at it now. */
  refresh(key: RoomKey): void {
    // A room that failed to open has told who asked for it.
    this.#slots
      .get(key)
      ?.room.then((room) => room.repair())
      .catch(() => undefined);
  }

  /** Stops the watch, waits for the writes under way, closes every room. */
  async close(): Promise<void> {
    clearInterval(this.#watchdog);
    this.#stopHints?.();
    const rooms = await Promise.allSettled([...this.#slots.values()].map((slot) => slot.room));
    this.#slots.clear();
    const opened = rooms.flatMap((room) => (room.status === 'fulfilled' ? [room.value] : []));
    await Promise.all(opened.map((room) => room.close()));
    await this.#scrubber.close();
  }

  async #repairLoop(): Promise<void> {
    while (this.#mustRepairAgain) {
      this.#mustRepairAgain = false;
      const slots = [...this.#slots.values()];
      const workers = Array.from({ length: REPAIRS_AT_ONCE }, () => this.#repairFrom(slots));
      await Promise.all(workers);
    }
  }

  async #repairFrom(slots: Slot[]): Promise<void> {
    for (let slot = slots.pop(); slot !== undefined; slot = slots.pop()) {
      // A room that failed to open has told who asked for it; there is nothing to repair.
      const room = await slot.room.catch(() => undefined);
      await room?.repair();
    }
  }

  #take(key: RoomKey, entry: Entry): void {
    const slot = this.#slots.get(key);
    // As above; and a room that opens now reads its head by itself.
    slot?.room.then((room) => room.take(entry)).catch(() => undefined);
  }

  async #open(id: RoomId, key: RoomKey): Promise<Room> {
    // The log is opened first, but releases nothing before it is given to its room.
    const made: Made = { isReopening: false };
    const log = await this.#openLog(key, made);
    return (made.room = new Room({ id, log, fanOut: this.#options.fanOut }));
  }

  #openLog(key: RoomKey, made: Made): Promise<RoomLog> {
    const { store, fanOut, now, logLimits, onEntries } = this.#options;
    const life = Symbol('a log');
    made.life = life;
    return RoomLog.open({
      store,
      room: key,
      release: (entries) => {
        // A log that was replaced may still be told that a write of its own went well.
        if (made.life !== life) return;
        onEntries(entries.length);
        made.room?.release(entries);
      },
      onDelete: (target) => this.#scrubber.scrub(key, target),
      onReplaced: () => void this.#reopen(key, made),
      now,
      wait: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
      random: Math.random,
      mintId: mintEntryId,
      turn: async (isEnough) => made.room && fanOut.readyForMore(made.room, isEnough),
      limits: logLimits,
    });
  }

  /** The store was replaced under a live room: it goes on with the log that is there now. */
  async #reopen(key: RoomKey, made: Made): Promise<void> {
    if (made.isReopening || made.room === undefined) return;
    made.isReopening = true;
    try {
      const log = await this.#openLog(key, made);
      this.#options.onReplaced?.(key);
      await made.room.replace(log);
    } catch {
      // Nothing is lost: the old log still finds that it was replaced, at the next repair.
    }
    made.isReopening = false;
  }
}

/** A room in the making, or made. */
interface Made {
  room?: Room;
  /** Of the log that may release. */
  life?: symbol;
  isReopening: boolean;
}
