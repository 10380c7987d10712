/** The server's bin as a process of its own: what it prints, and how it ends. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TestContext } from 'node:test';

const MAIN = path.join(import.meta.dirname, '../../server/main.ts');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Bin {
  readonly child: ChildProcess;
  /** Where it listens, once it has said so. */
  readonly url: Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Starts the bin. It is ended with the test if it has not ended before. */
export function runBin(
  t: TestContext,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Bin {
  const node = ['--conditions=source', '--disable-warning=ExperimentalWarning', MAIN];
  const env = { PATH: process.env['PATH'], ...environment };
  const child = spawn(process.execPath, [...node, ...args], { env });
  let [stdout, stderr] = ['', ''];
  const url = Promise.withResolvers<string>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const found = /is at (http:\S+)/.exec(stdout)?.[1];
    if (found !== undefined) url.resolve(found);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    url.reject(new Error(`ended with ${code}: ${stderr}`));
    return { code: code ?? null, stdout, stderr };
  });
  // Who does not ask for the address must not fail for want of it.
  url.promise.catch(() => undefined);
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, url: url.promise, ended };
}
