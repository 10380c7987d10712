/**
 * `npm test`: gets what is missing, builds, checks, runs every level of tests, and ends with one
 * line of counts. `node test/run.ts node session` runs one level, and of it the files whose path
 * contains one of the words. Levels: checks, node, browser, e2e.
 */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';

import { runCommand } from './support/command.ts';
import { closingLine, countOf, type Counts, noCounts, sumOf } from './support/counts.ts';
import { prepareBrowsers } from './support/prepare.ts';
import { runNodeLevel } from './support/node-level.ts';

assert.match(
  process.version,
  /^v24\./,
  'Run tests by `npm test`: they need the Node 24 of npm ci.',
);

const levels = ['checks', 'node', 'browser', 'e2e'] as const;
type Level = (typeof levels)[number];

interface Row extends Counts {
  readonly level: string;
  readonly engine: string;
  readonly seconds: number;
}

const ROOT = path.join(import.meta.dirname, '..');
const isLevel = (word: string): word is Level => (levels as readonly string[]).includes(word);
const write = (text: string): void => void process.stdout.write(text);

/** A replay of real conversations through two stores takes some minutes on a slow machine. */
const FILE_MS_MAX = 8 * 60_000;

/** By a look at what `npm test` prints. */
const LONG_FILES = [
  'proof/model',
  'bench/benches',
  'store-mongodb',
  'server/main',
  'packages',
  'e2e/faults',
  'host-page',
  'browser-faults',
  'e2e/conversation',
  'frameworks',
];

/** They hold the chat to seconds: nothing else may take the processor from them. */
const TIMED_FILES = ['e2e/actions', 'e2e/no-server', 'e2e/tabs', 'e2e/touch', 'e2e/unread'];

