import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { statusOf } from '../../../component/client/room-status.ts';
import type { Session } from '../../../component/client/session.ts';
import type { ErrorOp, RoomId } from '../../../component/protocol/ops.ts';
import { Chat } from '../../support/chat.ts';

const lobby = 'lobby' as RoomId;

describe('a refused room', () => {
  const error = (code: string, more = {}): ErrorOp => {
    return { op: 'error', code, message: `said ${code}`, room: lobby, ...more };
  };

  test('a room that may not be joined says why, until somebody asks again', async (t) => {
    const chat = new Chat();
    chat.server.intercept = (session, { op }) => {
      if (op === 'join') session.say(error('forbidden'));
      return op === 'join';
    };
    const { client, room } = await chat.tab(t);
    await chat.clock.advance(120_000);
    assert.equal(room.snapshot.status, 'refused');
    assert.deepEqual(room.snapshot.refusal, { code: 'forbidden', message: 'said forbidden' });
    assert.equal(chat.server.heardOf('join').length, 1);
    chat.server.intercept = () => false;

    client.reconnect();
    await chat.clock.settle();

    assert.equal(room.snapshot.status, 'live');
    assert.equal(room.snapshot.refusal, undefined);
  });

  test('a store that does not answer is offline with words, and tried again', async (t) => {
    const chat = new Chat();
    chat.server.intercept = (session, { op }) => {
      if (op === 'join') session.say(error('unavailable'));
      return op === 'join';
    };
    const { room } = await chat.tab(t);
    assert.equal(room.snapshot.status, 'offline');
    assert.equal(room.snapshot.refusal!.code, 'unavailable');
    assert.ok(room.snapshot.retryAt! > chat.clock.wall());
    chat.server.intercept = () => false;

    await chat.clock.advance(5000);

    assert.equal(room.snapshot.status, 'live');
  });

  test('a member who is put out while live sees it', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);

    chat.server.live[0]!.say(error('forbidden'));
    await chat.clock.settle();

    assert.equal(room.snapshot.status, 'refused');
  });

  test('another room is not touched', async (t) => {
    const chat = new Chat();
    const { client, room } = await chat.tab(t);
    const other = client.room('other');
    other.join();
    await chat.clock.settle();

    chat.server.live[0]!.say(error('forbidden'));
    await chat.clock.settle();

    assert.equal(other.snapshot.status, 'live');
    assert.equal(room.snapshot.status, 'refused');
  });
});

describe('statusOf', () => {
  const idle = { state: 'idle' } as const;
  const refusal = { code: 'forbidden', message: 'no' };

  test('is that of the connection until it is live', () => {
    const of = (session: Session) => statusOf(session, idle, 100);
    const trying = { tries: 0, until: 5, isRenewed: false, identity: {} };

    assert.deepEqual(of({ state: 'closed' }), { status: 'closed' });
    assert.deepEqual(of({ state: 'authorizing', ...trying }), { status: 'connecting' });
    assert.deepEqual(of({ state: 'connecting', ...trying }), { status: 'connecting' });
    assert.deepEqual(of({ state: 'greeting', ...trying }), { status: 'connecting' });
    assert.deepEqual(of({ state: 'refused', refusal }), { status: 'refused', refusal });
    assert.deepEqual(of({ state: 'offline', tries: 1, until: 5, refusal }), {
      status: 'offline',
      retryAt: 105,
      refusal,
    });
  });

  test('is that of the room on a live connection', () => {
    const live = { state: 'live' } as Session;

    assert.deepEqual(statusOf(live, idle, 0), { status: 'connecting' });
    assert.deepEqual(statusOf(live, { state: 'live', tries: 0 }, 0), { status: 'live' });
    assert.deepEqual(statusOf(live, { state: 'refused', refusal }, 0), {
      status: 'refused',
      refusal,
    });
    assert.deepEqual(statusOf(live, { state: 'waiting', tries: 1, until: 5 }, 100), {
      status: 'offline',
      retryAt: 105,
      refusal: undefined,
    });
  });
});
