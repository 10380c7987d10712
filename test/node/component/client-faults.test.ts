/** What a page goes through on a real machine. Nothing that was written is lost, or there twice. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Room } from '../../../component/client/client.ts';
import { shown, type Tab } from '../../support/chat.ts';
import { FakeBrowser, loseAnswers } from '../../support/fake-browser.ts';
import { seededRandom, seedOfRun } from '../../support/seed.ts';

const HOUR_MS = 3_600_000;

/** What a listener of the room is told, from now on. */
function heardIn(room: Room): readonly string[] {
  const heard: string[] = [];
  room.onMessage(({ body }) => heard.push(body.text));
  return heard;
}

/** The reader sees the log as it is, was told each message once, and nothing waits any more. */
function assertWhole({ chat, storage }: FakeBrowser, { room }: Tab, said: readonly string[]): void {
  assert.deepEqual(chat.server.texts('lobby'), said);
  assert.deepEqual(shown(room), said);
  assert.equal(room.snapshot.status, 'live');
  assert.equal(room.snapshot.resets, 0);
  assert.deepEqual(storage.keys('outbox'), []);
}

const wake = ({ events }: Tab): boolean => events.dispatchEvent(new Event('visibilitychange'));

describe('A machine that sleeps', () => {
  for (const clock of ['goes on', 'stands still'] as const) {
    test(`with a draft on the wire, and a clock that ${clock} meanwhile`, async (t) => {
      const browser = new FakeBrowser();
      const { chat } = browser;
      const tab = await browser.tab(t);
      const heard = heardIn(tab.room);
      loseAnswers(chat);
      tab.room.send('on the wire');
      tab.room.send('behind it');
      await chat.clock.settle();

      chat.server.post('lobby', 'meanwhile', { isHidden: true });
      if (clock === 'goes on') await chat.clock.sleep(9 * HOUR_MS);
      else chat.clock.wallShiftMs += 9 * HOUR_MS;
      wake(tab);
      await chat.clock.advance(7_000);

      const said = ['on the wire', 'meanwhile', 'behind it'];
      assertWhole(browser, tab, said);
      assert.deepEqual(heard, said);
    });
  }

  test('and that nobody tells of its waking finds out by itself', async (t) => {
    const browser = new FakeBrowser();
    const { chat } = browser;
    const tab = await browser.tab(t);
    loseAnswers(chat);
    tab.room.send('on the wire');
    await chat.clock.settle();

    await chat.clock.sleep(9 * HOUR_MS);
    await chat.clock.advance(2 * chat.server.heartbeatMs * 1.2 + 1_000);

    assertWhole(browser, tab, ['on the wire']);
  });

  test('longer than its token lives gets a fresh one, and its drafts go out', async (t) => {
    const browser = new FakeBrowser();
    const { chat } = browser;
    chat.server.tokenLifeMs = HOUR_MS;
    let asked = 0;
    const getToken = (): Promise<string> => Promise.resolve(`host.ada.${(asked += 1)}`);
    const tab = await browser.tab(t, { getToken });
    loseAnswers(chat);
    const { intercept } = chat.server;
    tab.room.send('on the wire');
    tab.room.send('behind it');
    await chat.clock.settle();

    chat.server.intercept = (session, op) => {
      if (op.op !== 'hello' || op.token !== 'host.ada.1') return intercept(session, op);
      session.say({ op: 'error', code: 'token_expired', message: 'The token has expired.' });
      session.end(4401);
      return true;
    };
    await chat.clock.sleep(9 * HOUR_MS);
    wake(tab);
    await chat.clock.advance(60_000);

    assertWhole(browser, tab, ['on the wire', 'behind it']);
    assert.ok(asked > 1);
  });
});

describe('A wall clock that jumps', () => {
  test('forth and back between drafts changes neither their order nor their number', async (t) => {
    const browser = new FakeBrowser();
    const before = await browser.tab(t);
    await browser.goOffline();
    const said = ['now', 'in a year', 'a year ago', 'now again'];
    [0, 1, -1, 0].forEach((years, i) => {
      browser.chat.clock.wallShiftMs = years * 365 * 24 * HOUR_MS;
      before.room.send(said[i]!);
    });
    before.client.close();

    const after = await browser.tab(t);
    browser.chat.clock.wallShiftMs = -30 * 24 * HOUR_MS;
    await browser.comeBack();

    assertWhole(browser, after, said);
  });
});

