/**
 * A bad network between two ends on this machine, by choice and seed: connections that are reset,
 * stay silent, pass one way only, are slow, come in crumbs, or break in the middle of a reply.
 * Knows nothing of what it carries.
 */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { resetSocket } from '../support/reset-socket.ts';
import type { Dice } from './dice.ts';
import { Lane } from './proxy-lane.ts';

/** `up`: towards the target. */
export type Direction = 'up' | 'down';

/** What the network is like until it is told otherwise. */
export interface Conditions {
  /** Each piece is this late, plus something up to `jitterMs`; the order of bytes is kept. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** Pieces of at most so many bytes, each in a turn of its own; 0: as they come. */
  readonly sliceBytes: number;
  /** Nothing passes in these directions, and nobody is told: a black hole, or a one-way cut. */
  readonly held: readonly Direction[];
  /** New connections are reset at once. */
  readonly refuses: boolean;
}

const goodNetwork: Conditions = {
  latencyMs: 0,
  jitterMs: 0,
  sliceBytes: 0,
  held: [],
  refuses: false,
};

/** One connection through the proxy: two sockets, two lanes. */
interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly up: Lane;
  readonly down: Lane;
}

/** Invariant: a byte is delivered once, in order, or its connection is reset. */
export class FaultProxy {
  readonly #server: Server;
  readonly #dice: Dice;
  readonly #pairs = new Set<Pair>();
  #target: number;
  #conditions = goodNetwork;
  /** The next piece that goes up and is this is the last thing its connection carries. */
  #isLastRequest: ((bytes: Buffer) => boolean) | undefined;
  /** How many replies were lost by `loseReply`. */
  repliesLost = 0;

  private constructor(server: Server, target: number, dice: Dice) {
    this.#server = server;
    this.#target = target;
    this.#dice = dice;
    server.on('connection', (near) => this.#accept(near));
  }

  /** Opens one on a free port of the loopback, towards another port of it. */
  static async open(target: number, dice: Dice): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, target, dice);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connectionCount(): number {
    return this.#pairs.size;
  }

  /** New connections go to another port. */
  aim(target: number): void {
    this.#target = target;
  }

  /** Changes the network, also for the connections there are. */
  set(conditions: Partial<Conditions>): void {
    this.#conditions = { ...this.#conditions, ...conditions };
    for (const { up, down } of this.#pairs) {
      up.changed();
      down.changed();
    }
  }

  /** A good network again: what was held arrives late. */
  clear(): void {
    this.#isLastRequest = undefined;
    this.set(goodNetwork);
  }

  /** Resets a share of the connections, both ends. */
  reset(share = 1): void {
    for (const pair of [...this.#pairs]) if (this.#dice.chance(share)) this.#break(pair);
  }

  /** Each connection there is breaks after so many more bytes in that direction. */
  cutAfter(bytes: number, direction: Direction): void {
    for (const pair of this.#pairs) pair[direction].cutAfter(bytes);
  }

  /** The next request of which this is true arrives, and its answer does not. */
  loseReply(isRequest: (bytes: Buffer) => boolean): void {
    this.#isLastRequest = isRequest;
  }

  /** Resets what is left and frees the port. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.reset();
    await closed;
  }

  #accept(near: Socket): void {
    near.on('error', ignore);
    if (this.#conditions.refuses) return resetSocket(near);
    const far = connect({
      port: this.#target,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    });
    far.on('error', ignore);
    const pair: Pair = {
      near,
      far,
      up: this.#lane('up', near, far, () => this.#break(pair)),
      down: this.#lane('down', far, near, () => this.#break(pair)),
    };
    this.#pairs.add(pair);
    near.once('close', () => this.#closed(pair, near));
    far.once('close', () => this.#closed(pair, far));
    near.on('data', (bytes) => this.#watchForLast(pair, bytes));
  }

  #lane(...[direction, from, to, onCut]: [Direction, Socket, Socket, () => void]): Lane {
    return new Lane({
      from,
      to,
      onCut,
      dice: this.#dice,
      conditions: () => this.#conditions,
      isHeld: () => this.#conditions.held.includes(direction),
    });
  }

  #watchForLast(pair: Pair, bytes: Buffer): void {
    if (this.#isLastRequest?.(bytes) !== true) return;
    this.#isLastRequest = undefined;
    pair.down.cutBefore(() => (this.repliesLost += 1));
  }

  /** One end is gone: the other hears it, unless it said goodbye properly before. */
  #closed(pair: Pair, socket: Socket): void {
    if (!this.#pairs.has(pair)) return;
    const other = socket === pair.near ? pair.far : pair.near;
    if (socket.errored !== null || !other.writableEnded) this.#break(pair);
    else if (other.closed) this.#pairs.delete(pair);
  }

  #break(pair: Pair): void {
    this.#pairs.delete(pair);
    pair.up.close();
    pair.down.close();
    resetSocket(pair.near);
    resetSocket(pair.far);
  }
}

/** Ends of connections are what this is for; 'close' follows and does what is to be done. */
function ignore(): void {}
