/**
 * Loaded into every Node server under test (`node --import`): answers how long its longest turn of
 * the event loop was. Costs one timer a millisecond while it is asked to watch, nothing otherwise.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Command, serve } from './rpc.ts';

interface LoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface ProbeCommands {
  watchLoop: Command<null, null>;
  loopDelay: Command<null, LoopDelay>;
  /** Only where node runs with --expose-gc; memory is then read after it. */
  collect: Command<null, null>;
}

/** The histogram counts the time between two ticks of a timer of this many ms. */
const TICK_MS = 1;
let histogram: ReturnType<typeof monitorEventLoopDelay> | undefined;

serve<ProbeCommands>({
  watchLoop() {
    histogram = monitorEventLoopDelay({ resolution: TICK_MS });
    histogram.enable();
    return null;
  },
  loopDelay() {
    histogram?.disable();
    const nsToMs = (ns: number): number => Math.max(0, ns / 1e6 - TICK_MS);
    return {
      p99Ms: nsToMs(histogram?.percentile(99) ?? 0),
      maxMs: nsToMs(histogram?.max ?? 0),
    };
  },
  collect() {
    globalThis.gc?.();
    return null;
  },
});
// The parent ends this process by a signal; being asked questions must not keep it alive.
process.channel?.unref();