describe('A network that comes and goes', () => {
  test('a hundred times, with drafts, lost answers and false news of it', async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    const random = seededRandom(seed);
    const browser = new FakeBrowser();
    const { chat } = browser;
    const tab = await browser.tab(t);
    const heard = heardIn(tab.room);
    const said: string[] = [];
    for (let flap = 0; flap < 100; flap += 1) {
      const answers = random() < 0.3 ? loseAnswers(chat) : () => undefined;
      for (let left = Math.floor(random() * 3); left > 0; left -= 1) {
        said.push(`draft ${said.length + 1}`);
        tab.room.send(said.at(-1)!);
      }
      if (random() < 0.5) await chat.clock.settle();
      chat.server.isUp = random() < 0.5;
      if (random() < 0.8) chat.server.cut();
      tab.events.dispatchEvent(new Event(random() < 0.5 ? 'online' : 'offline'));
      await chat.clock.advance(random() * 3_000);
      answers();
      assert.ok(chat.server.live.length <= 1, `${chat.server.live.length} sockets are open`);
    }
    await browser.comeBack();

    assertWhole(browser, tab, said);
    assert.deepEqual(heard, said);
  });
});

describe('A server that drains', () => {
  for (const fate of ['stored', 'dropped'] as const) {
    test(`with a draft on the wire that is ${fate}`, async (t) => {
      const browser = new FakeBrowser();
      const { chat } = browser;
      const tab = await browser.tab(t);
      const answers = fate === 'stored' ? loseAnswers(chat) : drop(browser);
      for (const text of ['one', 'two', 'three']) tab.room.send(text);
      await chat.clock.settle();

      chat.server.live[0]!.say({ op: 'bye', code: 'drain', afterMs: 3_000 });
      chat.server.cut(1001);
      await chat.clock.settle();
      assert.equal(tab.room.snapshot.status, 'offline');
      answers();
      await chat.clock.advance(3_000);

      assertWhole(browser, tab, ['one', 'two', 'three']);
    });
  }

  test('over and over, each time in the middle of a greeting', async (t) => {
    const browser = new FakeBrowser();
    const { chat } = browser;
    const tab = await browser.tab(t);
    let drains = 5;
    chat.server.intercept = (session, { op }) => {
      if (op !== 'hello' || drains === 0) return false;
      drains -= 1;
      session.say({ op: 'bye', code: 'drain', afterMs: 500 });
      session.end(1001);
      return true;
    };
    chat.server.cut();
    tab.room.send('one');
    await chat.clock.advance(60_000);

    assert.equal(drains, 0);
    assertWhole(browser, tab, ['one']);
  });
});

/** What is sent does not arrive. */
function drop({ chat: { server } }: FakeBrowser): () => void {
  server.intercept = (_session, { op }) => op === 'send';
  return () => {
    server.intercept = () => false;
  };
}

describe('A storage that fails', () => {
  for (const fault of ['full', 'blocked'] as const) {
    test(`${fault} in mid-flight: nothing is lost while the page lives`, async (t) => {
      const browser = new FakeBrowser();
      const { chat, storage } = browser;
      const tab = await browser.tab(t);
      const answers = loseAnswers(chat);
      tab.room.send('kept');
      await chat.clock.settle();
      storage.fault = fault;
      tab.room.send('in memory');
      assert.equal(tab.room.snapshot.storageFault, fault);

      answers();
      chat.server.cut();
      await chat.clock.advance(60_000);
      assert.deepEqual(shown(tab.room), ['kept', 'in memory']);
      storage.fault = undefined;
      tab.room.send('kept again');
      await chat.clock.settle();

      assertWhole(browser, tab, ['kept', 'in memory', 'kept again']);
    });

    test(`${fault} when an ack came: after a reload nothing is sent twice`, async (t) => {
      const browser = new FakeBrowser();
      const { chat, storage } = browser;
      const before = await browser.tab(t);
      await browser.goOffline();
      before.room.send('one');
      before.room.send('two');
      storage.fault = fault;
      await browser.comeBack();
      assert.deepEqual(shown(before.room), ['one', 'two']);
      before.client.close();
      storage.fault = undefined;

      const after = await browser.tab(t);
      await chat.clock.settle();

      assertWhole(browser, after, ['one', 'two']);
    });
  }
});

