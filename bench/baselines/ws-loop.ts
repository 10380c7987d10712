/**
 * The chat server that everybody writes first: the "server broadcast" of the README of `ws`. No
 * rooms, no identity, nothing kept. One send per message and member.
 */

import { WebSocket, WebSocketServer } from './ws.ts';
import { announce } from './announce.ts';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

server.on('connection', (socket) => {
  socket.on('error', () => socket.terminate());
  socket.on('message', (data: Buffer, isBinary) => {
    // Answered to the joiner alone, so that the load client knows when a room is full.
    if (data.equals(JOIN)) return socket.send('{"joined":true}');
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(data, { binary: isBinary });
    }
  });
});

const JOIN = Buffer.from('{"join":true}');

server.on('listening', () => announce(server.address()));
