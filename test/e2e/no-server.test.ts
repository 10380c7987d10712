/** `server="demo:"` on a page of a file server, in tabs of real browsers. */

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

import type { ChatClient } from '../../component/client/client.ts';
import { becomes } from '../support/becomes.ts';
import { adviceFor, findBrowser, wantedEngines } from '../support/browsers.ts';
import { openChromium } from '../support/e2e.ts';
import { isTrue, openEngine } from '../support/engine-page.ts';
import { soonMs } from '../support/soon.ts';
import { StaticSite } from '../support/static-site.ts';

const WAIT_MS = 20_000;

type Name = 'Ada' | 'Ben';

/** All that the page needs. */
const FILES = [
  '/demo.css',
  '/favicon.svg',
  '/mini-chat-demo.js',
  '/mini-chat.js',
  '/no-server.html',
];

/** The page with its two windows, in a tab. */
class DemoTab {
  readonly page: Page;
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(WAIT_MS);
    page.on('websocket', () => this.complaints.push('a socket was opened'));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (line) => {
      if (line.type() === 'error') this.complaints.push(line.text());
    });
  }

  static async open(context: BrowserContext, address: string): Promise<DemoTab> {
    const tab = new DemoTab(await context.newPage());
    await tab.page.goto(address);
    await tab.live();
    return tab;
  }

  async live(): Promise<void> {
    await this.chat('Ada').locator('.input:enabled').waitFor();
    await this.chat('Ben').locator('.input:enabled').waitFor();
  }

  chat(name: Name): Locator {
    return this.page.locator(`mini-chat[name="${name}"]`);
  }

  async say(name: Name, text: string): Promise<void> {
    const input = this.chat(name).locator('textarea');
    await input.fill(text);
    await input.press('Enter');
  }

  /** What is sent, from top to bottom. */
  texts(name: Name): Promise<readonly string[]> {
    return this.chat(name).locator('.row.sent .text').allInnerTexts();
  }

  shows(name: Name, texts: readonly string[], waitMs = WAIT_MS): Promise<void> {
    const trimmed = async (): Promise<readonly string[]> =>
      (await this.texts(name)).map((text) => text.trim());
    return becomes(trimmed, texts, waitMs);
  }

  /** Does something as a third person, whose client has no element. */
  asCleo<T>(act: (client: ChatClient) => T): Promise<T> {
    return this.page.evaluate(`(async () => {
      const { ChatClient } = await import('./mini-chat.js');
      globalThis.cleo ??= new ChatClient({ server: 'demo:cleo', name: 'Cleo' });
      const room = globalThis.cleo.room('lobby');
      room.join();
      while (room.snapshot.status !== 'live') await new Promise((next) => setTimeout(next, 10));
      return (${String(act)})(globalThis.cleo);
    })()`);
  }
}