describe('A storage that somebody copies or clears', () => {
  for (const hasLocks of [true, false]) {
    const words = hasLocks ? 'with' : 'without';
    test(`copied while drafts wait, ${words} locks: both browsers send, each is there once`, async (t) => {
      const browser = new FakeBrowser({ hasLocks });
      const { chat } = browser;
      const tab = await browser.tab(t);
      await browser.goOffline();
      for (const text of ['one', 'two', 'three']) tab.room.send(text);
      const other = browser.copy();
      const copied = await other.tab(t);
      assert.deepEqual(shown(copied.room), ['one (sending)', 'two (sending)', 'three (sending)']);
      assert.equal(copied.client.user?.id, tab.client.user?.id);

      await browser.comeBack();
      tab.room.send('of the original');
      await chat.clock.settle();
      copied.room.send('of the copy');
      await chat.clock.settle();

      const said = ['one', 'two', 'three', 'of the original', 'of the copy'];
      assertWhole(browser, tab, said);
      assertWhole(other, copied, said);
    });
  }

  test('copied in mid-flight: what the copy stored is found by the original, later', async (t) => {
    const browser = new FakeBrowser();
    const tab = await browser.tab(t);
    const answers = drop(browser);
    tab.room.send('one');
    tab.room.send('two');
    await browser.chat.clock.settle();
    const other = browser.copy();
    await browser.goOffline();
    answers();

    browser.chat.server.isUp = true;
    const copied = await other.tab(t);
    assertWhole(other, copied, ['one', 'two']);
    copied.client.close();
    await browser.chat.clock.advance(60_000);

    assertWhole(browser, tab, ['one', 'two']);
  });

  test('cleared in mid-flight: the same guest goes on with the same drafts', async (t) => {
    const browser = new FakeBrowser();
    const { chat, storage } = browser;
    const tab = await browser.tab(t);
    const id = tab.client.user?.id;
    const answers = loseAnswers(chat);
    tab.room.send('one');
    tab.room.send('two');
    await chat.clock.settle();

    storage.clear();
    answers();
    chat.server.cut();
    await chat.clock.advance(60_000);

    assertWhole(browser, tab, ['one', 'two']);
    assert.equal(tab.client.user?.id, id);
    assert.equal(storage.keys('guest').length, 1);
  });

  test('cleared, and taken by another guest: drafts wait for their author', async (t) => {
    const browser = new FakeBrowser();
    const { chat, storage } = browser;
    const tab = await browser.tab(t);
    const answers = loseAnswers(chat);
    tab.room.send('one');
    await chat.clock.settle();
    storage.clear();
    await browser.tab(t);

    answers();
    chat.server.cut();
    await chat.clock.advance(60_000);

    // Stored under the old guest's id: only a person can tell that both are the same.
    assert.deepEqual(chat.server.texts('lobby'), ['one']);
    assert.deepEqual(shown(tab.room), ['one', 'one (failed)']);
    assert.equal(tab.room.snapshot.rows[1]?.failure?.code, 'maybe_sent');
  });
});

describe('Tabs of one browser', () => {
  test('closed one after the other while offline: the last one has all drafts, once', async (t) => {
    const browser = new FakeBrowser();
    const tabs: Tab[] = [];
    for (let i = 0; i < 4; i += 1) tabs.push(await browser.tab(t));
    await browser.goOffline();
    for (const [i, tab] of tabs.entries()) tab.room.send(`of ${i}`);
    for (const tab of tabs) browser.tell(tab);

    for (const tab of tabs.slice(0, -1)) {
      tab.client.close();
      await browser.chat.clock.settle();
      for (const other of tabs) browser.tell(other);
      await browser.chat.clock.settle();
    }
    await browser.comeBack();

    const { room } = tabs.at(-1)!;
    assert.deepEqual(browser.chat.server.texts('lobby').toSorted(), [
      'of 0',
      'of 1',
      'of 2',
      'of 3',
    ]);
    assert.deepEqual(shown(room), browser.chat.server.texts('lobby'));
    assert.deepEqual(browser.storage.keys('outbox'), []);
  });

  test('put away whole give their drafts to another one, and have them when they return', async (t) => {
    const browser = new FakeBrowser();
    const owner = await browser.tab(t);
    const heir = await browser.tab(t);
    await browser.goOffline();
    owner.room.send('one');
    browser.tell(heir);

    owner.events.dispatchEvent(new Event('pagehide'));
    await browser.chat.clock.settle();
    assert.deepEqual(shown(heir.room), ['one (sending)']);
    owner.events.dispatchEvent(new Event('pageshow'));
    owner.room.send('two');
    assert.equal(browser.storage.keys('outbox').length, 2);
    await browser.comeBack();

    assertWhole(browser, heir, ['one', 'two']);
    assertWhole(browser, owner, ['one', 'two']);
  });

  test('closed in mid-flight: the heir sends the same cid, and it is stored once', async (t) => {
    const browser = new FakeBrowser();
    const { chat } = browser;
    const owner = await browser.tab(t);
    const answers = loseAnswers(chat);
    const heir = await browser.tab(t);
    owner.room.send('one');
    owner.room.send('two');
    await chat.clock.settle();
    browser.tell(heir);

    owner.client.close();
    answers();
    await chat.clock.settle();

    assertWhole(browser, heir, ['one', 'two']);
    assert.equal(new Set(chat.server.heardOf('send').map(({ cid }) => cid)).size, 2);
  });
});
