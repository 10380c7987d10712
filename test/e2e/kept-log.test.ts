import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';

import type { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';

const world = useWorld();
const BUILT = path.join(import.meta.dirname, '../../component/dist/mini-chat.min.js');

/** The file comes from somewhere else, as from a cache, while the chat server is down. */
async function reloadWithoutServer(person: ChatPage): Promise<void> {
  await person.page.route('**/mini-chat.js', (route) =>
    route.fulfill({ path: BUILT, contentType: 'text/javascript' }),
  );
  await world().server.stop();
  await person.page.reload();
}

describe('The last messages of a room', () => {
  it('are there before the server is, with what is unsent, and go on from there', async () => {
    const ann = await world().open('kept', { attributes: 'name="Ann"' });
    await ann.live();
    for (const text of ['one', 'two']) await ann.say(text);
    await ann.sent('two');

    await reloadWithoutServer(ann);
    await ann.sent('one');
    await ann.say('written without a server');
    await ann.page.reload();

    await ann.inState('offline');
    await ann.shows([
      { state: 'sent', text: 'one' },
      { state: 'sent', text: 'two' },
      { state: 'sending', text: 'written without a server' },
    ]);
    assert.equal(await ann.chat().locator('.said').textContent(), '', 'nothing is announced');
    await ann.counts('.pill', 0);

    const first = await ann.chat().locator('.row').first().elementHandle();
    await world().server.startAgain();
    await ann.sent('written without a server');
    await ann.counts('.row', 3);
    assert.equal(await first?.evaluate((row) => row.isConnected), true, 'not drawn again');
  });

  it('are nobody else’s: another guest of the same browser sees nothing', async () => {
    const ann = await world().open('secret', { attributes: 'name="Ann"' });
    await ann.live();
    await ann.say('between us');
    await ann.sent('between us');
    await ann.page.evaluate(() => {
      const guest = Object.keys(localStorage).find((key) => key.startsWith('mini-chat:guest:'));
      localStorage.removeItem(guest ?? '');
    });

    await reloadWithoutServer(ann);

    await ann.inState('offline');
    await ann.counts('.row', 0);
  });

  it('that were deleted meanwhile are so as soon as the server says it', async () => {
    const ann = await world().open('changed', { attributes: 'name="Ann"' });
    await ann.live();
    await ann.say('to be deleted');
    await ann.sent('to be deleted');
    const row = ann.chat().locator('.row');
    await row.hover();
    await row.locator('[data-act=more]').waitFor();
    const text = await ann.page.evaluate(
      () => Object.entries(localStorage).find(([key]) => key.startsWith('mini-chat:log:'))?.[1],
    );
    assert.equal(text, undefined, 'nothing is written while the page is in use');
    await ann.page.reload();
    await ann.live();
    await ann.chat().locator('.row').focus();
    await ann.page.keyboard.press('Enter');
    await ann.chat().locator('[data-deed=remove]').click();
    await ann.chat().locator('[data-deed=sure]').click();
    await ann.says('This message was deleted.');

    await reloadWithoutServer(ann);

    await ann.inState('offline');
    await ann.says('This message was deleted.');
    const kept = await ann.page.evaluate(() => JSON.stringify({ ...localStorage }));
    assert.doesNotMatch(kept, /to be deleted/);
  });
});
