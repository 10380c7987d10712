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
  /** What has to be flushed, once each: who waited longest is first. */
  #sinks: Sink[] = [];
  /** How many sinks have ever been there to be flushed, and how many of them were. */
  #dueCount = 0;
  #flushedCount = 0;
  /** By source: the count of sinks that are due before all that it handed out is written. */
  readonly #due = new WeakMap<Source, number>();
  #waiting: { readonly source: Source; readonly resolve: () => void }[] = [];
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
   * Resolves at the end of a turn, once no more than a slice is left of what the source had to hand
   * out, and before it is written: what its first readers answered is read by then, and the last
   * ones are written to while their next entries become durable.
   */
  almostWritten(source: Source): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ source, resolve });
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
      if (this.#isUnwritten(one.source)) this.#waiting.push(one);
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
      source.deliver();
      this.#due.set(source, this.#dueCount);
    }
    const replies = this.#replies;
    this.#replies = [];
    for (const [sink, frame] of replies) this.#queue(sink, frame);
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
    const due = this.#due.get(source) ?? 0;
    const isDue = this.#sources.has(source) && source.memberCount > this.#sliceMax;
    return isDue || due - this.#flushedCount > this.#sliceMax;
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
