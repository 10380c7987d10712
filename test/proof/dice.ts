/** Seeded decisions, in the words that fault runs and simulations use. */

import { type Random, seededRandom } from '../support/seed.ts';

export class Dice {
  readonly random: Random;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** True this often: 0 never, 1 always. */
  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    const picked = list[this.between(0, list.length - 1)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  /** One of the keys of a table of weights. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const rows = Object.entries(weights) as [Key, number][];
    let left = this.random() * rows.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of rows) {
      left -= weight;
      if (left < 0) return key;
    }
    throw new Error('weights must sum to more than nothing');
  }

  /** Another seed, so that one part's rolls do not move another's. */
  seed(): number {
    return this.between(1, 2 ** 31 - 1);
  }
}
