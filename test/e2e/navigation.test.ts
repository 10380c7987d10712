/**
 * What frameworks do to the page around a chat: swap its body, morph it, take the element out and
 * put it, or a new one, back. Within ten seconds the server sees no new connection, and the reader
 * goes on where they were.
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { type Browser, chromium, type Page } from 'playwright-core';

import { fill } from '../../scripts/fill.ts';
import { becomes } from '../support/becomes.ts';
import { ChatPage } from '../support/chat-page.ts';
import { chromiumOptions, useWorld } from '../support/e2e.ts';

const world = useWorld();

const WAIT_MS = 20_000;
const LINES = 60;
/** What a server gives of them at first. */
const PAGE_LINES = 50;
const DRAFT = 'half a thought';

/** What a reader would miss if it were gone. */
interface Place {
  /** The first row in sight, and how far it is from the top of the log. */
  readonly row: string;
  readonly top: number;
  readonly draft: string;
  readonly rows: number;
}

const roomOf = (words: string): string => words.toLowerCase().replace(/\W/g, '-');

/** Connections that the server ever accepted. */
async function accepted(): Promise<number> {
  const text = await (await fetch(`${world().server.url}/metrics`)).text();
  const found = /connections_total (\d+)/.exec(text)?.[1];
  assert.ok(found, text);
  return Number(found);
}

const placeOf = (page: Page): Promise<Place> => page.evaluate(readPlace);

/** Runs in the page. */
function readPlace(): Place {
  const root = document.querySelector('mini-chat')?.shadowRoot;
  const log = root?.querySelector('.log');
  const edge = log?.getBoundingClientRect().top ?? NaN;
  const rows = [...(log?.querySelectorAll<HTMLElement>('.row') ?? [])];
  const row = rows.find((one) => one.getBoundingClientRect().bottom > edge);
  return {
    row: row?.dataset['key'] ?? '',
    top: Math.round((row?.getBoundingClientRect().top ?? NaN) - edge),
    draft: root?.querySelector('textarea')?.value ?? '',
    rows: rows.length,
  };
}

interface Where {
  readonly attributes?: string;
  readonly browser?: Browser;
}

/** A reader in the middle of a room's history, in the middle of a sentence. */
async function reading(room: string, where: Where = {}): Promise<{ ann: ChatPage; place: Place }> {
  const { attributes = '', browser = world().browser } = where;
  const lines = Array.from({ length: LINES }, (_, index) => ({
    nick: `nick${index % 3}`,
    text: `line ${index + 1} ${'word '.repeat((index * 7) % 40)}`,
  }));
  await fill({ server: world().server.url, room, lines });
  const ann = new ChatPage(await (await browser.newContext()).newPage());
  const html = world().html(room, { attributes: `name="Ann" ${attributes}` });
  await ann.page.goto(world().site.add(html));
  if (attributes !== '') await ann.chat().locator('.launcher').click();
  await ann.live();
  // Rows are drawn a few at a time: a third of fewer rows would be elsewhere, and ask for more.
  await becomes(async () => (await placeOf(ann.page)).rows, PAGE_LINES, WAIT_MS);
  await ann
    .chat()
    .locator('.log')
    .evaluate(async (log) => {
      const heard = new Promise((resolve) => log.addEventListener('scroll', resolve));
      log.scrollTop = log.scrollHeight / 3;
      await heard;
    });
  await ann.chat().locator('textarea').fill(DRAFT);
  await ann.page.evaluate(async () => {
    const chat = document.querySelector('mini-chat')!;
    const frame = (): Promise<void> =>
      new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    // What the scrolling and the text brought about is drawn by then.
    for (let frames = 0; frames < 3; frames += 1) {
      await frame();
      await chat.updateComplete;
    }
    const { shadowRoot: root } = chat;
    const redrawn: string[] = [];
    // The list and its rows: whoever is put in, or taken out, was drawn anew.
    new MutationObserver((changes) => {
      for (const { addedNodes, removedNodes } of changes) {
        for (const node of [...addedNodes, ...removedNodes]) redrawn.push(node.nodeName);
      }
    }).observe(root!.querySelector('.list')!, { childList: true });
    Object.assign(globalThis, { chat, redrawn });
  });
  const place = await placeOf(ann.page);
  assert.deepEqual([place.draft, place.rows], [DRAFT, PAGE_LINES]);
  return { ann, place };
}

/** The same connection, and the reader where they were; and the room still works. */
async function goesOn(ann: ChatPage, before: { place: Place; total: number }): Promise<void> {
  await ann.live();
  await becomes(() => placeOf(ann.page), before.place, WAIT_MS);
  assert.equal(await accepted(), before.total);
  assert.equal(ann.sockets.length, 1);
  await ann.chat().locator('textarea').fill('and on');
  await ann.chat().locator('textarea').press('Enter');
  await ann.chat().locator('.row.sent', { hasText: 'and on' }).waitFor();
  assert.deepEqual(ann.complaints, []);
}

