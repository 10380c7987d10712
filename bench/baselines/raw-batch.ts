/**
 * The practical limit: what a Node process can do when it does nothing but the wire. It speaks
 * mini-chat's ops, batches by the same fan-out and writes the same bytes, but checks nothing, keeps
 * nothing and knows nobody. What mini-chat loses against this is what its promises cost.
 */

import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientOp, SendOp } from 'mini-chat/protocol';
import { configWith } from '../../server/config.ts';
import { FanOut, type Sink } from '../../server/fan-out.ts';
import { acceptOf, opcodes, readFrames, serverFrame } from '../load/frames.ts';
import { announce } from './announce.ts';

/** Writes what is queued in one go. */
class Member implements Sink {
  readonly #socket: Socket;
  #frames: Buffer[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  queue(frame: Buffer): boolean {
    return this.#frames.push(frame) === 1;
  }

  flush(): void {
    const frames = this.#frames;
    this.#frames = [];
    const isOne = frames.length === 1;
    if (!isOne) this.#socket.cork();
    for (const frame of frames) this.#socket.write(frame);
    if (!isOne) this.#socket.uncork();
  }
}

const fanOut = new FanOut(configWith({}).fanOutSliceMax);
const members = new Map<Socket, Member>();
let head = 0;
let waiting: { readonly member: Member; readonly op: SendOp }[] = [];
let lastCount = 0;

const room = {
  get memberCount(): number {
    return members.size;
  },
  frame: Buffer.alloc(0) as Buffer,
  deliver(): void {
    for (const member of members.values()) fanOut.queue(member, room.frame);
  },
};

const server = createServer();
server.on('upgrade', (request, socket: Socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => members.delete(socket));
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${acceptOf(request.headers['sec-websocket-key'] ?? '')}\r\n` +
      'Sec-WebSocket-Protocol: mini-chat.1\r\n\r\n',
  );
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const used = readFrames(bytes, bytes.length, (opcode, payload, start, end) => {
      if (opcode === opcodes.text) hear(socket, payload.toString('utf8', start, end));
    });
    rest = bytes.subarray(used);
  });
});

function hear(socket: Socket, text: string): void {
  const op = JSON.parse(text) as ClientOp;
  if (op.op === 'join') {
    members.set(socket, new Member(socket));
    socket.write(serverFrame(JSON.stringify({ op: 'joined', room: op.room, epoch: 'e', head })));
  }
  const member = members.get(socket);
  if (op.op !== 'send' || member === undefined) return;
  waiting.push({ member, op });
  if (waiting.length === 1) void fanOut.readyForMore(room, isWhole).then(writeBatch);
}

const isWhole = (): boolean => waiting.length >= lastCount;

function writeBatch(): void {
  const batch = waiting;
  waiting = [];
  lastCount = batch.length;
  const at = Date.now();
  const user = { id: 'g_0123456789abcdef', name: 'Member 1', role: 'guest' };
  const entries = batch.map(({ member, op: { room: name, cid, body } }) => {
    head += 1;
    fanOut.reply(member, { op: 'ack', room: name, cid, seq: head, at });
    return { seq: head, id: '0123456789abcdef', kind: 'message', user, at, cid, body };
  });
  room.frame = serverFrame(JSON.stringify({ op: 'entries', room: batch[0]?.op.room, entries }));
  fanOut.deliverLater(room);
}

server.listen(0, '127.0.0.1', () => announce(server.address()));
