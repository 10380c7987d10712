/** A page of history that was asked for, until it comes or cannot come any more. */

import { toldError } from '../protocol/chat-error.ts';
import type { ErrorOp, Ms } from '../protocol/ops.ts';

/** Ends once: with the page, without one, or refused. */
export class PageRequest {
  /** Comes back with the page. */
  readonly re: number;
  /** A server that never answers must not make the reader wait for ever. */
  readonly until: Ms;
  readonly done: Promise<void>;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(re: number, until: Ms) {
    this.re = re;
    this.until = until;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** The page is there, or there will be none: the reader asks again if it still matters. */
  end(): void {
    this.#resolve();
  }

  refuse(op: ErrorOp): void {
    this.#reject(toldError(op));
  }
}
