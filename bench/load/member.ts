/**
 * One connection of the load client: a bare TCP socket that upgrades, greets, and then hands every
 * frame to its room's ledger. All sockets read into one buffer, so 10 000 of them cost little.
 */

import { connect, type Socket } from 'node:net';
import type { Dialect, Greeting, Heard, HeardReady, Place } from './dialect.ts';
import { clientFrame, opcodes, readFrames, upgradeRequest } from './frames.ts';
import type { Ledger, Reader } from './ledger.ts';

/** As large as libuv reads at once. */
const shared = Buffer.alloc(64 * 1024);

const HEAD_END = '\r\n\r\n';

interface MemberOptions {
  readonly url: URL;
  readonly dialect: Dialect;
  readonly greeting: Greeting;
  readonly ledger: Ledger;
  readonly group: number;
  /** Never reads once it is in the room. */
  readonly isMute: boolean;
  readonly onReady: () => void;
  readonly onEnd: (why: string) => void;
}

type State = 'upgrading' | 'greeting' | 'ready' | 'muted' | 'closed';

export class Member implements Reader {
  next = 0;
  readonly group: number;
  readonly greeting: Greeting;
  /** Set in the greeting by a server that mints tokens; used to come back as the same user. */
  token: string | undefined;
  /** Where the room stood when this member came in. */
  cursor: Place | undefined;
  readonly #options: MemberOptions;
  readonly #socket: Socket;
  readonly #accept: string;
  readonly #at: { bytes: Buffer; start: number; end: number };
  /** Bytes of a frame that is not whole yet. */
  #rest: Buffer | undefined;
  #state: State = 'upgrading';
  #now = 0;

  constructor(options: MemberOptions) {
    this.#options = options;
    this.group = options.group;
    this.greeting = options.greeting;
    this.#at = { bytes: shared, start: 0, end: 0 };
    const { hostname, port, host } = options.url;
    const { path, subprotocol } = options.dialect;
    const { head, accept } = upgradeRequest({ host, path, subprotocol });
    this.#accept = accept;
    this.#socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length, buffer) => this.#read(length, buffer as Buffer),
      },
    });
    this.#socket.on('error', (error) => this.#end(error.message));
    this.#socket.on('close', () => this.#end('the server closed the connection'));
    this.#socket.write(head);
  }

  /** Sends message `n`; it is on its way to the kernel when this returns. */
  send(n: number, text: string): void {
    this.#socket.write(clientFrame(this.#options.dialect.send(this.greeting, n, text)));
  }

  /** Says that this connection lives, where the client is the one to say so. */
  beat(): void {
    const { heartbeat } = this.#options.dialect;
    if (heartbeat !== undefined && this.#state === 'ready') this.#say(heartbeat);
  }

  /** Goes away without a word, as a client whose network is gone. */
  close(): void {
    this.#state = 'closed';
    this.#socket.destroy();
  }

  #read(length: number, buffer: Buffer): boolean {
    this.#now = performance.now();
    const rest = this.#rest;
    const bytes = rest === undefined ? buffer : Buffer.concat([rest, buffer.subarray(0, length)]);
    const size = rest === undefined ? length : bytes.length;
    const from = this.#state === 'upgrading' ? this.#upgraded(bytes, size) : 0;
    const used = this.#state === 'upgrading' ? 0 : this.#frames(bytes, from, size);
    this.#rest = used < size ? Buffer.from(bytes.subarray(used, size)) : undefined;
    return this.#state !== 'closed';
  }

  #frames(bytes: Buffer, from: number, size: number): number {
    const frames = from === 0 ? bytes : bytes.subarray(from);
    return from + readFrames(frames, size - from, this.#frame);
  }

  /** How many bytes the HTTP answer takes; 0 while it is not whole. */
  #upgraded(bytes: Buffer, size: number): number {
    const end = bytes.subarray(0, size).indexOf(HEAD_END);
    if (end < 0) return 0;
    const head = bytes.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 101') || !head.includes(this.#accept)) {
      this.#end(`the upgrade was refused: ${head.slice(0, 80)}`);
      return size;
    }
    this.#state = 'greeting';
    for (const text of this.#options.dialect.greet(this.greeting)) this.#say(text);
    return end + HEAD_END.length;
  }

  readonly #frame = (opcode: number, bytes: Buffer, start: number, end: number): void => {
    if (opcode === opcodes.text) return this.#text(bytes, start, end);
    if (opcode === opcodes.ping) this.#socket.write(clientFrame('', opcodes.pong));
    if (opcode === opcodes.close)
      this.#end(`close frame: ${bytes.toString('utf8', start + 2, end)}`);
  };

  #text(bytes: Buffer, start: number, end: number): void {
    const { ledger, dialect } = this.#options;
    const at = this.#at;
    at.bytes = bytes;
    at.start = start;
    at.end = end;
    if (this.#state === 'muted') return;
    if (this.#state === 'ready' && ledger.frame(this, at, this.#now)) return;
    const all = dialect.hear(bytes.toString('utf8', start, end), this.greeting.run);
    // What else a frame says is for this member alone, so such a frame is not remembered.
    const isShared = all.every(({ is }) => is === 'entries');
    const entries = all.flatMap((heard) => (heard.is === 'entries' ? heard.entries : []));
    for (const heard of all) this.#heard(heard);
    if (entries.length > 0) ledger.entries(this, entries, isShared ? at : undefined, this.#now);
  }

  #heard(heard: Heard): void {
    switch (heard.is) {
      case 'ack':
        return this.#options.ledger.ack(heard.n, this.#now);
      case 'say':
        return this.#say(heard.text);
      case 'token':
        this.token = heard.token;
        return;
      case 'ready':
        return this.#ready(heard);
      case 'refused':
        return this.#end(heard.why);
      default:
    }
  }

  #ready({ head, cursor }: HeardReady): void {
    this.#state = this.#options.isMute ? 'muted' : 'ready';
    this.cursor = cursor;
    if (this.#options.isMute) this.#socket.pause();
    else this.#options.ledger.enter(head);
    this.#options.onReady();
  }

  #say(text: string): void {
    this.#socket.write(clientFrame(text));
  }

  #end(why: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#socket.destroy();
    this.#options.onEnd(why);
  }
}
