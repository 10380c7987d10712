/** How seldom something happens that is asked for often: the time of all volatile facts. */

import type { Ms } from 'mini-chat/protocol';

/** A clock that never jumps, and its timers; tests give one that stands still. */
export interface Clock {
  now(): Ms;
  /** Runs once, later. Returns how to give it up. */
  after(ms: Ms, run: () => void): () => void;
}

/** The machine's own. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** What a pace is made of. `everyMs` is asked whenever a run is asked for. */
export interface PaceOptions {
  readonly clock: Clock;
  readonly everyMs: () => Ms;
  readonly run: () => void;
}

/**
 * After a quiet time the first touch runs it at once, behind the other work of the turn; touches
 * that come sooner are one run, when its time has come. Invariant: at most one timer.
 */
export class Pace {
  readonly #options: PaceOptions;
  #ranAt: Ms = -Infinity;
  #giveUp: (() => void) | undefined;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Asks for a run. */
  touch(): void {
    if (this.#giveUp !== undefined) return;
    const { clock, everyMs } = this.#options;
    const waitMs = Math.max(0, this.#ranAt + everyMs() - clock.now());
    this.#giveUp = clock.after(waitMs, () => this.#run());
  }

  /** Runs now if a run was asked for: nothing more will come. */
  flush(): void {
    if (this.#giveUp === undefined) return;
    this.#giveUp();
    this.#run();
  }

  /** Gives up what was asked for. */
  stop(): void {
    this.#giveUp?.();
    this.#giveUp = undefined;
  }

  #run(): void {
    this.#giveUp = undefined;
    this.#ranAt = this.#options.clock.now();
    this.#options.run();
  }
}
