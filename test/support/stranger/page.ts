/** A strict TypeScript page: every event and property as a user of the package writes them. */

import 'mini-chat';
import { ChatClient } from 'mini-chat/client';
import type { MiniChat } from 'mini-chat/element.js';
import type { Entry, Message } from 'mini-chat/protocol';

const chat = document.createElement('mini-chat');
chat.room = 'lobby';
chat.getToken = () => Promise.resolve('token');
chat.addEventListener('mini-chat-message', ({ detail }) => show(detail.message, detail.isOwn));
chat.addEventListener('mini-chat-before-send', (event) => {
  event.detail.text = event.detail.text.trim();
  if (event.detail.text === 'no') event.preventDefault();
});
chat.addEventListener('mini-chat-unread', ({ detail }) => {
  document.title = `(${detail.count})`;
});

// @ts-expect-error: a room is a string.
chat.room = 5;
// @ts-expect-error: there is no such event, so it is a plain one without detail.
chat.addEventListener('mini-chat-massage', ({ detail }) => detail);

const client = new ChatClient({ server: 'https://chat.example.org' });
chat.client = client;
const room = client.room('lobby');
const leave = room.join();
room.onMessage((message) => show(message, false));
room.send('hello');
leave();

const found: MiniChat | null = document.querySelector('mini-chat');
found?.scrollToLatest();

function show(message: Message, isOwn: boolean): Entry {
  const words: string = message.body.text;
  return words === '' && isOwn ? message : message;
}
