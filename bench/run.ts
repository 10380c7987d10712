/**
 * `npm run bench [name …] [-- options]`: runs benches for real and writes what came out into
 * results.ndjson and docs/BENCHMARKS.md.
 */

import { parseArgs } from 'node:util';
import type { Context, Goal, Size, Table } from './bench.ts';
import { benches } from './benches.ts';
import { commit, machine } from './machine.ts';
import { writeReport } from './report.ts';
import { append } from './results.ts';

const HELP = `Usage: npm run bench [name …] [-- options]
  --size toy|mid|real   how long and how large; only real runs are recorded (real)
  --rounds N            times each figure is taken (5)
  --only a,b            targets to measure
  --seed N              for what is random (of the clock)
  --dry                 record nothing
Benches: ${benches.map(({ name }) => name).join(', ')}
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: 'real' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    seed: { type: 'string' },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function contextOf(): Context {
  const only = values.only === undefined ? undefined : new Set(values.only.split(','));
  const size = values.size as Size;
  return {
    size,
    rounds: Number(values.rounds ?? (size === 'toy' ? 1 : 5)),
    seed: Number(values.seed ?? Date.now() % 1_000_000),
    wants: (target) => only?.has(target) ?? true,
    say: (line) => process.stdout.write(`${line}\n`),
  };
}

async function main(): Promise<void> {
  const unknown = positionals.find((name) => !benches.some((bench) => bench.name === name));
  if (values.help || unknown !== undefined || !['toy', 'mid', 'real'].includes(values.size)) {
    process.stdout.write(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const context = contextOf();
  for (const bench of benches) {
    if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
    context.say(`\n${bench.name}: ${bench.question} (seed ${context.seed})`);
    const before = { commit: commit(), machine: machine() };
    const result = await bench.run(context);
    print(bench.tables(result.figures), bench.goals(result.figures), result.skipped);
    if (context.size !== 'real' || values.dry) continue;
    append({ bench: bench.name, date: today(), ...before, ...facts(context.seed), result });
    writeReport();
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 16);
}

function facts(seed: number): { node: string; args: readonly string[]; seed: number } {
  return { node: process.version, args: process.argv.slice(2), seed };
}

function print(tables: readonly Table[], goals: readonly Goal[], skipped: readonly string[]): void {
  for (const { title, columns, rows } of tables) {
    process.stdout.write(`\n${title}\n`);
    const lines = [columns, ...rows];
    const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
    for (const line of lines) {
      const cells = line.map((cell, at) => cell.padStart(widths[at] ?? 0));
      process.stdout.write(`  ${cells.join('  ')}\n`);
    }
  }
  process.stdout.write('\n');
  for (const { what, goal, measured, holds } of goals) {
    const mark = holds === undefined ? '?' : holds ? '✓' : '✗';
    process.stdout.write(`  ${mark} ${what}: ${measured} (goal ${goal})\n`);
  }
  for (const line of skipped) process.stdout.write(`  note: ${line}\n`);
}

await main();
