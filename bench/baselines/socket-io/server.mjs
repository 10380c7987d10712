/**
 * The chat server of Socket.IO's own tutorial: one room, `io.to(room).emit` for each message,
 * WebSocket transport only (polling would cost it more), its defaults otherwise. Plain JavaScript,
 * because socket.io is installed only where this is run.
 */

import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'] });

io.on('connection', (socket) => {
  socket.join('bench');
  socket.emit('joined');
  socket.on('message', (body) => io.to('bench').emit('message', body));
});

http.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening http://127.0.0.1:${http.address().port}\n`);
});
