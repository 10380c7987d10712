import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fill } from '../../scripts/fill.ts';
import { becomes } from '../support/becomes.ts';
import { useWorld } from '../support/e2e.ts';
import { pageBack } from '../support/page-back.ts';

const world = useWorld();

const named = (name: string): { attributes: string } => ({ attributes: `name="${name}"` });
const twoRooms = `
  <mini-chat room="left" name="Ann"></mini-chat>
  <mini-chat room="right" name="Ann"></mini-chat>
  <div id="other"></div>`;

describe('The history of a room', () => {
  it('comes in above without moving the row under the eye', async () => {
    const lines = Array.from({ length: 420 }, (_, index) => ({
      nick: `nick${Math.floor(index / 3) % 5}`,
      text: `line ${index + 1}${'\nand more'.repeat(index % 4)} ${'word '.repeat((index * 7) % 40)}`,
    }));
    await fill({ server: world().server.url, room: 'long', lines });
    const ann = await world().open('long', named('Ann'));
    await ann.live();

    const moves: number[] = [];
    while (!(await ann.chat().locator('.top', { hasText: 'begins' }).isVisible())) {
      moves.push(await pageBack(ann.page));
    }

    assert.ok(moves.length >= 3, `${moves.length} pages`);
    assert.ok(Math.max(...moves) <= 1, `moved by ${moves.join(', ')} px`);
    await becomes(async () => (await ann.rows())[0]?.text, 'line 1 ', 20_000);
  });
});

describe('Two chats on one page', () => {
  it('share one socket, and each shows its own room', async () => {
    const ann = await world().open('', { body: twoRooms });
    const bob = await world().open('right', named('Bob'));
    await Promise.all([ann.live('left'), ann.live('right'), bob.live()]);

    await ann.say('to the left', 'left');
    await bob.say('to the right');
    await ann.sent('to the left', 'left');
    await ann.sent('to the right', 'right');

    assert.equal(ann.sockets.length, 1);
    await ann.shows([{ state: 'sent', text: 'to the left' }], 'left');
    await ann.shows([{ state: 'sent', text: 'to the right' }], 'right');
  });

  it('of the same room show the same, also what is unsent', async () => {
    const body = '<mini-chat room="twice" name="Ann"></mini-chat>'.repeat(2);
    const ann = await world().open('', { body });
    await ann.chat().nth(1).locator('textarea:enabled').waitFor();

    await ann.chat().nth(0).locator('textarea').fill('once');
    await ann.chat().nth(0).locator('textarea').press('Enter');

    for (const index of [0, 1]) {
      await ann.chat().nth(index).locator('.row.sent', { hasText: 'once' }).waitFor();
      await becomes(() => ann.chat().nth(index).locator('.row').count(), 1, 20_000);
    }
    assert.equal(ann.sockets.length, 1);
  });
});

describe('Two copies of the file on one page', () => {
  it('do not hurt each other', async () => {
    const body = `<mini-chat room="copies" name="Ann"></mini-chat>
      <script type="module" src="${world().server.url}/mini-chat.js?another"></script>`;
    const ann = await world().open('', { body });
    await ann.live();
    await ann.say('one element, two files');
    await ann.sent('one element, two files');

    assert.equal(ann.sockets.length, 1);
    assert.deepEqual(ann.complaints, []);
  });
});

describe('A chat that is moved about', () => {
  it('keeps its connection and its rows when it moves in the document', async () => {
    const ann = await world().open('', { body: twoRooms.replaceAll('name=', 'id="chat" name=') });
    await ann.live('left');
    await ann.say('before the move', 'left');
    await ann.sent('before the move', 'left');

    await ann.page.evaluate(() => {
      const row = document.querySelector('mini-chat')?.shadowRoot?.querySelector('.row');
      Object.assign(globalThis, { row });
      document.querySelector('#other')?.append(document.querySelector('#chat')!);
    });
    await ann.say('after the move', 'left');
    await ann.sent('after the move', 'left');

    assert.equal(ann.sockets.length, 1);
    assert.ok(await ann.page.evaluate(() => (Reflect.get(globalThis, 'row') as Node).isConnected));
  });

  it('is up to date when it is put back', async () => {
    const ann = await world().open('back', named('Ann'));
    const bob = await world().open('back', named('Bob'));
    await Promise.all([ann.live(), bob.live()]);

    const chat = await ann.chat().elementHandle();
    await ann.page.evaluate((it) => it?.remove(), chat);
    await bob.say('while you were out');
    await bob.sent('while you were out');
    await ann.page.evaluate((it) => it && document.body.append(it), chat);

    await ann.sent('while you were out');
    assert.equal(ann.sockets.length, 1);
    assert.deepEqual(ann.complaints, []);
  });
});

describe('The page around a chat', () => {
  it('may be of another origin, and gets no cookie', async () => {
    const ann = await world().open('foreign', named('Ann'));
    await ann.live();
    await ann.say('from elsewhere');
    await ann.sent('from elsewhere');

    assert.notEqual(new URL(ann.page.url()).origin, world().server.url);
    assert.equal(await ann.page.evaluate(() => document.cookie), '');
    assert.deepEqual(await ann.page.context().cookies(), []);
  });

  it('has no names in its window but those that it had before', async () => {
    const ann = await world().open('names', named('Ann'));
    await ann.live();

    const added = await ann.page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const before = new Set(Object.getOwnPropertyNames(frame.contentWindow));
      return Object.getOwnPropertyNames(window).filter((name) => !before.has(name));
    });

    // The frame that was made to look.
    assert.deepEqual(added, ['0']);
  });

  it('does not hear the keys that are typed into it', async () => {
    const ann = await world().open('keys', named('Ann'));
    await ann.live();
    await ann.page.evaluate(() => {
      const keys: string[] = [];
      Object.assign(globalThis, { keys });
      for (const type of ['keydown', 'keypress', 'keyup']) {
        document.addEventListener(type, (event) => keys.push((event as KeyboardEvent).key));
      }
    });

    await ann.chat().locator('textarea').pressSequentially('g/?j');
    await ann.page.keyboard.press('Enter');
    await ann.sent('g/?j');
    assert.deepEqual(await ann.page.evaluate(() => Reflect.get(globalThis, 'keys')), []);

    await ann.page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await ann.page.keyboard.press('g');
    const heard = await ann.page.evaluate(() => Reflect.get(globalThis, 'keys') as string[]);
    assert.ok(heard.includes('g'), 'and what is typed elsewhere it does hear');
  });

  it('is neither scrolled nor robbed of its focus by a chat below the fold', async () => {
    const body = `<p style="height:3000px">tall</p><mini-chat room="deep" name="Ann"></mini-chat>`;
    const bob = await world().open('deep', named('Bob'));
    await bob.live();
    for (const text of ['one', 'two', 'three']) await bob.say(text);
    const ann = await world().open('deep', { body });
    await ann.live();
    await bob.say('four');
    await ann.sent('four');

    assert.equal(await ann.page.evaluate(() => scrollY), 0);
    assert.equal(await ann.page.evaluate(() => document.activeElement?.localName), 'body');
  });
});
