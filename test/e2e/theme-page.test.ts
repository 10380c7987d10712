/** The demo's page of custom properties, as a person uses it. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { cssPropertiesOf } from '../../scripts/manifest.ts';
import { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';

const world = useWorld();
const ROOT = path.join(import.meta.dirname, '../..');

/** Each documented property with its default, from the style sheets. */
function documented(): ReadonlyMap<string, string> {
  const files = globSync('component/element/styles*.ts', { cwd: ROOT });
  const facts = files.flatMap((file) =>
    cssPropertiesOf(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  return new Map(facts.map(({ name, default: fallback = '' }) => [name, fallback]));
}

async function open(): Promise<ChatPage> {
  const context = await world().browser.newContext();
  const chat = new ChatPage(await context.newPage());
  await chat.page.goto(`${world().server.url}/theme.html`);
  await chat.live();
  return chat;
}

describe('/theme.html', () => {
  it('has a control for every property, which begins at its default', async () => {
    const { page, complaints } = await open();

    const controls = new Map(
      await page.$$eval('.property', (rows) =>
        rows.map((row) => {
          const input = row.querySelector<HTMLInputElement>('input, select')!;
          return [row.querySelector('label')!.textContent, input.value] as const;
        }),
      ),
    );

    const properties = documented();
    assert.deepEqual([...controls.keys()].sort(), [...properties.keys()].sort());
    for (const [name, value] of controls) {
      const fallback = properties.get(name) ?? '';
      const [, light = fallback] = /^light-dark\((.+), /.exec(fallback) ?? [];
      const long = light.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3').replace(/px$/, '');
      if (name !== '--mini-chat-own') assert.equal(value, long, name);
    }
    assert.deepEqual(complaints, []);
  });

  it('shows each choice at once, and gives it as a style sheet', async () => {
    const { page, complaints } = await open();
    const colorOf = (selector: string): Promise<string> =>
      page
        .locator(`mini-chat ${selector}`)
        .evaluate((one) => getComputedStyle(one).backgroundColor);

    await page.fill('#surface', '#fff8e1');
    await page.check('[value="dark"]');
    await page.fill('#surface', '#102030');
    await page.fill('#radius', '3');
    await page.selectOption('#font', 'ui-monospace, monospace');

    assert.equal(await colorOf('.chat'), 'rgb(16, 32, 48)');
    await page.check('[value="light"]');
    assert.equal(await colorOf('.chat'), 'rgb(255, 248, 225)');
    const sheet = `mini-chat {
  --mini-chat-surface: light-dark(#fff8e1, #102030);
  --mini-chat-radius: 3px;
  --mini-chat-font: ui-monospace, monospace;
}
`;
    assert.equal(await page.inputValue('#css'), sheet);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.click('#copy');
    await page.getByText('Copied').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), sheet);
    assert.deepEqual(complaints, []);
  });

  it('starts over, and shows the launcher', async () => {
    const { page } = await open();
    await page.fill('#accent', '#008000');
    await page.check('[name="launcher"]');
    await page.locator('mini-chat .launcher').waitFor();

    await page.click('#reset');

    assert.equal(await page.inputValue('#accent'), '#4650d4');
    assert.equal(await page.inputValue('#css'), '/* as it is */\n');
  });
});
