import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Chat, shown } from '../../support/chat.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';

describe('Tokens: a user of the host site', () => {
  test('a token is given in the hello, and never stored', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const { client } = await chat.tab(t, { token: 'host.ada', storage });

    assert.equal(client.user!.id, 'u_ada');
    assert.equal(chat.server.heardOf('hello')[0]!.token, 'host.ada');
    assert.deepEqual(
      storage.find('').filter((value) => value.includes('host.ada')),
      [],
    );
  });

  test('getToken is asked once per need, not per connection', async (t) => {
    const chat = new Chat();
    let asked = 0;
    const getToken = async (): Promise<string> => `host.ada.${(asked += 1)}`;
    const { room } = await chat.tab(t, { getToken });
    chat.server.cut();
    await chat.clock.advance(1000);

    assert.equal(room.snapshot.status, 'live');
    assert.equal(asked, 1);
  });

  test('is refreshed in-band before it expires, on the same connection', async (t) => {
    const chat = new Chat();
    chat.server.tokenLifeMs = 100_000;
    let asked = 0;
    const getToken = async (): Promise<string> => `host.ada.${(asked += 1)}`;
    await chat.tab(t, { getToken });

    await chat.clock.advance(250_000);

    assert.deepEqual(
      chat.server.heardOf('token').map(({ token }) => token),
      ['host.ada.2', 'host.ada.3', 'host.ada.4'],
    );
    assert.equal(chat.server.sessions.length, 1);
  });

  test('a getToken that fails while the token still holds is asked again, and nothing shows', async (t) => {
    const chat = new Chat();
    chat.server.tokenLifeMs = 500_000;
    let asked = 0;
    const getToken = async (): Promise<string> => {
      asked += 1;
      if (asked === 2) throw new Error('the site is down');
      return 'host.ada';
    };
    const { room } = await chat.tab(t, { getToken });

    await chat.clock.advance(440_000);

    assert.equal(asked, 3);
    assert.equal(room.snapshot.status, 'live');
    assert.equal(chat.server.heardOf('token').length, 1);
  });

  test('an expired token is replaced once, and drafts go out', async (t) => {
    const chat = new Chat();
    const tokens = ['host.ada', 'expired', 'host.ada.fresh'];
    const { room } = await chat.tab(t, { getToken: async () => tokens.shift()! });
    room.send('before');
    await chat.clock.settle();
    chat.server.live[0]!.say({ op: 'error', code: 'token_expired', message: 'It has expired.' });
    chat.server.live[0]!.end(4401);
    await chat.clock.settle();
    room.send('draft');
    assert.equal(room.snapshot.status, 'refused', 'the second one was expired, too');
    assert.equal(chat.server.sessions.length, 2);

    tokens.unshift('host.ada.fresh');
    await chat.clock.advance(60_000);
    assert.equal(chat.server.sessions.length, 2);

    const { room: again } = await chat.tab(t, { getToken: async () => 'host.ada' });
    assert.deepEqual(shown(again), ['before']);
  });

  test('a 4401 without words asks for one fresh token', async (t) => {
    const chat = new Chat();
    let asked = 0;
    const getToken = async (): Promise<string> => `host.ada.${(asked += 1)}`;
    const { room } = await chat.tab(t, { getToken });
    room.send('one');
    chat.server.live[0]!.end(4401);
    room.send('two');
    await chat.clock.settle();

    assert.equal(asked, 2);
    assert.equal(room.snapshot.status, 'live');
    assert.deepEqual(chat.server.texts('lobby'), ['one', 'two']);
  });

  test('a server that welcomes and at once refuses is no loop', async (t) => {
    const chat = new Chat();
    let asked = 0;
    chat.server.intercept = (session, op) => {
      if (op.op !== 'join') return false;
      session.say({ op: 'error', code: 'token_expired', message: 'no' });
      session.end(4401);
      return true;
    };
    await chat.tab(t, { getToken: async () => `host.ada.${(asked += 1)}` });

    await chat.clock.advance(60_000);

    assert.ok(asked < 15, `${asked} tokens in a minute`);
  });

  test('a token that nothing can replace is refused with words', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t, { token: 'expired' });
    await chat.clock.advance(60_000);

    assert.equal(room.snapshot.status, 'refused');
    assert.equal(room.snapshot.refusal!.code, 'token_expired');
    assert.equal(chat.server.sessions.length, 1);
  });

  test('setToken is the way out, with drafts kept', async (t) => {
    const chat = new Chat();
    const { client, room } = await chat.tab(t, { token: 'host.ada' });
    chat.server.live[0]!.say({ op: 'error', code: 'token_expired', message: 'no' });
    chat.server.live[0]!.end(4401);
    await chat.clock.settle();
    room.send('draft');
    assert.equal(room.snapshot.status, 'refused');

    client.setToken('host.ada.fresh');
    await chat.clock.settle();

    assert.equal(room.snapshot.status, 'live');
    assert.deepEqual(shown(room), ['draft']);
  });

  test('setToken of the same user is in-band; of another user it greets anew', async (t) => {
    const chat = new Chat();
    const { client, room } = await chat.tab(t, { token: 'host.ada' });
    room.send('of ada');
    await chat.clock.settle();

    client.setToken('host.ada.later');
    await chat.clock.settle();
    assert.equal(chat.server.sessions.length, 1);
    client.setToken('host.bob');
    await chat.clock.settle();

    assert.equal(chat.server.sessions.length, 2);
    assert.equal(room.snapshot.user!.id, 'u_bob');
    assert.deepEqual(shown(room), ['of ada']);
    assert.equal(room.snapshot.resets, 1);
  });

  test("another user never sends the first one's drafts", async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const { client, room } = await chat.tab(t, { token: 'host.ada', storage });
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();
    room.send("ada's draft");
    chat.server.isUp = true;

    client.setToken('host.bob');
    await chat.clock.advance(1000);
    assert.deepEqual(shown(room), []);
    client.close();
    const ada = await chat.tab(t, { token: 'host.ada', storage });
    await chat.clock.settle();

    assert.deepEqual(
      chat.server.log('lobby').entries.map(({ user, body }) => [user.id, body]),
      [['u_ada', { text: "ada's draft" }]],
    );
    assert.deepEqual(shown(ada.room), ["ada's draft"]);
  });

  test('nothing of a room is taken, or sent, before the server has said who this is', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t, { token: 'host.ada' });
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();
    room.send("ada's draft");
    chat.server.post('lobby', 'missed');
    // It answers the join alone.
    chat.server.intercept = (_session, { op }) => op === 'hello';
    chat.server.isUp = true;
    await chat.clock.advance(1000);

    assert.equal(chat.server.heardOf('join').length, 2);
    assert.equal(chat.server.heardOf('send').length, 0);
    assert.deepEqual(shown(room), ["ada's draft (sending)"]);
  });

  test('another user than before gets the page, not what follows a cursor of theirs', async (t) => {
    const chat = new Chat();
    chat.server.post('lobby', 'first');
    const { client, room } = await chat.tab(t, { token: 'host.ada' });

    client.setToken('host.bob');
    await chat.clock.settle();

    assert.deepEqual([shown(room), client.user?.id], [['first'], 'u_bob']);
  });

  test('a bad token given on a live connection does not leave the old user in', async (t) => {
    const chat = new Chat();
    const { client, room } = await chat.tab(t, { token: 'host.ada' });

    client.setToken('nonsense');
    await chat.clock.settle();

    assert.equal(room.snapshot.status, 'refused');
    assert.equal(room.snapshot.refusal!.code, 'bad_token');
    assert.equal(chat.server.live.length, 0);
  });

  test('a getToken that rejects is offline with words, and asked again more and more seldom', async (t) => {
    const chat = new Chat();
    let asked = 0;
    const getToken = async (): Promise<string> => {
      asked += 1;
      throw new Error('the site is down');
    };
    const { room } = await chat.tab(t, { getToken });
    assert.equal(room.snapshot.status, 'offline');
    assert.equal(room.snapshot.refusal!.code, 'no_token');
    assert.match(room.snapshot.refusal!.message, /the site is down/);

    await chat.clock.advance(60_000);

    assert.ok(asked > 4 && asked < 12, `asked ${asked} times in a minute`);
    assert.equal(chat.server.sessions.length, 0);
  });

  test('a getToken that hangs is given up in 10 s, and its late answer is not used', async (t) => {
    const chat = new Chat();
    const answers: ((token: string) => void)[] = [];
    const getToken = (): Promise<string> => new Promise((answer) => answers.push(answer));
    const { room } = await chat.tab(t, { getToken });
    assert.equal(room.snapshot.status, 'connecting');

    await chat.clock.advance(10_000);
    assert.equal(room.snapshot.status, 'offline');
    assert.equal(room.snapshot.refusal!.code, 'no_token');
    answers[0]!('host.ada');
    await chat.clock.settle();

    assert.equal(chat.server.sessions.length, 0);
  });

  test('only the last answer of getToken counts', async (t) => {
    const chat = new Chat();
    const answers: ((token: string) => void)[] = [];
    const getToken = (): Promise<string> => new Promise((answer) => answers.push(answer));
    const { client, room } = await chat.tab(t, { getToken });
    await chat.clock.advance(10_000);
    client.reconnect();
    await chat.clock.settle();
    assert.equal(room.snapshot.status, 'connecting');

    answers[0]!('host.of-before');
    await chat.clock.settle();
    assert.equal(chat.server.sessions.length, 0);
    answers[1]!('host.ada');
    await chat.clock.settle();

    assert.equal(client.user!.id, 'u_ada');
  });

  test('what getToken gives must be a token', async (t) => {
    const chat = new Chat();
    const getToken = (async () => ({ token: 'host.ada' })) as unknown as () => Promise<string>;
    const { room } = await chat.tab(t, { getToken });

    assert.equal(room.snapshot.refusal!.code, 'no_token');
  });

  test('reconnect after a refused token asks for another one', async (t) => {
    const chat = new Chat();
    const tokens = ['expired', 'expired', 'host.ada'];
    const { client, room } = await chat.tab(t, { getToken: async () => tokens.shift()! });
    assert.equal(room.snapshot.status, 'refused');

    client.reconnect();
    await chat.clock.settle();

    assert.equal(room.snapshot.status, 'live');
  });

  test('an origin that is refused says so, and does not knock again', async (t) => {
    const chat = new Chat();
    chat.server.intercept = (session, { op }) => {
      if (op !== 'hello') return false;
      session.say({ op: 'error', code: 'origin_refused', message: 'Not for this page.' });
      session.end(4403);
      return true;
    };
    const { room } = await chat.tab(t);
    await chat.clock.advance(60_000);

    assert.deepEqual(room.snapshot.refusal, {
      code: 'origin_refused',
      message: 'Not for this page.',
    });
    assert.equal(chat.server.sessions.length, 1);
  });

  test('a 4403 without words is refused, too', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.cut(4403);
    await chat.clock.advance(60_000);

    assert.equal(room.snapshot.refusal!.code, 'forbidden');
    assert.equal(chat.server.sessions.length, 1);
  });
});
