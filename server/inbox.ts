/**
 * What came in on one connection and is not handled yet: in order, one op at a time, no faster than
 * the peer reads its answers, and no more of it than the limits allow.
 */

import type { parseClientOp, Ms } from 'mini-chat/protocol';
import type { Connection } from './connection.ts';
import type { LimitSettings } from './settings.ts';
import { TokenBucket } from './token-bucket.ts';

/** An op, or why it is none. */
export type Incoming = ReturnType<typeof parseClientOp>;

/** What an inbox is made of. `handle` never throws and never rejects. */
export interface InboxOptions {
  readonly connection: Connection;
  readonly limits: LimitSettings;
  readonly now: () => Ms;
  readonly handle: (incoming: Incoming) => Promise<void> | undefined;
}

/** Invariant: at most one op is being handled. */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #frames: TokenBucket;
  /** A reconnect joins all its rooms at once: so many joins are not counted as frames. */
  #freeJoins: number;
  #waiting: Incoming[] = [];
  #isBusy = false;

  constructor(options: InboxOptions) {
    const { framesPerSecondMax: perSecond, roomsMax } = options.limits;
    this.#options = options;
    this.#frames = new TokenBucket({ perSecond, burst: perSecond }, options.now());
    this.#freeJoins = roomsMax;
  }

  /** Handles what came in, now or in its turn. False when it came too fast: then it is dropped. */
  take(incoming: Incoming): boolean {
    if (this.#isFlood(incoming)) return false;
    this.#waiting.push(incoming);
    if (!this.#isBusy) this.#work();
    else if (this.#waiting.length >= this.#options.limits.inputOpsMax) {
      this.#options.connection.pause();
    }
    return true;
  }

  /** Drops what waits. What is being handled goes on. */
  clear(): void {
    this.#waiting = [];
  }

  #isFlood(incoming: Incoming): boolean {
    if ('op' in incoming && incoming.op.op === 'join' && this.#freeJoins > 0) {
      this.#freeJoins -= 1;
      return false;
    }
    return this.#frames.take(this.#options.now()) > 0;
  }

  #work(): void {
    const { connection, handle } = this.#options;
    this.#isBusy = false;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const handled = handle(next);
      const read = connection.isSlow ? connection.drained() : undefined;
      if (handled === undefined && read === undefined) continue;
      this.#isBusy = true;
      void Promise.all([handled, read]).then(() => this.#work());
      return;
    }
    connection.resume();
  }
}
