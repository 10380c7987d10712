/** The chat beside an Express app: one mount for its files, one line for its WebSocket. */

import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import express from 'express';
import { createChatServer, type ChatServerOptions } from 'mini-chat-server';

/** The app with its chat, not listening yet. */
export async function createShop(options: ChatServerOptions = { data: './mini-chat-data' }) {
  const chat = await createChatServer(options);
  const app = express();
  app.get('/', (_request, response) => {
    response.sendFile(path.join(import.meta.dirname, 'page.html'));
  });
  app.use('/chat', chat.handle); // /chat/mini-chat.js and /chat/embed.json
  const server = createServer(app);
  chat.attach(server, '/chat/ws');
  return { server, chat };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { server, chat } = await createShop();
  server.listen(3000, '127.0.0.1', () => process.stdout.write('http://localhost:3000\n'));
  process.once('SIGTERM', () => void chat.close().then(() => server.close()));
}
