/** Those who want to be told. One that throws is reported as its own failure, and stops nobody. */

import type { Release } from './environment.ts';

/** A set of listeners of one kind. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #calls = new Set<(...args: Args) => void>();

  /** Each call has its own place, also when one function listens twice. Returns how to stop. */
  add(listener: (...args: Args) => void): Release {
    const call = (...args: Args): void => listener(...args);
    this.#calls.add(call);
    return () => this.#calls.delete(call);
  }

  tell(...args: Args): void {
    for (const call of [...this.#calls]) {
      try {
        call(...args);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
