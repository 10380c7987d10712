/**
 * The apps of demo/react, demo/svelte and demo/vue, built as their users build them: the element
 * takes its properties from the framework, the framework hears its events, and a component that is
 * unmounted and mounted again is the same chat to the server.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { fill } from '../../scripts/fill.ts';
import { becomes } from '../support/becomes.ts';
import { type AppName, BuiltApp } from '../support/built-app.ts';
import { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';
import { HOST_SECRET } from '../support/host-tokens.ts';

const WAIT_MS = 20_000;
const LINES = 40;

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-key-'));
const keyFile = path.join(folder, 'key');
writeFileSync(keyFile, HOST_SECRET);
after(() => rmSync(folder, { recursive: true }));

const world = useWorld(['--jwt-key-file', keyFile]);

/** A person's own browser profile on the page of an app, once its chat is there. */
async function visit(app: BuiltApp): Promise<ChatPage> {
  const ann = new ChatPage(await (await world().browser.newContext()).newPage());
  ann.page.on('console', (line) => {
    const isLits = line.text().startsWith('Lit is in dev mode');
    if (line.type() === 'warning' && !isLits) ann.complaints.push(line.text());
  });
  await ann.page.goto(app.url);
  await ann.live();
  return ann;
}

/** Resolves when the component's own state is this. */
function knows(ann: ChatPage, words: string): Promise<void> {
  const shown = ann.page.locator('section > p');
  return becomes(async () => (await shown.textContent())?.trim(), words, WAIT_MS);
}

/** Connections that the server ever accepted. */
async function accepted(): Promise<string | undefined> {
  const text = await (await fetch(`${world().server.url}/metrics`)).text();
  return /connections_total (\d+)/.exec(text)?.[1];
}

/** Takes the component out, and puts a new one in its place. */
async function remount(ann: ChatPage): Promise<void> {
  const box = ann.page.getByRole('checkbox', { name: 'Chat' });
  await box.uncheck();
  await ann.chat().waitFor({ state: 'detached' });
  await box.check();
  await ann.live();
}

for (const name of ['react', 'svelte', 'vue'] satisfies AppName[]) {
  describe(`demo/${name}`, { timeout: 180_000 }, () => {
    let app: BuiltApp;
    before(async () => (app = await BuiltApp.open(name, world().server.url)));
    after(() => app[Symbol.asyncDispose]());

    test('gives the element its token, and hears of messages', async () => {
      const ann = await visit(app);

      await ann.say(`hello from ${name}`);
      await ann.sent(`hello from ${name}`);

      await knows(ann, `0 unread. hello from ${name}`);
      assert.equal((await ann.said()).at(-1)?.nick, `Ann of ${name}`);
      assert.deepEqual(ann.complaints, []);
    });

    test('loads the second file from its own bundle', async () => {
      const ann = await visit(app);
      await ann.say(`act on ${name}`);
      await ann.sent(`act on ${name}`);

      await ann
        .chat()
        .locator('.row', { hasText: `act on ${name}` })
        .hover();
      await ann.chat().locator('[data-act=more]').first().waitFor();

      assert.deepEqual(ann.complaints, []);
    });

    test('hears how many messages are unread', async () => {
      const { url } = world().server;
      const lines = Array.from({ length: LINES }, (_, i) => ({ nick: 'Bob', text: `${i} lines` }));
      await fill({ server: url, room: 'lobby', lines });
      const ann = await visit(app);
      const log = ann.chat().locator('.log');
      await ann
        .chat()
        .getByText(`${LINES - 1} lines`)
        .last()
        .waitFor();

      await log.evaluate((box) => (box.scrollTop = box.scrollHeight / 3));
      await ann.chat().locator('[part=jump]').waitFor();
      await fill({ server: url, room: 'lobby', lines: [{ nick: 'Bob', text: 'are you there?' }] });
      await knows(ann, '1 unread. are you there?');
      await log.evaluate((box) => (box.scrollTop = box.scrollHeight));

      await knows(ann, '0 unread. are you there?');
      assert.deepEqual(ann.complaints, []);
    });

    test('keeps its connection when the component is unmounted and mounted again', async () => {
      const ann = await visit(app);
      await ann.chat().locator('textarea').fill('half a thought');
      const total = await accepted();

      await remount(ann);

      assert.equal(await ann.chat().locator('textarea').inputValue(), 'half a thought');
      await ann.say(`${name} again`);
      await ann.sent(`${name} again`);
      await knows(ann, `0 unread. ${name} again`);
      assert.equal(await accepted(), total);
      assert.equal(ann.sockets.length, 1);
      assert.deepEqual(ann.complaints, []);
    });

    test('changes the room over the same connection', async () => {
      const ann = await visit(app);
      await ann.say(`${name} in the lobby`);
      await ann.sent(`${name} in the lobby`);

      await ann.page.getByLabel('Room').selectOption('help');
      await ann.chat().getByText(`${name} in the lobby`).waitFor({ state: 'detached' });
      await ann.live();
      await ann.say(`${name} needs help`);
      await ann.sent(`${name} needs help`);

      await knows(ann, `0 unread. ${name} needs help`);
      assert.equal(ann.sockets.length, 1);
      assert.deepEqual(ann.complaints, []);
    });

    test('makes its framework warn of nothing while it is written', async () => {
      await using draft = await BuiltApp.openForAuthor(name, world().server.url);
      const ann = await visit(draft);
      await remount(ann);

      await ann.say(`${name} in development`);
      await ann.sent(`${name} in development`);

      await knows(ann, `0 unread. ${name} in development`);
      assert.equal(ann.sockets.length, 1);
      assert.deepEqual(ann.complaints, []);
    });
  });
}
