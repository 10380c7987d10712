/** What a chat that nobody has opened costs the server: nothing. And what a change of mode does. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { becomes } from '../support/becomes.ts';
import type { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';

const world = useWorld();

/** How many sockets the server says it holds. */
async function connections(): Promise<number> {
  const metrics = await (await fetch(`${world().server.url}/metrics`)).text();
  return Number(/^mini_chat_connections (\d+)$/m.exec(metrics)?.[1] ?? 'NaN');
}

/** Resolves when the server has heard that the pages of the test before are gone. */
function nobodyThere(): Promise<void> {
  return becomes(connections, 0, 20_000);
}

/** What the page keeps, and whether it ever opened a socket. */
async function traces({ page, sockets }: ChatPage): Promise<readonly number[]> {
  const kept = await page.evaluate(() => localStorage.length + sessionStorage.length);
  return [kept, sockets.length];
}

describe('A launcher', { timeout: 120_000 }, () => {
  test('costs no connection and no storage until it is opened, then one in every mode', async () => {
    await nobodyThere();
    const chat = await world().open('corner', { attributes: 'mode="launcher" name="Ann"' });
    const button = chat.chat().locator('.launcher');
    await button.waitFor();
    // Whatever the page wanted to do at its start, it has done by now.
    await chat.page.waitForLoadState('networkidle');
    const before = [...(await traces(chat)), await connections()];

    await button.click();
    await chat.live();
    await chat.page.keyboard.type('from the corner');
    await chat.page.keyboard.press('Enter');
    await chat.sent('from the corner');
    const opened = await connections();
    await chat.page.keyboard.type('half a thought');
    for (const mode of ['page', 'inline', 'launcher']) {
      await chat.chat().evaluate((it, to) => it.setAttribute('mode', to), mode);
      await chat.live();
    }
    await chat.page.keyboard.press('Escape');
    await button.waitFor();
    await chat.page.keyboard.press('Enter');
    await chat.live();

    assert.deepEqual(before, [0, 0, 0]);
    assert.equal(opened, 1);
    assert.deepEqual([await connections(), chat.sockets.length], [1, 1]);
    assert.equal(await chat.chat().locator('textarea').inputValue(), 'half a thought');
    assert.deepEqual(chat.complaints, []);
  });

  test('that is open stays so, on its connection, when the page makes another one', async () => {
    await nobodyThere();
    const chat = await world().open('stead', { attributes: 'mode="launcher" name="Ann"' });
    await chat.chat().locator('.launcher').click();
    await chat.live();
    await chat.chat().locator('textarea').fill('half a thought');

    await chat.chat().evaluate((it) => {
      const body = document.createElement('body');
      body.append(it.cloneNode());
      document.body.replaceWith(body);
    });
    await chat.live();

    assert.equal(await chat.chat().locator('textarea').inputValue(), 'half a thought');
    assert.deepEqual([await connections(), chat.sockets.length], [1, 1]);
    assert.deepEqual(chat.complaints, []);
  });
});

describe('A chat far down the page, with loading="lazy"', { timeout: 120_000 }, () => {
  test('costs nothing until it is scrolled into sight, and takes no focus', async () => {
    const body = `<div style="height: 5000px"></div>
      <mini-chat room="below" name="Ann" loading="lazy"></mini-chat>`;
    await nobodyThere();
    const chat = await world().open('below', { body });
    await chat.chat().locator('.chat').waitFor();
    await chat.page.waitForLoadState('networkidle');
    const before = [...(await traces(chat)), await connections()];
    const place = await chat.page.evaluate(() => [scrollY, document.activeElement?.tagName]);

    await chat.chat().scrollIntoViewIfNeeded();
    await chat.live();

    assert.deepEqual(before, [0, 0, 0]);
    assert.deepEqual(place, [0, 'BODY']);
    assert.deepEqual([await connections(), chat.sockets.length], [1, 1]);
  });
});
