import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ChatClient, ChatError } from '../../../component/client/client.ts';
import { Chat, shown } from '../../support/chat.ts';

describe('ChatClient', () => {
  test('opens nothing before a room is joined', async (t) => {
    const chat = new Chat();
    const client = chat.client(t);

    const room = client.room('lobby');
    await chat.clock.settle();

    assert.equal(chat.server.sessions.length, 0);
    assert.equal(room.snapshot.status, 'closed');
    assert.deepEqual(room.snapshot.rows, []);
  });

  test('makes the socket address from any address of the server', () => {
    const address = (server: string): string => new ChatClient({ server }).server.href;

    assert.equal(address('http://chat.test'), 'ws://chat.test/ws');
    assert.equal(address('https://chat.test/'), 'wss://chat.test/ws');
    assert.equal(address('https://chat.test/sub/path'), 'wss://chat.test/sub/path/ws');
    assert.equal(address('wss://chat.test/sub/ws'), 'wss://chat.test/sub/ws');
    assert.throws(() => address('no address'), TypeError);
  });

  test('gives the same room for the same id, and refuses ids that can be none', (t) => {
    const client = new Chat().client(t);

    assert.equal(client.room('lobby'), client.room('lobby'));
    assert.throws(
      () => client.room('Lobby!'),
      (error) => error instanceof ChatError && error.code === 'bad_room',
    );
  });

  test('two clients talk', async (t) => {
    const chat = new Chat();
    const ada = await chat.tab(t, { name: 'Ada' });
    const bob = await chat.tab(t, { name: 'Bob' });

    ada.room.send('hello');
    bob.room.send('hi');
    await chat.clock.settle();

    assert.deepEqual(shown(ada.room), ['hello', 'hi']);
    assert.deepEqual(shown(bob.room), ['hello', 'hi']);
    assert.deepEqual(
      bob.room.snapshot.rows.map(({ user }) => user.name),
      ['Ada', 'Bob'],
    );
  });

  test('two rooms share one connection', async (t) => {
    const chat = new Chat();
    const { client, room } = await chat.tab(t);
    const other = client.room('other');
    other.join();
    await chat.clock.settle();

    other.send('over there');
    await chat.clock.settle();

    assert.equal(chat.server.sessions.length, 1);
    assert.deepEqual(shown(other), ['over there']);
    assert.deepEqual(shown(room), []);
  });

  test('is connecting until it has caught up, not until the socket is open', async (t) => {
    const chat = new Chat();
    chat.server.intercept = (_session, { op }) => op === 'join';
    const { room } = await chat.tab(t);

    assert.equal(chat.server.live.length, 1);
    assert.equal(room.snapshot.status, 'connecting');

    chat.server.answer(chat.server.live[0]!, chat.server.heardOf('join')[0]!);
    await chat.clock.settle();
    assert.equal(room.snapshot.status, 'live');
  });

  test('joins right behind its hello: the first messages come a round trip earlier', async (t) => {
    const chat = new Chat();
    chat.server.intercept = (_session, { op }) => op === 'hello';
    const { room } = await chat.tab(t);
    assert.deepEqual(
      chat.server.heard.map(({ op }) => op),
      ['hello', 'join'],
    );

    chat.server.answer(chat.server.live[0]!, chat.server.heardOf('hello')[0]!);
    await chat.clock.settle();
    chat.server.answer(chat.server.live[0]!, chat.server.heardOf('join')[0]!);
    await chat.clock.settle();

    assert.equal(room.snapshot.status, 'live');
    assert.equal(chat.server.heardOf('join').length, 1);
  });

  test('who leaves before the welcome is not in the room after it', async (t) => {
    const chat = new Chat();
    chat.server.intercept = (_session, { op }) => op === 'hello';
    const room = chat.client(t).room('lobby');
    const leave = room.join();
    await chat.clock.settle();

    leave();
    chat.server.answer(chat.server.live[0]!, chat.server.heardOf('hello')[0]!);
    await chat.clock.settle();

    assert.equal(chat.server.live[0]?.rooms.size, 0);
    assert.equal(room.snapshot.status, 'closed');
  });

  test('says when it tries again, and comes back with what was missed', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();

    const { status, retryAt } = room.snapshot;
    chat.server.post('lobby', 'missed');
    chat.server.isUp = true;
    await chat.clock.advance(500);

    assert.equal(status, 'offline');
    assert.equal(retryAt, chat.clock.wall() - 500 + 250);
    assert.equal(room.snapshot.status, 'live');
    assert.deepEqual(shown(room), ['missed']);
    assert.equal(room.snapshot.resets, 0);
  });

  test('waits longer after each failure, at most half a minute', async (t) => {
    const chat = new Chat();
    chat.server.isUp = false;
    const tries: number[] = [];
    const { openSocket } = chat.environment();
    const environment = {
      openSocket: (url: URL, protocol: string) => {
        tries.push(chat.clock.now());
        return openSocket!(url, protocol);
      },
    };
    await chat.tab(t, { environment });

    await chat.clock.advance(120_000);

    const waits = tries.map((at, i) => at - (tries[i - 1] ?? at)).slice(1, 9);
    assert.deepEqual(waits, [250, 250, 500, 1000, 2000, 4000, 8000, 15_000]);
  });

  test('a drain is followed by a return within the time it names', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.live[0]!.say({ op: 'bye', code: 'drain', afterMs: 4000 });
    chat.server.live[0]!.end(1001);
    await chat.clock.settle();

    assert.equal(room.snapshot.retryAt, chat.clock.wall() + 2000);
  });

  test('news of the network end the wait', async (t) => {
    const chat = new Chat();
    const { room, events } = await chat.tab(t);
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.advance(20_000);
    chat.server.isUp = true;

    for (const type of ['online', 'pageshow', 'visibilitychange']) {
      events.dispatchEvent(new Event(type));
      await chat.clock.settle();
      assert.equal(room.snapshot.status, 'live', type);
      chat.server.cut();
      await chat.clock.settle();
      assert.equal(room.snapshot.status, 'offline', type);
    }
  });

  test('news that the network is gone probe what is live, and try nothing that is not', async (t) => {
    const chat = new Chat();
    const { events } = await chat.tab(t);
    events.dispatchEvent(new Event('offline'));
    await chat.clock.settle();
    assert.equal(chat.server.heardOf('ping').length, 1);
    chat.server.cut();
    await chat.clock.settle();

    events.dispatchEvent(new Event('offline'));
    await chat.clock.settle();

    assert.equal(chat.server.sessions.length, 1);
  });

  test('reconnect ends the wait, too', async (t) => {
    const chat = new Chat();
    const { client, room } = await chat.tab(t);
    chat.server.cut();
    await chat.clock.settle();

    client.reconnect();
    await chat.clock.settle();

    assert.equal(room.snapshot.status, 'live');
  });

  test('a connection that died in its sleep is found out within 5 s of waking', async (t) => {
    const chat = new Chat();
    const { room, events } = await chat.tab(t);
    chat.server.isSilent = true;

    events.dispatchEvent(new Event('online'));
    await chat.clock.advance(5000);

    assert.equal(room.snapshot.status, 'offline');
  });

  test('pings, and is offline after two misses', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    await chat.clock.advance(60_000);
    assert.equal(chat.server.heardOf('ping').length, 2);
    assert.equal(room.snapshot.status, 'live');

    chat.server.isSilent = true;
    await chat.clock.advance(60_000);
    assert.equal(room.snapshot.status, 'live');
    await chat.clock.advance(20_000);

    assert.notEqual(room.snapshot.status, 'live');
  });

  test('a server that never greets is given up in 10 s', async (t) => {
    const chat = new Chat();
    chat.server.isSilent = true;
    const { room } = await chat.tab(t);

    assert.equal(room.snapshot.status, 'connecting');
    await chat.clock.advance(10_000);
    assert.equal(room.snapshot.status, 'offline');
    assert.equal(chat.server.live.length, 0);
  });

  test('a server that greets and never joins is given up in 15 s', async (t) => {
    const chat = new Chat();
    chat.server.intercept = (_session, { op }) => op === 'join';
    const { room } = await chat.tab(t);

    await chat.clock.advance(15_000);

    assert.equal(room.snapshot.status, 'offline');
  });

  test('what no server says ends the connection, and is not fatal', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);

    chat.server.live[0]!.sayText('{"op":"entries","room":"lobby","entries":[{}]}');
    await chat.clock.settle();
    assert.equal(room.snapshot.status, 'offline');
    await chat.clock.advance(1000);

    assert.equal(room.snapshot.status, 'live');
  });

  test('an op of a later version is ignored', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);

    chat.server.live[0]!.sayText('{"op":"presence","room":"lobby","count":7}');
    await chat.clock.settle();

    assert.equal(room.snapshot.status, 'live');
  });

  test('an address that the platform will not open is refused with its words', async (t) => {
    const chat = new Chat();
    const environment = {
      openSocket: () => {
        throw new DOMException('insecure', 'SecurityError');
      },
    };
    const { room } = await chat.tab(t, { environment });

    assert.equal(room.snapshot.status, 'refused');
    assert.deepEqual(room.snapshot.refusal, { code: 'bad_server', message: 'insecure' });
  });

  test('close leaves no timer, no listener, no socket', async (t) => {
    const chat = new Chat();
    let listeners = 0;
    const events = {
      addEventListener: () => (listeners += 1),
      removeEventListener: () => (listeners -= 1),
    } as unknown as EventTarget;
    const { client, room } = await chat.tab(t, { environment: { events } });
    room.send('one');
    await chat.clock.settle();
    assert.ok(listeners > 0 && chat.clock.timers > 0);

    client.close();
    client.close();
    await chat.clock.settle();

    assert.equal(listeners, 0);
    assert.equal(chat.clock.timers, 0);
    assert.equal(chat.server.live.length, 0);
    assert.equal(room.snapshot.status, 'closed');
  });

  test('close while offline with drafts leaves no timer either', async (t) => {
    const chat = new Chat();
    chat.server.isUp = false;
    const { client, room } = await chat.tab(t);
    room.send('one');
    await chat.clock.advance(3000);

    client.close();
    await chat.clock.settle();

    assert.equal(chat.clock.timers, 0);
  });

  test('a set-back wall clock stops nothing', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.cut();
    await chat.clock.settle();
    chat.clock.wallShiftMs = -3_600_000;

    await chat.clock.advance(500);

    assert.equal(room.snapshot.status, 'live');
  });
});