/** What keeps the element as it is. In the page; `chat` is the element. */
const KEEPS: Readonly<Record<string, (chat: HTMLElement) => unknown>> = {
  'is moved by append': (chat) => {
    const place = document.body.appendChild(document.createElement('main'));
    place.append(chat);
  },
  'is moved by insertBefore': (chat) => document.body.insertBefore(chat, document.body.firstChild),
  'is moved by replaceChildren': (chat) => document.body.replaceChildren(chat),
  'is moved by moveBefore': (chat) => {
    const place = document.body.appendChild(document.createElement('main'));
    place.moveBefore(chat, null);
  },
  'is taken out and put back a second later': async (chat) => {
    chat.remove();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    document.body.append(chat);
  },
  'is kept over a swap of the body, as a permanent element': (chat) => {
    const body = document.createElement('body');
    body.append(document.createElement('header'));
    document.documentElement.replaceChild(body, document.body);
    body.append(chat);
  },
  'stays while all around it is morphed': (chat) => {
    // What a morph does to an element that is on both pages: attributes set and taken away.
    for (const { name } of [...chat.attributes]) {
      if (!['room', 'name', 'mode'].includes(name)) chat.removeAttribute(name);
    }
    chat.setAttribute('class', 'of the next page');
    document.body.prepend(document.createElement('header'));
    document.title = 'The next page';
  },
  'is in a view transition': async (chat) => {
    const change = (): void => document.body.append(document.createElement('footer'), chat);
    await document.startViewTransition(change).finished;
  },
};

/** What makes a new element in its stead. */
const REPLACES: Readonly<Record<string, (chat: HTMLElement) => unknown>> = {
  'in a new body, parsed from the next page': () => {
    const next = new DOMParser().parseFromString(document.documentElement.outerHTML, 'text/html');
    document.documentElement.replaceChild(document.adoptNode(next.body), document.body);
  },
  'a second after it was unmounted': async (chat) => {
    const other = chat.cloneNode() as HTMLElement;
    chat.remove();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    document.body.append(other);
  },
  'before it was unmounted': (chat) => {
    document.body.append(chat.cloneNode());
    chat.remove();
  },
  'in a view transition': async () => {
    const change = (): void => {
      const { innerHTML } = document.body;
      document.body.innerHTML = innerHTML;
    };
    await document.startViewTransition(change).finished;
  },
};

/** Runs one of them in the page, with the element. */
async function does(ann: ChatPage, deed: (chat: HTMLElement) => unknown): Promise<void> {
  await ann.chat().evaluate(deed);
}

describe('A chat that', { timeout: 180_000 }, () => {
  for (const [words, deed] of Object.entries(KEEPS)) {
    test(`${words} goes on with the nodes it has`, async () => {
      const { ann, place } = await reading(roomOf(words));
      const total = await accepted();

      await does(ann, deed);
      await ann.inState('live');
      await becomes(() => placeOf(ann.page), place, WAIT_MS);

      assert.deepEqual(await ann.page.evaluate(() => Reflect.get(globalThis, 'redrawn')), []);
      await goesOn(ann, { place, total });
    });
  }
});

describe('A chat that is made anew', { timeout: 180_000 }, () => {
  for (const [words, deed] of Object.entries(REPLACES)) {
    test(`${words} has all rows with its first drawing, and its reader's place`, async () => {
      const { ann, place } = await reading(roomOf(words));
      const total = await accepted();

      await does(ann, deed);
      const drawn = await ann.chat().evaluate(async (chat) => {
        const old = Reflect.get(globalThis, 'chat') as Element;
        await (chat as HTMLElement & { updateComplete: Promise<void> }).updateComplete;
        return { isOther: old !== chat, rows: chat.shadowRoot?.querySelectorAll('.row').length };
      });

      assert.deepEqual(drawn, { isOther: true, rows: place.rows });
      await goesOn(ann, { place, total });
    });
  }

  test('as a launcher is open if it was open', async () => {
    const { ann, place } = await reading('open-launcher', { attributes: 'mode="launcher"' });
    const total = await accepted();

    await does(ann, REPLACES['in a new body, parsed from the next page']!);

    await ann.chat().locator('.chat').waitFor();
    await goesOn(ann, { place, total });
    await ann.chat().locator('.close').click();
    await does(ann, REPLACES['in a new body, parsed from the next page']!);
    await ann.chat().locator('.launcher').waitFor();
  });

  test('for another user shows nothing of the one before', async () => {
    const { ann } = await reading('another-user');

    await ann.chat().evaluate((chat) => {
      const other = chat.cloneNode() as HTMLElement;
      other.setAttribute('token', 'of.another.user');
      chat.replaceWith(other);
    });
    await ann.inState('refused');

    assert.deepEqual(await ann.rows(), []);
    assert.equal(await ann.chat().locator('textarea').count(), 0);
  });
});

describe('A chat on a page that is left and come back to', { timeout: 180_000 }, () => {
  let browser: Browser;

  before(async () => {
    // Automation turns the cache of whole pages off; people have it.
    const ignoreDefaultArgs = ['--disable-back-forward-cache'];
    browser = await chromium.launch({ ...(await chromiumOptions()), ignoreDefaultArgs });
  });

  after(() => browser.close());

  test('is as it was, and then up to date', async () => {
    const { ann, place } = await reading('left', { browser });
    const { page } = ann;
    // Looked at as the page comes back: a moment later what it missed may be there.
    await page.evaluate(`addEventListener('pageshow', ({ persisted }) => {
      globalThis.atReturn = { persisted, redrawn: [...redrawn], place: (${String(readPlace)})() };
    })`);

    await page.goto(world().site.add('<!doctype html><title>Elsewhere</title>'));
    const bob = await world().open('left', { attributes: 'name="Bob"' });
    await bob.say('meanwhile');
    await bob.sent('meanwhile');
    await page.goBack({ waitUntil: 'commit' });

    await page.waitForFunction('globalThis.atReturn');
    const atReturn = await page.evaluate('atReturn');
    assert.deepEqual(atReturn, { persisted: true, redrawn: [], place });
    await ann.chat().locator('.row', { hasText: 'meanwhile' }).waitFor({ state: 'attached' });
    await becomes(() => placeOf(page), { ...place, rows: place.rows + 1 }, WAIT_MS);
    await ann.chat().locator('textarea').press('Enter');
    await ann.chat().locator('.row.sent', { hasText: DRAFT }).waitFor();
  });
});
