/** How often something may happen. Pure: the time is an argument. */

import type { Ms } from 'mini-chat/protocol';

/** `burst` at once after a pause, then `perSecond` of them. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Invariant: 0 ≤ left ≤ burst. */
export class TokenBucket {
  readonly #rate: Rate;
  #left: number;
  #at: Ms;

  constructor(rate: Rate, now: Ms) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#at = now;
  }

  /** Takes one and returns 0, or takes nothing and returns how many milliseconds to wait. */
  take(now: Ms): Ms {
    this.#fill(now);
    if (this.#left >= 1) {
      this.#left -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil(((1 - this.#left) / this.#rate.perSecond) * 1000));
  }

  /** A full bucket remembers nothing, so its owner may forget it. */
  isFull(now: Ms): boolean {
    this.#fill(now);
    return this.#left >= this.#rate.burst;
  }

  #fill(now: Ms): void {
    // A clock that was set back must not take away what had been earned.
    const earned = (Math.max(0, now - this.#at) / 1000) * this.#rate.perSecond;
    this.#left = Math.min(this.#rate.burst, this.#left + earned);
    this.#at = now;
  }
}

/** One bucket per key; `sweep` forgets the full ones, so memory follows what happens now. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** As `TokenBucket.take`, for this key. */
  take(key: string, now: Ms): Ms {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#rate, now);
      this.#buckets.set(key, bucket);
    }
    return bucket.take(now);
  }

  /** Forgets keys whose bucket is full again: a new bucket would answer the same. */
  sweep(now: Ms): void {
    for (const [key, bucket] of this.#buckets) {
      if (bucket.isFull(now)) this.#buckets.delete(key);
    }
  }
}
