/** The files of two builds, as caches bring them together after an upgrade. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Page, Response } from 'playwright-core';

import { becomes } from '../support/becomes.ts';
import { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';

const world = useWorld();

const WAIT_MS = 20_000;

interface Told {
  readonly code: string;
  readonly message: string;
}

/** Another build's file: as it is served, with another build's name all over it. */
async function makeStale(page: Page, file: string): Promise<void> {
  await page.route(`**/${file}*`, async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const [, build = ''] = /^\/\*! mini-chat (\S+)/.exec(text) ?? [];
    await route.fulfill({ response, body: text.replaceAll(build, '0.0.1-01234567') });
  });
}

interface Listening {
  readonly chat: ChatPage;
  /** How the file was answered that `theme` asks for. */
  readonly extras: Response;
}

/** A page with a chat, where `mini-chat-error` is written down. */
async function openListening(room: string, stale?: string): Promise<Listening> {
  const context = await world().browser.newContext();
  const chat = new ChatPage(await context.newPage());
  if (stale !== undefined) await makeStale(chat.page, stale);
  await chat.page.addInitScript(() => {
    const told: unknown[] = Object.assign(window, { told: [] }).told;
    document.addEventListener('mini-chat-error', ({ detail }: CustomEventInit) =>
      told.push({ code: detail.code, message: detail.message }),
    );
  });
  const attributes = 'theme="auto" name="Ann"';
  const answered = chat.page.waitForResponse(/mini-chat-extras\.js/);
  await chat.page.goto(world().site.add(world().html(room, { attributes })));
  await chat.live();
  return { chat, extras: await answered };
}

async function served(name: string): Promise<string> {
  return (await fetch(`${world().server.url}/${name}`)).text();
}

/** Fails unless the page is told this once, with both builds. */
async function assertTold(chat: ChatPage, code: string, file: string): Promise<void> {
  const [, build] = /^\/\*! mini-chat (\S+)/.exec(await served('mini-chat.js')) ?? [];
  const told = (): Promise<readonly Told[]> => chat.page.evaluate('told');
  const message = `Error: ${file} is of build 0.0.1-01234567, and asked for by build ${build}`;
  await becomes(told, [{ code, message }], WAIT_MS);
}

describe('A page with the one file of one build', () => {
  it('tells of the actions of another, and goes on without', async () => {
    const file = 'mini-chat-actions.js';
    const { chat: ann } = await openListening('stale-actions', file);
    await ann.say('hello');
    await ann.sent('hello');

    await ann.chat().locator('.row', { hasText: 'hello' }).hover();
    await ann.chat().locator('.note', { hasText: 'could not be loaded' }).waitFor();
    await assertTold(ann, 'actions', file);
    await ann.say('it goes on');
    await ann.sent('it goes on');

    assert.equal(await ann.chat().locator('[data-act]').count(), 0);
  });

  it('tells of the extras of another, and goes on without', async () => {
    const file = 'mini-chat-extras.js';
    const { chat: ann } = await openListening('stale-extras', file);

    await assertTold(ann, 'extras', file);
    await ann.say('it goes on');
    await ann.sent('it goes on');
  });

  it('asks for its own build by the address that embed.json lists, and may keep it', async () => {
    const { chat: ann, extras } = await openListening('same-build');

    const { loads } = JSON.parse(await served('embed.json')) as { loads: { url: string }[] };
    assert.ok(loads.some(({ url }) => url === extras.url()));
    assert.match(extras.headers()['cache-control'] ?? '', /immutable/);
    assert.deepEqual(await ann.page.evaluate('told'), []);
    assert.deepEqual(ann.complaints, []);
  });

  it('can be given files whose address names no build', async () => {
    const ann = await world().open('no-build');
    const load = `import('${world().server.url}/mini-chat-actions.js').then(Object.keys)`;

    assert.deepEqual(await ann.page.evaluate(load), ['begin']);
  });
});