describe('A page without a server', () => {
  let site: StaticSite;
  let browser: Browser;

  before(async () => {
    site = await StaticSite.open();
    browser = await openChromium();
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  after(async () => {
    await Promise.all([browser.close(), site.close()]);
  });

  it('shows two tabs within a second what is said, edited, reacted and written', async () => {
    const context = await browser.newContext();
    const one = await DemoTab.open(context, site.page);
    const two = await DemoTab.open(context, site.page);
    const soon = await soonMs(one.page, two.page);

    await one.say('Ada', 'hello');
    await two.shows('Ben', ['hello'], soon);
    // Only what is stored can be edited.
    await one.chat('Ada').locator('.row.sent').waitFor();
    await one.chat('Ada').locator('textarea').press('ArrowUp');
    await one.chat('Ada').locator('[part~=banner]').waitFor();
    await one.say('Ada', 'hello, all');
    await two.shows('Ben', ['hello, all'], soon);
    await two.asCleo((client) => client.room('lobby').react(1, '👍', true));
    const reactions = one.chat('Ada').locator('[part~=reaction]');
    await becomes(() => reactions.count(), 1, soon);
    await two.asCleo((client) => client.room('lobby').typing(true));
    await one.chat('Ada').getByText(/Cleo/).first().waitFor({ timeout: soon });
    await becomes(() => one.chat('Ben').locator('[part~=people]').innerText(), '3 online', soon);

    assert.deepEqual([...one.complaints, ...two.complaints], []);
  });

  it('has after a reload what was said before, and the same people', async () => {
    const context = await browser.newContext();
    const tab = await DemoTab.open(context, site.page);
    await tab.say('Ada', 'one');
    await tab.shows('Ben', ['one']);
    await tab.say('Ben', 'two');
    await tab.shows('Ada', ['one', 'two']);

    await tab.page.goto(`${site.page}?again#mini-chat-lobby-1`);
    await tab.live();

    await tab.shows('Ada', ['one', 'two']);
    await tab.shows('Ben', ['one', 'two']);
    const own = (name: Name): Promise<readonly string[]> =>
      tab.chat(name).locator('[part~=own-message] .text').allInnerTexts();
    assert.deepEqual([await own('Ada'), await own('Ben')], [['one'], ['two']]);
    const focused = tab.page.locator('mini-chat .row:focus');
    await becomes(async () => (await focused.innerText()).includes('one'), true, WAIT_MS);
  });

  for (const end of ['is closed', 'crashes']) {
    it(`goes on, with everything once, when the tab that began ${end}`, async () => {
      const context = await browser.newContext();
      const one = await DemoTab.open(context, site.page);
      const two = await DemoTab.open(context, site.page);
      const said = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);

      await one.page.evaluate((texts) => {
        const ada = document.querySelector('mini-chat');
        for (const text of texts) ada?.send(text);
      }, said);
      await one.page.locator('mini-chat[name="Ada"] .row.sent').first().waitFor();
      if (end === 'is closed') await one.page.close();
      else {
        const crashed = one.page.waitForEvent('crash');
        // Its answer never comes: there is nobody left to give it.
        void one.page.goto('chrome://crash').catch(() => undefined);
        await crashed;
      }

      await two.shows('Ada', said);
      await two.say('Ben', 'and on');
      await two.shows('Ada', [...said, 'and on']);
      const three = await DemoTab.open(context, site.page);
      await three.shows('Ben', [...said, 'and on']);
    });
  }

  it('works for the visit where storage is forbidden', async () => {
    const context = await browser.newContext();
    await context.addInitScript(`
      for (const name of ['indexedDB', 'localStorage']) {
        Object.defineProperty(window, name, {
          get() { throw new DOMException('not allowed', 'SecurityError'); },
        });
      }`);
    const tab = await DemoTab.open(context, site.page);

    await tab.say('Ada', 'hello');
    await tab.shows('Ben', ['hello']);

    assert.deepEqual(tab.complaints, []);
  });

  it('asks nobody for anything but its own files, and needs them no more then', async (t) => {
    const own = await StaticSite.open();
    t.after(() => own.close().catch(() => undefined));
    const context = await browser.newContext();
    const tab = await DemoTab.open(context, own.page);
    const asked = async (): Promise<readonly string[]> => [...new Set(own.asked)].sort();
    // The icon comes when the browser thinks of it.
    await becomes(asked, FILES, WAIT_MS);
    await own.close();

    await tab.say('Ada', 'nobody is there');
    await tab.shows('Ben', ['nobody is there']);

    assert.deepEqual(await asked(), FILES);
  });

  it('says why when its file is not there', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route('**/mini-chat-demo.js*', (route) => route.fulfill({ status: 404 }));
    const codes: string[] = [];
    await page.exposeFunction('tell', (code: string) => codes.push(code));
    await page.addInitScript(`
      addEventListener('mini-chat-error', ({ detail }) => tell(detail.code));`);

    await page.goto(site.page);

    await becomes(async () => codes.at(-1), 'bad_server', WAIT_MS);
  });

  for (const engine of wantedEngines()) {
    it(`talks under a policy that allows no connection, in ${engine}`, async (t) => {
      const file = await findBrowser(engine);
      if (file === undefined) return t.skip(`no ${engine} here: ${adviceFor(engine)}`);
      const page = await openEngine(engine, file);
      t.after(() => page.close());
      const inside = (name: Name): string =>
        `document.querySelector('mini-chat[name=${name}]')?.shadowRoot`;

      await page.goto(site.page);
      await isTrue(page, `${inside('Ada')}?.querySelector('textarea:enabled')`);
      await page.evaluate(`document.querySelector('mini-chat').focus()`);
      await page.type(`hello from ${engine}`);
      await page.press('Enter');

      const told = `${inside('Ben')}.querySelector('.row.sent .text')?.textContent`;
      await isTrue(page, `${told}?.includes('hello from ${engine}')`);
    });
  }
});
