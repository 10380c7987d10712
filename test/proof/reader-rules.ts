/** What each reader took, step by step: contiguous or reset, equal to the log, at the head. */

import type { Report } from './checker.ts';
import { isEmptied } from './deletions.ts';
import type { Fold } from './fold-rules.ts';
import type { Observation, Seen } from './history.ts';
import { isSame, nameOf } from './log-rules.ts';
import type { RunIndex } from './run-index.ts';

/** Further behind than this, a server may drop a reader's place instead of resuming it. */
const BEHIND_MAX = 1000;

/** One reader in one room. `last` is undefined before the first entry of a page. */
interface Reader {
  last: number | undefined;
  /** The page it was promised ends here. */
  head: number;
}

type Taken = Extract<Observation, { what: 'apply' }>;
type Page = Extract<Observation, { what: 'page' }>;
type Rest = Extract<Observation, { what: 'rest' }>;
type Reset = Extract<Observation, { what: 'reset' }>;

/**
 * Rules gap, repeat, false-reset, behind, view, epoch, emptied. Returns how many readers there
 * were.
 */
export function checkReaders(
  index: RunIndex,
  folds: ReadonlyMap<string, Fold>,
  report: Report,
): number {
  const walk = new ReaderWalk(index, folds, report);
  index.history.observations.forEach((seen, place) => walk.step(seen, place));
  return walk.count;
}

class ReaderWalk {
  readonly #index: RunIndex;
  readonly #folds: ReadonlyMap<string, Fold>;
  readonly #report: Report;
  readonly #readers = new Map<string, Reader>();
  readonly #epochs = new Map<string, string>();

  constructor(index: RunIndex, folds: ReadonlyMap<string, Fold>, report: Report) {
    this.#index = index;
    this.#folds = folds;
    this.#report = report;
    for (const log of index.logs.values()) this.#epochs.set(log.room, log.epoch);
  }

  get count(): number {
    return this.#readers.size;
  }

  step(seen: Observation, place: number): void {
    switch (seen.what) {
      case 'begin':
        this.#epoch(seen.room, seen.epoch, place);
        return this.#start(seen);
      case 'resume':
        return this.#epoch(seen.room, seen.epoch, place);
      case 'reset':
        this.#epoch(seen.room, seen.epoch, place);
        return this.#reset(seen);
      case 'page':
        return this.#page(seen, place);
      case 'apply':
        return this.#apply(seen, place);
      case 'rest':
        return this.#rest(seen);
      default:
    }
  }

