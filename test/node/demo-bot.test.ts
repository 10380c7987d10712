/** demo/bot.ts as people run it. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { ChatClient } from '../../component/client/client.ts';
import { startServer } from '../support/server.ts';

const ROOT = path.join(import.meta.dirname, '../..');

test('the bot says again what it hears, and not what it says', { timeout: 120_000 }, async (t) => {
  const { url } = await startServer(t);
  const bot = spawn(process.execPath, ['--conditions=source', 'demo/bot.ts', url], { cwd: ROOT });
  t.after(() => bot.kill());
  const client = new ChatClient({ server: url, name: 'Ada' });
  t.after(() => client.close());
  const room = client.room('lobby');
  room.join();
  const said: string[] = [];

  await new Promise<void>((resolve) => {
    room.onMessage(({ user, body }) => {
      said.push(`${user.name}: ${body.text}`);
      // It may not be there yet when Ada speaks: she goes on until it answers.
      if (user.name === 'Ada') room.send(`${said.length}`);
      else resolve();
    });
    room.send('hello');
  });

  const echo = said.findIndex((line) => line.startsWith('Echo: '));
  assert.ok(said.includes(said[echo]!.replace('Echo', 'Ada')));
  assert.equal(said.filter((line) => line.startsWith('Echo')).length, 1);
});
