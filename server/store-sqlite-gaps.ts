/**
 * The unused bytes of b-tree pages. SQLite's secure_delete empties what is deleted, but when it
 * divides a page between two it leaves copies of what moved in the gap of the first: texts that
 * nobody can find any more, and anybody can read in the file (decision 0012).
 */

import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/** Read at once: a step has to be short, since it keeps the writer waiting. */
const STEP_BYTES = 8 * 1024 * 1024;

/** The file's own header lies before the one of its first page. */
const FILE_HEADER_BYTES = 100;

const ZEROS = Buffer.alloc(65_536);

/** Leaves and interior pages, of tables and of indexes. */
const PAGE_KINDS: ReadonlySet<number | undefined> = new Set([2, 5, 10, 13]);
const LEAF_KINDS: ReadonlySet<number | undefined> = new Set([10, 13]);

/**
 * Pages of other kinds begin with a page number; it must be too low for its first byte to be taken
 * for a kind. Larger files are left as they are.
 */
const PAGES_MAX = 2 ** 25 - 1;

/** Where the gap of a page begins and ends, or undefined when it is no b-tree page. */
export function gapOf(page: Buffer, isFirst: boolean): readonly [number, number] | undefined {
  const header = isFirst ? FILE_HEADER_BYTES : 0;
  const kind = page[header];
  if (!PAGE_KINDS.has(kind)) return undefined;
  const cells = page.readUInt16BE(header + 3);
  const start = header + (LEAF_KINDS.has(kind) ? 8 : 12) + 2 * cells;
  // 65536 does not fit into two bytes.
  const end = page.readUInt16BE(header + 5) || 65_536;
  return start < end && end <= page.length ? [start, end] : undefined;
}

/**
 * Empties gaps in a database file. The caller MUST hold SQLite's write lock and have an empty
 * write-ahead log: only then is every page in the file the newest, and no checkpoint writes to it.
 */
export class PageGaps {
  /** Kept open: closing it would drop the locks that SQLite has on the file in this process. */
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'r+');
  }

  /** Empties the gaps of some pages, from a byte on. Gives where to go on, if there is more. */
  step(from: number): number | undefined {
    const chunk = Buffer.allocUnsafe(STEP_BYTES);
    const length = readSync(this.#file, chunk, 0, STEP_BYTES, from);
    const size = this.#pageSize();
    if (from / size > PAGES_MAX) return undefined;
    let hasWritten = false;
    for (let at = 0; at + size <= length; at += size) {
      const gap = gapOf(chunk.subarray(at, at + size), from + at === 0);
      if (gap === undefined) continue;
      const [start, end] = [at + gap[0], at + gap[1]];
      if (chunk.compare(ZEROS, 0, end - start, start, end) === 0) continue;
      writeSync(this.#file, ZEROS, 0, end - start, from + start);
      hasWritten = true;
    }
    if (hasWritten) fsyncSync(this.#file);
    return length < STEP_BYTES ? undefined : from + STEP_BYTES;
  }

  /** Only when SQLite has closed the file, too. */
  close(): void {
    closeSync(this.#file);
  }

  #pageSize(): number {
    const header = Buffer.alloc(FILE_HEADER_BYTES);
    readSync(this.#file, header, 0, FILE_HEADER_BYTES, 0);
    const size = header.readUInt16BE(16);
    return size === 1 ? 65_536 : size;
  }
}
