/** Runs many schedules, several side by side, so that the waits of one are the work of others. */

import { setImmediate as turn } from 'node:timers/promises';
import type { Violation } from '../checker.ts';
import { type Mutant, real } from './mutants.ts';
import { World } from './world.ts';

/** Enough that a turn of the loop costs each next to nothing, and few enough for the cache. */
const SIDE_BY_SIDE = 8;

/** A schedule that broke the contract. */
export interface Failure {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

export interface ExploreOptions {
  readonly firstSeed: number;
  readonly count: number;
  readonly mutant?: Mutant;
  /** Stops at the first failure. */
  readonly stopsEarly?: boolean;
}

export interface Explored {
  readonly schedules: number;
  readonly acked: number;
  readonly faults: number;
  readonly resets: number;
  readonly failures: readonly Failure[];
}

/** Runs the schedules of consecutive seeds and tells which broke the contract. */
export async function explore(options: ExploreOptions): Promise<Explored> {
  const { stackTraceLimit } = Error;
  // Errors are the daily bread of a hostile database; their stacks would cost a tenth of the time.
  Error.stackTraceLimit = 0;
  try {
    return await exploreAll(options);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function exploreAll(options: ExploreOptions): Promise<Explored> {
  const { firstSeed, count, mutant = real, stopsEarly = false } = options;
  const sum = { schedules: 0, acked: 0, faults: 0, resets: 0 };
  const failures: Failure[] = [];
  let next = firstSeed;
  const running = new Set<World>();
  while (running.size > 0 || next < firstSeed + count) {
    while (running.size < SIDE_BY_SIDE && next < firstSeed + count) {
      running.add(new World(next, mutant));
      next += 1;
    }
    for (const world of running) {
      world.step();
      if (!world.isOver) continue;
      running.delete(world);
      const { violations, figures } = world.verdict();
      sum.schedules += 1;
      sum.acked += figures.acked;
      sum.faults += figures.faults;
      sum.resets += figures.resets;
      if (violations.length > 0) failures.push({ seed: world.seed, violations });
    }
    if (stopsEarly && failures.length > 0) break;
    await turn();
  }
  return { ...sum, failures };
}
