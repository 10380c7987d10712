/**
 * The practical limit: what a Node process can do when it does nothing but the wire. It speaks
 * mini-chat's ops, batches per loop turn and writes the same bytes, but checks nothing, keeps
 * nothing and knows nobody. What mini-chat loses against this is what its promises cost.
 */

import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { acceptOf, opcodes, readFrames, serverFrame } from '../load/frames.ts';
import { announce } from './announce.ts';

interface Sent {
  readonly op: string;
  readonly room: string;
  readonly cid: string;
  readonly body: unknown;
}

const sockets = new Set<Socket>();
let head = 0;
let entries: string[] = [];
let acks: { readonly socket: Socket; readonly frame: Buffer }[] = [];

const server = createServer();
server.on('upgrade', (request, socket: Socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
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
  const op = JSON.parse(text) as Sent;
  if (op.op === 'join') {
    sockets.add(socket);
    socket.write(serverFrame(JSON.stringify({ op: 'joined', room: op.room, epoch: 'e', head })));
  }
  if (op.op === 'send') append(socket, op);
}

function append(socket: Socket, { room, cid, body }: Sent): void {
  head += 1;
  const at = Date.now();
  const user = { id: 'g_0123456789abcdef', name: 'Member 1', role: 'guest' };
  const entry = { seq: head, id: '0123456789abcdef', kind: 'message', user, at, cid, body };
  if (entries.length === 0) setImmediate(flush, room);
  entries.push(JSON.stringify(entry));
  acks.push({
    socket,
    frame: serverFrame(JSON.stringify({ op: 'ack', room, cid, seq: head, at })),
  });
}

function flush(room: string): void {
  const frame = serverFrame(`{"op":"entries","room":"${room}","entries":[${entries.join(',')}]}`);
  const own = new Map<Socket, Buffer[]>();
  for (const { socket, frame: ack } of acks) own.set(socket, [...(own.get(socket) ?? []), ack]);
  entries = [];
  acks = [];
  for (const socket of sockets) {
    const first = own.get(socket);
    socket.write(first === undefined ? frame : Buffer.concat([...first, frame]));
  }
}

server.listen(0, '127.0.0.1', () => announce(server.address()));
