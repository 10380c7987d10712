/**
 * Starts the servers under test and the load client, each in a process and, where `taskset` is
 * installed, on a core of its own: core 0 for a server with all its threads, core 1 for the load.
 * Reads what they used from /proc, so that servers in any language are measured alike.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import type { LoadCommands } from './load-client.ts';
import type { ProbeCommands } from './probe.ts';
import { type Command, Remote } from './rpc.ts';

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Undefined in a server that is not Node. */
  readonly probe: Remote<ProbeCommands> | undefined;
  close(): Promise<void>;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it will listen, when it does not say so by printing `http://…`. */
  readonly url?: string;
  /** Loads the probe into it; only for Node. */
  readonly isNode: boolean;
}

export const root = new URL('..', import.meta.url).pathname;
const NODE_FLAGS = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--expose-gc'];
const START_MS = 20_000;
const CLOSE_MS = 5_000;

/** A Node script of this repository, with the flags that let it run from source. */
export function nodeLaunch(script: string, args: readonly string[] = []): Launch {
  return { command: process.execPath, args: [`${root}${script}`, ...args], isNode: true };
}

/** Starts a server on the first core. Rejects, with its last words, if it does not come up. */
export async function startServer(launch: Launch): Promise<ServerProcess> {
  const flags = launch.isNode ? [...NODE_FLAGS, '--import', `${root}bench/probe.ts`] : [];
  const child = start({ ...launch, args: [...flags, ...launch.args] }, 0);
  const url = await Promise.race([
    launch.url === undefined ? announced(child) : listening(launch.url),
    ended(child),
    late(START_MS),
  ]);
  return {
    url,
    pid: child.pid ?? 0,
    probe: launch.isNode ? new Remote<ProbeCommands>(child) : undefined,
    close: () => end(child),
  };
}

/** A process of our own that answers commands. */
interface Worker<Commands extends { [Name in keyof Commands]: Command<unknown, unknown> }> {
  readonly remote: Remote<Commands>;
  readonly pid: number;
  close(): Promise<void>;
}

/** Starts a script that calls `serve`; without a core it may run on all of them. */
export function startWorker<
  Commands extends { [Name in keyof Commands]: Command<unknown, unknown> },
>(script: string, core?: number): Worker<Commands> {
  const launch = nodeLaunch(script);
  const child = start({ ...launch, args: [...NODE_FLAGS, ...launch.args] }, core);
  child.stderr?.pipe(process.stderr);
  return { remote: new Remote<Commands>(child), pid: child.pid ?? 0, close: () => end(child) };
}

/** Starts a load client on the second core. */
export function startLoad(): Worker<LoadCommands> {
  return startWorker<LoadCommands>('bench/load-client.ts', 1);
}

const hasTaskset = existsSync('/usr/bin/taskset') && availableParallelism() >= 2;

function start({ command, args, env, isNode }: Launch, core: number | undefined): ChildProcess {
  const isPinned = hasTaskset && core !== undefined;
  const pinned = isPinned ? ['taskset', '-c', String(core), command] : [command];
  const [file = command, ...before] = pinned;
  const child = spawn(file, [...before, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', isNode ? 'ipc' : 'ignore'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Nothing that a bench started outlives it, however the bench ends. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
// A signal ends a process without 'exit' unless somebody listens to it.
process.once('SIGTERM', () => process.exit(143));
process.once('SIGINT', () => process.exit(130));

async function announced(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      const found = /https?:\/\/[\w.:-]+:\d+/.exec(line);
      if (found !== null) resolve(found[0]);
    });
  }
  return promise;
}

/** Asks until somebody answers, whatever the answer. */
async function listening(url: string): Promise<string> {
  for (;;) {
    try {
      await fetch(url);
      return url;
    } catch {
      // Not yet; whoever waits for this gives up in the end.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function ended(child: ChildProcess): Promise<never> {
  const last: string[] = [];
  child.stderr?.on('data', (text: Buffer) => last.push(text.toString()));
  child.once('error', (error) => last.push(error.message));
  await Promise.race([once(child, 'exit'), once(child, 'error')]);
  // The line that names the error is worth more than the stack below it.
  const lines = last.join('').split('\n');
  const line = lines.find((text) => /Error\b/.test(text)) ?? lines.find((text) => text !== '');
  throw new Error(`${child.spawnargs.at(-1)} did not start: ${line ?? 'no reason given'}`);
}

async function late(ms: number): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
  throw new Error(`no address was printed within ${ms} ms`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
  await exit;
  clearTimeout(timer);
}

/** Seconds of CPU that a process and its threads have used since it began. */
export function cpuSeconds(pid: number): number {
  // Fields 14 and 15 (user and system ticks), counted after the name, which may hold spaces.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** What Linux uses on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Resident bytes of a process. */
export function residentBytes(pid: number): number {
  const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? Number.NaN) * 1024;
}
