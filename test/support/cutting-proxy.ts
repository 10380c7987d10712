/**
 * A network that fails by name: passes bytes through to a server, and resets the connection of
 * whoever a test names, in the middle of whatever was on its way.
 */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

import { resetSocket } from './reset-socket.ts';

/** Clients say who they are in the query of their address; servers do not look there. */
const NAME = /^GET \/ws\?who=([\w-]+) /;

export class CuttingProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Map<string, Set<Socket>>();
  readonly #away = new Set<string>();
  readonly #all = new Set<Socket>();

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** One in front of this port of the loopback. */
  static async open(target: number): Promise<CuttingProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CuttingProxy(server, target);
  }

  /** Where the client of this name connects to. */
  addressOf(who: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return `ws://127.0.0.1:${port}/ws?who=${who}`;
  }

  /** From now on there is no network for this one. */
  cut(who: string): void {
    this.#away.add(who);
    for (const socket of this.#sockets.get(who) ?? []) resetSocket(socket);
  }

  /** The network is back. */
  mend(who: string): void {
    this.#away.delete(who);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#all) socket.destroy();
    await closed;
  }

  #accept(near: Socket): void {
    this.#all.add(near);
    near.once('close', () => this.#all.delete(near));
    near.on('error', () => {
      // A reset is what this network is for; 'close' follows and ends the other side.
    });
    near.once('data', (head) => {
      const who = NAME.exec(head.toString('latin1'))?.[1] ?? '';
      if (this.#away.has(who)) resetSocket(near);
      else this.#join(near, head, who);
    });
  }

  #join(near: Socket, head: Buffer, who: string): void {
    const far = connect(this.#target, '127.0.0.1');
    const sockets = this.#sockets.get(who) ?? new Set();
    this.#sockets.set(who, sockets.add(near));
    far.on('error', () => resetSocket(near));
    far.once('close', () => near.destroy());
    near.once('close', () => {
      sockets.delete(near);
      resetSocket(far);
    });
    far.write(head);
    near.pipe(far).pipe(near);
  }
}
