/** The name a guest wants, until the server knows the guest by it. */

import { type ChatError, toldError } from '../protocol/chat-error.ts';
import type { Refusal } from './refusal.ts';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: ChatError) => void;
}

/** At most one wish, and everybody who waits for it. */
export class Naming {
  #name: string | undefined;
  /** The name that the server was asked for last. */
  asked: string | undefined;
  #waiters: readonly Waiter[] = [];

  /** Undefined: the guest has the name it wants. */
  get name(): string | undefined {
    return this.#name;
  }

  /** The latest wish holds; whoever wished before gets its answer too. */
  wish(name: string): Promise<void> {
    this.#name = name;
    return new Promise((resolve, reject) => {
      this.#waiters = [...this.#waiters, { resolve, reject }];
    });
  }

  /** Whether another name is wished for than the one that was asked for. */
  get isOutdated(): boolean {
    return this.#name !== undefined && this.#name !== this.asked;
  }

  grant(): void {
    for (const { resolve } of this.#end()) resolve();
  }

  refuse(refusal: Refusal): void {
    const error = toldError(refusal);
    for (const { reject } of this.#end()) reject(error);
  }

  #end(): readonly Waiter[] {
    const waiters = this.#waiters;
    this.#waiters = [];
    this.#name = undefined;
    return waiters;
  }
}
