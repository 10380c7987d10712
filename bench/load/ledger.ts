/**
 * Who has got what in one room. The first member to reach a place says what must stand there; every
 * other member must find the same there, byte for byte or entry for entry. So a lost, repeated or
 * reordered entry on any single connection is a fault, and a run with a fault has no figure.
 */

import type { HeardEntry } from './dialect.ts';

/** Members count their own places; the ledger compares them. */
export interface Reader {
  /** How many entries this member has got so far: the place of its next one. */
  next: number;
  /** Which of several servers it is connected to. */
  readonly group: number;
}

/** Called when every member has an entry, and its sender the ack. */
type OnDone = (n: number, now: number) => void;

/** Called for each entry on each connection; kept undefined when nobody needs it. */
type OnDelivery = (n: number, reader: Reader, now: number) => void;

/** What a message still lacks before it is done. */
interface Missing {
  place: boolean;
  everyone: boolean;
  ack: boolean;
}

/** Frames remembered at most. More are only needed when members are given different frames. */
const FRAMES_MAX = 4096;

interface KnownFrame {
  readonly bytes: Buffer;
  readonly count: number;
  /** Members that have had it; it is forgotten after the last one. */
  readers: number;
}

export class Ledger {
  onDone: OnDone | undefined;
  onDelivery: OnDelivery | undefined;
  /** Why there can be no figure; the first fault stays. */
  fault: string | undefined;
  readonly #members: number;
  readonly #acks: boolean;
  /** The number of the message at each place, and how many members have it. */
  readonly #numbers: number[] = [];
  readonly #readers: number[] = [];
  /** Frames as the first member got them, by the place of their first entry. */
  readonly #frames = new Map<number, KnownFrame>();
  readonly #missing = new Map<number, Missing>();
  #base: number | undefined;
  #sent = 0;
  #done = 0;
  #frameCount = 0;

  constructor(options: { readonly members: number; readonly acks: boolean }) {
    this.#members = options.members;
    this.#acks = options.acks;
  }

  /** Messages sent and not yet done. */
  get underWay(): number {
    return this.#sent - this.#done;
  }

  get sent(): number {
    return this.#sent;
  }

  get done(): number {
    return this.#done;
  }

  /** Entries that stand in the log as far as the foremost member has seen it. */
  get places(): number {
    return this.#numbers.length;
  }

  /** Frames with entries in them, on all connections: many entries in each is a large batch. */
  get frameCount(): number {
    return this.#frameCount;
  }

  /** A member came in after the entry with this seq; all members must come in at the same one. */
  enter(head: number): void {
    this.#base ??= head;
    if (this.#base !== head) this.#fail(`members came in at seq ${this.#base} and at ${head}`);
  }

  send(n: number): void {
    this.#sent += 1;
    this.#missing.set(n, { place: true, everyone: true, ack: this.#acks });
  }

  ack(n: number, now: number): void {
    const missing = this.#missing.get(n);
    if (missing === undefined || !missing.ack) return this.#fail(`message ${n} was acked twice`);
    missing.ack = false;
    if (!missing.everyone) this.#finish(n, now);
  }

  /** True when these are the bytes that must come next here; then they are counted. */
  frame(reader: Reader, at: FrameAt, now: number): boolean {
    const known = this.#frames.get(reader.next);
    if (known === undefined || known.bytes.length !== at.end - at.start) return false;
    if (known.bytes.compare(at.bytes, at.start, at.end) !== 0) return false;
    known.readers += 1;
    if (known.readers === this.#members) this.#frames.delete(reader.next);
    this.#frameCount += 1;
    this.#deliver(reader, known.count, now);
    return true;
  }

  /** Counts entries that had to be parsed; remembers their frame if other members may get it. */
  entries(
    reader: Reader,
    entries: readonly HeardEntry[],
    at: FrameAt | undefined,
    now: number,
  ): void {
    const first = reader.next;
    for (const [index, entry] of entries.entries()) this.#place(first + index, entry);
    if (this.fault !== undefined) return;
    this.#frameCount += 1;
    if (at !== undefined && !this.#frames.has(first)) {
      const bytes = Buffer.from(at.bytes.subarray(at.start, at.end));
      this.#frames.set(first, { bytes, count: entries.length, readers: 1 });
      if (this.#frames.size > FRAMES_MAX) this.#forgetOldest();
    }
    this.#deliver(reader, entries.length, now);
  }

  /** The fault of a finished run, if any: all that was sent must be everywhere, once. */
  verdict(readers: readonly Reader[]): string | undefined {
    if (this.fault !== undefined) return this.fault;
    if (this.underWay > 0) return `${this.underWay} of ${this.#sent} messages never arrived`;
    const uneven = readers.find(({ next }) => next !== this.#numbers.length);
    if (uneven === undefined) return undefined;
    return `one member has ${uneven.next} entries, another ${this.#numbers.length}`;
  }

  #place(place: number, { n, seq }: HeardEntry): void {
    if (seq !== undefined && seq !== (this.#base ?? 0) + place + 1) {
      return this.#fail(`seq ${seq} came where ${(this.#base ?? 0) + place + 1} was due`);
    }
    if (place < this.#numbers.length) {
      if (this.#numbers[place] === n) return;
      return this.#fail(`at place ${place} one member has ${this.#numbers[place]}, another ${n}`);
    }
    if (n >= 0) {
      const missing = this.#missing.get(n);
      if (missing?.place !== true) return this.#fail(`message ${n} is there twice or unasked`);
      missing.place = false;
    }
    this.#numbers.push(n);
    this.#readers.push(0);
  }

  #deliver(reader: Reader, count: number, now: number): void {
    for (let place = reader.next; place < reader.next + count; place += 1) {
      const readers = (this.#readers[place] ?? 0) + 1;
      const n = this.#numbers[place] ?? -1;
      this.#readers[place] = readers;
      if (this.onDelivery !== undefined && n >= 0) this.onDelivery(n, reader, now);
      if (readers === this.#members && n >= 0) this.#reachedAll(n, now);
    }
    reader.next += count;
  }

  #forgetOldest(): void {
    for (const place of this.#frames.keys()) {
      this.#frames.delete(place);
      return;
    }
  }

  #reachedAll(n: number, now: number): void {
    const missing = this.#missing.get(n);
    if (missing === undefined) return;
    missing.everyone = false;
    if (!missing.ack) this.#finish(n, now);
  }

  #finish(n: number, now: number): void {
    this.#missing.delete(n);
    this.#done += 1;
    this.onDone?.(n, now);
  }

  #fail(why: string): void {
    this.fault ??= why;
  }
}

/** Where a frame's payload lies in what was just read. */
interface FrameAt {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}
