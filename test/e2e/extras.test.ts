/** The extras of the built file: tones in one tab of many, and a theme under a strict policy. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { BrowserContext } from 'playwright-core';

import { becomes } from '../support/becomes.ts';
import { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';

const world = useWorld();

const WAIT_MS = 20_000;

declare global {
  interface Window {
    tones: number;
    claims: number;
  }
}

/**
 * Counts tones, and who decided about one. Every page says that nobody looks at it, as a real one
 * says of hidden tabs.
 */
async function listenIn(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.tones = 0;
    window.claims = 0;
    document.hasFocus = () => false;
    const { createOscillator } = AudioContext.prototype;
    AudioContext.prototype.createOscillator = function () {
      window.tones += 1;
      return createOscillator.call(this);
    };
    const { request } = LockManager.prototype;
    LockManager.prototype.request = async function (
      this: LockManager,
      name: string,
      ...rest: unknown[]
    ) {
      const answer: unknown = await Reflect.apply(request, this, [name, ...rest]);
      if (name === 'mini-chat:sound') window.claims += 1;
      return answer;
    } as typeof request;
  });
}

describe('A browser with two tabs of a room with sound', () => {
  it('makes one tone for a message of somebody else, in one of them', async () => {
    const context = await world().browser.newContext();
    await listenIn(context);
    const url = world().site.add(world().html('loud', { attributes: 'sound name="Ann"' }));
    const [one, two] = [
      new ChatPage(await context.newPage()),
      new ChatPage(await context.newPage()),
    ];
    for (const tab of [one, two]) {
      const loaded = tab.page.waitForResponse(/mini-chat-extras\.js/);
      await tab.page.goto(url);
      await loaded;
      await tab.live();
      // Browsers play nothing on a page on which nobody acted.
      await tab.page.mouse.click(5, 5);
    }
    await one.say('my own');
    await two.sent('my own');
    const bob = await world().open('loud', { attributes: 'name="Bob"' });
    await bob.live();

    await bob.say('hello');
    await Promise.all([one.sent('hello'), two.sent('hello')]);
    const tones = async (): Promise<number> =>
      (await one.page.evaluate(() => window.tones)) + (await two.page.evaluate(() => window.tones));
    await becomes(tones, 1, WAIT_MS);
    for (const tab of [one, two]) await tab.page.waitForFunction(() => window.claims === 1);

    assert.equal(await tones(), 1);
    // Another tab's write may come a moment later. Nobody claimed what was their own.
    const claims = async (): Promise<number | undefined> =>
      (await one.page.evaluate(() => localStorage.getItem('mini-chat:sound')))?.trim().split(' ')
        .length;
    await becomes(claims, 1, WAIT_MS);
    assert.deepEqual([...one.complaints, ...two.complaints], []);
  });
});

describe('A page with theme="auto"', () => {
  it('needs nothing of its policy but its script and its socket', async () => {
    const { server } = world();
    const policy = [
      "default-src 'none'",
      `script-src ${server.url}`,
      `connect-src ${server.url} ${server.url.replace('http', 'ws')}`,
      "require-trusted-types-for 'script'",
      'trusted-types lit-html',
    ];
    const { page, complaints } = await world().open('themed', {
      attributes: 'theme="auto"',
      headers: { 'Content-Security-Policy': policy.join('; ') },
    });

    const surface = (): Promise<string> =>
      page.evaluate(() =>
        getComputedStyle(document.querySelector('mini-chat')!).getPropertyValue(
          '--mini-chat-surface',
        ),
      );
    await becomes(surface, 'rgb(255 255 255)', WAIT_MS);
    await page.evaluate(() => document.body.style.setProperty('background', '#000'));
    await becomes(surface, 'rgb(0 0 0)', WAIT_MS);

    assert.deepEqual(complaints, []);
  });

  it('says so to the page when its file does not come, once, and the chat goes on', async () => {
    const context = await world().browser.newContext();
    const chat = new ChatPage(await context.newPage());
    await chat.page.route('**/mini-chat-extras.js*', (route) => route.abort());
    await chat.page.addInitScript(() => {
      const codes: string[] = Object.assign(window, { codes: [] }).codes;
      document.addEventListener('mini-chat-error', ({ detail }: CustomEventInit) =>
        codes.push(detail.code),
      );
    });
    await chat.page.goto(
      world().site.add(world().html('plain', { attributes: 'theme="auto" name="Ann"' })),
    );

    await chat.live();
    await chat.say('it goes on');
    await chat.sent('it goes on');

    await becomes(() => chat.page.evaluate('codes'), ['extras'] as unknown, WAIT_MS);
  });
});