process.chdir(ROOT);
const words = process.argv.slice(2).filter((word) => !isLevel(word));
const asked = process.argv.slice(2).filter(isLevel);
const rows = await runAll(asked.length > 0 ? asked : levels);
write(table(rows));
const total = sumOf(rows);
write(`\n${closingLine(total)}\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

async function runAll(chosen: readonly Level[]): Promise<readonly Row[]> {
  const found: Row[] = [];
  // To get them takes the network and the disk; the processor builds and checks meanwhile.
  const browsers = chosen.some(needsBrowsers) ? timed('browsers', browsersHere) : [];
  if (words.length === 0) {
    found.push(...(await timed('build', () => command('npm run build', 'scripts/build.ts'))));
    if (sumOf(found).failed > 0) return [...(await browsers), ...found];
  }
  if (chosen.includes('checks')) found.push(...(await timed('checks', checks)));
  found.unshift(...(await browsers));
  if (chosen.includes('node')) found.push(...(await timed('node', nodeTests)));
  if (chosen.includes('browser')) found.push(...(await timed('browser', browserTests)));
  if (chosen.includes('e2e')) found.push(...(await timed('e2e', endToEndTests)));
  return found;
}

function needsBrowsers(level: Level): boolean {
  return level === 'browser' || level === 'e2e';
}

async function browsersHere(): Promise<Record<string, Counts>> {
  return { '': await prepareBrowsers(write) };
}

async function checks(): Promise<Record<string, Counts>> {
  const bin = 'node_modules/.bin';
  // Prettier has one thread; the other two have many, but not all the time.
  const format = one('format', `${bin}/prettier`, '--check', '--log-level', 'warn', '.');
  return {
    types: await one('types', `${bin}/tsc`, '-p', '.'),
    lint: await one('lint', `${bin}/oxlint`, '--type-aware', '--deny-warnings'),
    format: await format,
  };
}

async function nodeTests(): Promise<Record<string, Counts>> {
  return { '': await nodeFiles(filesOf('test/node/**/*.test.ts'), availableParallelism()) };
}

async function endToEndTests(): Promise<Record<string, Counts>> {
  const files = filesOf('test/e2e/**/*.test.ts');
  const isTimed = (file: string): boolean => TIMED_FILES.some((name) => file.includes(name));
  // Each has its own ports, folders and browsers, and waits for half of its time.
  const others = await nodeFiles(
    files.filter((file) => !isTimed(file)),
    Math.min(2, availableParallelism()),
  );
  return { '': sumOf([others, await nodeFiles(files.filter(isTimed), 1)]) };
}

async function nodeFiles(files: readonly string[], concurrency: number): Promise<Counts> {
  const counts = await runNodeLevel({ files, concurrency, fileMsMax: FILE_MS_MAX, write });
  return inCi() ? { ...counts, failed: counts.failed + counts.skipped, skipped: 0 } : counts;
}

/** In CI a test that was skipped for want of a database or a browser is a failure. */
function inCi(): boolean {
  return process.env['CI'] === 'true';
}

async function browserTests(): Promise<Record<string, Counts>> {
  const files = filesOf('test/browser/**/*.test.ts');
  if (files.length === 0) return {};
  const folder = await mkdtemp(path.join(tmpdir(), 'mini-chat-browser-'));
  const results = path.join(folder, 'results.json');
  const args = ['node_modules/.bin/wtr', ...files.flatMap((file) => ['--files', file])];
  const { code } = await runCommand(process.execPath, args, { BROWSER_RESULTS: results });
  const counts = readCounts(results);
  await rm(folder, { recursive: true });
  const failed = sumOf(Object.values(counts)).failed;
  // A runner that gives up before it counts (no browser, a port taken) must not look like success.
  return code === 0 || failed > 0 ? counts : { ...counts, runner: { ...noCounts, failed: 1 } };
}

function readCounts(file: string): Record<string, Counts> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Counts>;
  } catch {
    // It ended without writing; its exit code tells, and is counted by the caller.
    return {};
  }
}

function filesOf(pattern: string): readonly string[] {
  const wanted = globSync(pattern).filter(isWanted);
  return wanted.sort(longestFirst).map((file) => path.resolve(file));
}

function isWanted(file: string): boolean {
  return words.length === 0 || words.some((word) => file.includes(word));
}

/** What takes minutes starts first, or it would run alone at the end. */
function longestFirst(one: string, other: string): number {
  const rank = (file: string): number => {
    const found = LONG_FILES.findIndex((name) => file.includes(name));
    return found === -1 ? LONG_FILES.length : found;
  };
  return rank(one) - rank(other) || one.localeCompare(other);
}

async function command(name: string, ...args: readonly string[]): Promise<Record<string, Counts>> {
  return { '': await one(name, ...args) };
}

/** One command as one test: it passes if it ends with 0. */
async function one(name: string, ...args: readonly string[]): Promise<Counts> {
  const { code } = await runCommand(process.execPath, args);
  write(`${code === 0 ? 'ok' : 'FAILED'}  ${name}\n`);
  return code === 0 ? { ...noCounts, passed: 1 } : { ...noCounts, failed: 1 };
}

/** A level's rows; a level in which nothing ran is a failure, unless a word chose no file of it. */
async function timed(
  level: string,
  body: () => Promise<Record<string, Counts>>,
): Promise<readonly Row[]> {
  write(`\n── ${level} ──\n`);
  const started = performance.now();
  const counts = await body();
  const seconds = (performance.now() - started) / 1000;
  const isEmpty = countOf(sumOf(Object.values(counts))) === 0;
  if (isEmpty && (words.length > 0 || level === 'browsers')) return [];
  if (isEmpty) return [{ ...noCounts, failed: 1, level, engine: 'ran no test', seconds }];
  return Object.entries(counts).map(([engine, row]) => ({ ...row, level, engine, seconds }));
}

function table(found: readonly Row[]): string {
  const head = '\nlevel     engine       passed  failed  skipped   time\n';
  const lines = found.map(({ level, engine, passed, failed, skipped, seconds }) =>
    [
      level.padEnd(9),
      engine.padEnd(11),
      String(passed).padStart(7),
      String(failed).padStart(7),
      String(skipped).padStart(8),
      `${seconds.toFixed(0)} s`.padStart(6),
    ].join(' '),
  );
  return `${head}${lines.join('\n')}\n`;
}
