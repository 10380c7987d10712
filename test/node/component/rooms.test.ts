import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { RoomId } from '../../../component/protocol/ops.ts';
import { Chat, shown } from '../../support/chat.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';

describe('Rooms', () => {
  test('hands each op to its room, and drops those of rooms that nobody asked for', async (t) => {
    const chat = new Chat();
    const { client, room } = await chat.tab(t);
    const other = client.room('other');
    other.join();
    await chat.clock.settle();

    const entry = chat.server.post('strange', 'strange', { isHidden: true });
    chat.server.live[0]!.say({ op: 'entries', room: 'strange' as RoomId, entries: [entry] });
    chat.server.post('other', 'for other');
    await chat.clock.settle();

    assert.deepEqual([shown(room), shown(other)], [[], ['for other']]);
  });

  test('keeps the drafts of all rooms in one place, each with its room', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const { client, room } = await chat.tab(t, { storage });
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();

    room.send('here');
    client.room('other').send('there');

    const [kept] = storage.find('outbox');
    const drafts = Object.values<{ room: string; body: { text: string } }>(JSON.parse(kept!));
    assert.deepEqual(
      drafts.map((draft) => [draft.room, draft.body.text]),
      [
        ['lobby', 'here'],
        ['other', 'there'],
      ],
    );
  });

  test('what is acknowledged is kept no longer, though its entry is not here yet', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const { room } = await chat.tab(t, { storage });
    chat.server.intercept = (session, op) => {
      if (op.op === 'send') session.say({ op: 'ack', room: op.room, cid: op.cid, seq: 1, at: 1 });
      return op.op === 'send';
    };

    room.send('one');
    assert.equal(storage.keys('outbox').length, 1);
    await chat.clock.settle();

    assert.equal(storage.keys('outbox').length, 0);
    assert.deepEqual(shown(room), ['one']);
  });
});
