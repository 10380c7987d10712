/**
 * The newest entries of one room, in memory: what most resumes and resends ask for. Knows no store;
 * holds only what was released, so everything in it is durable.
 */

import type { Entry, Seq } from 'mini-chat/protocol';
import { draftKey } from './draft.ts';

/** Enough for a page and for a reconnect after a short outage; about 100 KB in a busy room. */
const TAIL_MAX = 256;

/** Invariant: the entries held are consecutive and end at the room's released head. */
export class RoomTail {
  #entries: Entry[] = [];
  readonly #byKey = new Map<string, Entry>();

  /** Adds released entries; the oldest beyond the maximum are dropped. */
  push(entries: readonly Entry[]): void {
    for (const entry of entries) this.#add(entry);
    const surplus = this.#entries.length - TAIL_MAX;
    // Trimming in whole blocks keeps the copy of the array off the path of every entry.
    if (surplus >= TAIL_MAX) this.#drop(surplus);
  }

  /** The entries with `after < seq ≤ upTo`, at most `limit`; undefined when it holds too few. */
  read(range: { after: Seq; upTo: Seq; limit: number }): readonly Entry[] | undefined {
    const first = this.#entries[0];
    if (first === undefined || first.seq > range.after + 1) return undefined;
    const start = range.after + 1 - first.seq;
    const end = Math.min(range.upTo + 1 - first.seq, start + range.limit);
    return this.#entries.slice(start, Math.max(start, end));
  }

  /** The entry of a draft that was stored a short while ago. */
  find(key: string): Entry | undefined {
    return this.#byKey.get(key);
  }

  /** Forgets what is kept no more: everything below a seq. */
  trim(floor: Seq): void {
    const first = this.#entries[0];
    if (first !== undefined && first.seq < floor) this.#drop(floor - first.seq);
  }

  #add(entry: Entry): void {
    // It scrubs what stands above it in the store, so the copies in here are no longer what a read
    // of the store would say.
    if (entry.kind === 'delete') this.#drop(this.#entries.length);
    this.#entries.push(entry);
    this.#byKey.set(draftKey(entry.user.id, entry.cid), entry);
  }

  #drop(count: number): void {
    for (const entry of this.#entries.splice(0, count)) {
      this.#byKey.delete(draftKey(entry.user.id, entry.cid));
    }
  }
}
