import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';

const world = useWorld();

/** A person's own browser profile on a page that the server itself serves. */
async function visit(path: string): Promise<ChatPage> {
  const context = await world().browser.newContext();
  const chat = new ChatPage(await context.newPage());
  await chat.page.goto(world().server.url + path);
  return chat;
}

describe('The demo', () => {
  it('lets two people talk, and greets a third with what they said', async () => {
    const [ann, bob] = [await visit('/'), await visit('/')];
    await ann.enterName('Ann');
    await bob.enterName('Bob');
    await ann.say('is this on?');
    await bob.sent('is this on?');
    await bob.say('it is');
    await ann.sent('it is');

    const carl = await visit('/');
    await carl.sent('it is');

    await carl.tells([
      { nick: 'Ann', text: 'is this on?' },
      { nick: 'Bob', text: 'it is' },
    ]);
    assert.deepEqual([...ann.complaints, ...bob.complaints, ...carl.complaints], []);
  });

  for (const path of [
    '/two-rooms.html',
    '/no-server.html',
    '/dark-rtl.html',
    '/csp.html',
    '/page.html',
    '/all.html',
  ]) {
    it(`shows ${path} without a complaint`, async () => {
      const { page, complaints, sockets } = await visit(path);

      const chats = page.locator('mini-chat');
      for (let index = 0; index < (await chats.count()); index += 1) {
        await chats.nth(index).locator('.input:enabled').waitFor();
      }

      assert.deepEqual(complaints, []);
      assert.ok(sockets.length <= 1);
    });
  }

  it('has a launcher that can be put into the text and back', async () => {
    const { page, complaints, sockets } = await visit('/launcher.html');
    await page.locator('mini-chat .launcher').click();
    await page.locator('mini-chat .input:enabled').waitFor();

    await page.locator('mini-chat .close').click();
    await page.getByText('Into the text').click();
    await page.locator('mini-chat[mode="inline"] .input:enabled').waitFor();
    await page.getByText('Into the corner').click();
    await page.locator('mini-chat .launcher').waitFor();

    assert.deepEqual(complaints, []);
    assert.equal(sockets.length, 1);
  });
});
