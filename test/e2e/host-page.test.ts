/**
 * The page around a chat: whatever its style sheets and scripts do, the chat looks and works the
 * same; and whatever the chat does, the page's own elements look the same.
 */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { BrowserContext, Page } from 'playwright-core';

import { fill } from '../../scripts/fill.ts';
import { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';
import { hostScripts, hostStyles } from '../support/host-styles.ts';
import { differenceOf } from '../support/pixels.ts';

const world = useWorld();

/** Of all pixels: the corners, behind which the page's own background is. */
const DIFFERENCE_MAX = 0.001;

const BOX = { x: 0, y: 0, width: 480, height: 520 };
const FRAME = 'position:absolute;display:block;inset:0 auto auto 0;width:480px;height:520px';

const TEXTS = [
  'hello **there**, _all_ of you: `code` and https://example.com/path',
  '> what was said\n\n- one\n- two\n\n```\nlet a = 1;\n```',
  'אז מה שלומך היום',
  '👍🎉',
];

/** Something of each kind that a host's style sheet speaks of. */
const HOST_ELEMENTS = `
  <main class="chat base"><h1 class="header">Title</h1><h2>Less</h2><p class="text line">Text,
  <a href="#">link</a>, <b>bold</b> <code>code</code> <kbd>K</kbd> <mark>mark</mark></p>
  <ul class="list"><li>one</li></ul><ol><li>one</li></ol><blockquote>said</blockquote>
  <table><tr><th>a</th><td>b</td></tr></table><hr><img alt="none"><svg class="icon"></svg>
  <form class="composer"><label class="hidden">Name <input class="input"></label>
  <textarea class="input">text</textarea><button class="send button">Send</button>
  <select><option>one</option></select></form><dialog open>words</dialog><video></video></main>`;

interface HostPage {
  readonly style?: string;
  readonly script?: string;
  readonly attributes?: string;
}

/** A page with these, and a chat in a box of one size; without the script that defines it. */
function htmlOf(room: string, { style = '', script = '', attributes = '' }: HostPage): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A site</title>
    <script>{${script}}</script><style>${style}</style></head><body>
    <div style="${FRAME}"><mini-chat room="${room}" ${attributes}></mini-chat></div>
    <div style="position:absolute;display:block;left:500px;width:400px">${HOST_ELEMENTS}</div>
    </body></html>`;
}

async function openHost(context: BrowserContext, html: string): Promise<ChatPage> {
  const chat = new ChatPage(await context.newPage());
  await chat.page.goto(world().site.add(html));
  return chat;
}

/** Loads the one file, as a page does late. */
async function load(page: Page): Promise<void> {
  await page.addScriptTag({ type: 'module', url: `${world().server.url}/mini-chat.js` });
}

/** A picture of the chat, when nothing in it changes any more. */
async function stillPicture(page: Page): Promise<Buffer> {
  const take = (): Promise<Buffer> => page.screenshot({ clip: BOX, animations: 'disabled' });
  let before = await take();
  for (;;) {
    const now = await take();
    if (now.equals(before)) return now;
    before = now;
  }
}

/** Everything that is computed for the page's own elements, one line each. */
function computed(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const elements = [...document.querySelectorAll('*:not(mini-chat, script)')];
    for (const [index, element] of elements.entries()) {
      for (const pseudo of [null, '::before', '::after', '::placeholder']) {
        const style = getComputedStyle(element, pseudo);
        const values = Array.from(style, (name) => `${name}: ${style.getPropertyValue(name)}`);
        found.push(`${index} ${element.localName}${pseudo ?? ''} ${values.join('; ')}`);
      }
    }
    return found;
  });
}

/** A room where something of each kind was said. */
async function filled(room: string): Promise<void> {
  const lines = TEXTS.map((text, index) => ({ nick: index < 2 ? 'Bob' : 'Cy', text }));
  await fill({ server: world().server.url, room, lines });
}

/** How much a page with this style differs from a plain one, each with a chat that is ready. */
async function difference(room: string, style: string, attributes: string): Promise<number> {
  const context = await world().browser.newContext();
  const pictures: Buffer[] = [];
  for (const host of [{}, { style }]) {
    const chat = await openHost(context, htmlOf(room, { ...host, attributes }));
    const before = await computed(chat.page);
    await load(chat.page);
    await chat.chat().locator('.input:enabled').waitFor();
    await chat.inState('live');
    await chat.chat().locator('[part=people]').waitFor();
    pictures.push(await stillPicture(chat.page));
    assert.deepEqual(await computed(chat.page), before);
    assert.deepEqual(chat.complaints, []);
  }
  const [plain, styled] = pictures as [Buffer, Buffer];
  return differenceOf(await context.newPage(), plain, styled);
}

/** Writes, reacts, writes offline, and finds it all again on another visit. */
async function useOn(room: string, script: string): Promise<void> {
  await filled(room);
  const context = await world().browser.newContext();
  const html = htmlOf(room, { script, attributes: 'name="Ann"' });
  const ann = await openHost(context, html);
  await load(ann.page);
  await ann.live();
  await ann.counts('.row', TEXTS.length);
  await ann.say('from a strange page');
  await ann.sent('from a strange page');
  const row = ann.chat().locator('.row', { hasText: 'from a strange page' });
  await row.hover();
  await row.locator('[data-act=more]').click();
  await ann.chat().locator('[part=menu]').getByText('👍').click();
  await ann.chat().locator('[part=reaction]').waitFor();
  await world().server.crash();
  await ann.inState('offline');
  await ann.say('while offline');
  await ann.chat().locator('.row.sending').waitFor();
  await ann.page.close();
  await world().server.startAgain();

  const again = await openHost(context, html);
  await load(again.page);
  await again.live();
  await again.sent('from a strange page');
  await again.sent('while offline');
  const said = [...ann.complaints, ...again.complaints];
  assert.deepEqual(
    said.filter((words) => !/ERR_CONNECTION|WebSocket/.test(words)),
    [],
  );
}

describe('A page with', { timeout: 240_000 }, () => {
  for (const [words, style] of Object.entries(hostStyles)) {
    test(`${words} shows the chat as a plain page does, and stays as it is`, async (t) => {
      const room = words.replaceAll(' ', '-');
      await filled(room);

      const talk = await difference(room, style, 'name="Ann" heading="The room"');
      const form = await difference('nameless', style, '');

      t.diagnostic(`${(talk * 100).toFixed(3)} %, ${(form * 100).toFixed(3)} % of pixels differ`);
      assert.ok(talk <= DIFFERENCE_MAX && form <= DIFFERENCE_MAX, `${talk} and ${form}`);
    });
  }

  for (const [words, script] of Object.entries(hostScripts)) {
    test(`${words} has a chat that works`, async () => {
      const room = words.replaceAll(/\W/g, '-').toLowerCase().slice(0, 40);
      await useOn(room, script);
    });
  }
});
