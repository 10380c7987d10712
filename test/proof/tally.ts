/** What many rounds of a fault run on one kind of store came to. */

import type { Figures, Rule } from './checker.ts';
import type { RoundResult } from './round.ts';

/** The rules of the checker in the words of a reader of the table. */
const harms = {
  lost: ['lost', 'altered', 'emptied', 'unanswered'],
  doubled: ['doubled', 'repeat'],
  reordered: ['fifo', 'real-time', 'moved'],
  gaps: ['gap', 'hole', 'behind', 'false-reset'],
  other: [
    ...(['clock', 'breach', 'epoch', 'disagree', 'refused', 'foreign'] as const),
    ...(['invalid', 'view', 'unscrubbed'] as const),
  ],
} as const satisfies Record<string, readonly Rule[]>;

export type Harm = keyof typeof harms;

export class Tally {
  readonly store: string;
  rounds = 0;
  /** Rounds in which a recorded conversation was said. */
  conversations = 0;
  readonly faults = new Map<string, number>();
  readonly complaints: string[] = [];
  /** From a server's sudden end until each of its clients was live again. */
  readonly liveAgainMs: number[] = [];
  readonly #harms = new Map<Rule, number>();
  readonly #figures = new Map<keyof Figures, number>();

  constructor(store: string) {
    this.store = store;
  }

  add({ verdict, faults, complaints }: RoundResult): void {
    this.rounds += 1;
    for (const [name, times] of faults) addTo(this.faults, name, times);
    for (const { rule } of verdict.violations) addTo(this.#harms, rule, 1);
    for (const [name, value] of Object.entries(verdict.figures) as [keyof Figures, number][]) {
      addTo(this.#figures, name, value);
    }
    this.complaints.push(...complaints);
  }

  figure(name: keyof Figures): number {
    return this.#figures.get(name) ?? 0;
  }

  harm(name: Harm): number {
    return harms[name].reduce((sum, rule) => sum + (this.#harms.get(rule) ?? 0), 0);
  }

  /** The time within which that share of members were back after a server's sudden end. */
  liveAgain(share: number): number | undefined {
    const sorted = this.liveAgainMs.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }

  get isClean(): boolean {
    return this.#harms.size === 0 && this.complaints.length === 0;
  }
}

function addTo<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
