/** One core's share of the model: explores seeds until it is told to stop, a slice at a time. */

import { parentPort, workerData } from 'node:worker_threads';
import { explore, type Explored } from './explore.ts';

/** Small enough to stop soon, large enough to cost nothing. */
const SLICE = 500;

/** Which seeds are this core's: `first`, and every `stride`-th slice after it. */
export interface Share {
  readonly firstSeed: number;
  readonly place: number;
  readonly stride: number;
  readonly untilMs: number;
}

const { firstSeed, place, stride, untilMs } = workerData as Share;
const started = performance.now();

for (let slice = place; performance.now() - started < untilMs; slice += stride) {
  const explored = await explore({ firstSeed: firstSeed + slice * SLICE, count: SLICE });
  parentPort?.postMessage(explored satisfies Explored);
}
