/**
 * A disk as a power cut leaves it: what was synced is there; of what was written after the last
 * sync, any sectors may be there and others not, in whatever order they were written.
 */

import type { Dice } from './dice.ts';

/** The unit that a disk writes whole. */
const SECTOR = 512;

type Pending = { readonly offset: number; readonly data: Buffer } | { readonly size: number };

interface File {
  synced: Buffer;
  pending: Pending[];
}

/** How a cut treats what was not synced: each sector by chance, or all up to some byte. */
export type CutMode = { readonly keeps: number } | { readonly upTo: number };

export class Disk {
  readonly #files = new Map<string, File>();

  write(path: string, offset: number, data: Buffer): void {
    this.#file(path).pending.push({ offset, data });
  }

  truncate(path: string, size: number): void {
    this.#file(path).pending.push({ size });
  }

  unlink(path: string): void {
    this.#files.delete(path);
  }

  /** How much of a file is not synced yet, in writes: what a sync that starts now will cover. */
  pendingOf(path: string): number {
    return this.#file(path).pending.length;
  }

  /** A sync that has ended; it covers the first `count` of what was pending. */
  sync(path: string, count: number): void {
    const file = this.#file(path);
    for (const one of file.pending.splice(0, count)) file.synced = applied(file.synced, one);
  }

  /** What each file is after a power cut now. */
  cut(dice: Dice, mode: CutMode): ReadonlyMap<string, Buffer> {
    const left = new Map<string, Buffer>();
    for (const [path, { synced, pending }] of this.#files) {
      const kept = 'upTo' in mode ? prefixOf(pending, mode.upTo) : sectorsOf(pending, dice, mode);
      // One copy per file: applying many writes to the end must not copy it each time.
      left.set(path, kept.reduce(applied, Buffer.from(synced)));
    }
    return left;
  }

  /** Bytes that are written and not synced, in all files. */
  get pendingBytes(): number {
    let bytes = 0;
    for (const { pending } of this.#files.values()) {
      for (const one of pending) bytes += 'data' in one ? one.data.length : 0;
    }
    return bytes;
  }

  #file(path: string): File {
    let file = this.#files.get(path);
    if (file === undefined) {
      file = { synced: Buffer.alloc(0), pending: [] };
      this.#files.set(path, file);
    }
    return file;
  }
}

function applied(content: Buffer, pending: Pending): Buffer {
  if ('size' in pending) {
    if (pending.size <= content.length) return content.subarray(0, pending.size);
    return Buffer.concat([content, Buffer.alloc(pending.size - content.length)]);
  }
  const end = pending.offset + pending.data.length;
  const grown = end > content.length ? grow(content, end) : content;
  pending.data.copy(grown, pending.offset);
  return grown;
}

/** Ahead of need: a log grows by thousands of small writes. */
function grow(content: Buffer, size: number): Buffer {
  if (content.byteOffset === 0 && size <= content.buffer.byteLength) {
    return Buffer.from(content.buffer, 0, size);
  }
  const room = Buffer.from(new ArrayBuffer(Math.max(2 * content.length, size, 1 << 16)));
  content.copy(room);
  return room.subarray(0, size);
}

function sectorsOf(
  pending: readonly Pending[],
  dice: Dice,
  { keeps }: { readonly keeps: number },
): readonly Pending[] {
  return pending.flatMap((one) => {
    if ('size' in one) return dice.chance(keeps) ? [one] : [];
    return splitOf(one).filter(() => dice.chance(keeps));
  });
}

function splitOf({
  offset,
  data,
}: Extract<Pending, { readonly data: Buffer }>): readonly Pending[] {
  const sectors: Pending[] = [];
  for (let from = 0; from < data.length;) {
    const to = Math.min(data.length, from + SECTOR - ((offset + from) % SECTOR));
    sectors.push({ offset: offset + from, data: data.subarray(from, to) });
    from = to;
  }
  return sectors;
}

function prefixOf(pending: readonly Pending[], upTo: number): readonly Pending[] {
  const kept: Pending[] = [];
  let left = upTo;
  for (const one of pending) {
    if (left <= 0) break;
    if ('size' in one) kept.push(one);
    else kept.push({ offset: one.offset, data: one.data.subarray(0, left) });
    left -= 'data' in one ? one.data.length : 0;
  }
  return kept;
}
