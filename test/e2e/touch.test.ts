/** The conversation with one finger on a phone, as somebody at a desk sees it. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { CDPSession, Locator } from 'playwright-core';

import { becomes } from '../support/becomes.ts';
import { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';
import { soonMs } from '../support/soon.ts';

const world = useWorld();

/** Longer than a long press; a finger that goes at once would be a tap to some platforms. */
const HOLD_MS = 600;

/** Ann on a phone, Bob at a desk, who has said something. */
class Pair {
  readonly ann: ChatPage;
  readonly bob: ChatPage;
  readonly #finger: CDPSession;

  private constructor(ann: ChatPage, bob: ChatPage, finger: CDPSession) {
    this.ann = ann;
    this.bob = bob;
    this.#finger = finger;
  }

  static async in(room: string): Promise<Pair> {
    const bob = await world().open(room, { attributes: 'name="Bob"' });
    await bob.live();
    await bob.say('from Bob');
    await bob.sent('from Bob');
    const context = await world().browser.newContext({
      hasTouch: true,
      isMobile: true,
      viewport: { width: 360, height: 640 },
    });
    const page = await context.newPage();
    const ann = new ChatPage(page);
    const body = `<meta name="viewport" content="width=device-width">
      <mini-chat room="${room}" name="Ann"></mini-chat>`;
    await page.goto(world().site.add(world().html(room, { body })));
    await ann.live();
    await row(ann, 'from Bob').waitFor();
    return new Pair(ann, bob, await context.newCDPSession(page));
  }

  /** Holds a finger on the text of a row until its menu is there, and a moment longer. */
  async hold(text: string): Promise<void> {
    const { x = 0, y = 0 } = (await row(this.ann, text).locator('.text').boundingBox()) ?? {};
    const touchPoints = [{ x: x + 9, y: y + 9 }];
    await this.#finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
    await this.ann.chat().locator('.over.menu').waitFor();
    await this.ann.page.waitForTimeout(HOLD_MS);
    await this.#finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }

  /** Holds a finger on a row, then taps on what its menu offers. */
  async choose(text: string, deed: string): Promise<void> {
    await this.hold(text);
    await this.ann.chat().getByRole('menuitem', { name: deed }).tap();
  }

  /** Writes, with what the phone shows for that, and sends by the button. */
  async write(text: string): Promise<void> {
    await this.ann.chat().locator('textarea:focus').waitFor();
    await this.ann.page.keyboard.type(text);
  }

  send(): Promise<void> {
    return this.ann.chat().locator('button.send').tap();
  }

  /** Does it, and resolves when Bob sees what came of it, which must be soon. */
  async seenAfter(by: () => Promise<unknown>, what: Locator): Promise<void> {
    const msMax = await soonMs(this.bob.page);
    await by();
    const done = performance.now();
    await what.waitFor();
    const ms = performance.now() - done;
    assert.ok(ms < msMax, `${String(what)} after ${Math.round(ms)} ms`);
  }
}

function row(chat: ChatPage, text: string): Locator {
  return chat.chat().locator('.row', { hasText: text });
}

describe('What one does with a finger, another sees', { timeout: 120_000 }, () => {
  it('reply, react, edit, delete', async () => {
    const pair = await Pair.in('by-touch');
    const { ann, bob } = pair;

    await pair.choose('from Bob', 'Reply');
    await pair.write('an answer');
    await pair.seenAfter(() => pair.send(), bob.chat().locator('.row .quote'));
    await row(ann, 'an answer').and(ann.chat().locator('.sent')).waitFor();
    await pair.hold('an answer');
    const party = ann.chat().getByRole('menuitemcheckbox', { name: '🎉' });
    await pair.seenAfter(() => party.tap(), bob.chat().locator('.chip', { hasText: '🎉 1' }));
    await bob.chat().locator('.chip').click();
    await ann.chat().locator('.chip', { hasText: '🎉 2' }).waitFor();
    await pair.hold('an answer');
    await ann.chat().getByRole('menuitemcheckbox', { name: '🎉 Ann and Bob' }).tap();
    await bob.chat().locator('.chip', { hasText: '🎉 1' }).waitFor();
    await pair.choose('an answer', 'Edit');
    await ann.chat().locator('textarea:focus').waitFor();
    await ann.page.keyboard.press('End');
    await pair.write(', edited');
    await pair.seenAfter(() => pair.send(), row(bob, 'an answer, edited'));
    await pair.choose('an answer, edited', 'Delete…');
    const sure = ann.chat().getByRole('alertdialog').getByRole('button', { name: 'Delete' });
    await pair.seenAfter(() => sure.tap(), bob.chat().locator('.row .text i'));

    assert.deepEqual([...ann.complaints, ...bob.complaints], []);
  });

  it('a name and an emoji out of the lists, which tell who is meant', async () => {
    const pair = await Pair.in('touch-words');
    const { ann, bob } = pair;

    await ann.chat().locator('textarea').tap();
    await pair.write('@B');
    await ann.chat().locator('.hints [role=option]').first().tap();
    await pair.write('look :rocke');
    await ann.chat().locator('.hints [role=option]').first().tap();

    const named = bob.chat().locator('.row.mention', { hasText: '@Bob look 🚀' });
    await pair.seenAfter(() => pair.send(), named);
  });

  it('sees who is here by a tap, and the messages again by another', async () => {
    const { ann } = await Pair.in('touch-people');
    const names = ann.chat().locator('.who bdi');

    await ann.chat().locator('summary', { hasText: '2 online' }).tap();
    await becomes(async () => (await names.allInnerTexts()).toSorted(), ['Ann', 'Bob'], 20_000);
    await row(ann, 'from Bob').tap();

    await becomes(() => names.count(), 0, 20_000);
  });

  it('goes to what was answered, and back to the end', async () => {
    const pair = await Pair.in('touch-jumps');
    const { ann, bob } = pair;
    await pair.choose('from Bob', 'Reply');
    for (let i = 1; i <= 20; i += 1) await bob.say(`line ${i}`);
    await pair.write('an answer');
    await pair.send();
    await row(bob, 'an answer').waitFor();

    await ann.chat().locator('.row .quote').tap();
    await row(ann, 'from Bob').and(ann.chat().locator('.row:focus')).waitFor();
    await bob.say('one more');
    await ann.chat().locator('[part=jump]', { hasText: '1 new message' }).tap();

    const toEnd = (): Promise<number> =>
      ann
        .chat()
        .locator('.log')
        .evaluate((log) => Math.round(log.scrollHeight - log.clientHeight - log.scrollTop));
    await becomes(toEnd, 0, 20_000);
    await becomes(() => ann.chat().locator('[part=jump]').count(), 0, 20_000);
  });
});
