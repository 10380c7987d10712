/** Time that stands still until a test moves it. */

import { setImmediate as turn } from 'node:timers/promises';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** When tests begin: any day will do, but it must not be 0, which hides missing additions. */
const WALL = Date.UTC(2026, 10, 24, 12);

export class FakeClock {
  #now = 5_000;
  readonly #timers = new Set<Timer>();
  /** How far the wall clock was set forth or back since. */
  wallShiftMs = 0;

  now(): number {
    return this.#now;
  }

  wall(): number {
    return WALL + this.#now + this.wallShiftMs;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that nobody has given back. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    // A promise's answer to a socket's answer to a timer: a few turns are enough for any of ours.
    for (let i = 0; i < 5; i += 1) await turn();
  }

  /** Moves on, running each timer at its time. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await this.settle();
    }
    this.#now = end;
  }

  /** Time passes in one leap, as for a machine that sleeps: what fell due meanwhile rings late. */
  async sleep(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }
}
