/** The README's programs, run as printed: only addresses and folders are changed. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { ChatClient } from '../../component/client/client.ts';
import { createChatServer } from '../../server/app.ts';
import { fencesOf } from '../support/markdown.ts';
import { parseSource } from '../support/tidy/source.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const fences = fencesOf(readFileSync(path.join(ROOT, 'README.md'), 'utf8'));
const scripts = fences.filter(({ language }) => language === 'js').map(({ text }) => text);

// Inside the workspace, so that the packages' names resolve.
mkdirSync(path.join(ROOT, '.cache'), { recursive: true });
const folder = mkdtempSync(path.join(ROOT, '.cache/readme-'));
after(() => rmSync(folder, { recursive: true }));

/** The one script that has these words, started with some of them replaced. */
function startExample(words: string, replaced: Readonly<Record<string, string>>): ChildProcess {
  let text = scripts.find((one) => one.includes(words)) ?? '';
  for (const [from, to] of Object.entries(replaced)) {
    assert.ok(text.includes(from), `the example has no ${from}`);
    text = text.replace(from, to);
  }
  const file = path.join(folder, 'example.mjs');
  writeFileSync(file, text);
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', file];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('README.md', () => {
  for (const [i, text] of scripts.entries()) {
    test(`script ${i + 1} is valid`, () => {
      assert.doesNotThrow(() => parseSource(`script ${i + 1}`, text));
    });
  }

  test('the bot answers what somebody says', { timeout: 120_000 }, async () => {
    const chat = await createChatServer({ memory: true, logLevel: 'silent' });
    const http = createServer().listen(0, '127.0.0.1');
    chat.attach(http);
    await once(http, 'listening');
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const bot = startExample('new ChatClient', { 'http://localhost:8888': url });
    const client = new ChatClient({ server: url, name: 'Ada', storage: null });
    const room = client.room('lobby');
    const echo = new Promise<string>((resolve) => {
      room.onMessage(({ user, body }) => {
        if (user.name === 'Echo') resolve(body.text);
      });
    });

    room.join();
    // The bot hears only what is said after it came, so Ada repeats herself until it is there.
    const talking = setInterval(() => room.send('anyone?'), 300);
    const heard = await echo;
    clearInterval(talking);

    assert.equal(heard, 'anyone?');
    bot.kill();
    client.close();
    await chat.close();
    http.close();
  });

  test('the library serves its files beside Express', { timeout: 120_000 }, async () => {
    const address = 'server.listen(0, () => console.log(server.address().port))';
    const data = path.join(folder, 'data').replaceAll('\\', '/');
    const shop = startExample("from 'express'", {
      'server.listen(3000)': address,
      './mini-chat-data': data,
    });
    const [port] = (await once(shop.stdout!, 'data')) as [Buffer];

    const answer = await fetch(`http://127.0.0.1:${String(port).trim()}/chat/embed.json`);
    const { url } = (await answer.json()) as { url: string };

    assert.match(url, /\/chat\/mini-chat\.js$/);
    shop.kill();
    await once(shop, 'exit');
  });
});
