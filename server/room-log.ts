/**
 * One room's log on this node: gives each draft its seq, makes it durable, releases it in order.
 * Any number of nodes may do so for the same room at once, without a counter, a lease or a clock:
 * each numbers on top of the newest entry it knows to be committed, and the store's unique indexes
 * let one of two rivals win. Knows no sockets and no database.
 */

import {
  ChatError,
  type Cursor,
  type Entry,
  type EntryId,
  type Ms,
  type OwnReactions,
  type Seq,
  type UserId,
} from 'mini-chat/protocol';
import { Admission } from './admission.ts';
import type { Checked } from './change-check.ts';
import { Deadlines, orUnavailable } from './deadlines.ts';
import { copyOf, type Draft, draftKey, isSameDraft } from './draft.ts';
import { type BatchLimits, DraftQueue, numbered, type Pending } from './draft-queue.ts';
import { retryPauseMs } from './retry-pause.ts';
import { firstRead, refuseCursor, resumption, type Resumption } from './resume.ts';
import { RoomTail } from './room-tail.ts';
import { cutShort, type Page, RoomViews } from './room-views.ts';
import { isChange } from './store-entry.ts';
import type { LogFacts, RoomKey, Store } from './store.ts';

/** Entries in one read while this node learns what others wrote. */
const REPAIR_PAGE = 500;

/**
 * When others wrote meanwhile, a lost race is the likely reason, and what they wrote tells all.
 * After more failures in a row each draft is looked up: it may be a resend of something old.
 */
const LOST_RACES_MAX = 2;

/** How much one room may hold up, and for how long. */
export interface RoomLogLimits extends BatchLimits {
  /** Drafts without an outcome in one room; more are refused at once as `unavailable`. */
  readonly queueMax: number;
  /** How long a draft, or one call to the store, may stay unanswered. */
  readonly deadlineMs: Ms;
}

/** What a log is made of: its store, its room, and the world as arguments. */
export interface RoomLogOptions {
  readonly store: Store;
  readonly room: RoomKey;
  /**
   * Called with consecutive entries, each once, in order, durable, and before the `append` of any
   * of them resolves. What retention removed before this node saw it is left out. MUST NOT throw.
   */
  readonly release: (entries: readonly Entry[]) => void;
  /**
   * Called once a deletion that this log was asked for is durable and released: its target's text
   * has to go. MUST NOT throw; may be called again for the same.
   */
  readonly onDelete?: (target: Seq) => void;
  /**
   * Called, also more than once, when the store keeps another log under this name by now: this one
   * is of no use any more. MUST NOT throw.
   */
  readonly onReplaced?: () => void;
  /** For `at` alone. */
  readonly now: () => Ms;
  /** Resolves or rejects after that long, or when the signal aborts. */
  readonly wait: (ms: Ms, signal: AbortSignal) => Promise<unknown>;
  /** 0 ≤ random() < 1. */
  readonly random: () => number;
  readonly mintId: () => EntryId;
  /**
   * Resolves when it is time for the next batch: at the end of a turn of the event loop, and after
   * the last batch has been told, or as soon as `isEnough` waits. Without it, a microtask has to
   * do. MUST NOT reject.
   */
  readonly turn?: (isEnough: () => boolean) => Promise<unknown>;
  readonly limits: RoomLogLimits;
}

/**
 * At most one write is in flight; what arrives meanwhile goes out together, so batches grow with
 * load and no timer is needed. Invariants: every entry up to `facts.head` is committed and was
 * released, and numbers are given on top of `facts.head` alone.
 */
export class RoomLog {
  readonly #options: RoomLogOptions;
  readonly #deadlines: Deadlines;
  readonly #tail = new RoomTail();
  readonly #queue: DraftQueue;
  readonly #views: RoomViews;
  readonly #admission: Admission;
  #facts: LogFacts;
  #writing: Promise<void> | undefined;
  #repairing: Promise<void> | undefined;
  #mustRepairAgain = false;
  /** Inserts that failed since the last one that did not. */
  #failures = 0;
  #isClosing = false;

