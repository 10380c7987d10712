/** What a browser does to a page that nobody looks at, and what people do to its storage. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { type Browser, chromium } from 'playwright-core';

import { ClientTab, type TabPlace } from '../support/client-tab.ts';
import { chromiumOptions, useWorld } from '../support/e2e.ts';

const world = useWorld();

function placeOf(room: string): TabPlace {
  const { site, server } = world();
  return { page: site.add('<!doctype html><title>A page</title>'), server: server.url, room };
}

/** Somebody else in the room, in a profile of their own. */
async function other(place: TabPlace): Promise<ClientTab> {
  return ClientTab.open(await world().browser.newContext(), place);
}

describe('A page that is frozen', { timeout: 180_000 }, () => {
  test('and loses its server meanwhile, comes back with its draft and what it missed', async () => {
    const place = placeOf('frozen');
    const tab = await other(place);
    const reader = await other(place);
    await world().server.crash();
    await tab.page.waitForFunction(() => window.tab.room.snapshot.status === 'offline');
    await tab.send('before the frost');
    const session = await tab.page.context().newCDPSession(tab.page);

    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await world().server.startAgain();
    await reader.comeBack();
    await reader.send('meanwhile');
    await reader.quiet();
    assert.deepEqual(await reader.texts(), ['meanwhile'], 'nothing of it was frozen');
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await reader.shows('before the frost');
    await tab.quiet();

    assert.deepEqual(await tab.texts(), ['meanwhile', 'before the frost']);
    assert.deepEqual(await reader.texts(), ['meanwhile', 'before the frost']);
    assert.deepEqual(await tab.lists(), []);
  });
});

describe('A page that is left and come back to', { timeout: 180_000 }, () => {
  let browser: Browser;

  before(async () => {
    // Automation turns the cache of whole pages off; people have it.
    const ignoreDefaultArgs = ['--disable-back-forward-cache'];
    browser = await chromium.launch({ ...(await chromiumOptions()), ignoreDefaultArgs });
  });

  after(() => browser.close());

  for (const hasNoLocks of [false, true]) {
    const words = hasNoLocks ? 'without' : 'with';
    test(`${words} locks, has its draft and what it missed, once`, async (t) => {
      const place = { ...placeOf(`left-${words}`), hasNoLocks };
      const tab = await ClientTab.open(await browser.newContext(), place);
      const reader = await other(place);
      await tab.goOffline();
      await tab.send('before it left');
      await tab.page.evaluate(() => (window.tab.isUp = true));

      await tab.page.goto(world().site.add('<!doctype html><title>Elsewhere</title>'));
      await reader.send('meanwhile');
      await reader.quiet();
      await tab.page.goBack({ waitUntil: 'commit' });
      const isWhole = await tab.page.evaluate(() => 'tab' in window);
      t.diagnostic(isWhole ? 'the page was kept whole' : 'the page was loaded anew');
      if (!isWhole) await tab.start();
      await tab.shows('meanwhile');
      await tab.quiet();
      await reader.shows('before it left');
      await tab.send('after it came back');
      await tab.quiet();
      await reader.shows('after it came back');

      const said = ['meanwhile', 'before it left', 'after it came back'];
      assert.deepEqual((await tab.texts()).toSorted(), said.toSorted());
      assert.deepEqual(await tab.texts(), await reader.texts());
      assert.deepEqual(await tab.lists(), []);
    });
  }

  test('gives its draft to another tab, though the browser may have kept it whole', async () => {
    const place = placeOf('heir');
    const context = await browser.newContext();
    const [tab, heir] = [
      await ClientTab.open(context, place),
      await ClientTab.open(context, place),
    ];
    await tab.goOffline();
    await tab.send('of the page that left');

    await tab.page.goto(world().site.add('<!doctype html><title>Elsewhere</title>'));
    await heir.shows('of the page that left');
    await heir.quiet();
    await tab.page.goBack({ waitUntil: 'commit' });
    if (!(await tab.page.evaluate(() => 'tab' in window))) await tab.start();
    await tab.comeBack();

    assert.deepEqual(await heir.texts(), ['of the page that left']);
    assert.deepEqual(await tab.texts(), ['of the page that left']);
    assert.deepEqual(await heir.lists(), []);
  });
});

describe('A network that comes and goes', { timeout: 180_000 }, () => {
  test('as the browser tells it, over and over, loses and doubles no draft', async () => {
    const place = placeOf('flaps');
    const tab = await other(place);
    const context = tab.page.context();
    const said: string[] = [];
    for (let flap = 1; flap <= 6; flap += 1) {
      await context.setOffline(true);
      await tab.page.evaluate(() => {
        for (const socket of window.tab.sockets) socket.close();
      });
      said.push(`offline ${flap}`);
      await tab.send(`offline ${flap}`);
      await context.setOffline(false);
      said.push(`online ${flap}`);
      await tab.send(`online ${flap}`);
    }
    await tab.quiet();

    assert.deepEqual(await tab.texts(), said);
    assert.deepEqual(await (await other(place)).texts(), said);
  });
});

describe('A storage', { timeout: 180_000 }, () => {
  test('that is copied with drafts in it: both browsers send, each is there once', async () => {
    const place = placeOf('copied');
    const tab = await other(place);
    await tab.goOffline();
    for (const text of ['one', 'two', 'three']) await tab.send(text);
    const storageState = await tab.page.context().storageState();

    const context = await world().browser.newContext({ storageState });
    const [copy] = await Promise.all([ClientTab.open(context, place), tab.comeBack()]);
    await copy.shows('three');
    await copy.quiet();

    assert.equal(await copy.userId(), await tab.userId());
    for (const each of [tab, copy, await other(place)]) {
      assert.deepEqual(await each.texts(), ['one', 'two', 'three']);
    }
    assert.deepEqual([...(await tab.lists()), ...(await copy.lists())], []);
  });

  test('that is cleared with drafts in flight: the same guest sends them, once', async () => {
    const place = placeOf('cleared');
    const tab = await other(place);
    const id = await tab.userId();
    await tab.goOffline();
    for (const text of ['one', 'two']) await tab.send(text);

    await tab.page.evaluate(() => localStorage.clear());
    await tab.comeBack();

    assert.deepEqual(await tab.texts(), ['one', 'two']);
    assert.deepEqual(await (await other(place)).texts(), ['one', 'two']);
    assert.equal(await tab.userId(), id);
  });

  test('that is full: drafts are sent all the same, and it is said that they are not kept', async () => {
    const place = placeOf('full');
    const tab = await other(place);
    await tab.goOffline();
    await tab.page.evaluate(() => {
      for (let size = 2 ** 22, i = 0; size >= 1; i += 1) {
        try {
          localStorage.setItem(`junk ${i}`, 'x'.repeat(size));
        } catch {
          // That is what we want to hear: halves until not one character fits.
          size = Math.floor(size / 2);
        }
      }
    });
    for (const text of ['one', 'two']) await tab.send(text);
    const fault = await tab.page.evaluate(() => window.tab.room.snapshot.storageFault);
    await tab.comeBack();

    assert.equal(fault, 'full');
    assert.deepEqual(await tab.texts(), ['one', 'two']);
    assert.deepEqual(await (await other(place)).texts(), ['one', 'two']);
  });
});
