/** What a bench is: it measures figures; pure functions turn figures into tables and verdicts. */

import { median } from './stats.ts';

/** toy: seconds, as a test; mid: minutes, while working on it; real: what goes into the books. */
export type Size = 'toy' | 'mid' | 'real';

export interface Context {
  readonly size: Size;
  /** Times each figure is taken; the targets take turns, so that drift hits all alike. */
  readonly rounds: number;
  readonly seed: number;
  /** Whether the user wants this target. */
  wants(target: string): boolean;
  say(line: string): void;
}

export interface Bench {
  readonly name: string;
  readonly question: string;
  run(context: Context): Promise<Measured>;
  tables(figures: Figures): readonly Table[];
  goals(figures: Figures): readonly Goal[];
  /** Each comparison in which another does better, in words; they all go into the report. */
  losses(figures: Figures): readonly string[];
}

export interface Measured {
  readonly figures: Figures;
  /** What could not be measured or only in part, and why; printed wherever the figures are. */
  readonly skipped: readonly string[];
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  /** Undefined when a part of it could not be measured. */
  readonly holds: boolean | undefined;
}

/** Samples by name, such as `closed/ws/N=1000/W=16`. */
export class Figures {
  readonly #samples: Map<string, number[]>;

  constructor(samples: Readonly<Record<string, readonly number[]>> = {}) {
    this.#samples = new Map(Object.entries(samples).map(([name, all]) => [name, [...all]]));
  }

  /** What is no number was not measured, and stays unmeasured. */
  add(name: string, sample: number): void {
    if (Number.isNaN(sample)) return;
    const samples = this.#samples.get(name) ?? [];
    samples.push(sample);
    this.#samples.set(name, samples);
  }

  samples(name: string): readonly number[] {
    return this.#samples.get(name) ?? [];
  }

  /** The median of the rounds; NaN when there is none. */
  at(name: string): number {
    return median(this.samples(name));
  }

  /** Names that begin so, in the order they were first measured. */
  names(prefix: string): readonly string[] {
    return [...this.#samples.keys()].filter((name) => name.startsWith(prefix));
  }

  toJSON(): Record<string, readonly number[]> {
    return Object.fromEntries(
      [...this.#samples].map(([name, all]) => [name, all.map((sample) => rounded(sample))]),
    );
  }
}

/** Five digits are more than any of these measurements is worth. */
function rounded(value: number): number {
  return Number(value.toPrecision(5));
}

/** A goal of the form "at least (or at most) so much"; unknown when there is no figure. */
export function bound(
  what: string,
  value: number,
  o: { readonly atLeast?: number; readonly atMost?: number; readonly unit?: string },
): Goal {
  const unit = o.unit ?? '×';
  const goal = o.atLeast === undefined ? `≤ ${o.atMost} ${unit}` : `≥ ${o.atLeast} ${unit}`;
  const isKnown = !Number.isNaN(value);
  const holds = o.atLeast === undefined ? value <= (o.atMost ?? 0) : value >= o.atLeast;
  return {
    what,
    goal,
    measured: isKnown ? `${shown(value)} ${unit}` : 'not measured',
    holds: isKnown ? holds : undefined,
  };
}

/** Three digits, with thin separators in large numbers; a dash where nothing was measured. */
export function shown(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return '∞';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return String(Number(value.toPrecision(3)));
}

/** A rotation of the list that starts one further each round: nobody is always first. */
export function inTurn<T>(list: readonly T[], round: number): readonly T[] {
  const from = list.length === 0 ? 0 : round % list.length;
  return [...list.slice(from), ...list.slice(0, from)];
}
