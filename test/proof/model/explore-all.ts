/** The model on every core for a while. */

import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Explored, Failure } from './explore.ts';
import type { Share } from './explore-worker.ts';

/** Explores consecutive seeds for about that long. */
export async function exploreFor(ms: number, firstSeed: number): Promise<Explored> {
  const sum = { schedules: 0, acked: 0, faults: 0, resets: 0 };
  const failures: Failure[] = [];
  const stride = availableParallelism();
  const workers = Array.from({ length: stride }, (_, place) => {
    const share: Share = { firstSeed, place, stride, untilMs: ms };
    const worker = new Worker(new URL('./explore-worker.ts', import.meta.url), {
      workerData: share,
    });
    worker.on('message', (explored: Explored) => {
      sum.schedules += explored.schedules;
      sum.acked += explored.acked;
      sum.faults += explored.faults;
      sum.resets += explored.resets;
      failures.push(...explored.failures);
    });
    return once(worker, 'exit');
  });
  await Promise.all(workers);
  return { ...sum, failures };
}
