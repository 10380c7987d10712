/**
 * A WebSocket client on a bare TCP socket: it can send any bytes, stop reading, and claim any
 * origin, which no proper client would do for a test.
 */

import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { SUBPROTOCOL } from 'mini-chat/protocol';
import type { ServerOp } from 'mini-chat/protocol';

export interface RawOptions {
  readonly origin?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An op of one kind. */
export type OpOf<Name extends ServerOp['op']> = Extract<ServerOp, { readonly op: Name }>;

interface Waiter {
  readonly isIt: (op: ServerOp) => boolean;
  readonly resolve: (op: ServerOp) => void;
  readonly reject: (error: Error) => void;
}

const CLOSE = 8;
let cids = 0;

export class RawClient {
  /** Everything that came, in order. */
  readonly ops: ServerOp[] = [];
  /** How the server's TCP reads arrived: the ops of each, to see what was written together. */
  readonly reads: (readonly ServerOp[])[] = [];
  /** Resolves with the close code, or 1006 when the socket ended without one. */
  readonly closed: Promise<number>;
  readonly socket: Socket;
  #unread: Buffer = Buffer.alloc(0);
  #taken = 0;
  #waiters: Waiter[] = [];
  #code = 1006;

  private constructor(socket: Socket, head: Buffer) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        for (const { reject } of this.#waiters) reject(new Error(`closed with ${this.#code}`));
        this.#waiters = [];
        resolve(this.#code);
      });
    });
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => this.#read(bytes));
    this.#read(head);
  }

  /** Opens the WebSocket of a server. Rejects with the status line when it is refused over HTTP. */
  static connect(url: string, options: RawOptions = {}): Promise<RawClient> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(
      [
        `GET ${options.path ?? '/ws'} HTTP/1.1`,
        `Host: ${host}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
        ...(options.origin === undefined ? [] : [`Origin: ${options.origin}`]),
        ...Object.entries(options.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
        '\r\n',
      ].join('\r\n'),
    );
    return new Promise((resolve, reject) => {
      let head = Buffer.alloc(0);
      const onData = (bytes: Buffer): void => {
        head = Buffer.concat([head, bytes]);
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        socket.off('data', onData);
        socket.off('close', onClose);
        const [status = ''] = head.toString('latin1').split('\r\n');
        if (status.includes(' 101 ')) return resolve(new RawClient(socket, head.subarray(end + 4)));
        socket.destroy();
        reject(new Error(status));
      };
      const onClose = (): void => reject(new Error('closed before the handshake'));
      socket.on('data', onData);
      socket.once('close', onClose);
      socket.once('error', reject);
    });
  }

  /** Sends an op, or any text as it is. */
  send(op: object | string): void {
    this.frame(1, Buffer.from(typeof op === 'string' ? op : JSON.stringify(op)));
  }

  /** Sends one whole, masked frame. */
  frame(opcode: number, payload: Buffer, isLast = true): void {
    this.socket.write(maskedFrame(opcode, payload, isLast));
  }

  /** The next op that is this, after those taken before; what stands between is passed over. */
  async next<Name extends ServerOp['op']>(...names: readonly Name[]): Promise<OpOf<Name>> {
    const isIt = (op: ServerOp): boolean => (names as readonly string[]).includes(op.op);
    return (await this.until(isIt)) as OpOf<Name>;
  }

  /** The next op of which this is true. Rejects when the connection closes first. */
  until(isIt: (op: ServerOp) => boolean): Promise<ServerOp> {
    for (let at = this.#taken; at < this.ops.length; at += 1) {
      const op = this.ops[at]!;
      if (!isIt(op)) continue;
      this.#taken = at + 1;
      return Promise.resolve(op);
    }
    return new Promise((resolve, reject) => {
      if (this.socket.closed) reject(new Error(`closed with ${this.#code}`));
      this.#waiters.push({ isIt, resolve, reject });
    });
  }

  /** Says hello and waits for the welcome. */
  hello(fields: object = {}): Promise<OpOf<'welcome'>> {
    this.send({ op: 'hello', v: 1, name: 'Ann', client: 'raw', ...fields });
    return this.next('welcome');
  }

  /** Joins and waits for the answer. */
  join(room: string, cursor?: object): Promise<OpOf<'joined' | 'reset'>> {
    this.send({ op: 'join', room, ...(cursor === undefined ? {} : { cursor }) });
    return this.next('joined', 'reset');
  }

  /** Sends a message and waits for the answer. */
  say(room: string, text: string, cid = newCid()): Promise<OpOf<'ack' | 'nack'>> {
    this.send({ op: 'send', room, cid, kind: 'message', body: { text } });
    return this.next('ack', 'nack');
  }

  /** Asks for a pong: when it is there, everything before it has been handled. */
  async settle(): Promise<void> {
    cids += 1;
    const n = cids;
    this.send({ op: 'ping', n });
    await this.until((op) => op.op === 'pong' && op.n === n);
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Answers a close frame, as a proper client does. */
  close(): void {
    this.frame(CLOSE, Buffer.from([0x03, 0xe8]));
  }

  #read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    const before = this.ops.length;
    for (let frame = takeFrame(this.#unread); frame !== undefined;) {
      this.#unread = frame.rest;
      this.#take(frame.opcode, frame.payload);
      frame = takeFrame(this.#unread);
    }
    if (this.ops.length > before) this.reads.push(this.ops.slice(before));
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === CLOSE) {
      this.#code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      this.frame(CLOSE, payload.subarray(0, 2));
      this.socket.end();
    }
    if (opcode !== 1) return;
    const op = JSON.parse(payload.toString()) as ServerOp;
    this.ops.push(op);
    const waiter = this.#waiters.find(({ isIt }) => isIt(op));
    if (waiter === undefined) return;
    this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
    this.#taken = this.ops.length;
    waiter.resolve(op);
  }
}

/** A cid that nobody used yet. */
export function newCid(): string {
  cids += 1;
  return `cid-${process.pid}-${cids}`.padEnd(8, '0');
}

/** A frame as a client must send it. */
function maskedFrame(opcode: number, payload: Buffer, isLast = true): Buffer {
  const mask = randomBytes(4);
  const long = payload.length > 65_535 ? 8 : payload.length > 125 ? 2 : 0;
  const head = Buffer.alloc(2 + long);
  head[0] = (isLast ? 0x80 : 0) | opcode;
  head[1] = 0x80 | (long === 8 ? 127 : long === 2 ? 126 : payload.length);
  if (long === 2) head.writeUInt16BE(payload.length, 2);
  if (long === 8) head.writeBigUInt64BE(BigInt(payload.length), 2);
  const masked = Buffer.from(payload.map((byte, i) => byte ^ mask[i % 4]!));
  return Buffer.concat([head, mask, masked]);
}

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly rest: Buffer;
}

function takeFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const headBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < headBytes) return undefined;
  const length =
    short === 127
      ? Number(bytes.readBigUInt64BE(2))
      : short === 126
        ? bytes.readUInt16BE(2)
        : short;
  const end = headBytes + length;
  if (bytes.length < end) return undefined;
  return {
    opcode: bytes[0]! & 0x0f,
    payload: bytes.subarray(headBytes, end),
    rest: bytes.subarray(end),
  };
}
