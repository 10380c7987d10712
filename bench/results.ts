/** bench/results.ndjson: one line a run, appended, never edited; in git beside the code. */

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { Figures, type Measured } from './bench.ts';
import type { Machine } from './machine.ts';
import { root } from './processes.ts';

export interface Run {
  readonly bench: string;
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly node: string;
  readonly args: readonly string[];
  readonly seed: number;
  readonly result: Measured;
}

const FILE = `${root}bench/results.ndjson`;

export function append(run: Run): void {
  appendFileSync(FILE, `${JSON.stringify(run)}\n`);
}

/** The newest run of each bench, by name. */
export function newest(): ReadonlyMap<string, Run> {
  if (!existsSync(FILE)) return new Map();
  const runs = new Map<string, Run>();
  for (const line of readFileSync(FILE, 'utf8').split('\n')) {
    if (line === '') continue;
    const run = parse(line);
    runs.set(run.bench, run);
  }
  return runs;
}

/** A line of our own file: what `append` wrote. */
function parse(line: string): Run {
  const run = JSON.parse(line) as Run & { result: { figures: Record<string, number[]> } };
  const { figures, skipped } = run.result;
  return { ...run, result: { skipped, figures: new Figures(figures) } };
}
