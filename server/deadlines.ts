/**
 * Ends what waits too long: drafts without an outcome, calls the store does not answer. Counts its
 * own waits instead of reading a clock, so a clock that jumps neither ends nor prolongs anything.
 */

import { ChatError, type Ms } from 'mini-chat/protocol';

/** A deadline is met this finely: something ends after 1 to 1.1 times its time. */
const TICKS = 10;

/** Something with an end; `expire` is called once, unless it was removed before. */
export interface Waiting {
  readonly expire: () => void;
}

interface DeadlinesOptions {
  readonly deadlineMs: Ms;
  /** Resolves or rejects after that long, or when the signal aborts. */
  readonly wait: (ms: Ms, signal: AbortSignal) => Promise<unknown>;
}

/** One timer for all, and none while nothing waits. */
export class Deadlines {
  readonly #options: DeadlinesOptions;
  /** In the order of their start, each with the tick it started in. */
  readonly #waiting = new Map<Waiting, number>();
  readonly #closing = new AbortController();
  #tick = 0;
  #isTicking = false;

  constructor(options: DeadlinesOptions) {
    this.#options = options;
  }

  add(waiting: Waiting): void {
    this.#waiting.set(waiting, this.#tick);
    if (!this.#isTicking) void this.#run();
  }

  remove(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  /** The outcome of that work, or a rejection when it takes too long. */
  ask<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting = { expire: () => reject(new Error('the store did not answer in time')) };
      this.add(waiting);
      work.then(resolve, reject).finally(() => this.remove(waiting));
    });
  }

  /** Resolves after that long, earlier when closed. */
  async pause(ms: Ms): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    try {
      await this.#options.wait(ms, signal);
    } catch (error) {
      // An aborted wait rejects by nature; whoever paused looks at the world again.
      if (!signal.aborted) throw error;
    }
  }

  /** Stops the timer. What still waits is not ended. */
  close(): void {
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    this.#isTicking = true;
    while (this.#waiting.size > 0 && !this.#closing.signal.aborted) {
      await this.pause(this.#options.deadlineMs / TICKS);
      this.#tick++;
      this.#expire();
    }
    this.#isTicking = false;
  }

  #expire(): void {
    for (const [waiting, started] of this.#waiting) {
      // It may have started just before a tick, hence more than TICKS of them.
      if (this.#tick - started <= TICKS) return;
      this.#waiting.delete(waiting);
      waiting.expire();
    }
  }
}

/** Whatever the store said, the peer hears `unavailable`; the cause is kept for our own log. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new ChatError('unavailable', {}, { cause });
  }
}
