/** docs/keyboard.md, performed; and what of it a screen reader is told. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { ChatClient } from '../../component/client/client.ts';
import { becomes } from '../support/becomes.ts';
import type { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';

const world = useWorld();

const PAGE = path.join(import.meta.dirname, '../../docs/keyboard.md');

/** Anything else in the column of keys is typed. */
const KEY = /^(Shift\+)?(Tab|Enter|Escape|Home|End|Arrow(Up|Down|Left|Right))$/;

/** What may be asked about a page, in one look. */
interface Look {
  /** What has the focus: the page, or what of the chat. */
  readonly on: string;
  readonly draft: string;
  readonly rows: number;
  readonly banner: boolean;
  readonly isOpen: boolean;
}

/** What must be so after each step; what is not named here does not matter then. */
const after: readonly Partial<Look>[] = [
  { on: 'Open chat', isOpen: false },
  { on: 'text', isOpen: true },
  { on: 'text', draft: 'Hello' },
  { on: 'text', draft: '', rows: 3 },
  { on: 'Hello' },
  { on: 'two' },
  { on: 'one' },
  { on: 'Hello' },
  { on: 'two' },
  { on: '👍' },
  { on: 'two 👍' },
  { on: '👍' },
  { on: 'two 👍' },
  { on: '👍' },
  { on: '👍 Ann' },
  { on: 'Reply' },
  { on: 'text', banner: true },
  { on: 'text', banner: false, isOpen: true },
  { on: 'text', banner: true, draft: 'Hello' },
  { on: 'text', banner: false, draft: '', rows: 3 },
  { on: 'text with a list', draft: '@' },
  { on: 'text', draft: '@Bob ', rows: 3 },
  { on: 'Open chat', isOpen: false },
  { on: 'text', draft: '@Bob ', isOpen: true },
  { on: 'Send' },
  { on: 'text', draft: '', rows: 4 },
  { on: 'two 👍' },
  { on: 'text' },
];

/** The steps as they are written: number, and what is pressed or typed. */
function stepsOf(text: string): readonly string[] {
  const rows = [...text.matchAll(/^\| (\d+) +\| `([^`]+)` +\|/gm)];
  assert.deepEqual(
    rows.map(([, number]) => Number(number)),
    rows.map((_, i) => i + 1),
  );
  return rows.map(([, , keys]) => keys ?? '');
}

/** A page with a launcher, in a room where Bob has said two things. */
async function arrive(t: { after(end: () => void): void }, room: string): Promise<ChatPage> {
  const client = new ChatClient({ server: world().server.url, name: 'Bob', storage: null });
  const bob = client.room(room);
  t.after(bob.join());
  t.after(() => client.close());
  for (const text of ['one', 'two']) bob.send(text);
  await becomes(async () => bob.snapshot.rows.filter(({ seq }) => seq).length, 2, 20_000);
  const body = `<a href="#">A page</a><mini-chat room="${room}" name="Ann" mode="launcher">`;
  const ann = await world().open(room, { body: `${body}</mini-chat>` });
  await ann.page.evaluate(() => {
    addEventListener('keydown', ({ key }) => {
      if (/^[a-z@]$/i.test(key)) document.title += key;
    });
  });
  await ann.chat().locator('.launcher').waitFor();
  await ann.page.locator('a').focus();
  return ann;
}

function look(ann: ChatPage): Promise<Look> {
  return ann.chat().evaluate((chat) => {
    const root = chat.shadowRoot;
    const at = root?.activeElement;
    const input = root?.querySelector('textarea');
    const hasList = root?.querySelector('[role=listbox]') != null;
    const words = (one: Element | null | undefined): string =>
      one?.ariaLabel || one?.textContent.trim().replace(/\s+/g, ' ') || '';
    const row = [at?.querySelector('.text'), ...(at?.querySelectorAll('.chip') ?? [])];
    const rowWords = row.map((one) => one?.textContent.trim().split(/\s/)[0]).join(' ');
    const textWords = hasList ? 'text with a list' : 'text';
    const controlWords = at?.matches('.row') ? rowWords : words(at);
    return {
      on: at === input && at ? textWords : controlWords,
      draft: input?.value ?? '',
      rows: root?.querySelectorAll('.row').length ?? 0,
      banner: root?.querySelector('.banner') != null,
      isOpen: root?.querySelector('.chat')?.hasAttribute('hidden') === false,
    };
  });
}

describe('The walk by keyboard', { timeout: 180_000 }, () => {
  it('goes as it is written, step by step', async (t) => {
    const steps = stepsOf(readFileSync(PAGE, 'utf8'));
    assert.equal(steps.length, after.length, 'each step has a check');
    const ann = await arrive(t, 'walk');
    const { keyboard } = ann.page;

    for (const [i, keys] of steps.entries()) {
      if (KEY.test(keys)) await keyboard.press(keys);
      else await keyboard.type(keys);
      const wanted = after[i] ?? {};
      const names = Object.keys(wanted) as (keyof Look)[];
      const seen = async (): Promise<object> => {
        const now = await look(ann);
        return { step: i + 1, ...Object.fromEntries(names.map((name) => [name, now[name]])) };
      };
      await becomes(seen, { step: i + 1, ...wanted }, 20_000);
    }

    assert.equal(await ann.page.title(), 'A site', 'the page heard no letter');
    assert.deepEqual(ann.complaints, []);
  });
});

describe('A screen reader', { timeout: 180_000 }, () => {
  it('is told each message once, as one sentence, and history by nobody', async (t) => {
    const ann = await arrive(t, 'read-out');
    await ann.page.keyboard.press('Tab');
    await ann.page.keyboard.press('Enter');
    await ann.live();
    await ann.counts('.row', 2);
    const session = await ann.page.context().newCDPSession(ann.page);

    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const said = nodes.filter(({ ignored }) => !ignored);
    const articles = said.filter(({ role }) => role?.value === 'article');
    const names = articles.map(({ name }) => String(name?.value));
    const log = said.find(({ role }) => role?.value === 'log');

    assert.equal(names.length, 2);
    assert.match(names[0] ?? '', /^Bob – guest – \d+:\d\d.[AP]M: one$/);
    assert.match(names[1] ?? '', /^Bob – guest – \d+:\d\d.[AP]M: two$/);
    for (const { description } of articles) assert.equal(description?.value ?? '', '');
    assert.equal(log?.name?.value, 'Messages in read-out');
    assert.equal(await ann.chat().locator('.said p').count(), 0);
  });
});
