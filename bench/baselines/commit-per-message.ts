/**
 * Durable chat as it is usually written: each message is one commit (SQLite, WAL, synchronous=FULL,
 * the same settings as ours) and then one send to each member. Speaks mini-chat's ops.
 */

import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { WebSocket as Socket } from 'ws';
import { WebSocket, WebSocketServer } from './ws.ts';
import { INSERT, SCHEMA } from '../bare-writes.ts';
import { announce } from './announce.ts';

const dir = process.argv[2];
if (dir === undefined) throw new Error('usage: commit-per-message.ts DIR');

const database = new DatabaseSync(join(dir, 'commit-per-message.db'));
database.exec(SCHEMA);
const insert = database.prepare(INSERT);

interface Said {
  readonly op: string;
  readonly room: string;
  readonly cid: string;
  readonly body: unknown;
}

const members = new Map<string, Set<Socket>>();
const heads = new Map<string, number>();

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: false,
  handleProtocols: () => 'mini-chat.1',
});

server.on('connection', (socket) => {
  socket.on('error', () => socket.terminate());
  socket.on('message', (data: Buffer) => {
    const op = JSON.parse(data.toString()) as Said;
    if (op.op === 'join') enter(socket, op.room);
    if (op.op === 'send') send(socket, op);
  });
});

function enter(socket: Socket, room: string): void {
  const inRoom = members.get(room) ?? new Set();
  members.set(room, inRoom.add(socket));
  socket.on('close', () => inRoom.delete(socket));
  const head = heads.get(room) ?? 0;
  socket.send(JSON.stringify({ op: 'joined', room, epoch: 'e', head }));
}

function send(socket: Socket, { room, cid, body }: Said): void {
  const seq = (heads.get(room) ?? 0) + 1;
  const at = Date.now();
  const user = { id: 'g_0123456789abcdef', name: 'Member 1', role: 'guest' };
  insert.run(room, seq, `${seq}`, user.id, cid, 'message', JSON.stringify(body), at);
  heads.set(room, seq);
  socket.send(JSON.stringify({ op: 'ack', room, cid, seq, at }));
  const entry = { seq, id: `${seq}`, kind: 'message', user, at, cid, body };
  const text = Buffer.from(JSON.stringify({ op: 'entries', room, entries: [entry] }));
  for (const member of members.get(room) ?? []) {
    if (member.readyState === WebSocket.OPEN) member.send(text, { binary: false });
  }
}

server.on('listening', () => announce(server.address()));
