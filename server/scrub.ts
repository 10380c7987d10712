/**
 * Takes the text of deleted messages out of the store. A deletion is in the log before its target
 * is empty; what a crash, or a store that was away, left in between is repaired here.
 */

import type { Seq } from 'mini-chat/protocol';
import { UNSCRUBBED_MAX } from './store-entry.ts';
import type { RoomKey, Store } from './store.ts';

interface ScrubberOptions {
  readonly store: Store;
  /** Told of every failure; the text stays until the next `repair`. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** Invariant: nothing it was asked for is forgotten: the store itself tells what is not empty. */
export class Scrubber {
  readonly #options: ScrubberOptions;
  readonly #running = new Set<Promise<void>>();
  #repairing: Promise<void> | undefined;
  #isClosing = false;

  constructor(options: ScrubberOptions) {
    this.#options = options;
  }

  /** Starts; a failure is told, and the rest is for `repair`. */
  scrub(room: RoomKey, target: Seq): void {
    void this.#run(room, target);
  }

  /** Scrubs all that was left over. Calls during a run share it. Never rejects. */
  repair(): Promise<void> {
    this.#repairing ??= this.#repairAll().finally(() => {
      this.#repairing = undefined;
    });
    return this.#repairing;
  }

  /** Starts nothing more, and waits for what runs. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#repairing;
    await Promise.all(this.#running);
  }

  async #repairAll(): Promise<void> {
    const { store, onFault } = this.#options;
    try {
      for (;;) {
        const left = await store.unscrubbed();
        for (const { room, target } of left) {
          if (this.#isClosing || !(await this.#run(room, target))) return;
        }
        if (left.length < UNSCRUBBED_MAX) return;
      }
    } catch (error) {
      onFault?.(error);
    }
  }

  /** Resolves with whether it was done. */
  #run(room: RoomKey, target: Seq): Promise<boolean> {
    const { store, onFault } = this.#options;
    const run = store.scrub(room, target).then(
      () => true,
      (error: unknown) => {
        onFault?.(error);
        return false;
      },
    );
    const tracked = run.then(() => void this.#running.delete(tracked));
    this.#running.add(tracked);
    return run;
  }
}
