/**
 * Several nodes write to one room: each numbers on top of the newest entry it knows, and one of two
 * rivals wins. Arithmetic does not say what that costs, because a loser's queue grows meanwhile and
 * makes its next batch larger; so the rules of server/room-log.ts are played through here, with
 * times instead of a database.
 */

import { Histogram, seeded } from '../stats.ts';
import { Timeline } from './timeline.ts';

export interface Contention {
  readonly nodes: number;
  /** Messages a second in the room, spread evenly over the nodes. */
  readonly rate: number;
  /** A majority write, there and back; a read of what others wrote; news of it by the stream. */
  readonly insertMs: number;
  readonly readMs: number;
  readonly hintMs: number;
  /** A loser waits a random time up to this before it tries again. */
  readonly jitterMs: number;
  readonly seconds: number;
  readonly seed: number;
}

export interface ContentionResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Inserts for each batch that was stored. */
  readonly tries: number;
}

const BATCH_MAX = 256;

interface Node {
  /** The newest seq it knows to be stored. */
  head: number;
  readonly queue: number[];
  isWriting: boolean;
}

export function simulateContention(options: Contention): ContentionResult {
  return new Room(options).play();
}

class Room {
  readonly #options: Contention;
  readonly #time = new Timeline();
  readonly #random: () => number;
  readonly #waits = new Histogram();
  readonly #nodes: readonly Node[];
  #head = 0;
  #inserts = 0;
  #batches = 0;

  constructor(options: Contention) {
    this.#options = options;
    this.#random = seeded(options.seed);
    this.#nodes = Array.from({ length: options.nodes }, () => {
      return { head: 0, queue: [], isWriting: false };
    });
  }

  play(): ContentionResult {
    const { seconds } = this.#options;
    for (const node of this.#nodes) {
      this.#time.after(this.#random() * 100, () => this.#arrive(node));
    }
    this.#time.run(seconds * 1000);
    return {
      perSecond: this.#waits.count / seconds,
      p50Ms: this.#waits.percentile(0.5) / 1000,
      p99Ms: this.#waits.percentile(0.99) / 1000,
      tries: this.#inserts / Math.max(1, this.#batches),
    };
  }

  /** Messages come independently of each other. */
  #arrive(node: Node): void {
    const { nodes, rate } = this.#options;
    node.queue.push(this.#time.now);
    this.#write(node);
    const ms = (-Math.log(1 - this.#random()) * 1000 * nodes) / rate;
    this.#time.after(ms, () => this.#arrive(node));
  }

  #write(node: Node): void {
    if (node.isWriting || node.queue.length === 0) return;
    node.isWriting = true;
    this.#inserts += 1;
    const base = node.head;
    const count = Math.min(BATCH_MAX, node.queue.length);
    const ms = this.#options.insertMs * (0.5 + this.#random());
    // The unique index decides when the write reaches the primary, halfway of the round trip.
    this.#time.after(ms / 2, () => {
      const isWon = this.#head === base;
      if (isWon) this.#head += count;
      this.#time.after(ms / 2, () => (isWon ? this.#won(node, count) : this.#lost(node)));
    });
  }

  #won(node: Node, count: number): void {
    this.#batches += 1;
    node.head += count;
    for (const began of node.queue.splice(0, count)) {
      this.#waits.record((this.#time.now - began) * 1000);
    }
    const known = node.head;
    this.#time.after(this.#options.hintMs, () => {
      for (const other of this.#nodes) other.head = Math.max(other.head, known);
    });
    node.isWriting = false;
    this.#write(node);
  }

  #lost(node: Node): void {
    const { readMs, jitterMs } = this.#options;
    this.#time.after(readMs, () => {
      node.head = this.#head;
      this.#time.after(jitterMs * this.#random(), () => {
        node.isWriting = false;
        this.#write(node);
      });
    });
  }
}
