/** What is unread, in every tab and on every device of one user. */

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';

import { becomes } from '../support/becomes.ts';
import { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';
import { HOST_SECRET, hostToken } from '../support/host-tokens.ts';
import { ServerProcess, temporaryFolder } from '../support/server-process.ts';
import { soonMs } from '../support/soon.ts';

const world = useWorld();

/** As a browser says it of tabs behind others. */
async function show({ page }: ChatPage, visibilityState: DocumentVisibilityState): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibilityState);
}

describe('A signed-in user', { timeout: 120_000 }, () => {
  it('has the same unread in two tabs and on another device, and reads it in all by one', async () => {
    await using folder = await temporaryFolder();
    const file = path.join(folder.dir, 'key');
    await writeFile(file, HOST_SECRET);
    await using server = await ServerProcess.start(['--memory', '--jwt-key-file', file]);
    const token = await hostToken({ sub: 'ann', name: 'Ann' });
    const attributes = `server="${server.url}" token="${token}" badge`;
    const desk = await world().open('lobby', { attributes });
    const tab = new ChatPage(await desk.page.context().newPage());
    await tab.page.goto(desk.page.url());
    const phone = await world().open('lobby', { attributes });
    const all = [desk, tab, phone];
    for (const one of all) {
      await one.live();
      await show(one, 'hidden');
    }
    const bob = await world().open('lobby', { attributes: `server="${server.url}" name="Bob"` });
    await bob.live();
    const titles = (): Promise<readonly string[]> =>
      Promise.all(all.map(({ page }) => page.title()));

    // What others say and read must be known in all of them by then.
    const soon = await soonMs(...all.map(({ page }) => page));

    for (const text of ['one', 'two']) await bob.say(text);
    await bob.sent('two');
    await becomes(titles, Array(3).fill('(2) A site'), soon);
    await show(phone, 'visible');
    await becomes(titles, Array(3).fill('A site'), soon);

    for (const one of all) assert.deepEqual(one.complaints, []);
  });
});
