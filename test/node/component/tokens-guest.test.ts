import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Chat, shown } from '../../support/chat.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';

describe('Tokens: a guest', () => {
  test('is minted once and kept for the next visit', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const first = await chat.tab(t, { storage, name: 'Ada' });
    first.client.close();

    const second = await chat.tab(t, { storage, name: 'Somebody' });

    assert.equal(second.client.user!.id, first.client.user!.id);
    assert.equal(second.client.user!.name, 'Ada');
    assert.deepEqual(storage.keys('guest'), ['mini-chat:guest:ws://chat.test/ws']);
  });

  test('is known by name before the server is reached', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    (await chat.tab(t, { storage, name: 'Ada' })).client.close();
    chat.server.isUp = false;

    const { room } = await chat.tab(t, { storage });
    room.send('offline');

    assert.equal(room.snapshot.user!.name, 'Ada');
    assert.equal(room.snapshot.rows[0]!.user.name, 'Ada');
  });

  test('what another tab is, is known when it next greets', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const one = await chat.tab(t, { storage });
    const two = await chat.tab(t, { storage });
    const named = one.client.setName('Ada');
    await chat.clock.settle();
    await named;

    chat.server.cut();
    await chat.clock.advance(1000);

    assert.equal(two.client.user!.id, one.client.user!.id);
    assert.equal(two.client.user!.name, 'Ada');
  });

  test('without storage is the same one as long as the client lives', async (t) => {
    const chat = new Chat();
    const { client } = await chat.tab(t);
    const before = client.user!.id;

    chat.server.cut();
    await chat.clock.advance(1000);

    assert.equal(client.user!.id, before);
  });

  test('stays the same when the page clears its storage', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const { client } = await chat.tab(t, { storage });
    const before = client.user!.id;
    storage.clear();

    chat.server.cut();
    await chat.clock.advance(1000);

    assert.equal(client.user!.id, before);
    assert.equal(storage.keys('guest').length, 1);
  });

  test('a refused guest is dropped, and one new guest is minted', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const { client, room } = await chat.tab(t, { storage });
    chat.server.cut();
    chat.server.forgetGuests();
    room.send('one');
    room.send('two');

    await chat.clock.advance(1000);

    assert.equal(client.user!.id, 'g_2');
    assert.equal(room.snapshot.status, 'live');
    // They may be stored under the old guest: their author decides.
    assert.deepEqual(shown(room), ['one (failed)', 'two (failed)']);
    assert.equal(room.snapshot.rows[0]!.failure!.code, 'maybe_sent');
    assert.equal(storage.keys('outbox:').length, 1);
  });

  test('a server that refuses every guest is no loop', async (t) => {
    const chat = new Chat();
    chat.server.intercept = (session, { op }) => {
      if (op !== 'hello') return false;
      session.say({ op: 'error', code: 'bad_token', message: 'never' });
      session.end(4401);
      return true;
    };
    const { room } = await chat.tab(t);

    await chat.clock.advance(60_000);

    assert.equal(chat.server.heardOf('hello').length, 2);
    assert.equal(room.snapshot.status, 'refused');
    assert.deepEqual(room.snapshot.refusal, { code: 'bad_token', message: 'never' });
  });

  test('guests off is refused with words, without a second try', async (t) => {
    const chat = new Chat();
    chat.server.guests = 'off';
    const { room } = await chat.tab(t);
    await chat.clock.advance(60_000);

    assert.equal(room.snapshot.refusal!.code, 'guests_off');
    assert.equal(chat.server.sessions.length, 1);
  });

  test('slides: the token is given again before it ends', async (t) => {
    const chat = new Chat();
    chat.server.tokenLifeMs = 1_000_000;
    await chat.tab(t);

    await chat.clock.advance(790_000);
    assert.equal(chat.server.heardOf('token').length, 0);
    await chat.clock.advance(20_000);

    assert.deepEqual(chat.server.heardOf('token'), [{ op: 'token', token: 'guest.g_1' }]);
  });
});
