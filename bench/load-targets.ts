/** Starts all targets and one load client for each, and keeps them for the length of a bench. */

import type { Context } from './bench.ts';
import type { LoadCommands } from './load-client.ts';
import { startLoad } from './processes.ts';
import type { Remote } from './rpc.ts';
import { type Missing, type Running, startTarget, type Target } from './targets.ts';

export interface Loaded {
  readonly target: Target;
  readonly server: Running;
  readonly load: Remote<LoadCommands>;
}

/**
 * Runs `work` with every wanted target that starts. A target has a load client of its own, so that
 * none is measured with a client that was warmed up on another's frames.
 */
export async function withTargets(
  context: Context,
  targets: readonly Target[],
  work: (loaded: readonly Loaded[], skipped: string[]) => Promise<void>,
): Promise<string[]> {
  const skipped: string[] = [];
  const loaded: Loaded[] = [];
  const closes: (() => Promise<void>)[] = [];
  try {
    for (const target of targets.filter(({ name }) => context.wants(name))) {
      const server = await startOrWhy(target);
      if ('missing' in server) {
        skipped.push(`${target.words}: ${server.missing}`);
        continue;
      }
      const client = startLoad();
      closes.push(server.close, client.close);
      loaded.push({ target, server, load: client.remote });
    }
    await work(loaded, skipped);
  } finally {
    await Promise.all(closes.map((close) => close()));
  }
  for (const line of skipped) context.say(`  skipped: ${line}`);
  return skipped;
}

async function startOrWhy(target: Target): Promise<Running | Missing> {
  try {
    return await startTarget(target);
  } catch (error) {
    return { missing: inWords(error) };
  }
}

/** A figure that could not be taken is a line of words; the bench goes on. */
export async function orSkip(
  skipped: string[],
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    skipped.push(`${what}: ${inWords(error)}`);
  }
}

function inWords(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.split('\n', 1)[0] ?? '';
}
