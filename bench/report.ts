/** docs/BENCHMARKS.md and its plot, made from results.ndjson alone: same lines, same page. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fill } from '../scripts/docs.ts';
import type { Bench, Figures, Goal, Table } from './bench.ts';
import { benches } from './benches.ts';
import { fanOutPlot } from './plot.ts';
import { root } from './processes.ts';
import { newest, type Run } from './results.ts';
import { scaleTables } from './scale/page.ts';
import { median, spread } from './stats.ts';

const PAGE = `${root}docs/BENCHMARKS.md`;
const SCALE = `${root}docs/scale.md`;
const PRETTIER = `${root}node_modules/prettier/bin/prettier.cjs`;

const HEAD = `# Benchmarks

Made by \`npm run bench\` from bench/results.ndjson; do not edit. Each bench's file says in its head
what it asks, how, and what would make it lie. Ratios come from one run on one machine, medians of
rounds in which the servers took turns; compare those, not absolute figures, with another machine.
A run in which any connection lost, repeated or reordered anything has no figure.
`;

interface Part {
  readonly bench: Bench;
  readonly run: Run;
}

/** The page for these runs. Pure. */
export function report(runs: ReadonlyMap<string, Run>): string {
  const parts = benches.flatMap((bench) => {
    const run = runs.get(bench.name);
    return run === undefined ? [] : [{ bench, run }];
  });
  const missing = benches.filter(({ name }) => !runs.has(name)).map(({ name }) => name);
  return [
    HEAD,
    ...(missing.length === 0 ? [] : [`Not run yet: ${missing.join(', ')}.\n`]),
    '## Goals\n',
    goalsTable(parts),
    '## Where we lose\n',
    lossesList(parts),
    ...(runs.has('fan-out') ? ['## Fan-out at a glance\n', '![Fan-out](fan-out.svg)\n'] : []),
    ...parts.map(section),
  ].join('\n');
}

/** Writes the page and the plot. */
export function writeReport(): void {
  const runs = newest();
  mkdirSync(`${root}docs`, { recursive: true });
  writeFileSync(PAGE, report(runs));
  writeFileSync(SCALE, scalePage(readFileSync(SCALE, 'utf8'), runs));
  // Columns as wide as their cells: the format is checked like that of any other page.
  execFileSync(process.execPath, [PRETTIER, '--log-level=warn', '--write', PAGE, SCALE]);
  const run = runs.get('fan-out');
  if (run !== undefined) writeFileSync(`${root}docs/fan-out.svg`, fanOutPlot(run.result.figures));
}

/** The page of arithmetic with its tables filled in. Pure. */
export function scalePage(page: string, runs: ReadonlyMap<string, Run>): string {
  let filled = page;
  for (const [place, table] of scaleTables(runs)) filled = fill(filled, place, markdown(table));
  return filled;
}

function goalsTable(parts: readonly Part[]): string {
  const goals = parts.flatMap(({ bench, run }) =>
    bench.goals(run.result.figures).map((goal) => ({ goal, bench: bench.name })),
  );
  return markdown({
    title: '',
    columns: ['what', 'goal', 'measured', 'holds', 'bench'],
    rows: goals.map(({ goal, bench }) => [
      goal.what,
      goal.goal,
      goal.measured,
      verdictOf(goal),
      bench,
    ]),
  });
}

function verdictOf({ holds }: Goal): string {
  if (holds === undefined) return '?';
  return holds ? 'yes' : '**no**';
}

function lossesList(parts: readonly Part[]): string {
  const losses = parts.flatMap(({ bench, run }) =>
    bench.losses(run.result.figures).map((loss) => `- ${bench.name}: ${loss}`),
  );
  return losses.length === 0 ? 'In none of the comparisons below.\n' : `${losses.join('\n')}\n`;
}

function section({ bench, run }: Part): string {
  const { machine, result } = run;
  const facts =
    `${run.date} UTC · commit ${run.commit} · Node ${run.node} · ${machine.cpu}, ` +
    `${machine.cores} cores, ${machine.memoryGb} GB · ${machine.system} · ` +
    `load before the run ${machine.load} · seed ${run.seed}${noiseOf(result.figures)}`;
  const tables = bench.tables(result.figures).map((table) => {
    return `### ${table.title}\n\n${markdown(table)}`;
  });
  const skipped = result.skipped.map((line) => `- note: ${line}`);
  return [
    `## ${bench.name}\n`,
    `${bench.question}\n\n${facts}\n`,
    ...tables,
    ...(skipped.length === 0 ? [] : [`${skipped.join('\n')}\n`]),
  ].join('\n');
}

/** What the last digits of this run are worth. */
function noiseOf(figures: Figures): string {
  const rounds = figures.names('').map((name) => figures.samples(name));
  const spreads = rounds
    .filter(({ length }) => length > 1)
    .map(spread)
    .filter(Number.isFinite);
  if (spreads.length === 0) return '';
  return ` · rounds of one figure differ by ${Math.round(median(spreads) * 100)} % (median)`;
}

function markdown({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = columns.map((_, at) => (at === 0 ? '---' : '---:'));
  return `${[line(columns), line(rule), ...rows.map(line)].join('\n')}\n`;
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
