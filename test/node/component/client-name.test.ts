import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Chat } from '../../support/chat.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';

describe('ChatClient: a name', () => {
  test('setName resolves when the server knows it, and the next visit has it', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const { client, room } = await chat.tab(t, { storage });
    assert.equal(client.user!.name, '');

    const named = client.setName('  Ada   Lovelace ');
    await chat.clock.settle();
    await named;

    assert.equal(room.snapshot.user!.name, 'Ada Lovelace');
    client.close();
    assert.equal((await chat.tab(t, { storage })).client.user!.name, 'Ada Lovelace');
  });

  test('a name opens what was refused: rooms are joined again for it', async (t) => {
    const chat = new Chat();
    const { client, room } = await chat.tab(t);
    const seen: string[] = [];
    room.subscribe(() => seen.push(room.snapshot.status));

    const named = client.setName('Ada');
    await chat.clock.settle();
    await named;

    assert.equal(chat.server.heardOf('join').length, 2);
    assert.ok(chat.server.heardOf('join')[1]!.cursor !== undefined);
    assert.ok(!seen.includes('connecting'), 'it stays live meanwhile');
  });

  test('setName rejects what can be no name, in the words of the server', async (t) => {
    const chat = new Chat();
    const { client } = await chat.tab(t);

    for (const name of ['', 'x'.repeat(41), 'a\u202eb']) {
      const refused = assert.rejects(client.setName(name), { name: 'ChatError', code: 'bad_name' });
      await chat.clock.settle();
      await refused;
    }
    assert.equal(client.user!.name, '');
  });

  test('setName rejects with the words of a server that is stricter', async (t) => {
    const chat = new Chat();
    const { client } = await chat.tab(t);
    chat.server.intercept = (session, { op }) => {
      if (op === 'token') session.say({ op: 'error', code: 'bad_name', message: 'It is taken.' });
      return op === 'token';
    };

    const refused = assert.rejects(client.setName('Ada'), {
      code: 'bad_name',
      message: 'It is taken.',
    });
    await chat.clock.settle();
    await refused;
    await chat.clock.advance(60_000);

    assert.equal(chat.server.heardOf('token').length, 1, 'and is not asked again');
  });

  test('setName while offline resolves when it is back', async (t) => {
    const chat = new Chat();
    const { client } = await chat.tab(t);
    chat.server.cut();
    await chat.clock.settle();

    const named = client.setName('Ada');
    await chat.clock.advance(1000);
    await named;

    assert.equal(client.user!.name, 'Ada');
  });

  test('two names at once: the later one holds, both promises end', async (t) => {
    const chat = new Chat();
    const { client } = await chat.tab(t);

    const both = Promise.all([client.setName('Ada'), client.setName('Grace')]);
    await chat.clock.settle();
    await both;
    await chat.clock.settle();

    assert.equal(client.user!.name, 'Grace');
  });

  test('setName rejects when it cannot come true: a signed-in user, a refusal, the end', async (t) => {
    const chat = new Chat();
    const signedIn = await chat.tab(t, { token: 'host.ada' });
    await assert.rejects(signedIn.client.setName('Grace'), { code: 'forbidden' });

    chat.server.guests = 'off';
    const refused = await chat.tab(t);
    await assert.rejects(refused.client.setName('Grace'), { code: 'guests_off' });

    chat.server.isUp = false;
    const ended = await chat.tab(t);
    const waiting = assert.rejects(ended.client.setName('Grace'), { code: 'unavailable' });
    ended.client.close();
    await waiting;
    await assert.rejects(ended.client.setName('Grace'), { code: 'unavailable' });
  });

  test('the name option is for a guest without one', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    (await chat.tab(t, { storage })).client.close();

    const { client } = await chat.tab(t, { storage, name: 'Ada' });
    await chat.clock.settle();

    assert.equal(client.user!.name, 'Ada');
  });

  test('a name option that the server does not take is dropped: the guest may still read', async (t) => {
    const chat = new Chat();
    chat.server.intercept = (session, op) => {
      const isNamed = op.op === 'hello' && op.name !== undefined;
      if (isNamed) session.say({ op: 'error', code: 'bad_name', message: 'no' });
      return isNamed;
    };
    const { client, room } = await chat.tab(t, { name: 'Admin' });

    assert.equal(room.snapshot.status, 'live');
    assert.equal(client.user!.name, '');
  });
});
