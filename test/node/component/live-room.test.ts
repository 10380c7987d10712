import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Entry, ErrorOp, Message, RoomId } from '../../../component/protocol/ops.ts';
import { Chat, shown } from '../../support/chat.ts';

const lobby = 'lobby' as RoomId;

describe('LiveRoom', () => {
  test('a gap joins again with the cursor, and nothing is missing or doubled', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.post('lobby', 'one');
    chat.server.post('lobby', 'two', { isHidden: true });
    chat.server.post('lobby', 'three', { isHidden: true });

    chat.server.post('lobby', 'four');
    await chat.clock.settle();

    assert.deepEqual(shown(room), ['one', 'two', 'three', 'four']);
    assert.equal(chat.server.heardOf('join')[1]!.cursor!.seq, 1);
    assert.equal(room.snapshot.resets, 0);
  });

  test('while it joins again, more gaps ask for nothing more', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.post('lobby', 'one', { isHidden: true });
    chat.server.intercept = (_session, { op }) => op === 'join';
    for (const text of ['two', 'three', 'four']) chat.server.post('lobby', text);
    await chat.clock.settle();
    assert.equal(chat.server.heardOf('join').length, 2);

    chat.server.answer(chat.server.live[0]!, chat.server.heardOf('join')[1]!);
    await chat.clock.settle();

    assert.deepEqual(shown(room), ['one', 'two', 'three', 'four']);
  });

  test('a page that was not asked for is not shown', async (t) => {
    const chat = new Chat();
    for (let i = 1; i <= 60; i += 1) chat.server.post('lobby', `${i}`);
    const { room } = await chat.tab(t);
    chat.server.intercept = (_session, { op }) => op === 'history';
    const asked = room.loadOlder();
    await chat.clock.settle();
    const op = chat.server.heardOf('history')[0]!;

    chat.server.answer(chat.server.live[0]!, { ...op, re: op.re + 7 });
    await chat.clock.settle();
    assert.equal(room.snapshot.isLoadingOlder, true);
    assert.equal(room.snapshot.rows.length, 50);
    chat.server.answer(chat.server.live[0]!, op);
    await chat.clock.settle();
    await asked;

    assert.equal(room.snapshot.rows.length, 60);
  });

  test('a repeated entry is dropped', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    const entry = chat.server.post('lobby', 'one');

    chat.server.live[0]!.say({ op: 'entries', room: lobby, entries: [entry, entry] });
    await chat.clock.settle();

    assert.deepEqual(shown(room), ['one']);
  });

  test('gaps without progress are asked for a few times, then with a wait between', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.intercept = (session, op) => {
      if (op.op !== 'join') return false;
      const { epoch } = op.cursor!;
      const facts = { room: lobby, epoch, head: 9, headId: 'x', floor: 1, can: [] };
      session.sayText(JSON.stringify({ op: 'joined', ...facts, entries: [] }));
      session.sayText(JSON.stringify({ op: 'entries', room: 'lobby', entries: [strange(9)] }));
      return true;
    };

    chat.server.live[0]!.sayText(
      JSON.stringify({ op: 'entries', room: 'lobby', entries: [strange(9)] }),
    );
    await chat.clock.advance(60_000);

    const joins = chat.server.heardOf('join').length;
    assert.ok(joins > 4 && joins < 12, `${joins} joins in a minute`);
    assert.notEqual(room.snapshot.status, 'live');
  });

  test('more than a page behind is connecting until the last of it is there', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();
    for (let i = 1; i <= 120; i += 1) chat.server.post('lobby', `${i}`);
    const seen: number[] = [];
    room.subscribe(() => {
      if (room.snapshot.status === 'live') seen.push(room.snapshot.rows.length);
    });
    chat.server.isUp = true;

    await chat.clock.advance(1000);

    assert.equal(room.snapshot.rows.length, 120);
    assert.deepEqual(new Set(seen), new Set([120]));
    assert.equal(room.snapshot.status, 'live');
  });

  test('entries of kinds that are not drawn finish the catching up, too', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.post('lobby', 'one');
    await chat.clock.settle();
    chat.server.intercept = (session, op) => {
      if (op.op !== 'join') return false;
      const { epoch } = op.cursor!;
      const facts = { room: lobby, epoch, head: 2, headId: 'x', floor: 1, can: [] };
      const entries = [{ ...strange(2), kind: 'pin', body: { target: 1 } }];
      session.sayText(JSON.stringify({ op: 'joined', ...facts, entries: [], more: true }));
      session.sayText(JSON.stringify({ op: 'entries', room: 'lobby', entries }));
      return true;
    };

    chat.server.cut();
    await chat.clock.advance(1000);

    assert.equal(room.snapshot.status, 'live');
    assert.equal(room.snapshot.head, 2);
    assert.deepEqual(shown(room), ['one']);
  });

  test('a reset drops the rows, counts, and keeps the drafts', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.post('lobby', 'old');
    await chat.clock.settle();
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();
    room.send('draft');
    chat.server.forget('lobby');
    chat.server.post('lobby', 'new');
    chat.server.intercept = (_session, { op }) => op === 'send';
    chat.server.isUp = true;

    await chat.clock.advance(1000);

    assert.deepEqual(shown(room), ['new', 'draft (sending)']);
    assert.equal(room.snapshot.resets, 1);
  });

  test('a continuation of another epoch is not taken; the page is', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.post('lobby', 'one');
    await chat.clock.settle();
    chat.server.intercept = (session, op) => {
      if (op.op !== 'join' || op.cursor === undefined) return false;
      const facts = { room: 'lobby', epoch: 'other', head: 2, headId: 'x', floor: 1, can: [] };
      session.sayText(JSON.stringify({ op: 'joined', ...facts, entries: [strange(2)] }));
      return true;
    };

    chat.server.cut();
    await chat.clock.advance(1000);

    assert.deepEqual(shown(room), ['one']);
    assert.equal(chat.server.heardOf('join').at(-1)!.cursor, undefined);
    assert.equal(room.snapshot.status, 'live');
  });

  test('loads older pages in order until the start is there', async (t) => {
    const chat = new Chat();
    for (let i = 1; i <= 120; i += 1) chat.server.post('lobby', `${i}`);
    const { room } = await chat.tab(t);
    assert.deepEqual([room.snapshot.rows[0]!.text, room.snapshot.hasOlder], ['71', true]);

    const first = room.loadOlder();
    assert.equal(room.loadOlder(), first);
    assert.equal(room.snapshot.isLoadingOlder, true);
    await first;
    assert.deepEqual([room.snapshot.rows[0]!.text, room.snapshot.hasOlder], ['21', true]);
    await room.loadOlder();
    await room.loadOlder();

    assert.equal(room.snapshot.hasOlder, false);
    assert.equal(room.snapshot.isLoadingOlder, false);
    assert.deepEqual(
      room.snapshot.rows.map(({ text }) => Number(text)),
      Array.from({ length: 120 }, (_, i) => i + 1),
    );
    assert.equal(chat.server.heardOf('history').length, 2);
  });

  test('a short room has no older page and asks for none', async (t) => {
    const chat = new Chat();
    chat.server.post('lobby', 'one');
    const { room } = await chat.tab(t);

    await room.loadOlder();

    assert.equal(room.snapshot.hasOlder, false);
    assert.equal(chat.server.heardOf('history').length, 0);
  });

  test('a page that never comes, or that the connection takes along, ends the wait', async (t) => {
    const chat = new Chat();
    for (let i = 1; i <= 60; i += 1) chat.server.post('lobby', `${i}`);
    const { room } = await chat.tab(t);
    chat.server.intercept = (_session, { op }) => op === 'history';

    const lost = room.loadOlder();
    chat.server.cut();
    await chat.clock.advance(1000);
    await lost;
    const silent = room.loadOlder();
    await chat.clock.advance(15_000);
    await silent;

    assert.equal(room.snapshot.isLoadingOlder, false);
    assert.equal(room.snapshot.hasOlder, true);
  });

  test('a refused page rejects with the code and the words of the server', async (t) => {
    const chat = new Chat();
    for (let i = 1; i <= 60; i += 1) chat.server.post('lobby', `${i}`);
    const { room } = await chat.tab(t);
    chat.server.intercept = (session, op) => {
      if (op.op !== 'history') return false;
      const error: ErrorOp = { op: 'error', code: 'forbidden', message: 'no', room: op.room };
      session.say({ ...error, re: op.re });
      return true;
    };

    await assert.rejects(room.loadOlder(), { name: 'ChatError', code: 'forbidden', message: 'no' });
    assert.equal(room.snapshot.isLoadingOlder, false);
    assert.equal(room.snapshot.status, 'live');
  });

  test('tells each new message once, also what was missed, and never history', async (t) => {
    const chat = new Chat();
    chat.server.post('lobby', 'history');
    const { room } = await chat.tab(t);
    const heard: string[] = [];
    const stop = room.onMessage(({ body }) => {
      heard.push(body.text);
      assert.ok(shown(room).includes(body.text), 'the snapshot has it already');
    });

    chat.server.post('lobby', 'live');
    room.send('own');
    await chat.clock.settle();
    chat.server.cut();
    await chat.clock.settle();
    chat.server.post('lobby', 'missed');
    await chat.clock.advance(1000);
    stop();
    chat.server.post('lobby', 'after');
    await chat.clock.settle();

    assert.deepEqual(heard, ['live', 'own', 'missed']);
  });

  test('a snapshot is the same object until something changes, and shares its rows', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.post('lobby', 'one');
    await chat.clock.settle();
    const before = room.snapshot;
    assert.equal(room.snapshot, before);

    chat.server.post('lobby', 'two');
    await chat.clock.settle();

    assert.notEqual(room.snapshot, before);
    assert.equal(room.snapshot.rows[0], before.rows[0]);
    assert.equal(before.rows.length, 1);
  });

  test('leaving stops it; joining again resumes with the cursor', async (t) => {
    const chat = new Chat();
    const client = chat.client(t);
    const room = client.room('lobby');
    const first = room.join();
    const second = room.join();
    await chat.clock.settle();
    chat.server.post('lobby', 'one');
    await chat.clock.settle();
    first();
    assert.equal(room.snapshot.status, 'live');
    second();
    await chat.clock.settle();
    chat.server.post('lobby', 'two');
    await chat.clock.settle();
    assert.deepEqual([room.snapshot.status, ...shown(room)], ['closed', 'one']);

    room.join();
    await chat.clock.settle();

    assert.deepEqual(shown(room), ['one', 'two']);
    assert.equal(chat.server.sessions.length, 1);
    assert.equal(room.snapshot.resets, 0);
  });
});

function strange(seq: number): Entry {
  const user = { id: 'u_x', name: 'x', role: 'member' } as unknown as Message['user'];
  const body = { text: 'strange' };
  return {
    seq,
    id: 'strange',
    kind: 'message',
    user,
    at: 1,
    cid: 'strange1',
    body,
  } as unknown as Entry;
}
