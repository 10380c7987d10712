import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ChatClient, type Room } from '../../../component/client/client.ts';
import { isLive, until } from '../../support/until.ts';

/** Somebody in the lobby of the server that needs none. */
async function enter(server: string, name: string): Promise<{ client: ChatClient; room: Room }> {
  const client = new ChatClient({ server, name, storage: null });
  const room = client.room('lobby');
  room.join();
  await until(room, isLive);
  return { client, room };
}

describe('demo socket', () => {
  it('lets clients talk that know nothing of what they are connected to', async (t) => {
    const ada = await enter('demo:', 'Ada');
    const ben = await enter('demo:ben', 'Ben');
    t.after(() => [ada, ben].map(({ client }) => client.close()));
    assert.notEqual(ada.client.user?.id, ben.client.user?.id);

    ada.room.send('hello');
    await until(ben.room, ({ rows }) => rows.length === 1);
    ben.room.react(1, '👍', true);
    ben.room.typing(true);
    await until(ada.room, ({ rows, typing }) => {
      return rows[0]?.reactions?.length === 1 && typing.length === 1;
    });
    ada.room.edit(1, 'hello, all');
    await until(ben.room, ({ rows }) => rows[0]?.text === 'hello, all');
    await ben.client.setName('Benno');

    await until(ada.room, ({ people }) => {
      return people?.users?.map(({ name }) => name).join() === 'Ada,Benno';
    });
    assert.deepEqual(
      [ada, ben].map(({ client }) => client.server.href),
      ['demo:', 'demo:ben'],
    );
  });

  it('takes a burst without a timer: browsers slow those of hidden tabs down', async (t) => {
    const ada = await enter('demo:', 'Ada');
    const ben = await enter('demo:ben', 'Ben');
    t.mock.timers.enable({ apis: ['setTimeout'] });
    t.after(() => {
      t.mock.timers.reset();
      for (const { client } of [ada, ben]) client.close();
    });
    const said = Array.from({ length: 200 }, (_, i) => `line ${i}`);

    for (const text of said) ada.room.send(text);
    await until(ben.room, ({ rows }) => rows.length >= said.length);

    const texts = ben.room.snapshot.rows.map(({ text }) => text);
    assert.deepEqual(texts.slice(-said.length), said);
  });

  it('of a client that closes is gone, and the next one begins anew', async (t) => {
    const ada = await enter('demo:', 'Ada');
    const ben = await enter('demo:ben', 'Ben');
    t.after(() => ben.client.close());

    ada.client.close();

    await until(ben.room, ({ people }) => people?.count === 1);
  });

  it('that is closed before it opens says nothing', async () => {
    const client = new ChatClient({ server: 'demo:', storage: null });
    client.room('lobby').join();

    client.close();

    assert.equal(client.room('lobby').snapshot.status, 'closed');
  });
});
