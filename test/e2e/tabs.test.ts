/** Tabs of one real browser: its storage, locks and sockets, and the headless client in them. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { becomes } from '../support/becomes.ts';
import { ClientTab, type TabPlace } from '../support/client-tab.ts';
import { useWorld } from '../support/e2e.ts';
import { soonMs } from '../support/soon.ts';

const world = useWorld();

/** Long enough for an echo on a busy machine. */
const WAIT_MS = 20_000;

/** A room of its own for each test, on a page of the site. */
function placeOf(room: string): TabPlace {
  const { site, server } = world();
  return { page: site.add('<!doctype html><title>A tab</title>'), server: server.url, room };
}

describe('Tabs of one browser', { timeout: 180_000 }, () => {
  test('are one guest', async () => {
    const place = placeOf('guest');
    const context = await world().browser.newContext();

    const tabs = [await ClientTab.open(context, place), await ClientTab.open(context, place)];

    const [one, two] = await Promise.all(tabs.map((tab) => tab.userId()));
    assert.equal(one, two);
  });

  test('hand their drafts over within a second when they are closed, to be stored once', async () => {
    const place = placeOf('closed');
    const context = await world().browser.newContext();
    const [one, two] = [await ClientTab.open(context, place), await ClientTab.open(context, place)];
    await Promise.all([one.goOffline(), two.goOffline()]);
    for (const text of ['of one: 1', 'of one: 2']) await one.send(text);
    await two.send('of two');

    for (const tab of [one, two]) {
      for (const text of ['of one: 1', 'of one: 2', 'of two']) await tab.shows(text);
    }
    assert.equal((await two.lists()).length, 2, 'each tab has its own list');
    const soon = await soonMs(two.page);
    await one.page.close();
    // Taken over: all of them stand in the one list of the tab that is left.
    await two.page.waitForFunction(() => window.lists().length === 1, undefined, { timeout: soon });
    await two.comeBack();

    const said = ['of one: 1', 'of one: 2', 'of two'];
    assert.deepEqual(await two.texts(), said);
    const reader = await ClientTab.open(await world().browser.newContext(), place);
    assert.deepEqual(await reader.texts(), said);
    assert.deepEqual(await two.lists(), []);
  });

  test('hand their drafts over when they crash, too', async () => {
    const place = placeOf('crashed');
    const context = await world().browser.newContext();
    const [one, two] = [await ClientTab.open(context, place), await ClientTab.open(context, place)];
    await one.goOffline();
    await one.send('of one');
    // What another tab can read has left the one that will crash.
    await two.page.waitForFunction(() => window.lists().length > 0);

    const crashed = one.page.waitForEvent('crash');
    // Its answer never comes: there is nobody left to give it.
    void one.page.goto('chrome://crash').catch(() => undefined);
    await crashed;
    await two.shows('of one');
    await two.quiet();

    assert.deepEqual(await two.texts(), ['of one']);
    assert.deepEqual(await two.lists(), []);
  });

  test('that were duplicated, with their session, keep apart and store each draft once', async () => {
    const place = placeOf('duplicated');
    const context = await world().browser.newContext();
    const one = await ClientTab.open(context, place);
    await one.page.evaluate(() => sessionStorage.setItem('mark', 'of one'));
    await one.goOffline();
    await one.send('of one');
    const opened = context.waitForEvent('page');
    await one.page.evaluate(() => void window.open(location.href));
    const two = new ClientTab(await opened, place);
    assert.equal(await two.page.evaluate(() => sessionStorage.getItem('mark')), 'of one');
    await two.start();
    await two.live();

    await two.shows('of one');
    await two.send('of two');
    await two.stored('of two');
    await one.comeBack();
    await two.quiet();

    assert.deepEqual(await one.texts(), ['of two', 'of one']);
    assert.deepEqual(await two.texts(), ['of two', 'of one']);
    assert.deepEqual(await two.lists(), []);
  });

  test('count the same as unread, and one of them reading is all of them reading', async () => {
    const place = placeOf('unread');
    const context = await world().browser.newContext();
    const tabs = [await ClientTab.open(context, place), await ClientTab.open(context, place)];
    const other = await ClientTab.open(await world().browser.newContext(), place);
    const unread = (tab: ClientTab): Promise<number> =>
      tab.page.evaluate(() => window.tab.room.snapshot.unread);

    for (const text of ['one', 'two', 'three']) await other.send(text);
    for (const tab of tabs) await becomes(() => unread(tab), 3, WAIT_MS);
    await tabs[0]?.page.evaluate(() => window.tab.room.markRead(2));
    for (const tab of tabs) await becomes(() => unread(tab), 1, WAIT_MS);
    tabs.push(await ClientTab.open(context, place));
    for (const tab of tabs) await becomes(() => unread(tab), 1, WAIT_MS);
    await tabs[2]?.page.evaluate(() => window.tab.room.markRead(3));
    for (const tab of tabs) await becomes(() => unread(tab), 0, WAIT_MS);
  });

  test('a reload keeps the drafts, their order and the guest', async () => {
    const place = placeOf('reload');
    const context = await world().browser.newContext();
    const tab = await ClientTab.open(context, place);
    const id = await tab.userId();
    await tab.goOffline();
    for (const text of ['kept 1', 'kept 2', 'kept 3']) await tab.send(text);

    await tab.page.reload();
    await tab.start();
    await tab.shows('kept 3');
    await tab.comeBack();

    assert.deepEqual(await tab.texts(), ['kept 1', 'kept 2', 'kept 3']);
    assert.equal(await tab.userId(), id);
  });
});
