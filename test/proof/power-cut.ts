/**
 * Power cuts for the SQLite store: a process writes under strace, and from what it wrote and synced
 * the disk is built as it may be after a cut at any moment. Where there is no strace, its files are
 * copied while it is stopped: then all that was written is there, synced or not. Each is opened as
 * a server would open it, and must hold every entry that had been said to be durable.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Dice } from './dice.ts';
import { copyCuts } from './copy-cuts.ts';
import { Disk } from './disk.ts';
import { lossIn, writerArgs } from './sqlite-loss.ts';
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
  readonly how: 'trace' | 'copy';
  readonly cuts: number;
  /** Entries that were said to be durable, summed over all cuts. */
  readonly checked: number;
  readonly losses: readonly string[];
}

/** Writes, cuts, and tells what was lost. */
export async function cutPower(options: PowerCutOptions): Promise<PowerCutResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mini-chat-power-'));
  try {
    const trace = join(folder, 'trace');
    const data = join(folder, 'data');
    if (await traceWriter(data, trace, options)) return await new Cuts(options, folder).over(trace);
    return await copyCuts(options, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function traceWriter(
  data: string,
  trace: string,
  { dice, batches }: PowerCutOptions,
): Promise<boolean> {
  const program = [process.execPath, ...writerArgs(data, dice.seed(), batches)];
  const args = [...STRACE_FLAGS, '-o', trace, ...program];
  const child = spawn('strace', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    await once(child, 'spawn');
  } catch {
    // Nothing is lost but this way to cut: the machine has no strace.
    return false;
  }
  const [code] = (await once(child, 'exit')) as [number | null];
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
    return { how: 'trace', cuts: this.#cuts, checked: this.#checked, losses: this.#losses };
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
