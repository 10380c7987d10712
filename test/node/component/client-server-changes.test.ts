/** Changes and volatile facts: the client against the real server, over real sockets. */

import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import { ChatClient, type Room, type RoomSnapshot } from '../../../component/client/client.ts';
import { start } from '../../../server/app.ts';
import { HOST_SECRET, hostToken } from '../../support/host-tokens.ts';
import { isLive, until } from '../../support/until.ts';

/** A server, and how a user of the host site comes in. */
async function serve(t: TestContext) {
  const quiet = { logLevel: 'silent', drainMs: 200, closeMs: 200 } as const;
  const limits = { sendsBurstMax: 1000, framesPerSecondMax: 100_000 };
  const running = await start({ port: 0, memory: true, jwtKey: HOST_SECRET, ...quiet, ...limits });
  t.after(() => running.close());
  return async (sub: string, role = 'member'): Promise<Room> => {
    const token = await hostToken({ sub, name: sub, role });
    const client = new ChatClient({ server: running.url, token, storage: null });
    t.after(() => client.close());
    const room = client.room('lobby');
    room.join();
    await until(room, isLive);
    return room;
  };
}

describe('ChatClient with a server: changes', { timeout: 120_000 }, () => {
  test('each kind shows to everybody, and the same to who comes later', async (t) => {
    const enter = await serve(t);
    const [ada, mod] = await Promise.all([enter('ada'), enter('mod', 'moderator')]);
    ada.send('one');
    ada.send('two');
    ada.send('three', { replyTo: 1 });
    await until(mod, ({ rows }) => rows.length === 3);

    ada.edit(1, 'better');
    ada.react(1, '👍', true);
    mod.react(1, '👍', true);
    mod.pin(1, true);
    mod.remove(2);
    mod.notice('be kind');
    const isDone = ({ rows }: RoomSnapshot): boolean =>
      rows.length === 4 && rows.every(({ pending, state }) => !pending && state === 'sent');
    const has = ({ rows }: RoomSnapshot): boolean =>
      rows[0]?.reactions?.[0]?.count === 2 && rows[0].text === 'better' && !!rows[0].pinned;
    for (const room of [ada, mod]) await until(room, (now) => isDone(now) && has(now));
    const late = await enter('late');

    const seen = ({ snapshot: { rows } }: Room): unknown =>
      rows.map((row) => ({ ...row, key: '', asOf: '', reactions: row.reactions?.[0]?.count }));
    assert.deepEqual(seen(late), seen(ada));
    assert.deepEqual(seen(mod), seen(ada));
    const [first, second, third, fourth] = late.snapshot.rows;
    assert.deepEqual([second?.deleted, fourth?.kind], [true, 'notice']);
    assert.equal((third?.quote as { text?: string } | undefined)?.text, 'better');
    assert.deepEqual(
      [ada, mod, late].map(({ snapshot: { rows } }) => rows[0]?.reactions?.[0]?.mine),
      [true, true, false],
    );
    assert.equal(typeof first?.edited, 'number');
  });

  test('what is refused is taken back with its reason; what is so already is not', async (t) => {
    const enter = await serve(t);
    const [ada, bob] = await Promise.all([enter('ada'), enter('bob')]);
    ada.send('mine');
    await until(bob, ({ rows }) => rows.length === 1);
    bob.remove(1);
    await until(bob, ({ rows }) => rows[0]?.failure !== undefined);
    assert.deepEqual(
      [bob.snapshot.rows[0]?.failure?.code, bob.snapshot.rows[0]?.text],
      ['forbidden', 'mine'],
    );

    ada.react(1, '🎉', true);
    ada.react(1, '🎉', true);
    ada.edit(1, 'mine');
    await until(ada, ({ rows }) => rows[0]?.pending === undefined);

    const { failure, edited, reactions } = ada.snapshot.rows[0] ?? {};
    assert.deepEqual([failure, edited, reactions?.[0]?.count], [undefined, undefined, 1]);
  });

  test('who types, who is here and what was read go from one to the other', async (t) => {
    const enter = await serve(t);
    const [ada, bob, tab] = [await enter('ada'), await enter('bob'), await enter('ada')];
    bob.send('one');
    bob.send('two');
    for (const room of [ada, tab]) await until(room, ({ unread }) => unread === 2);

    bob.typing(true);
    await until(ada, ({ typing }) => typing[0]?.name === 'bob');
    bob.typing(false);
    await until(ada, ({ typing }) => typing.length === 0);
    ada.markRead(1);
    await until(tab, ({ unread, read }) => unread === 1 && read === 1);
    await until(ada, ({ people }) => people?.count === 2 && people.users?.length === 2);
  });
});
