import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ChatClient } from '../../component/client/client.ts';
import { becomes } from '../support/becomes.ts';
import { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';
import { soonMs } from '../support/soon.ts';

const world = useWorld();

/** The row of the answer with its second text. */
const EDITED = '.row[aria-label*="an answer, edited"]';

interface Pair {
  readonly ann: ChatPage;
  readonly bob: ChatPage;
}

/** Two people in a room, and what each has said. */
async function pair(room: string): Promise<Pair> {
  const ann = await world().open(room, { attributes: 'name="Ann"' });
  const bob = await world().open(room, { attributes: 'name="Bob"' });
  await Promise.all([ann.live(), bob.live()]);
  await ann.say('from Ann');
  await bob.sent('from Ann');
  await bob.say('from Bob');
  await ann.sent('from Bob');
  return { ann, bob };
}

/** Does something, which the other one must see soon, from the last press on. */
async function seenAfter(by: () => Promise<unknown>, other: ChatPage, what: string): Promise<void> {
  const { page } = other;
  const msMax = await soonMs(page);
  const chat = await other.chat().elementHandle();
  await by();
  const pressed = performance.now();
  await page.waitForFunction(([it, selector]) => it?.shadowRoot?.querySelector(selector), [
    chat,
    what,
  ] as const);
  const ms = performance.now() - pressed;
  assert.ok(ms < msMax, `${what} after ${Math.round(ms)} ms`);
}

/** The row that has this text. */
function row(chat: ChatPage, text: string): ReturnType<ChatPage['chat']> {
  return chat.chat().locator('.row', { hasText: text });
}

/** Resolves when letters go into the composer. */
function writing(chat: ChatPage): Promise<void> {
  return chat.chat().locator('textarea:focus').waitFor();
}

/** By mouse: points at a row, opens its menu, and chooses. */
async function choose(chat: ChatPage, text: string, deed: string): Promise<void> {
  await row(chat, text).hover();
  await row(chat, text).locator('[data-act=more]').click();
  await chat.chat().getByRole('menuitem', { name: deed }).click();
}

describe('What one does with a message, another sees', () => {
  it('by mouse: reply, react, edit, delete', async () => {
    const { ann, bob } = await pair('by-mouse');
    const { keyboard } = ann.page;

    await choose(ann, 'from Bob', 'Reply');
    await writing(ann);
    await keyboard.type('an answer');
    await seenAfter(() => keyboard.press('Enter'), bob, '.row .quote');
    await row(ann, 'an answer').hover();
    await row(ann, 'an answer').locator('[data-act=more]').click();
    await seenAfter(
      () => ann.chat().getByRole('menuitemcheckbox', { name: '🎉' }).click(),
      bob,
      '.chip',
    );
    await choose(ann, 'an answer', 'Edit');
    await writing(ann);
    await keyboard.press('End');
    await keyboard.type(', edited');
    await seenAfter(() => keyboard.press('Enter'), bob, EDITED);
    await choose(ann, 'an answer, edited', 'Delete…');
    const sure = ann.chat().getByRole('alertdialog').getByRole('button', { name: 'Delete' });
    await seenAfter(() => sure.click(), bob, '.row .text i');

    assert.equal(await row(bob, 'an answer').count(), 0);
    assert.deepEqual([...ann.complaints, ...bob.complaints], []);
  });

  it('by keyboard alone: reply, react, edit, delete', async () => {
    const { ann, bob } = await pair('by-keyboard');
    const { keyboard } = ann.page;
    const keys = async (...names: readonly string[]): Promise<void> => {
      for (const name of names) await keyboard.press(name);
    };
    const inMenu = (): Promise<void> => ann.chat().locator('.over.menu button:focus').waitFor();
    await ann.chat().evaluate((chat) => chat.focus());

    // Up into the log from the composer, and onto the newest message, which is Bob's.
    await keys('Shift+Tab');
    await ann.chat().locator('.row:focus').waitFor();
    await keys('Enter');
    await inMenu();
    await keys('ArrowDown', 'Enter');
    await writing(ann);
    await keyboard.type('an answer');
    await seenAfter(() => keys('Enter'), bob, '.row .quote');

    await keys('Shift+Tab', 'End');
    // What has no seq yet has no menu.
    await ann.chat().locator('.row.sent:focus', { hasText: 'an answer' }).waitFor();
    await keys('Enter');
    await inMenu();
    await keys('ArrowRight');
    await seenAfter(() => keys('Enter'), bob, '.chip');
    await ann.chat().locator('.row:focus').waitFor();

    await keys('Escape');
    await writing(ann);
    await keys('ArrowUp');
    await ann.chat().locator('.banner').waitFor();
    await keys('End');
    await keyboard.type(', edited');
    await seenAfter(() => keys('Enter'), bob, EDITED);

    await keys('Shift+Tab', 'Enter');
    await inMenu();
    await keys('End', 'Enter');
    await ann.chat().getByRole('alertdialog').waitFor();
    await seenAfter(() => keys('Enter'), bob, '.row .text i');
    assert.deepEqual([...ann.complaints, ...bob.complaints], []);
  });

  it('by mouse and by keyboard: who is here, as people come and go', async () => {
    const { ann, bob } = await pair('who-is-here');
    const { keyboard } = ann.page;
    const names = async (): Promise<readonly string[]> =>
      (await ann.chat().locator('.who bdi').allInnerTexts()).toSorted();
    const summary = ann.chat().locator('summary', { hasText: '2 online' });
    await summary.click();
    await becomes(names, ['Ann', 'Bob'], 20_000);
    await ann.chat().locator('textarea').click();
    await becomes(names, [], 20_000);

    await summary.focus();
    await keyboard.press('Enter');
    await becomes(names, ['Ann', 'Bob'], 20_000);
    await bob.page.close();
    await becomes(names, ['Ann'], 20_000);
    await keyboard.press('Escape');

    await becomes(names, [], 20_000);
    await ann.chat().locator('summary:focus').waitFor();
    assert.deepEqual(ann.complaints, []);
  });

  it('by completion: a name after "@", an emoji after ":", seen as they were chosen', async () => {
    const { ann, bob } = await pair('by-completion');
    const { keyboard } = ann.page;
    await ann.chat().evaluate((chat) => chat.focus());

    await keyboard.type('@');
    await ann.chat().locator('.hints [role=option]').first().waitFor();
    await keyboard.press('Enter');
    await keyboard.type('look :rocke');
    await ann.chat().locator('.hints [role=option]').first().waitFor();
    await keyboard.press('Tab');
    await keyboard.press('Enter');

    await row(bob, '@Bob look 🚀').waitFor();
    assert.deepEqual([...ann.complaints, ...bob.complaints], []);
  });
});

/** A phone in a room where something was said, with a finger above what Ann said. */
async function phoneIn(room: string): Promise<{
  readonly phone: ChatPage;
  readonly down: () => Promise<unknown>;
  readonly up: () => Promise<unknown>;
}> {
  const { bob } = await pair(room);
  const context = await world().browser.newContext({ hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.goto(bob.page.url());
  const phone = new ChatPage(page);
  await row(phone, 'from Ann').waitFor();
  const { x = 0, y = 0 } = (await row(phone, 'from Ann').locator('.text').boundingBox()) ?? {};
  const touch = await context.newCDPSession(page);
  const at = (type: 'touchStart' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints });
  const down = (): Promise<unknown> => at('touchStart', [{ x: x + 9, y: y + 9 }]);
  return { phone, down, up: () => at('touchEnd', []) };
}

describe('A finger', () => {
  it('opens the menu by a long press, also by the first, which makes the file load', async () => {
    const { phone, down, up } = await phoneIn('finger');

    await down();
    await phone.chat().locator('.over.menu').waitFor();
    await up();
    await phone.chat().getByRole('menuitem', { name: 'Copy link' }).tap();

    await phone.counts('.over.menu', 0);
  });

  it('opens it when the file comes after the finger went, and not for a tap', async () => {
    for (const isLong of [true, false]) {
      const { phone, down, up } = await phoneIn(`slow-file-${isLong}`);
      const { page } = phone;
      const asked = Promise.withResolvers<void>();
      const release = Promise.withResolvers<void>();
      await page.route('**/mini-chat-actions.js*', async (route) => {
        asked.resolve();
        await release.promise;
        await route.continue();
      });

      // A tap goes before the file is asked for: on a slow machine it would be a long press then.
      await Promise.all([down(), isLong ? asked.promise : up()]);
      await asked.promise;
      if (isLong) {
        await page.waitForTimeout(500);
        await up();
      }
      release.resolve();
      await phone.chat().locator('[data-act]').first().waitFor({ state: 'attached' });

      // What a wrong one would have opened is there with the next frames.
      if (isLong) await phone.chat().locator('.over.menu').waitFor();
      else await page.waitForTimeout(500);
      assert.equal(await phone.chat().locator('.over.menu').count(), isLong ? 1 : 0);
    }
  });
});

describe('A link to a message', () => {
  it('is copied from its menu, and opens history at it, to stay there', async () => {
    const client = new ChatClient({ server: world().server.url, name: 'Bob', storage: null });
    const room = client.room('linked');
    const leave = room.join();
    for (let i = 1; i <= 120; i += 1) room.send(`Line ${i}.`);
    const ann = await world().open('linked', { attributes: 'name="Ann"' });
    await ann.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await ann.live();
    await row(ann, 'Line 120.').waitFor();
    await ann.page.evaluate(() => {
      document.addEventListener('mini-chat-permalink', (event) => {
        const { detail } = event as CustomEvent<{ url: string }>;
        detail.url = detail.url.replace(/\d+$/, '7');
      });
    });

    await choose(ann, 'Line 120.', 'Copy link');
    await ann.says('Link copied');
    const url = await ann.page.evaluate(() => navigator.clipboard.readText());
    await ann.page.goto('about:blank');
    await ann.page.goto(url);
    await row(ann, 'Line 7.').and(ann.chat().locator('.row:focus')).waitFor();
    room.send('One more.');
    await ann.chat().locator('[part=jump]', { hasText: '1 new message' }).waitFor();

    assert.match(url, /#mini-chat-linked-7$/);
    const box = await row(ann, 'Line 7.').boundingBox();
    assert.ok(box && box.y > 0 && box.y < 720, 'it is where the reader looks');
    leave();
    client.close();
  });
});

describe('A page where the second file does not come', () => {
  it('reads and writes as before, and says so once', async () => {
    const ann = await world().open('alone', { attributes: 'name="Ann"' });
    await ann.page.route('**/mini-chat-actions.js*', (route) => route.abort());
    await ann.live();
    await ann.say('still here');
    await ann.sent('still here');

    await row(ann, 'still here').hover();
    await ann.chat().locator('.note', { hasText: /./ }).waitFor();
    await ann.say('and now');

    await ann.sent('and now');
    assert.equal(await ann.chat().locator('[data-act]').count(), 0);
  });
});

describe('A page that was only read', () => {
  it('never asked for the second file', async () => {
    const ann = await world().open('reader', { attributes: 'name="Ann"' });
    const asked: string[] = [];
    ann.page.on('request', (request) => asked.push(request.url()));
    await ann.page.reload();
    await ann.live();
    await ann.say('hello');
    await ann.sent('hello');

    assert.deepEqual(
      asked.filter((url) => url.includes('actions')),
      [],
    );
  });
});