  #start(seen: { readonly reader: string; readonly room: string; readonly head: number }): void {
    const reader = this.#reader(seen);
    reader.last = undefined;
    reader.head = seen.head;
  }

  /** The page is as of its head, so what it shows of a line may not be newer either. */
  #page(seen: Page, place: number): void {
    const reader = this.#reader(seen);
    reader.last = reader.head;
    if (!this.#index.isExcused(seen.room, place)) this.#view(seen, reader.head);
  }

  #apply(seen: Taken, place: number): void {
    const { room, entry } = seen;
    const reader = this.#reader(seen);
    const { last, head } = reader;
    const said = `${seen.reader} took ${nameOf(entry)} after ${last ?? `a page up to ${head}`}`;
    // A page ends at its head, so it starts at or before it; in an empty room, 1 comes next.
    const next = last === undefined ? Math.max(head, 1) : last + 1;
    if (entry.seq > next) this.#report('gap', room, said);
    if (last !== undefined && entry.seq <= last) this.#report('repeat', room, said);
    reader.last = entry.seq;
    if (this.#index.isExcused(room, place)) return;
    if (entry.seq < (this.#index.logs.get(room)?.floor ?? 1)) return;
    const stored = this.#index.entries.get(room)?.get(entry.seq);
    if (isEmptied(entry) && this.#index.deletionOf(room, entry) === undefined) {
      this.#report('emptied', room, said);
    } else if (stored === undefined || !this.#isTaken(room, entry, stored)) {
      const other = stored === undefined ? 'nothing' : nameOf(stored);
      this.#report('disagree', room, `${said}; the log has ${other} there`);
    }
  }

  /** The entry as it is stored; of one whose text was deleted, as before that or since. */
  #isTaken(room: string, entry: Seen, stored: Seen): boolean {
    if (isSame(stored, entry)) return true;
    if (this.#index.deletionOf(room, stored) === undefined) return false;
    const isOtherwise = !isSame({ ...stored, text: entry.text }, entry);
    return !isOtherwise && this.#index.isAsSent(room, entry, !isEmptied(entry));
  }

  #reset(seen: Reset): void {
    const { room, reason } = seen;
    const last = this.#reader(seen).last ?? 0;
    const isRight =
      reason === 'below_floor' ||
      (reason === 'too_far_behind' && seen.head - last > BEHIND_MAX) ||
      this.#index.renewals.has(room);
    if (!isRight) this.#report('false-reset', room, `${seen.reader} at ${last}: ${reason}`);
    this.#start(seen);
  }

  #rest(seen: Rest): void {
    const { room, reader } = seen;
    const log = this.#index.logs.get(room);
    if (log === undefined) return;
    const last = this.#readers.get(`${reader} ${room}`)?.last ?? 0;
    if (last !== log.head) this.#report('behind', room, `${reader} is at ${last} of ${log.head}`);
    this.#view(seen, last);
  }

  /** The rows are the log's lines without a hole, up to the last one, each as the log has it. */
  #view({ room, reader, view }: Rest | Page, asOf: number): void {
    const fold = this.#folds.get(room);
    if (fold === undefined) return;
    const { lines, placeOf } = fold;
    const newest = lines.findLastIndex(({ seq }) => seq <= asOf);
    const first = view[0] === undefined ? newest + 1 : (placeOf.get(view[0].seq) ?? -1);
    if (first + view.length - 1 !== newest) {
      this.#report('view', room, `${reader} shows ${view.length} rows from ${first} to ${newest}`);
    }
    for (const [place, row] of view.entries()) {
      const line = lines[first + place];
      if (line !== undefined && this.#isGoneSoon(room, row, asOf)) continue;
      if (line === undefined || !isShownAs(row, line, fold.showsAt(line.seq, asOf))) {
        this.#report('view', room, `${reader} shows ${nameOf(row)} otherwise than the log does`);
      }
    }
    if (view.length === 0 && newest >= 0) this.#report('view', room, `${reader} shows nothing`);
  }

  /** A page may be without a text already whose deletion its reader is told next. */
  #isGoneSoon(room: string, row: Seen, asOf: number): boolean {
    const stored = this.#index.entries.get(room)?.get(row.seq);
    const deletion = this.#index.deletionOf(room, row) ?? 0;
    return stored !== undefined && row.text === '' && deletion > asOf && isSame(stored, row);
  }

  #epoch(room: string, epoch: string, place: number): void {
    if (this.#index.isExcused(room, place)) return;
    const known = this.#epochs.get(room);
    if (known === undefined) this.#epochs.set(room, epoch);
    else if (known !== epoch) this.#report('epoch', room, `${epoch} in place of ${known}`);
  }

  #reader(seen: { readonly reader: string; readonly room: string }): Reader {
    const key = `${seen.reader} ${seen.room}`;
    const known = this.#readers.get(key);
    if (known !== undefined) return known;
    const reader: Reader = { last: undefined, head: 0 };
    this.#readers.set(key, reader);
    return reader;
  }
}

/** The same line, showing what the log makes of it; a bare entry shows its text. */
function isShownAs(row: Seen, line: Seen, shows: string | undefined): boolean {
  if (row.shows === undefined) return isSame(line, row);
  return isSame(line, { ...row, text: line.text }) && row.shows === shows;
}
