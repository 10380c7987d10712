import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { ShownRow } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';

const world = useWorld();

const sent = (...texts: readonly string[]): readonly ShownRow[] =>
  texts.map((text) => ({ state: 'sent', text }));

describe('Two people in two browsers', () => {
  it('choose names, talk, and see the same in the same order', async () => {
    const ann = await world().open('talk');
    const bob = await world().open('talk');
    await ann.enterName('Ann');
    await bob.enterName('Bob');

    await ann.say('hello *Bob*');
    await bob.sent('hello Bob');
    await bob.say('hi  Ann :)');
    await ann.sent('hi  Ann :)');

    for (const reader of [ann, bob]) await reader.shows(sent('hello Bob', 'hi  Ann :)'));
    assert.deepEqual([...ann.complaints, ...bob.complaints], []);
  });

  it('find each other after a reload, with the names they chose', async () => {
    const ann = await world().open('reload');
    await ann.enterName('Ann');
    await ann.say('still me?');
    await ann.sent('still me?');

    await ann.page.reload();
    await ann.live();
    await ann.say('still me');
    await ann.sent('still me');

    await ann.counts('.row.own', 2);
  });
});

describe('A guest who takes another name', () => {
  it('goes on with the same draft, and others see who wrote what under which name', async () => {
    const ann = await world().open('rename');
    const bob = await world().open('rename', { attributes: 'name="Bob"' });
    await ann.enterName('Ann');
    await ann.say('as before');
    await bob.sent('as before');
    const composer = ann.chat().locator('textarea');
    await composer.fill('half written');

    await ann.chat().getByRole('button', { name: 'Ann – Change name' }).press('Enter');
    await ann.chat().locator('#name:focus').waitFor();
    await ann.page.keyboard.type('Anna');
    await ann.page.keyboard.press('Enter');
    await ann.chat().locator('textarea:focus').waitFor();
    await ann.page.keyboard.press('Enter');

    const lines = [
      { nick: 'Ann', text: 'as before' },
      { nick: 'Anna', text: 'half written' },
    ];
    for (const reader of [ann, bob]) await reader.tells(lines);
    assert.deepEqual([...ann.complaints, ...bob.complaints], []);
  });

  it('is the same guest under that name after a reload', async () => {
    const ann = await world().open('rename-reload');
    await ann.enterName('Ann');

    await ann.chat().locator('.me').click();
    await ann.enterName('Anna');
    await ann.page.reload();
    await ann.live();
    await ann.say('still me');

    await ann.tells([{ nick: 'Anna', text: 'still me' }]);
    await ann.counts('.row.own', 1);
  });
});

describe('A server that goes away', () => {
  it('keeps what was said, and pages come back by themselves', async () => {
    const ann = await world().open('restart', { attributes: 'name="Ann"' });
    await ann.live();
    await ann.say('before');
    await ann.sent('before');

    assert.equal(await world().server.stop(), 0);
    await ann.inState('offline');
    await ann.says('No connection. Trying to reconnect…');
    await world().server.startAgain();
    await ann.inState('live');

    const newcomer = await world().open('restart', { attributes: 'name="Bob"' });
    await newcomer.sent('before');
    await newcomer.say('after');
    await ann.sent('after');
    await ann.shows(sent('before', 'after'));
  });

  it('gets what was written meanwhile exactly once', async () => {
    const ann = await world().open('meanwhile', { attributes: 'name="Ann"' });
    const bob = await world().open('meanwhile', { attributes: 'name="Bob"' });
    await Promise.all([ann.live(), bob.live()]);

    await world().server.crash();
    await ann.inState('offline');
    await ann.say('one');
    await ann.say('two');
    await ann.shows([
      { state: 'sending', text: 'one' },
      { state: 'sending', text: 'two' },
    ]);
    await world().server.startAgain();

    for (const reader of [ann, bob]) await reader.shows(sent('one', 'two'));
  });

  it('gets what was unsent at a reload exactly once', async () => {
    const ann = await world().open('unsent', { attributes: 'name="Ann"' });
    const bob = await world().open('unsent', { attributes: 'name="Bob"' });
    await Promise.all([ann.live(), bob.live()]);
    // The script is in the browser's cache no more once its server is away: keep it.
    const script = await (await fetch(`${world().server.url}/mini-chat.js`)).text();
    await ann.page.route('**/mini-chat.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: script }),
    );

    await world().server.crash();
    await ann.inState('offline');
    await ann.say('survives');
    await ann.page.reload();
    await ann.chat().locator('.row.sending', { hasText: 'survives' }).waitFor();
    await world().server.startAgain();

    for (const reader of [ann, bob]) await reader.shows(sent('survives'));
  });
});
