/** A bot that says again what it hears: `node --conditions=source demo/bot.ts [SERVER]`. */
import { ChatClient } from 'mini-chat/client';

const client = new ChatClient({ server: process.argv[2] ?? 'http://localhost:8888', name: 'Echo' });
const room = client.room('lobby');
room.onMessage((message) => message.user.id !== client.user?.id && room.send(message.body.text));
room.join();