  private constructor(options: RoomLogOptions, deadlines: Deadlines, facts: LogFacts) {
    this.#options = options;
    this.#deadlines = deadlines;
    this.#queue = new DraftQueue(options.limits, deadlines);
    this.#facts = facts;
    const { store, room } = options;
    this.#views = new RoomViews({
      store,
      room,
      ask: (work) => deadlines.ask(work),
      facts: () => this.#facts,
      sync: () => this.#sync(),
    });
    this.#admission = new Admission({
      queue: this.#queue,
      tail: this.#tail,
      views: this.#views,
      now: options.now,
      facts: () => this.#facts,
      sync: () => this.#sync(),
      storedOf: (batch) => this.#storedOf(batch),
      settle: (pending, entry) => this.#settle(pending, entry),
    });
  }

  /** Reads the room's facts. Rejects with `unavailable`. */
  static async open(options: RoomLogOptions): Promise<RoomLog> {
    const deadlines = new Deadlines({ deadlineMs: options.limits.deadlineMs, wait: options.wait });
    try {
      const facts = await orUnavailable(deadlines.ask(options.store.facts(options.room)));
      return new RoomLog(options, deadlines, facts);
    } catch (error) {
      deadlines.close();
      throw error;
    }
  }

  /** The log as released so far: `release` has been called for everything up to `head`. */
  get facts(): LogFacts {
    return this.#facts;
  }

  /**
   * Resolves with the draft's entry once it is durable and released; with the first one when this
   * user's cid is known already. Drafts of one sender are stored in the order of the calls. Rejects
   * with `id_conflict` when the cid was used for another body; with what change-check.ts says when
   * a change cannot stand; with `unavailable` when the queue is full or, then with `maybe`, when
   * the store gave no answer in time. Safe to repeat.
   */
  append(draft: Draft): Promise<Entry> {
    const key = draftKey(draft.user.id, draft.cid);
    const twin = this.#queue.find(key);
    if (twin !== undefined) return twin.outcome.then((entry) => sameOrConflict(entry, draft));
    const known = this.#tail.find(key);
    if (known !== undefined) return sameOrConflict(known, draft);
    if (this.#isClosing || this.#queue.size >= this.#options.limits.queueMax) {
      return Promise.reject(new ChatError('unavailable', {}));
    }
    const pending = this.#queue.add(key, this.#options.mintId(), copyOf(draft));
    this.#write();
    return pending.outcome;
  }

  /** A hint from another node: the next entry is released, an older one dropped, a gap repaired. */
  take(entry: Entry): void {
    if (entry.seq === this.#facts.head + 1) this.#advance([entry]);
    else if (entry.seq > this.#facts.head) void this.repair();
  }

  /**
   * Asks the store for its head and releases what is new. Never rejects: when the store gives no
   * answer, the next call asks again.
   */
  repair(): Promise<void> {
    this.#mustRepairAgain = true;
    this.#repairing ??= this.#repairAll().finally(() => {
      this.#repairing = undefined;
    });
    return this.#repairing;
  }

  /** What came after a reader's cursor, as of now. Rejects with `unavailable`. */
  async resume(cursor: Cursor): Promise<Resumption> {
    if (cursor.seq > this.#facts.head) await orUnavailable(this.#reach(cursor.seq));
    const facts = this.#facts;
    const reset = refuseCursor(cursor, facts);
    if (reset !== undefined) return { reset };
    return resumption(cursor, await this.read(firstRead(cursor)), facts.head);
  }

  /** A reader may have heard from a node that is ahead of this one: nobody is reset for that. */
  async #reach(seq: Seq): Promise<void> {
    await this.#sync();
    const { store, room } = this.#options;
    const isHidden = seq > this.#facts.head && (await this.#deadlines.ask(store.holds(room, seq)));
    if (isHidden) await this.#sync();
  }

  /** The released entries after a seq, at most `limit`. Rejects with `unavailable`. */
  async read({ after, limit }: { after: Seq; limit: number }): Promise<readonly Entry[]> {
    const range = { after, upTo: this.#facts.head, limit };
    const { store, room } = this.#options;
    return this.#tail.read(range) ?? orUnavailable(this.#deadlines.ask(store.read(room, range)));
  }

  /**
   * The newest lines before a seq, oldest first, as of the head of those facts. Rejects with
   * `unavailable`.
   */
  page(range: { before: Seq; limit: number }): Promise<Page> {
    return orUnavailable(this.#views.page(range));
  }

  /** A user's reactions that a page does not show. Rejects with `unavailable`. */
  async own({ facts, messages }: Page, user: UserId): Promise<readonly OwnReactions[]> {
    const asked = cutShort(messages, user);
    if (asked.length === 0) return [];
    const { store, room } = this.#options;
    const told = this.#deadlines.ask(store.reactionsOf(room, asked, facts.head));
    return (await orUnavailable(told)).filter(({ emoji }) => emoji.length > 0);
  }

  /** Takes no more drafts, stores what is queued unless the store fails, then stops its timer. */
  async close(): Promise<void> {
    this.#isClosing = true;
    while (this.#writing !== undefined) await this.#writing;
    await this.#repairing;
    await this.#views.close();
    this.#deadlines.close();
  }

  /**
   * Starts at the end of the turn, so that what many sockets brought in it goes out together. Each
   * socket is read in a callback of its own, and microtasks run between them: after one, the first
   * draft would be a batch of one, with a commit and a fan-out of its own. Nor is it started while
   * the last batch goes out, unless as many wait again: else it would be of those few drafts that
   * came just before, and they would have commits of their own for ever after.
   */
  #write(): void {
    if (this.#writing !== undefined) return;
    const turn = this.#options.turn?.(() => this.#queue.isWhole) ?? Promise.resolve();
    this.#writing = turn
      .then(() => this.#writeBatch(this.#queue.nextBatch()))
      .finally(() => {
        this.#writing = undefined;
        // A draft may have come after the last look at the queue.
        if (!this.#queue.isEmpty) this.#write();
      });
  }

  async #writeBatch(batch: readonly Pending[]): Promise<void> {
    if (batch.length === 0) return;
    if (batch.some(({ draft }) => isChange(draft))) return this.#writeChanges(batch);
    const { head, headAt } = this.#facts;
    await this.#insert(batch, numbered(batch, head, Math.max(headAt, this.#options.now())));
  }

  /** A batch with changes in it: only what is valid on top of the very head that it will get. */
  async #writeChanges(batch: readonly Pending[]): Promise<void> {
    const base = this.#facts.head;
    let checked: Checked;
    try {
      checked = await this.#admission.check(batch);
    } catch {
      // Nothing is lost: the drafts wait for a store that answers, until their deadline.
      this.#failures++;
      return this.#reconcile(batch, base);
    }
    const { admitted, entries, rest } = checked;
    this.#queue.putBack(rest);
    if (entries.length === 0 || !(await this.#insert(admitted, entries))) return;
    this.#views.wrote(entries.filter(isChange).length, this.#facts.head);
  }

  /** Resolves with whether all went well; if not, the drafts are sorted out already. */
  async #insert(batch: readonly Pending[], entries: readonly Entry[]): Promise<boolean> {
    const { store, room } = this.#options;
    const base = (entries[0]?.seq ?? 1) - 1;
    try {
      await this.#deadlines.ask(store.insert(room, entries));
    } catch {
      // Nothing is lost: any error may mean "stored" or "not stored", and the content will tell.
      this.#failures++;
      this.#queue.doubt(batch, entries);
      await this.#reconcile(batch, base);
      return false;
    }
    this.#failures = 0;
    this.#advance(entries);
    for (const [place, pending] of batch.entries()) {
      const entry = entries[place];
      if (entry !== undefined) this.#settle(pending, entry);
    }
    return true;
  }

  #settle(pending: Pending, entry: Entry): void {
    this.#queue.settle(pending, entry);
    if (entry.kind === 'delete') this.#options.onDelete?.(entry.body.target);
  }

  /** After any error: what is stored is read, whoever stored it; the rest waits for a number. */
  async #reconcile(batch: readonly Pending[], base: Seq): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const rest = this.#queue.unsettled(batch);
      if (rest.length === 0) return;
      const isSorted = await this.#sortOut(rest, base);
      // A closing log waits for no sick store.
      if (!isSorted && this.#isClosing) return this.#queue.giveUpAll();
      if (isSorted && this.#queue.isEmpty) return;
      const isRace = isSorted && this.#facts.head > base;
      const pauseMs = retryPauseMs(isRace ? 'race' : { tries }, this.#options.random());
      await this.#deadlines.pause(pauseMs);
      if (isSorted) return;
    }
  }

  /** Resolves with whether the store could be asked. */
  async #sortOut(batch: readonly Pending[], base: Seq): Promise<boolean> {
    try {
      await this.#sync();
      const isLostRace = this.#facts.head > base && this.#failures <= LOST_RACES_MAX;
      const stored = isLostRace ? new Map<string, Entry>() : await this.#storedOf(batch);
      for (const pending of batch) {
        const entry = this.#tail.find(pending.key) ?? stored.get(pending.key);
        // An entry above the released head is tried again: its turn to be told has not come.
        if (entry !== undefined && entry.seq <= this.#facts.head) this.#settle(pending, entry);
      }
      this.#queue.putBack(batch);
      return true;
    } catch {
      // Nothing is lost: the drafts wait for the next try, until their deadline.
      return false;
    }
  }

  async #storedOf(batch: readonly Pending[]): Promise<ReadonlyMap<string, Entry>> {
    const { store, room } = this.#options;
    const drafts = batch.map(({ draft: { user, cid } }) => ({ user: user.id, cid }));
    const entries = await this.#deadlines.ask(store.find(room, drafts));
    return new Map(entries.map((entry) => [draftKey(entry.user.id, entry.cid), entry]));
  }

  /** The one place that moves the head. Whatever is not the next entry is dropped. */
  #advance(entries: readonly Entry[]): void {
    const fresh: Entry[] = [];
    for (const entry of entries) {
      if (entry.seq === this.#facts.head + fresh.length + 1) fresh.push(entry);
    }
    const newest = fresh.at(-1);
    if (newest === undefined) return;
    const { seq: head, id: headId, at: headAt } = newest;
    this.#facts = { ...this.#facts, head, headId, headAt };
    this.#tail.push(fresh);
    this.#options.release(fresh);
  }

  /** Entries below the floor that this node has not seen yet, it never will see. */
  #trim(floor: Seq): void {
    if (floor <= this.#facts.floor) return;
    const head = Math.max(this.#facts.head, floor - 1);
    const headId = head > this.#facts.head ? '' : this.#facts.headId;
    this.#facts = { ...this.#facts, floor, head, headId };
    this.#tail.trim(floor);
  }

  async #repairAll(): Promise<void> {
    while (this.#mustRepairAgain) {
      this.#mustRepairAgain = false;
      try {
        await this.#sync();
      } catch {
        // Nothing is lost: the store still has it, and the watchdog asks again.
      }
    }
  }

  /** Reads and releases what the store has beyond the released head. */
  async #sync(): Promise<void> {
    const { store, room } = this.#options;
    const { epoch, head, floor } = await this.#deadlines.ask(store.facts(room));
    if (epoch !== this.#facts.epoch) {
      this.#options.onReplaced?.();
      throw new Error(`another log is kept as "${room}" now`);
    }
    this.#trim(floor);
    while (this.#facts.head < head) {
      const after = this.#facts.head;
      const range = { after, upTo: head, limit: REPAIR_PAGE };
      this.#advance(await this.#deadlines.ask(store.read(room, range)));
      if (this.#facts.head === after) throw new Error(`the store gave nothing after seq ${after}`);
    }
  }
}

async function sameOrConflict(entry: Entry, draft: Draft): Promise<Entry> {
  if (isSameDraft(entry, draft)) return entry;
  throw new ChatError('id_conflict', {});
}
