import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { READ_ROWS_MAX } from '../../../component/client/timeline.ts';
import type { RoomId } from '../../../component/protocol/ops.ts';
import { Chat, two } from '../../support/chat.ts';

const lobby = 'lobby' as RoomId;

describe('LiveRoom: seek and quotes', () => {
  test('seek loads pages until the line is there; false when it is gone', async (t) => {
    const chat = new Chat();
    for (let i = 1; i <= 160; i += 1) chat.server.post('lobby', `${i}`);
    const { room } = await chat.tab(t);
    const soon = async (asked: Promise<boolean>): Promise<boolean> => {
      await chat.clock.settle();
      return asked;
    };

    assert.equal(await soon(room.seek(150)), true);
    assert.equal(chat.server.heardOf('history').length, 0);
    assert.equal(await soon(room.seek(30)), true);
    assert.equal(chat.server.heardOf('history').length, 2);
    assert.equal(await soon(room.seek(999)), false);
    chat.server.log('lobby').floor = 5;
    assert.equal(await soon(room.seek(2)), false);
    assert.equal(room.snapshot.rows[0]?.seq, 11 - 6);
  });

  test('seek ends where nothing can be loaded', async (t) => {
    const chat = new Chat();
    for (let i = 1; i <= 60; i += 1) chat.server.post('lobby', `${i}`);
    const { room } = await chat.tab(t);
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();

    assert.equal(await room.seek(1), false);
  });

  test('a reply quotes what it answers, also what is older than what is here', async (t) => {
    const chat = new Chat();
    for (let i = 1; i <= 60; i += 1) chat.server.post('lobby', `${i}`);
    const { room } = await chat.tab(t);
    room.send('to that', { replyTo: 3 });
    room.send('to this', { replyTo: 60 });
    await chat.clock.advance(1000);

    const [old, near] = room.snapshot.rows.slice(-2).map(({ quote }) => quote);
    assert.deepEqual(
      [old, near].map((one) => one !== 'gone' && one?.text),
      ['3', '60'],
    );
    assert.equal(chat.server.heardOf('history').length, 1);
    assert.equal(room.snapshot.rows.length, 52);
  });
});

describe('LiveRoom: volatile facts', () => {
  test('the oldest rows stay for who reads there, and go once all is read', async (t) => {
    const { chat, mine } = await two(t);
    const posted = Array.from({ length: READ_ROWS_MAX }, (_, i) =>
      chat.server.post('lobby', `${i}`, { by: 'u_bob', isHidden: true }),
    );
    chat.server.live[0]!.say({ op: 'entries', room: lobby, entries: posted });
    await chat.clock.settle();
    const { rows, head } = mine.snapshot;

    mine.markRead(head - 1);
    assert.equal(mine.snapshot.rows[0], rows[0]);
    mine.markRead(head);

    assert.ok(mine.snapshot.rows.length < READ_ROWS_MAX);
    assert.equal(mine.snapshot.rows.at(-1), rows.at(-1));
  });

  test('others see who writes, until they send', async (t) => {
    const { chat, mine, theirs } = await two(t);
    theirs.typing(true);
    await chat.clock.settle();
    assert.deepEqual(mine.snapshot.typing, [{ id: 'u_bob', name: 'bob' }]);
    assert.deepEqual(theirs.snapshot.typing, []);

    theirs.typing(false);
    await chat.clock.settle();

    assert.deepEqual(mine.snapshot.typing, []);
  });

  test('who may not write is not heard writing', async (t) => {
    const chat = new Chat();
    chat.server.can = ['join', 'history'];
    const { room } = await chat.tab(t, { name: 'Ada' });
    room.typing(true);
    chat.server.can = ['join', 'history', 'message'];
    const { room: nameless } = await chat.tab(t);
    nameless.typing(true);
    await chat.clock.settle();

    assert.equal(chat.server.heardOf('typing').length, 0);
  });

  test('what is unread is the same in all tabs of a user, and after a reload', async (t) => {
    const { chat, mine } = await two(t);
    const { room: other, client } = await chat.tab(t, { token: 'host.ada' });
    for (const text of ['a', 'b', 'c']) chat.server.post('lobby', text, { by: 'u_bob' });
    await chat.clock.settle();
    assert.deepEqual([mine.snapshot.unread, other.snapshot.unread], [3, 3]);

    mine.markRead(3);
    await chat.clock.settle();

    assert.deepEqual([mine.snapshot.unread, other.snapshot.unread], [1, 1]);
    assert.deepEqual([mine.snapshot.read, other.snapshot.read], [3, 3]);
    client.close();
    const { room: after } = await chat.tab(t, { token: 'host.ada' });
    assert.deepEqual([after.snapshot.read, after.snapshot.unread], [3, 1]);
  });

  test('all tabs of who comes for the first time begin at the same place', async (t) => {
    const chat = new Chat();
    for (const text of ['a', 'b']) chat.server.post('lobby', text);
    const { room: first } = await chat.tab(t, { token: 'host.ada' });
    chat.server.post('lobby', 'c', { by: 'u_bob' });
    await chat.clock.settle();

    const { room: second } = await chat.tab(t, { token: 'host.ada' });

    assert.deepEqual([first.snapshot.unread, second.snapshot.unread], [1, 1]);
  });

  test('who is here is told, and not known while away', async (t) => {
    const { chat, mine } = await two(t);
    chat.server.live[0]!.say({ op: 'presence', room: lobby, count: 2 });
    await chat.clock.settle();
    assert.equal(mine.snapshot.people?.count, 2);

    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();

    assert.equal(mine.snapshot.people, undefined);
  });
});
