/** The table of a proof, for docs/GUARANTEES.md. */

import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { pageFaults } from './browser-faults.ts';
import { faultKinds } from './faults.ts';
import type { Explored } from './model/explore.ts';
import type { PowerCutResult } from './power-cut.ts';
import type { StormResult } from './storm.ts';
import type { Tally } from './tally.ts';

export interface Proof {
  readonly seed: number;
  readonly minutes: number;
  readonly tallies: readonly Tally[];
  readonly model: Explored;
  /** Undefined when SQLite was not tried. */
  readonly powerCuts: PowerCutResult | undefined;
  /** As above. */
  readonly storm: StormResult | undefined;
}

const FILE = join(import.meta.dirname, '../../docs/GUARANTEES.md');
const [BEGIN, END] = ['<!-- begin proof -->', '<!-- end proof -->'];

/** The proof as a reader of the documents sees it. */
export function renderProof(proof: Proof): string {
  const { tallies, model, powerCuts, storm } = proof;
  return [
    machineLine(proof),
    '',
    table(['', ...tallies.map(({ store }) => storeWords(store))], summaryRows(tallies)),
    '',
    `The model: ${count(model.schedules)} schedules, ${count(model.acked)} acknowledged drafts, ` +
      `${count(model.faults)} faults, ${count(model.failures.length)} schedules that broke a promise.`,
    powerCutLine(powerCuts),
    '',
    stormLine(storm),
    '',
    table(['Faults by kind', ...tallies.map(({ store }) => store)], faultRows(tallies)),
  ].join('\n');
}

/** Writes the table between its marks. Rejects when they are not there. */
export async function writeProof(text: string): Promise<void> {
  const document = await readFile(FILE, 'utf8');
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`docs/GUARANTEES.md has no "${BEGIN}" … "${END}"`);
  const head = document.slice(0, from + BEGIN.length);
  await writeFile(FILE, `${head}\n\n${text}\n\n${document.slice(to)}`);
}

function machineLine({ seed, minutes }: Proof): string {
  const date = new Date().toISOString().slice(0, 10);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return (
    `${date}, ${minutes} minutes, seed ${seed}, commit ${commit()}, Node ${process.version}, ` +
    `${cpus().length} × ${model}, ${memory} GB. Made by \`npm run prove -- --minutes ${minutes}\`.`
  );
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { stdio: 'pipe' })
      .toString()
      .trim();
  } catch {
    // A packed copy has no history to name.
    return 'unknown';
  }
}

function storeWords(store: string): string {
  if (store === 'Pages') return 'Real pages, SQLite';
  return store === 'SQLite' ? 'SQLite, one server' : `${store}, two servers`;
}

function summaryRows(tallies: readonly Tally[]): readonly (readonly string[])[] {
  const row = (name: string, of: (tally: Tally) => string): readonly string[] => [
    name,
    ...tallies.map(of),
  ];
  const harm = (name: string, which: Parameters<Tally['harm']>[0]): readonly string[] =>
    row(name, (tally) => `**${count(tally.harm(which))}**`);
  return [
    row('Acknowledged messages', (tally) => count(tally.figure('acked'))),
    row('Faults', (tally) => count(tally.figure('faults'))),
    harm('Lost', 'lost'),
    harm('Doubled', 'doubled'),
    harm('Reordered', 'reordered'),
    harm('Silent gaps', 'gaps'),
    harm('Other breaches', 'other'),
    row('Deleted messages, their texts looked for', (tally) => count(tally.figure('deleted'))),
    row('Messages read by clients', (tally) => count(tally.figure('applied'))),
    row('Readers that came back', (tally) => count(tally.figure('resumes'))),
    row('Resets', (tally) => count(tally.figure('resets'))),
    row('Rounds', (tally) => count(tally.rounds)),
    row('Of them, of a recorded conversation', (tally) => count(tally.conversations)),
    row('Live again after `kill -9`, half of the clients', (tally) => ms(tally.liveAgain(0.5))),
    row('Live again after `kill -9`, 95 % of the clients', (tally) => ms(tally.liveAgain(0.95))),
  ];
}

function faultRows(tallies: readonly Tally[]): readonly (readonly string[])[] {
  return [...Object.keys(faultKinds), ...Object.keys(pageFaults)].map((name) => [
    name,
    ...tallies.map(({ faults }) => count(faults.get(name) ?? 0)),
  ]);
}

function powerCutLine(result: PowerCutResult | undefined): string {
  if (result === undefined) return 'Power cuts were not tried.';
  const { how, cuts, checked, losses } = result;
  const words = how === 'trace' ? 'any part of what was not synced gone' : 'copies of its files';
  return (
    `Power cuts of SQLite (${words}): ${count(cuts)}, with ${count(checked)} durable entries looked for ` +
    `afterwards and ${count(losses.length)} cuts that lost any.`
  );
}

function stormLine(result: StormResult | undefined): string {
  if (result === undefined) return 'A reconnect storm was not tried.';
  const { clients, rooms, behind, heapMb, liveAgainMs, downMs, peakMb, wrong } = result;
  const at = (share: number): string => ms(liveAgainMs[Math.floor(share * (clients - 1))]);
  const memory = peakMb === undefined ? '' : `, ${count(peakMb)} MB of memory at most`;
  return (
    `A reconnect storm after \`kill -9\` (SQLite, ${count(clients)} clients in ${count(rooms)} rooms, ` +
    `each ${count(behind)} messages behind, a heap limit of ${count(heapMb)} MB): half of them live ` +
    `after ${at(0.5)}, 95 % after ${at(0.95)}, all after ${at(1)}, the server itself being away for ` +
    `${ms(downMs)} of that; ${count(wrong.length)} with a gap or a reset${memory}. The clients run on ` +
    'the same machine; admission is by their jitter alone.'
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows];
  const widths = head.map((_, at) => Math.max(3, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

const count = (value: number): string => value.toLocaleString('en').replaceAll(',', ' ');

const ms = (value: number | undefined): string =>
  value === undefined ? 'not measured' : `${(value / 1000).toFixed(2)} s`;
