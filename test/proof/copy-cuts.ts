/** Power cuts without strace: the writer is stopped at random instants, and its files copied. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { PowerCutOptions, PowerCutResult } from './power-cut.ts';
import { lossIn, writerArgs } from './sqlite-loss.ts';

/** A process that was told to stop may still be in the middle of a call. */
const STOP_MS = 20;

/** Cuts until there are enough. */
export async function copyCuts(
  { dice, cuts }: PowerCutOptions,
  folder: string,
): Promise<PowerCutResult> {
  const data = join(folder, 'data');
  const losses: string[] = [];
  const durable = new Map<string, number>();
  let checked = 0;
  const args = writerArgs(data, dice.seed(), 0);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const opened = once(lines, 'line');
  lines.on('line', (line) => {
    const [word, room = '', head] = line.split(' ');
    if (word === 'durable') durable.set(room, Number(head));
  });
  try {
    await opened;
    for (let cut = 1; cut <= cuts; cut += 1) {
      await wait(dice.between(5, 60));
      child.kill('SIGSTOP');
      await wait(STOP_MS);
      const told = new Map(durable);
      const dir = join(folder, `cut-${cut}`);
      await copyStore(data, dir);
      const loss = await lossIn(dir, told);
      if (loss !== undefined) losses.push(`cut ${cut}, a copy: ${loss}`);
      for (const head of told.values()) checked += head;
      await rm(dir, { recursive: true });
      child.kill('SIGCONT');
    }
    return { how: 'copy', cuts, checked, losses };
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

/** Without the shared-memory index, which is rebuilt by whoever opens the file first. */
async function copyStore(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const file of await readdir(from)) {
    if (!/^messages\.db(-wal|-journal)?$/.test(file)) continue;
    await copyFile(join(from, file), join(to, file));
  }
}
