/** Runs files of node:test, each in its own process, and says what came of them in few lines. */

import path from 'node:path';
import { run } from 'node:test';

import { countOf, type Counts, noCounts, sumOf } from './counts.ts';

export interface NodeLevel {
  readonly files: readonly string[];
  /** How many files run at once. */
  readonly concurrency: number;
  /** The longest that one file may take before it counts as failed. */
  readonly fileMsMax: number;
  /** Where lines for a person go. */
  readonly write: (text: string) => void;
}

interface Verdict {
  readonly name: string;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly details: { readonly type?: string; readonly error?: TestError };
}

interface TestError extends Error {
  readonly failureType?: string;
}

/** Runs them all; a failing file never stops the others. */
export async function runNodeLevel(level: NodeLevel): Promise<Counts> {
  const waiting = [...level.files];
  const counts: Counts[] = [];
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      counts.push(await runFile(file, level));
    }
  };
  await Promise.all(Array.from({ length: level.concurrency }, worker));
  return sumOf(counts);
}

async function runFile(file: string, { fileMsMax, write }: NodeLevel): Promise<Counts> {
  const started = performance.now();
  const said: string[] = [];
  let counts: Counts | undefined;
  // A file without tests is reported as a test of the file's name that passed.
  let isEmpty = false;
  // The runner's own time-out is per test, and leaves a process that does not end: hence a signal.
  const signal = AbortSignal.timeout(fileMsMax);
  const execArgv = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  for await (const { type, data } of run({ files: [file], signal, execArgv })) {
    if (type === 'test:fail') write(failureWords(data));
    if (type === 'test:pass' && data.skip !== undefined) write(skipWords(data));
    if (type === 'test:pass' && data.name === file) isEmpty = true;
    if (type === 'test:stderr' || type === 'test:stdout') keep(said, data.message);
    if (type === 'test:diagnostic' && data.file !== undefined) keep(said, `${data.message}\n`);
    if (type === 'test:summary' && data.file === undefined) counts = countsOf(data.counts);
  }
  isEmpty ||= counts !== undefined && countOf(counts) === 0;
  if (isEmpty) write(`  not ok  ${shortName(file)} has no tests\n`);
  // A file that was stopped may end without a summary.
  if (isEmpty || counts === undefined) counts = { ...noCounts, failed: 1 };
  write(fileWords({ file, counts, seconds: (performance.now() - started) / 1000, said }));
  return counts;
}

interface FileEnd {
  readonly file: string;
  readonly counts: Counts;
  readonly seconds: number;
  readonly said: readonly string[];
}

function fileWords({ file, counts, seconds, said }: FileEnd): string {
  const verdict = counts.failed === 0 ? 'ok' : 'FAILED';
  const line = `${verdict}  ${shortName(file)} (${countOf(counts)} tests, ${seconds.toFixed(1)} s)\n`;
  return counts.failed === 0 ? line : line + said.join('').replace(/^(?=.)/gm, '    | ');
}

function failureWords({ name, file, details }: Verdict): string {
  const { error, type } = details;
  // A suite or a parent fails because a test in it did, which has been told already.
  if (type === 'suite' || error?.failureType === 'subtestsFailed') return '';
  const cause = error?.cause instanceof Error ? error.cause : error;
  const words = cause?.stack ?? JSON.stringify(error?.cause ?? error);
  return `  not ok  ${name}  (${shortName(file ?? '')})\n${words.replace(/^(?=.)/gm, '    ')}\n`;
}

function skipWords({ name, skip, file }: Verdict): string {
  const why = typeof skip === 'string' && skip !== '' ? skip : 'no reason given';
  return `  skipped  ${name}: ${why}  (${shortName(file ?? '')})\n`;
}

function countsOf(all: {
  readonly passed: number;
  readonly tests: number;
  readonly skipped: number;
  readonly todo: number;
}): Counts {
  const skipped = all.skipped + all.todo;
  // Cancelled tests, too, are tests that did not pass.
  return { passed: all.passed, skipped, failed: all.tests - all.passed - skipped };
}

function keep(said: string[], text: string): void {
  // The end of a long story is where it went wrong.
  if (said.length >= WORDS_MAX) said.shift();
  said.push(text);
}

const WORDS_MAX = 500;

function shortName(file: string): string {
  return path.relative(process.cwd(), file);
}
