/**
 * The drafts of one room that have no outcome yet: those that wait for a number, in order, and
 * those of the batch under way. Each gets exactly one outcome, in time.
 */

import { ChatError, type Entry, type EntryId, type Ms, type Seq } from 'mini-chat/protocol';
import type { Deadlines, Waiting } from './deadlines.ts';
import { type Draft, entryOf, isSameDraft } from './draft.ts';

/** What an entry costs beside its text, roughly: names, ids, punctuation. */
const ENTRY_OVERHEAD_BYTES = 300;

/** How much goes out together. */
export interface BatchLimits {
  readonly batchEntriesMax: number;
  readonly batchBytesMax: number;
}

/** A draft without an outcome. */
export interface Pending extends Waiting {
  readonly draft: Draft;
  readonly key: string;
  readonly id: EntryId;
  readonly bytes: number;
  readonly outcome: Promise<Entry>;
  readonly resolve: (entry: Entry) => void;
  readonly reject: (error: ChatError) => void;
}

/** Invariant: `#waiting` is in order of age, and all of it is in `#byKey`. */
export class DraftQueue {
  readonly #limits: BatchLimits;
  readonly #deadlines: Deadlines;
  readonly #byKey = new Map<string, Pending>();
  /** The highest seq at which an insert failed: it may be stored there all the same. */
  readonly #tried = new WeakMap<Pending, Seq>();
  #waiting: Pending[] = [];
  /** Of the last batch. */
  #lastCount = 0;

  constructor(limits: BatchLimits, deadlines: Deadlines) {
    this.#limits = limits;
    this.#deadlines = deadlines;
  }

  /** How many have no outcome. */
  get size(): number {
    return this.#byKey.size;
  }

  /** Whether none waits for a number. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whether as many wait as the last batch had: those who talk to each other have answered. */
  get isWhole(): boolean {
    return this.#waiting.length >= this.#lastCount;
  }

  find(key: string): Pending | undefined {
    return this.#byKey.get(key);
  }

  /** Takes a draft whose key it does not have. */
  add(key: string, id: EntryId, draft: Draft): Pending {
    const { promise, resolve, reject } = Promise.withResolvers<Entry>();
    const pending: Pending = {
      draft,
      key,
      id,
      bytes: ENTRY_OVERHEAD_BYTES + ('text' in draft.body ? Buffer.byteLength(draft.body.text) : 0),
      outcome: promise,
      resolve,
      reject,
      expire: () => this.#giveUp(pending),
    };
    this.#byKey.set(key, pending);
    this.#deadlines.add(pending);
    this.#waiting.push(pending);
    return pending;
  }

  /** Takes the oldest that wait, within the limits of one batch; at least one if there is any. */
  nextBatch(): readonly Pending[] {
    const { batchEntriesMax, batchBytesMax } = this.#limits;
    let count = 0;
    let bytes = 0;
    for (const pending of this.#waiting) {
      bytes += pending.bytes;
      if (count === batchEntriesMax || (count > 0 && bytes > batchBytesMax)) break;
      count++;
    }
    this.#lastCount = count;
    return this.#waiting.splice(0, count);
  }

  /** Gives a batch back to the front, in its old order, so that one sender's order is kept. */
  putBack(batch: readonly Pending[]): void {
    this.#waiting = [...this.unsettled(batch), ...this.#waiting];
  }

  /** Those of a batch that still have no outcome. */
  unsettled(batch: readonly Pending[]): readonly Pending[] {
    return batch.filter((pending) => this.#has(pending));
  }

  /** The outcome, from what is stored under the draft's cid. Too late is no error. */
  settle(pending: Pending, entry: Entry): void {
    if (!this.#forget(pending)) return;
    if (isSameDraft(entry, pending.draft)) pending.resolve(entry);
    else pending.reject(new ChatError('id_conflict', {}));
  }

  /** These were sent to the store at these places, and nobody knows what became of it. */
  doubt(batch: readonly Pending[], entries: readonly Entry[]): void {
    for (const [place, pending] of batch.entries()) {
      const seq = Math.max(entries[place]?.seq ?? 0, this.#tried.get(pending) ?? 0);
      this.#tried.set(pending, seq);
    }
  }

  /**
   * The outcome of a draft that is not valid, and not stored up to the head. An attempt above the
   * head may still turn out to be stored: then nothing is certain, and the same cid will tell (G9).
   */
  refuse(pending: Pending, error: ChatError, head: Seq): void {
    if ((this.#tried.get(pending) ?? 0) > head) this.#giveUp(pending);
    else if (this.#forget(pending)) pending.reject(error);
  }

  giveUpAll(): void {
    for (const pending of [...this.#byKey.values()]) this.#giveUp(pending);
    this.#waiting = [];
  }

  #giveUp(pending: Pending): void {
    if (!this.#forget(pending)) return;
    // The oldest gives up first, so it is at the front, or in the batch under way.
    if (this.#waiting[0] === pending) this.#waiting.shift();
    pending.reject(new ChatError('unavailable', {}, { maybe: true }));
  }

  #forget(pending: Pending): boolean {
    this.#deadlines.remove(pending);
    return this.#has(pending) && this.#byKey.delete(pending.key);
  }

  #has(pending: Pending): boolean {
    return this.#byKey.get(pending.key) === pending;
  }
}

/** The entries of these drafts right after the head, at one time. */
export function numbered(batch: readonly Pending[], head: Seq, at: Ms): readonly Entry[] {
  let seq = head;
  return batch.map(({ id, draft }) => {
    seq++;
    return entryOf(draft, { seq, id, at });
  });
}
