import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { shown } from '../../support/chat.ts';
import { FakeBrowser } from '../../support/fake-browser.ts';

for (const hasLocks of [true, false]) {
  describe(`Rooms: drafts ${hasLocks ? 'with' : 'without'} Web Locks`, () => {
    test('drafts survive a reload and go out in order, once', async (t) => {
      const browser = new FakeBrowser({ hasLocks });
      const before = await browser.tab(t);
      await browser.goOffline();
      for (const text of ['one', 'two', 'three']) before.room.send(text);
      before.client.close();

      const after = await browser.tab(t);
      assert.deepEqual(shown(after.room), ['one (sending)', 'two (sending)', 'three (sending)']);
      await browser.comeBack();

      assert.deepEqual(browser.chat.server.texts('lobby'), ['one', 'two', 'three']);
      assert.deepEqual(shown(after.room), ['one', 'two', 'three']);
      assert.deepEqual(browser.storage.keys('outbox'), []);
    });

    test('G4 › a draft whose ack the reload lost is not stored twice', async (t) => {
      const browser = new FakeBrowser({ hasLocks });
      const before = await browser.tab(t);
      browser.chat.server.intercept = (session, op) => {
        if (op.op !== 'send') return false;
        browser.chat.server.intercept = () => false;
        session.rooms.clear();
        browser.chat.server.answer(session, op);
        session.end();
        return true;
      };
      before.room.send('once');
      await browser.chat.clock.settle();
      before.client.close();

      const after = await browser.tab(t);
      await browser.comeBack();

      assert.deepEqual(browser.chat.server.texts('lobby'), ['once']);
      assert.deepEqual(shown(after.room), ['once']);
    });

    test('a failed draft survives a reload with its reason, and is not sent by itself', async (t) => {
      const browser = new FakeBrowser({ hasLocks });
      const before = await browser.tab(t);
      browser.chat.server.intercept = (session, op) => {
        if (op.op !== 'send') return false;
        session.say({
          op: 'nack',
          room: op.room,
          cid: op.cid,
          code: 'forbidden',
          message: 'no',
          retry: false,
        });
        return true;
      };
      before.room.send('one', { replyTo: 7 });
      await browser.chat.clock.settle();
      before.client.close();

      const { room } = await browser.tab(t);
      await browser.comeBack();

      assert.deepEqual(shown(room), ['one (failed)']);
      assert.equal(room.snapshot.rows[0]!.replyTo, 7);
      assert.equal(room.snapshot.rows[0]!.failure!.message, 'no');
      assert.equal(browser.chat.server.heardOf('send').length, 1);
    });

    test('drafts of a room that is not on this page go out, too', async (t) => {
      const browser = new FakeBrowser({ hasLocks });
      const before = await browser.tab(t);
      await browser.goOffline();
      before.client.room('other').send('elsewhere');
      before.client.close();

      await browser.tab(t);
      await browser.comeBack();

      assert.deepEqual(browser.chat.server.texts('other'), ['elsewhere']);
      const ops = browser.chat.server.heard.map(({ op }) => op);
      assert.equal(
        ops.findLast((op) => op !== 'ping'),
        'leave',
      );
      assert.deepEqual(browser.storage.keys('outbox'), []);
    });

    test('what is no draft in storage is left out', async (t) => {
      const browser = new FakeBrowser({ hasLocks });
      (await browser.tab(t)).client.close();
      const key = 'mini-chat:outbox:ws://chat.test/ws:g_1:other-tab';
      const good = { cid: 'good-cid-1', room: 'lobby', at: 1, body: { text: 'good' } };
      const bad = [null, 7, [], {}, { ...good, cid: 'x' }, { ...good, room: '!' }];
      const worse = [
        { ...good, body: { text: 7 } },
        { ...good, at: 'now' },
        { ...good, body: 1 },
      ];
      browser.storage.setItem(key, JSON.stringify([...bad, good, ...worse]));
      browser.storage.setItem(`${key}2`, '{"not":"a list"');

      const { room } = await browser.tab(t);

      assert.deepEqual(shown(room), ['good']);
    });

    test('a list of another user, or another server, is never touched', async (t) => {
      const browser = new FakeBrowser({ hasLocks });
      const draft = [{ cid: 'good-cid-1', room: 'lobby', at: 1, body: { text: 'foreign' } }];
      const keys = [
        'ws://chat.test/ws:g_2:tab',
        'ws://chat.test/ws:g_1%3Ax:tab',
        'ws://b/ws:g_1:tab',
      ];
      for (const key of keys)
        browser.storage.setItem(`mini-chat:outbox:${key}`, JSON.stringify(draft));

      const tab = await browser.tab(t);
      browser.tell(tab);
      await browser.chat.clock.settle();

      assert.deepEqual(shown(tab.room), []);
      assert.equal(browser.storage.keys('outbox').length, 3);
    });

    test('a list that cannot be written down again stays where it is', async (t) => {
      const browser = new FakeBrowser({ hasLocks });
      const before = await browser.tab(t);
      await browser.goOffline();
      before.room.send('one');
      before.client.close();
      browser.storage.fault = 'full';

      const { room } = await browser.tab(t);

      assert.deepEqual(shown(room), ['one (sending)']);
      assert.equal(browser.storage.keys('outbox').length, 1);
    });

    test('a full storage does not stop anybody from writing, and says so', async (t) => {
      const browser = new FakeBrowser({ hasLocks });
      const { room } = await browser.tab(t);
      assert.equal(room.snapshot.storageFault, undefined);
      browser.storage.fault = 'full';
      await browser.goOffline();

      room.send('one');
      assert.equal(room.snapshot.storageFault, 'full');
      browser.storage.fault = undefined;
      await browser.comeBack();

      assert.deepEqual(browser.chat.server.texts('lobby'), ['one']);
      room.send('two');
      assert.equal(room.snapshot.storageFault, undefined);
    });
  });
}

