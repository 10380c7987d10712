/**
 * Writing to many connections: each op encoded once, what one turn of the loop produced joined,
 * one write per connection. No timer: an idle room's message goes out at the end of the same turn,
 * a busy room's batch grows with the load by itself. Knows no users.
 */

import type { ServerOp } from 'mini-chat/protocol';

/** What can be written to; `Connection` in life. */
export interface Sink {
  /** True when nothing was queued before this frame: then `flush` has to be called. */
  queue(frame: Buffer): boolean;
  flush(): void;
}

/** What has entries to hand out at the end of a turn; `Room` in life. */
export interface Source {
  readonly memberCount: number;
  deliver(): void;
}

interface Waiting {
  readonly source: Source;
  readonly isEnough: () => boolean;
  readonly resolve: () => void;
}

const TEXT_FRAME = 0x81;

/**
 * Invariant: frames of one connection are written in the order in which they were queued. Entries
 * are queued at the end of the turn and replies to sends after them, so that an ack rides in the
 * same write, right behind its entry.
 */
export class FanOut {
  readonly #sliceMax: number;
  #sources = new Set<Source>();
  #replies: (readonly [Sink, Buffer])[] = [];
  /** What has to be flushed, once each: authors first, then who waited longest. */
  #sinks: Sink[] = [];
  /** How many sinks have ever been there to be flushed, and how many of them were. */
  #dueCount = 0;
  #flushedCount = 0;
  /** By source: the count of flushed sinks at which its next entries may come. */
  readonly #enough = new WeakMap<Source, number>();
  #waiting: Waiting[] = [];
  #turn: readonly NodeJS.Immediate[] | undefined;

  /** `sliceMax` connections are written to in one turn; the others in the next ones. */
  constructor(sliceMax: number) {
    this.#sliceMax = sliceMax;
  }

  /** Sends an op to one connection, with whatever else this turn has for it. */
  send(sink: Sink, op: ServerOp): void {
    this.queue(sink, encode(op));
  }

  /** As `send`, for a frame that was encoded already. */
  queue(sink: Sink, frame: Buffer): void {
    this.#queue(sink, frame);
    this.#schedule();
  }

  /** As `send`, but behind the entries that this turn delivers. */
  reply(sink: Sink, op: ServerOp): void {
    this.#replies.push([sink, encode(op)]);
    this.#schedule();
  }

  /** Calls `deliver` once at the end of this turn. */
  deliverLater(source: Source): void {
    this.#sources.add(source);
    this.#schedule();
  }

  /**
   * Resolves when it is time for a source's next entries, at the end of a turn: once the last ones
   * are written to all but two slices of its members, or before when `isEnough`. The others are
   * written to while the next entries become durable, and may get both in one write.
   */
  readyForMore(source: Source, isEnough: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ source, isEnough, resolve });
      this.#schedule();
    });
  }

  /** Writes everything there is now, in one go. For the end of a drain. */
  flush(): void {
    this.#gather();
    for (const sink of this.#take(this.#sinks.length)) sink.flush();
  }

  /** Forgets what is queued; nothing is written any more. */
  close(): void {
    for (const immediate of this.#turn ?? []) clearImmediate(immediate);
    this.#turn = undefined;
    this.#sources.clear();
    this.#replies = [];
    this.#take(this.#sinks.length);
    this.#wake();
  }

  /** Two callbacks, because Node keeps promises between them: who waits starts before the slice. */
  #schedule(): void {
    this.#turn ??= [setImmediate(() => this.#wake()), setImmediate(() => this.#write())];
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      if (this.#isUnwritten(one.source) && !one.isEnough()) this.#waiting.push(one);
      else one.resolve();
    }
  }

  #write(): void {
    this.#turn = undefined;
    this.#gather();
    this.#writeSlice();
  }

  #gather(): void {
    const sources = this.#sources;
    this.#sources = new Set();
    for (const source of sources) {
      const from = this.#dueCount;
      source.deliver();
      this.#enough.set(source, this.#enoughOf(from, this.#dueCount));
    }
    const replies = this.#replies;
    this.#replies = [];
    for (const [sink, frame] of replies) this.#queue(sink, frame);
    const isSliced = this.#sinks.length > this.#sliceMax;
    if (isSliced && replies.length > 0) this.#putFirst(new Set(replies.map(([to]) => to)));
  }

  /**
   * Authors go on once they are answered: what they say next is then here for the next batch. They
   * are few beside those who read, whom it makes wait for no more than their number of writes.
   */
  #putFirst(authors: ReadonlySet<Sink>): void {
    const first = this.#sinks.filter((sink) => authors.has(sink));
    this.#sinks = [...first, ...this.#sinks.filter((sink) => !authors.has(sink))];
  }

  #writeSlice(): void {
    const slice = this.#take(this.#sliceMax);
    if (this.#sinks.length > 0 || this.#waiting.length > 0) this.#schedule();
    for (const sink of slice) sink.flush();
  }

  #queue(sink: Sink, frame: Buffer): void {
    if (!sink.queue(frame)) return;
    this.#sinks.push(sink);
    this.#dueCount += 1;
  }

  #take(count: number): readonly Sink[] {
    const taken = this.#sinks.slice(0, count);
    this.#sinks = this.#sinks.slice(count);
    this.#flushedCount += taken.length;
    return taken;
  }

  #isUnwritten(source: Source): boolean {
    const isDue = this.#sources.has(source) && source.memberCount > this.#sliceMax;
    return isDue || this.#flushedCount < (this.#enough.get(source) ?? 0);
  }

  /** Of what became due from one count to another: the first slice, and all but the last two. */
  #enoughOf(from: number, to: number): number {
    const slice = this.#sliceMax;
    return Math.max(to - 2 * slice, Math.min(from + slice, to - slice));
  }
}

/** An op as the bytes of one whole, unmasked text frame (RFC 6455, section 5.2). */
export function encode(op: ServerOp): Buffer {
  const text = JSON.stringify(op);
  const length = Buffer.byteLength(text);
  const headBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headBytes + length);
  frame[0] = TEXT_FRAME;
  if (headBytes === 2) frame[1] = length;
  else if (headBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headBytes, 'utf8');
  return frame;
}
