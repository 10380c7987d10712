/** One direction of one connection through a fault proxy: bytes wait here for their time. */

import type { Socket } from 'node:net';
import type { Dice } from './dice.ts';
import type { Conditions } from './fault-proxy.ts';

/** Beyond this the sender is made to wait, as a full network would. */
const QUEUED_BYTES_MAX = 1 << 20;

export interface LaneOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly dice: Dice;
  readonly conditions: () => Conditions;
  readonly isHeld: () => boolean;
  /** The lane's bytes are used up: both ends are to be reset. */
  readonly onCut: () => void;
}

interface Piece {
  readonly bytes: Buffer;
  /** Not before this time, by `performance.now()`. */
  readonly at: number;
}

export class Lane {
  readonly #options: LaneOptions;
  #queue: Piece[] = [];
  #queuedBytes = 0;
  /** How many bytes may still pass before it is cut. */
  #left = Infinity;
  #onLost: (() => void) | undefined;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #isEnded = false;
  #isClosed = false;

  constructor(options: LaneOptions) {
    this.#options = options;
    const { from, to } = options;
    from.on('data', (bytes) => this.#take(bytes));
    from.once('end', () => {
      this.#isEnded = true;
      this.#pass();
    });
    to.on('drain', () => this.#pass());
  }

  /** The network is another one now. */
  changed(): void {
    this.#pass();
  }

  /** Lets so many more bytes pass, and then cuts. */
  cutAfter(bytes: number): void {
    this.#left = Math.min(this.#left, bytes);
    if (this.#left === 0) this.#options.onCut();
  }

  /** Lets nothing more pass, and cuts when the next byte comes. */
  cutBefore(onLost: () => void): void {
    this.#left = 0;
    this.#onLost = onLost;
  }

  /** Forgets what waits. */
  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
    this.#queue = [];
  }

  #take(bytes: Buffer): void {
    if (this.#isClosed) return;
    const { from, dice, conditions } = this.#options;
    const { latencyMs, jitterMs } = conditions();
    const lateMs = latencyMs + (jitterMs > 0 ? dice.between(0, jitterMs) : 0);
    this.#queue.push({ bytes, at: performance.now() + lateMs });
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > QUEUED_BYTES_MAX) from.pause();
    this.#pass();
  }

  /** Passes on what may pass now, and comes back when more may. */
  #pass(): void {
    const { to, isHeld, onCut } = this.#options;
    if (this.#timer !== undefined || this.#isClosed || isHeld()) return;
    const piece = this.#queue[0];
    if (piece === undefined) {
      if (this.#isEnded && to.writable) to.end();
      return;
    }
    const waitMs = piece.at - performance.now();
    if (waitMs > 0) return this.#comeBack(waitMs);
    if (to.writableNeedDrain) return;
    const bytes = this.#shift(piece);
    if (bytes.length > 0 && to.writable) to.write(bytes);
    this.#left -= bytes.length;
    if (this.#left <= 0) {
      this.#onLost?.();
      return onCut();
    }
    this.#comeBack(0);
  }

  /** Takes from the queue what goes out in this turn. */
  #shift(piece: Piece): Buffer {
    const { from, conditions } = this.#options;
    const { sliceBytes } = conditions();
    const most = Math.min(this.#left, sliceBytes > 0 ? sliceBytes : Infinity);
    const bytes = piece.bytes.subarray(0, Math.min(most, piece.bytes.length));
    const rest = piece.bytes.subarray(bytes.length);
    // What is late was late as a whole: the rest of it does not start to wait again.
    if (rest.length > 0) this.#queue[0] = { bytes: rest, at: piece.at };
    else this.#queue.shift();
    this.#queuedBytes -= bytes.length;
    if (this.#queuedBytes <= QUEUED_BYTES_MAX && from.isPaused()) from.resume();
    return bytes;
  }

  #comeBack(ms: number): void {
    const run = (): void => {
      this.#timer = undefined;
      this.#pass();
    };
    this.#timer = ms > 0 ? setTimeout(run, Math.ceil(ms)) : setImmediate(run);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
  }
}