test('a user who comes back in the same tab finds the drafts again', async (t) => {
  for (const hasLocks of [true, false]) {
    const browser = new FakeBrowser({ hasLocks });
    const { client, room } = await browser.tab(t, { token: 'host.ada' });
    browser.chat.server.intercept = (_session, { op }) => op === 'send';
    room.send("ada's draft");
    await browser.chat.clock.settle();

    client.setToken('host.bob');
    await browser.chat.clock.settle();
    assert.deepEqual(shown(room), []);
    browser.chat.server.intercept = () => false;
    client.setToken('host.ada');
    await browser.chat.clock.settle();

    assert.deepEqual(shown(room), ["ada's draft"]);
    assert.deepEqual(browser.storage.keys('outbox'), []);
  }
});

describe('Rooms: drafts of the tabs of one browser', () => {
  test('a tab shows the drafts of one that lives, and leaves sending them to it', async (t) => {
    const browser = new FakeBrowser();
    const one = await browser.tab(t);
    const two = await browser.tab(t);
    await browser.goOffline();
    one.room.send('of one');
    const lists = browser.storage.keys('outbox');
    browser.tell(two);
    two.room.send('of two');
    browser.tell(one);
    await browser.chat.clock.settle();

    for (const { room } of [one, two]) {
      assert.deepEqual(shown(room).toSorted(), ['of one (sending)', 'of two (sending)']);
    }
    assert.ok(browser.storage.keys('outbox').includes(lists[0]!));
    const cids = new Set(two.room.snapshot.rows.map(({ key }) => key));
    await browser.comeBack();
    for (const { room } of [one, two]) {
      assert.deepEqual(shown(room), browser.chat.server.texts('lobby'));
      assert.deepEqual(new Set(room.snapshot.rows.map(({ key }) => key)), cids);
    }
    assert.equal(browser.chat.server.heardOf('send').length, 2);
  });

  test('a draft that was discarded in its tab is shown in none', async (t) => {
    const browser = new FakeBrowser();
    const one = await browser.tab(t);
    const two = await browser.tab(t);
    await browser.goOffline();
    const cid = one.room.send('of one');
    const [key] = browser.storage.keys('outbox');
    browser.tell(two);
    assert.deepEqual(shown(two.room), ['of one (sending)']);

    one.room.discard(cid);
    two.events.dispatchEvent(Object.assign(new Event('storage'), { key }));

    assert.deepEqual(shown(two.room), []);
  });

  test('closing it hands them over at once', async (t) => {
    const browser = new FakeBrowser();
    const one = await browser.tab(t);
    const two = await browser.tab(t);
    await browser.goOffline();
    one.room.send('of one');
    two.room.send('of two');
    browser.tell(two);
    browser.tell(one);

    one.client.close();
    await browser.chat.clock.settle();
    assert.deepEqual(shown(two.room), ['of one (sending)', 'of two (sending)']);
    await browser.comeBack();

    assert.deepEqual(browser.chat.server.texts('lobby'), ['of one', 'of two']);
    assert.deepEqual(browser.storage.keys('outbox'), []);
  });

  test('closing all leaves nothing held or waited for', async (t) => {
    const browser = new FakeBrowser();
    const one = await browser.tab(t);
    const two = await browser.tab(t);
    await browser.goOffline();
    one.room.send('of one');
    browser.tell(two);

    two.client.close();
    one.client.close();
    await browser.chat.clock.settle();

    assert.deepEqual(browser.locks!.names, []);
    assert.equal(browser.storage.keys('outbox').length, 1);
  });

  test('without locks both may send a draft, and it is stored once', async (t) => {
    const browser = new FakeBrowser({ hasLocks: false });
    const one = await browser.tab(t);
    await browser.goOffline();
    one.room.send('of one');

    const two = await browser.tab(t);
    assert.deepEqual(shown(two.room), ['of one (sending)']);
    await browser.comeBack();

    assert.deepEqual(browser.chat.server.texts('lobby'), ['of one']);
    assert.deepEqual(shown(one.room), ['of one']);
    assert.deepEqual(shown(two.room), ['of one']);
  });

  test('a storage that the page clears gets the drafts again', async (t) => {
    const browser = new FakeBrowser();
    const one = await browser.tab(t);
    await browser.goOffline();
    one.room.send('of one');
    browser.storage.clear();

    one.events.dispatchEvent(Object.assign(new Event('storage'), { key: null }));

    assert.equal(browser.storage.keys('outbox').length, 1);
  });
});
