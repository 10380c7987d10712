import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import {
  encodeLog,
  KEPT_LENGTH_MAX,
  KEPT_ROWS_MAX,
  parseLog,
  userIdIn,
} from '../../../component/client/kept-log.ts';
import { LOGS_MAX } from '../../../component/client/rooms.ts';
import { emptyTimeline } from '../../../component/client/timeline.ts';
import type { User } from '../../../component/protocol/ops.ts';
import { shown } from '../../support/chat.ts';
import { FakeBrowser } from '../../support/fake-browser.ts';

const tokenOf = (sub: string): string => `e30.${btoa(JSON.stringify({ sub }))}.c2ln`;

/** A visit that saw these messages and is over. */
async function visited(t: TestContext, texts: readonly string[], token?: string) {
  const browser = new FakeBrowser();
  for (const text of texts) browser.chat.server.post('lobby', text);
  const tab = await browser.tab(t, { token });
  tab.client.close();
  return browser;
}

describe('a kept log', () => {
  test('is shown before there is a connection, and nothing of it is unread', async (t) => {
    const browser = await visited(t, ['one', 'two']);
    await browser.goOffline();

    const { room } = await browser.tab(t);

    assert.deepEqual(shown(room), ['one', 'two']);
    assert.equal(room.snapshot.status, 'offline');
    assert.equal(room.snapshot.unread, 0);
  });

  test('resumes where it ends: what was missed is shown, and told to nobody', async (t) => {
    const browser = await visited(t, ['one', 'two']);
    const { server } = browser.chat;
    const first = server.texts('lobby').length;
    server.post('lobby', 'three');
    await browser.goOffline();
    const { room } = await browser.tab(t);
    const told: string[] = [];
    room.onMessage(({ body }) => told.push(body.text));
    const before = room.snapshot.rows;

    await browser.comeBack();
    server.post('lobby', 'four');
    await browser.chat.clock.settle();

    assert.deepEqual(shown(room), ['one', 'two', 'three', 'four']);
    assert.equal(server.heardOf('join').at(-1)?.cursor?.seq, first);
    assert.deepEqual(told, ['four']);
    assert.equal(room.snapshot.rows[0], before[0], 'the same row is not drawn again');
    assert.equal(room.snapshot.resets, 0);
  });

  test('gives way to the page of another log', async (t) => {
    const browser = await visited(t, ['one']);
    await browser.goOffline();
    const { room } = await browser.tab(t);
    browser.chat.server.forget('lobby');
    browser.chat.server.post('lobby', 'of another log');

    await browser.comeBack();

    assert.deepEqual(shown(room), ['of another log']);
    assert.match(browser.storage.find('log:')[0] ?? '', /of another log/, 'at once');
  });

  test('is not shown to another guest, and goes when one is known', async (t) => {
    const browser = await visited(t, ['secret']);
    for (const key of browser.storage.keys('guest')) browser.storage.removeItem(key);
    await browser.goOffline();

    const { room } = await browser.tab(t);
    assert.deepEqual(shown(room), []);
    await browser.comeBack();

    assert.deepEqual(shown(room), ['secret'], 'from the server');
    assert.deepEqual(browser.storage.keys('log:'), []);
  });

  test('is shown to the signed-in user whose token the page gives, and to no other', async (t) => {
    const browser = await visited(t, ['for ada'], tokenOf('ada'));
    await browser.goOffline();

    const ada = await browser.tab(t, { getToken: () => Promise.resolve(tokenOf('ada')) });
    const bob = await browser.tab(t, { token: tokenOf('bob') });
    const guest = await browser.tab(t);

    assert.deepEqual(shown(ada.room), ['for ada']);
    assert.equal(ada.client.user?.id, 'u_ada');
    assert.deepEqual(shown(bob.room), []);
    assert.deepEqual(shown(guest.room), []);
  });

  test('is out of sight at once when the page says that it is another user now', async (t) => {
    const browser = await visited(t, ['for ada'], tokenOf('ada'));
    await browser.goOffline();
    const { client, room } = await browser.tab(t, { token: tokenOf('ada') });
    assert.deepEqual(shown(room), ['for ada']);

    client.setToken(tokenOf('bob'));

    assert.deepEqual(shown(room), []);
    assert.equal(client.user, undefined);
  });

  test('is neither shown nor kept when its user is not let in any more', async (t) => {
    const browser = await visited(t, ['private']);
    browser.chat.server.intercept = (session, op) => {
      if (op.op !== 'join') return false;
      session.say({ op: 'error', room: op.room, code: 'forbidden', message: 'no' });
      return true;
    };

    const { client, room } = await browser.tab(t);

    assert.equal(room.snapshot.status, 'refused');
    assert.deepEqual(shown(room), []);
    client.close();
    assert.deepEqual(browser.storage.find('log:'), ['']);
  });

  test('is written when the page goes, not with each message', async (t) => {
    const browser = new FakeBrowser();
    const { events } = await browser.tab(t);
    browser.chat.server.post('lobby', 'one');
    await browser.chat.clock.settle();
    assert.deepEqual(browser.storage.keys('log:'), []);

    events.dispatchEvent(new Event('pagehide'));

    assert.match(browser.storage.find('log:')[0] ?? '', /one/);
  });

  test('that does not fit into the storage is no fault, and stops nobody', async (t) => {
    const browser = new FakeBrowser();
    const { events, room } = await browser.tab(t);
    browser.storage.fault = 'full';

    events.dispatchEvent(new Event('visibilitychange'));
    browser.storage.fault = undefined;
    room.send('goes on');
    await browser.chat.clock.settle();

    assert.equal(room.snapshot.storageFault, undefined);
    assert.deepEqual(shown(room), ['goes on']);
  });

  test('is one of few: the next visit removes what is too much', async (t) => {
    const browser = new FakeBrowser();
    const { client } = await browser.tab(t);
    for (let i = 0; i < LOGS_MAX + 5; i += 1) client.room(`room-${i}`).join();
    await browser.chat.clock.settle();
    client.close();
    assert.ok(browser.storage.keys('log:').length > LOGS_MAX);

    await browser.tab(t);

    assert.equal(browser.storage.keys('log:').length, LOGS_MAX);
  });

  test('has the newest lines, and fewer of them when they are long', async (t) => {
    const many = Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(3000)}`);
    const short = await visited(
      t,
      Array.from({ length: 49 }, (_, i) => `${i}`),
    );
    const long = await visited(t, many);

    const [text = ''] = short.storage.find('log:');
    const [cut = ''] = long.storage.find('log:');

    assert.equal(parseLog(text)?.messages.length, 49);
    assert.ok(cut.length <= KEPT_LENGTH_MAX, `${cut.length}`);
    const kept = parseLog(cut)?.messages ?? [];
    assert.ok(kept.length > 5 && kept.length < KEPT_ROWS_MAX);
    assert.equal(kept.at(-1)?.body.text, many.at(-1));
    assert.equal(parseLog(cut)?.floor, 0, 'there is more to load');
  });
});

describe('parseLog', () => {
  test('takes nothing but what was kept', () => {
    const user = { id: 'g_1', name: 'Ada', role: 'guest' } as User;
    const timeline = { ...emptyTimeline, epoch: 'e1', last: 7, lastId: 'id7' } as never;
    const good = encodeLog(timeline, user) ?? '';

    assert.equal(parseLog(good)?.head, 7);
    assert.equal(encodeLog(emptyTimeline, user), undefined);
    const others = [undefined, '', '7', '{}', '{"op":"bye","afterMs":1}'];
    const wrong = [{ messages: [7] }, { user: undefined }, { messages: undefined, entries: [] }];
    const changed = wrong.map((more) => JSON.stringify({ ...JSON.parse(good), ...more }));
    for (const text of [...others, ...changed]) assert.equal(parseLog(text), undefined, text);
  });
});

describe('userIdIn', () => {
  test('reads who a token says it is, and throws for none', () => {
    const url = btoa(JSON.stringify({ sub: '??>' }))
      .replace(/\+/g, '-')
      .replace(/\//g, '_');

    assert.equal(userIdIn(tokenOf('ada')), 'u_ada');
    assert.equal(userIdIn(`e30.${url.replace(/=+$/, '')}.x`), 'u_??>');
    for (const token of [undefined, '', 'host.ada', 'a.b.c', 'e30.e30.e30', 'x.bnVsbA.y']) {
      assert.equal(userIdIn(token), undefined, token);
    }
  });
});
