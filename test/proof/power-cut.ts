/**
 * Power cuts for the SQLite store: a process writes under strace, and from what it wrote and synced
 * the disk is built as it may be after a cut at any moment. Each is opened as a server would open
 * it, and must hold every entry that had been said to be durable.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import type { RoomKey } from '../../server/store.ts';
import { openSqliteStore } from '../../server/store-sqlite.ts';
import { sampleEntry } from '../support/log-samples.ts';
import type { Dice } from './dice.ts';
import { Disk } from './disk.ts';
import { STRACE_FLAGS, StraceReader, type SystemCall } from './system-calls.ts';

export interface PowerCutOptions {
  readonly dice: Dice;
  /** How many inserts are written; the cuts are spread over them. */
  readonly batches: number;
  readonly cuts: number;
  /** A disk that lies about syncs, to see that the check can fail. */
  readonly liesAboutSync?: boolean;
}

export interface PowerCutResult {
  readonly cuts: number;
  /** Entries that were said to be durable, summed over all cuts. */
  readonly checked: number;
  readonly losses: readonly string[];
}

/** Resolves with undefined where there is no strace. */
export async function cutPower(options: PowerCutOptions): Promise<PowerCutResult | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'mini-chat-power-'));
  try {
    const trace = join(folder, 'trace');
    const data = join(folder, 'data');
    if (!(await traceWriter(data, trace, options))) return undefined;
    return await new Cuts(options, folder).over(trace);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function traceWriter(
  data: string,
  trace: string,
  { dice, batches }: PowerCutOptions,
): Promise<boolean> {
  const writer = join(import.meta.dirname, 'sqlite-writer.ts');
  const program = [process.execPath, '--conditions=source', writer, data, String(dice.seed())];
  const args = [...STRACE_FLAGS, '-o', trace, ...program, String(batches)];
  const child = spawn('strace', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    await once(child, 'spawn');
  } catch {
    // Nothing is lost but this proof: the machine has no strace, and the caller says so.
    return false;
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`strace, or the writer under it, ended with ${code}`);
  return true;
}

/** Walks over the trace, and cuts the power at random lines of it. */
class Cuts {
  readonly #options: PowerCutOptions;
  readonly #folder: string;
  readonly #disk = new Disk();
  readonly #durable = new Map<string, number>();
  readonly #losses: string[] = [];
  /** What each thread's sync will cover. */
  readonly #covered = new Map<string, number>();
  #isOpen = false;
  #cuts = 0;
  #checked = 0;

  constructor(options: PowerCutOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
  }

  async over(trace: string): Promise<PowerCutResult> {
    const { dice, cuts } = this.#options;
    const calls = await callsOf(trace);
    // When the writer closes, the last checkpoint has made the log one file: cut before that.
    const last = calls.findLastIndex(({ call }) => call === 'said');
    const chance = cuts / last;
    for (const call of calls.slice(0, last + 1)) {
      this.#take(call);
      if (this.#isOpen && dice.chance(chance)) await this.#cut();
    }
    return { cuts: this.#cuts, checked: this.#checked, losses: this.#losses };
  }

  #take(call: SystemCall): void {
    const disk = this.#disk;
    switch (call.call) {
      case 'write':
        return disk.write(call.path, call.offset, call.data);
      case 'truncate':
        return disk.truncate(call.path, call.size);
      case 'unlink':
        return disk.unlink(call.path);
      case 'sync start':
        return void this.#covered.set(call.thread, disk.pendingOf(call.path));
      case 'sync end':
        if (this.#isOpen && this.#options.liesAboutSync === true) return;
        return disk.sync(call.path, this.#covered.get(call.thread) ?? 0);
      case 'said':
        return this.#hear(call.text);
    }
  }

  #hear(text: string): void {
    const [word, room = '', head] = text.trim().split(' ');
    if (word === 'open') this.#isOpen = true;
    else this.#durable.set(room, Number(head));
  }

  async #cut(): Promise<void> {
    const { dice } = this.#options;
    const upTo = dice.between(0, this.#disk.pendingBytes);
    const mode = dice.pick([{ keeps: 0 }, { keeps: 0.5 }, { keeps: 0.9 }, { keeps: 1 }, { upTo }]);
    const dir = join(this.#folder, `cut-${this.#cuts}`);
    await mkdir(dir);
    for (const [path, content] of this.#disk.cut(dice, mode)) {
      // The shared-memory index is rebuilt by whoever opens the file first.
      if (/messages\.db(-wal|-journal)?$/.test(path)) {
        await writeFile(join(dir, basename(path)), content);
      }
    }
    this.#cuts += 1;
    const loss = await lossIn(dir, this.#durable);
    if (loss !== undefined)
      this.#losses.push(`cut ${this.#cuts}, ${JSON.stringify(mode)}: ${loss}`);
    for (const head of this.#durable.values()) this.#checked += head;
    await rm(dir, { recursive: true });
  }
}

async function callsOf(trace: string): Promise<readonly SystemCall[]> {
  const reader = new StraceReader();
  const calls: SystemCall[] = [];
  for await (const line of createInterface({ input: createReadStream(trace) })) {
    calls.push(...reader.read(line));
  }
  return calls;
}

/** Opens what is left as a server would, and says what is missing or wrong. */
async function lossIn(
  dir: string,
  durable: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  try {
    const store = await openSqliteStore({ dir });
    try {
      for (const [room, head] of durable) {
        const facts = await store.facts(room as RoomKey);
        if (facts.head < head) return `${room} ends at ${facts.head}, ${head} was durable`;
        const range = { after: 0, upTo: facts.head, limit: facts.head };
        const entries = await store.read(room as RoomKey, range);
        const wrong = entries.findIndex((entry, i) => !isSample(entry, i + 1));
        if (wrong !== -1) return `${room} has another entry at ${wrong + 1}`;
        if (entries.length !== facts.head) return `${room} has ${entries.length} entries`;
      }
    } finally {
      await store.close();
    }
    return integrityOf(join(dir, 'messages.db'));
  } catch (error) {
    return `it does not open: ${String(error)}`;
  }
}

function isSample(entry: unknown, seq: number): boolean {
  return JSON.stringify(entry) === JSON.stringify(sampleEntry(seq));
}

function integrityOf(file: string): string | undefined {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database.prepare('PRAGMA integrity_check').get();
    const words = String(row?.['integrity_check']);
    return words === 'ok' ? undefined : words;
  } finally {
    database.close();
  }
}
