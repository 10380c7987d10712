/** The client against the real server, over real sockets. */

import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import { ChatClient, type ClientOptions, type Room } from '../../../component/client/client.ts';
import type { RoomSnapshot } from '../../../component/client/room.ts';
import { type ChatServerOptions, type RunningServer, start } from '../../../server/app.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';
import type { Store } from '../../../server/store.ts';
import { HOST_SECRET, hostToken } from '../../support/host-tokens.ts';
import { isLive, until } from '../../support/until.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';

/** A store that outlives the servers on it, as a file or a database does. */
function lasting(): Store {
  return Object.assign(openMemoryStore(), { close: async () => undefined });
}

function serve(t: TestContext, options: ChatServerOptions): Promise<RunningServer> {
  const quiet = { logLevel: 'silent', drainMs: 200, closeMs: 200 } as const;
  const running = start({ port: 0, memory: true, ...quiet, ...options });
  t.after(async () => (await running).close());
  return running;
}

function join(t: TestContext, options: ClientOptions): { client: ChatClient; room: Room } {
  const client = new ChatClient(options);
  t.after(() => client.close());
  const room = client.room('lobby');
  room.join();
  return { client, room };
}

const hasSent =
  (...texts: string[]) =>
  ({ rows }: RoomSnapshot): boolean =>
    rows.filter(({ state }) => state === 'sent').length >= texts.length &&
    texts.every((text) => rows.some((row) => row.text === text && row.state === 'sent'));

describe('ChatClient with a server', { timeout: 120_000 }, () => {
  test('two guests talk', async (t) => {
    const { url } = await serve(t, {});
    const ada = join(t, { server: url, name: 'Ada' });
    const bob = join(t, { server: url, name: 'Bob' });
    await Promise.all([until(ada.room, isLive), until(bob.room, isLive)]);

    ada.room.send('hello');
    await until(bob.room, hasSent('hello'));
    bob.room.send('hi', { replyTo: 1 });
    await until(ada.room, hasSent('hello', 'hi'));

    assert.deepEqual(
      ada.room.snapshot.rows.map(({ user, text, seq, replyTo }) => [user.name, text, seq, replyTo]),
      [
        ['Ada', 'hello', 1, undefined],
        ['Bob', 'hi', 2, 1],
      ],
    );
    assert.ok(ada.room.snapshot.can.includes('message'));
  });

  test('a guest without a name may read, takes one, and then may write', async (t) => {
    const { url } = await serve(t, {});
    const { client, room } = join(t, { server: url });
    await until(room, isLive);
    assert.equal(client.user?.name, '');

    room.send('too early');
    await until(room, ({ rows }) => rows[0]?.state === 'failed');
    assert.equal(room.snapshot.rows[0]?.failure?.code, 'name_required');
    await client.setName('Ada');
    room.retry(room.snapshot.rows[0]!.cid);
    await until(room, hasSent('too early'));

    assert.equal(room.snapshot.rows[0]?.user.name, 'Ada');
  });

  test('a name that can be none is refused in words, and the old one stays', async (t) => {
    const { url } = await serve(t, {});
    const { client, room } = join(t, { server: url, name: 'Ada' });
    await until(room, isLive);

    await assert.rejects(client.setName('\u202e'), { name: 'ChatError', code: 'bad_name' });

    assert.equal(client.user?.name, 'Ada');
    assert.equal(room.snapshot.status, 'live');
  });

  test('the same guest comes back by storage', async (t) => {
    const { url } = await serve(t, {});
    const storage = new MemoryStorage();
    const first = join(t, { server: url, name: 'Ada', storage });
    await until(first.room, isLive);
    const { id } = first.client.user!;
    first.client.close();

    const second = join(t, { server: url, storage });
    await until(second.room, isLive);

    assert.equal(second.client.user?.id, id);
    assert.equal(second.client.user?.name, 'Ada');
  });

  test('G4 › drafts wait out a restart of the server and are stored once, in order', async (t) => {
    const store = lasting();
    const first = await serve(t, { store });
    const port = Number(new URL(first.url).port);
    const ada = join(t, { server: first.url, name: 'Ada' });
    const bob = join(t, { server: first.url, name: 'Bob' });
    await Promise.all([until(ada.room, isLive), until(bob.room, isLive)]);
    ada.room.send('before');
    await until(bob.room, hasSent('before'));

    await first.close();
    await until(ada.room, ({ status }) => status !== 'live');
    for (const text of ['one', 'two', 'three']) ada.room.send(text);
    await serve(t, { store, port });
    ada.client.reconnect();
    bob.client.reconnect();
    await Promise.all(
      [ada.room, bob.room].map((room) => until(room, hasSent('before', 'one', 'two', 'three'))),
    );

    for (const { snapshot } of [ada.room, bob.room]) {
      assert.deepEqual(
        snapshot.rows.map(({ text }) => text),
        ['before', 'one', 'two', 'three'],
      );
      assert.equal(snapshot.resets, 0);
    }
    assert.equal(ada.room.snapshot.head, 4);
  });

  test('another log under the same name is a reset', async (t) => {
    const first = await serve(t, {});
    const port = Number(new URL(first.url).port);
    const { client, room } = join(t, { server: first.url, name: 'Ada' });
    room.send('old');
    await until(room, hasSent('old'));

    await first.close();
    await serve(t, { port });
    client.reconnect();
    await until(room, (snapshot) => isLive(snapshot) && snapshot.rows.length === 0);

    // The keys of guests were lost with the store, so it is another guest, too.
    assert.ok(room.snapshot.resets >= 1);
  });

  test('history comes page by page until the start', async (t) => {
    const { url } = await serve(t, { sendsBurstMax: 1000, framesPerSecondMax: 100_000 });
    const { room } = join(t, { server: url, name: 'Ada' });
    const texts = Array.from({ length: 130 }, (_, i) => `${i + 1}`);
    for (const text of texts) room.send(text);
    await until(room, hasSent('130'));
    const late = join(t, { server: url, name: 'Bob' });
    await until(late.room, isLive);
    assert.equal(late.room.snapshot.rows.length, 50);

    while (late.room.snapshot.hasOlder) await late.room.loadOlder();

    assert.deepEqual(
      late.room.snapshot.rows.map(({ text }) => text),
      texts,
    );
  });

  test('a user of the host site, by getToken, refreshed on the same connection', async (t) => {
    const { url } = await serve(t, { jwtKey: HOST_SECRET });
    let asked = 0;
    const getToken = (): Promise<string> => {
      asked += 1;
      return hostToken({ sub: 'ada', name: `Ada ${asked}` }, { expiresIn: 5 });
    };
    const { client, room } = join(t, { server: url, getToken });
    await until(room, isLive);
    assert.equal(client.user?.name, 'Ada 1');

    await until(room, ({ user }) => user?.name === 'Ada 2');

    assert.equal(room.snapshot.status, 'live');
    assert.equal(client.user?.id, 'u_ada');
  });

  test('guests off, and a bad token, are refused with words', async (t) => {
    const { url } = await serve(t, { guests: 'off', jwtKey: HOST_SECRET });
    const guest = join(t, { server: url, name: 'Ada' });
    const forger = join(t, { server: url, token: 'not.a.token' });
    await until(guest.room, ({ status }) => status === 'refused');
    await until(forger.room, ({ status }) => status === 'refused');

    assert.equal(guest.room.snapshot.refusal?.code, 'guests_off');
    assert.equal(forger.room.snapshot.refusal?.code, 'bad_token');
    assert.match(forger.room.snapshot.refusal?.message ?? '', /token/);
  });
});
