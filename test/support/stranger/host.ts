/** The server as a library, in a strict project. */

import { createServer } from 'node:http';

import { createChatServer } from 'mini-chat-server';

const http = createServer();
const chat = await createChatServer({ origins: ['https://www.example.org'], guests: 'read-only' });
chat.attach(http);
await chat.close();
