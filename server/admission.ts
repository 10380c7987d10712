/**
 * Decides what of a batch with changes in it may be stored, and on top of which head: reads what
 * the changes are about, and looks again whenever the head moved meanwhile. Writes nothing.
 */

import type { Entry, Ms, Seq } from 'mini-chat/protocol';
import { askedBy, type Checked, checkBatch, TargetState } from './change-check.ts';
import type { DraftQueue, Pending } from './draft-queue.ts';
import type { RoomTail } from './room-tail.ts';
import type { RoomViews } from './room-views.ts';
import type { LogFacts } from './store.ts';

/** Others may write while the state of a change's target is read, but hardly this often. */
const STATE_TRIES_MAX = 10;

/** What it needs of the room log that it decides for. */
interface AdmissionOptions {
  readonly queue: DraftQueue;
  readonly tail: RoomTail;
  readonly views: RoomViews;
  readonly now: () => Ms;
  /** As released so far. */
  readonly facts: () => LogFacts;
  /** Releases all that the store has now. */
  readonly sync: () => Promise<void>;
  readonly storedOf: (batch: readonly Pending[]) => Promise<ReadonlyMap<string, Entry>>;
  readonly settle: (pending: Pending, entry: Entry) => void;
}

/** Invariant: what it admits is valid on top of the head that its entries start from. */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * Sorts a batch by what is valid, and answers what is not. Nobody is refused by a head that
   * another node may have left behind, nor before the draft's own cid was looked for: it may be a
   * resend (G4). Rejects when the store does not answer; then the rest has no answer yet.
   */
  async check(given: readonly Pending[]): Promise<Checked> {
    const { queue, facts, now, sync } = this.#options;
    for (let [batch, isFresh] = [given, false]; ; batch = queue.unsettled(batch)) {
      const { on, state } = await this.#stateFor(batch);
      const at = Math.max(on.headAt, now());
      const checked = checkBatch(batch, state, { head: on.head, at });
      if (checked.refused.length === 0) return checked;
      if (!isFresh) {
        await sync();
        isFresh = true;
        if (facts().head > on.head) continue;
      }
      isFresh = await this.#answer(checked.refused);
      if (isFresh && facts().head === on.head) return checked;
    }
  }

  /** Resolves with false when one is stored above the released head: look again. */
  async #answer(refused: Checked['refused']): Promise<boolean> {
    const { queue, tail, facts, storedOf, settle } = this.#options;
    const stored = await storedOf(refused.map(([pending]) => pending));
    let isAll = true;
    for (const [pending, refusal] of refused) {
      const entry = tail.find(pending.key) ?? stored.get(pending.key);
      if (entry === undefined) queue.refuse(pending, refusal, facts().head);
      else if (entry.seq <= facts().head) settle(pending, entry);
      else isAll = false;
    }
    return isAll;
  }

  /** What the changes of a batch are about, and the facts of which it is true. */
  async #stateFor(batch: readonly Pending[]): Promise<{ on: LogFacts; state: TargetState }> {
    const { views, facts, sync } = this.#options;
    const { targets, reactors } = askedBy(batch);
    for (let tries = 0; tries < STATE_TRIES_MAX; tries++) {
      const { head } = facts();
      const known = await views.known(targets, reactors, head);
      const on = facts();
      const news = this.#between(head, on.head);
      if (known === undefined) await sync();
      if (known === undefined || news === undefined) continue;
      const state = new TargetState(targets, known);
      for (const entry of news) state.apply(entry);
      return { on, state };
    }
    throw new Error('the log moves faster than it can be read');
  }

  #between(after: Seq, upTo: Seq): readonly Entry[] | undefined {
    if (after === upTo) return [];
    return this.#options.tail.read({ after, upTo, limit: upTo - after });
  }
}
