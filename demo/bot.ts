/** A bot in five lines: `node --conditions=source demo/bot.ts [SERVER]` says again what it hears. */
import { ChatClient } from 'mini-chat/client';

const client = new ChatClient({ server: process.argv[2] ?? 'http://localhost:8888', name: 'Echo' });
const room = client.room('lobby');
room.onMessage((message) => message.user.id !== client.user?.id && room.send(message.body.text));
room.join();
