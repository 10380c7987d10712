/** Tabs of one real browser: its storage, locks and sockets, and the headless client in them. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { BrowserContext, Page } from 'playwright-core';

import type { ChatClient, Room } from '../../component/client/client.ts';
import { becomes } from '../support/becomes.ts';
import { useWorld } from '../support/e2e.ts';

/** What a tab keeps for the test to ask about. */
interface Tab {
  client: ChatClient;
  room: Room;
  /** Sockets of now, to be ended; and whether new ones go to the server at all. */
  sockets: WebSocket[];
  isUp: boolean;
}

declare global {
  interface Window {
    tab: Tab;
  }
}

const ROOM = 'tabs';
const WAIT_MS = 20_000;
const world = useWorld();

/** A tab of this browser, in the room. */
async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(world().site.add('<!doctype html><title>A tab</title>'));
  await page.evaluate(
    async ({ server, id }) => {
      // Found at run time by the page, so there is nothing to resolve here.
      const file = `${server}/mini-chat.js`;
      const module = (await import(file)) as { ChatClient: typeof ChatClient };
      const tab = { sockets: [], isUp: true } as unknown as Tab;
      window.tab = tab;
      const openSocket = (url: URL, protocol: string): WebSocket => {
        // Port 9 is "discard", and nobody listens there.
        const socket = new WebSocket(tab.isUp ? url : 'ws://127.0.0.1:9/ws', protocol);
        tab.sockets.push(socket);
        return socket;
      };
      tab.client = new module.ChatClient({ server, name: 'Ada', environment: { openSocket } });
      tab.room = tab.client.room(id);
      tab.room.join();
    },
    { server: world().server.url, id: ROOM },
  );
  await page.waitForFunction(() => window.tab.room.snapshot.status === 'live');
  return page;
}

async function goOffline(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.tab.isUp = false;
    for (const socket of window.tab.sockets) socket.close();
  });
  await page.waitForFunction(() => window.tab.room.snapshot.status !== 'live');
}

async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.tab.isUp = true;
    window.tab.client.reconnect();
  });
  await page.waitForFunction(() => {
    const { status, rows } = window.tab.room.snapshot;
    return status === 'live' && rows.every(({ state }) => state === 'sent');
  });
}

const send = (page: Page, text: string): Promise<unknown> =>
  page.evaluate((words) => window.tab.room.send(words), text);

const texts = (page: Page): Promise<string[]> =>
  page.evaluate(() => window.tab.room.snapshot.rows.map(({ text }) => text));

describe('tabs of one browser', { timeout: 120_000 }, () => {
  test('are one guest', async () => {
    const context = await world().browser.newContext();

    const pages = [await openTab(context), await openTab(context)];

    const ids = await Promise.all(
      pages.map((page) => page.evaluate(() => window.tab.client.user?.id)),
    );
    assert.equal(ids[0], ids[1]);
  });

  test('hand their drafts over within a second when they are closed, to be stored once', async () => {
    const context = await world().browser.newContext();
    const [one, two] = [await openTab(context), await openTab(context)];
    await Promise.all([goOffline(one), goOffline(two)]);
    for (const text of ['of one: 1', 'of one: 2']) await send(one, text);
    await send(two, 'of two');

    await one.close();
    await two.waitForFunction(
      () => window.tab.room.snapshot.rows.some(({ text }) => text === 'of one: 2'),
      undefined,
      { timeout: 1000 },
    );
    await comeBack(two);

    const said = ['of one: 1', 'of one: 2', 'of two'];
    await becomes(() => texts(two), said, WAIT_MS);
    const reader = await openTab(await world().browser.newContext());
    await becomes(() => texts(reader), said, WAIT_MS);
    const outboxes = (): Promise<string[]> =>
      two.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('outbox')));
    await becomes(outboxes, [], WAIT_MS);
  });

  test('a reload keeps the drafts, their order and the guest', async () => {
    const context = await world().browser.newContext();
    const before = await openTab(context);
    const id = await before.evaluate(() => window.tab.client.user?.id);
    await goOffline(before);
    for (const text of ['kept 1', 'kept 2', 'kept 3']) await send(before, text);
    await before.reload();

    const after = await openTab(context);
    await comeBack(after);

    // Another tab's drafts are adopted a moment after the room is live.
    const last = async (): Promise<string[]> => (await texts(after)).slice(-3);
    await becomes(last, ['kept 1', 'kept 2', 'kept 3'], WAIT_MS);
    assert.equal(await after.evaluate(() => window.tab.client.user?.id), id);
  });
});
