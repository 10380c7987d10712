import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import type { Room, Row } from '../../../component/client/client.ts';
import type { Cid, Content, Message, RoomId, SendOp } from '../../../component/protocol/ops.ts';
import { Chat, shown, two } from '../../support/chat.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';
import { seedOfRun } from '../../support/seed.ts';

const lobby = 'lobby' as RoomId;

const rowAt = ({ snapshot }: Room, at = 0): Row => snapshot.rows.at(at)!;

function nack(cid: Cid, code: string, retry = false) {
  return { op: 'nack', room: lobby, cid, code, message: `said ${code}`, retry } as const;
}

describe('LiveRoom: changes', () => {
  test('each shows at once here and then everywhere', async (t) => {
    const { chat, mine, theirs } = await two(t);

    mine.edit(1, 'better');
    mine.pin(1, true);
    theirs.react(1, '👍', true);
    assert.deepEqual([rowAt(mine).text, rowAt(mine).pinned], ['better', true]);
    assert.deepEqual([rowAt(mine).pending, rowAt(theirs).pending], [true, true]);
    await chat.clock.settle();

    for (const room of [mine, theirs]) {
      const { text, pinned, edited, pending, reactions } = rowAt(room);
      assert.deepEqual([text, pinned, pending], ['better', true, undefined]);
      assert.equal(typeof edited, 'number');
      assert.equal(reactions?.[0]?.count, 1);
    }
    assert.equal(rowAt(theirs).reactions?.[0]?.mine, true);
    assert.equal(rowAt(mine).reactions?.[0]?.mine, false);
    mine.remove(1);
    await chat.clock.settle();
    assert.deepEqual([rowAt(theirs).deleted, rowAt(theirs).text], [true, '']);
  });

  test('a notice is a row, and no message', async (t) => {
    const { chat, mine, theirs } = await two(t);
    const told: Message[] = [];
    theirs.onMessage((message) => told.push(message));

    mine.notice('be kind');
    await chat.clock.settle();

    assert.deepEqual([rowAt(theirs, -1).kind, rowAt(theirs, -1).text], ['notice', 'be kind']);
    assert.deepEqual(told, []);
  });

  test('a refused one is taken back, says why, and can be retried or discarded', async (t) => {
    const { chat, theirs } = await two(t);
    theirs.remove(1);
    await chat.clock.settle();

    const { deleted, text, failure, failedCid } = rowAt(theirs);
    assert.deepEqual([deleted, text, failure?.code], [undefined, 'first', 'forbidden']);
    theirs.retry(failedCid!);
    assert.deepEqual([rowAt(theirs).deleted, rowAt(theirs).pending], [true, true]);
    await chat.clock.settle();
    assert.equal(rowAt(theirs).failure?.code, 'forbidden');
    theirs.discard(failedCid!);

    assert.equal(rowAt(theirs).failure, undefined);
    assert.equal(chat.server.heardOf('send').length, 3);
  });

  test('that it is so already, or that the message is deleted by now, is no failure', async (t) => {
    const { chat, mine, theirs } = await two(t);
    chat.server.intercept = (session, op) => {
      if (op.op !== 'send' || op.kind !== 'pin') return false;
      session.say(nack(op.cid, 'no_change'));
      return true;
    };
    theirs.pin(1, true);
    await chat.clock.settle();
    assert.deepEqual([rowAt(theirs).failure, rowAt(theirs).pending], [undefined, undefined]);

    chat.server.intercept = (session, op) => {
      if (op.op !== 'send' || op.kind !== 'react') return false;
      // What it answers with is numbered before the deletion is told.
      session.say(nack(op.cid, 'no_target'));
      return true;
    };
    mine.remove(1);
    theirs.react(1, '👍', true);
    await chat.clock.settle();

    assert.equal(rowAt(theirs).deleted, true);
    assert.deepEqual([rowAt(theirs).failure, rowAt(theirs).failedCid], [undefined, undefined]);
  });

  test('keeps the order of sending among messages and changes', async (t) => {
    const { chat, mine } = await two(t);
    chat.server.cut();
    mine.react(1, '👍', true);
    mine.send('second');
    mine.react(1, '👍', false);
    mine.edit(1, 'better');
    await chat.clock.advance(60_000);

    assert.deepEqual(
      chat.server.log('lobby').entries.map(({ kind }) => kind),
      ['message', 'react', 'message', 'react', 'edit'],
    );
  });

  test('refuses a bad text at once, and takes nothing', async (t) => {
    const { mine } = await two(t);

    assert.throws(() => mine.edit(1, ' '), { code: 'bad_text' });
    assert.throws(() => mine.notice('x'.repeat(4001)), { code: 'text_too_long' });
    assert.deepEqual(shown(mine), ['first']);
  });

  test('a message that is deleted when it comes is a row, and told to nobody', async (t) => {
    const { chat, mine, theirs } = await two(t);
    const told: Message[] = [];
    theirs.onMessage((message) => told.push(message));
    chat.server.post('lobby', { kind: 'message', body: { text: '' } });
    await chat.clock.settle();

    assert.deepEqual([told.length, rowAt(mine, -1).deleted], [0, true]);
  });
});

describe('LiveRoom: another log', () => {
  test('G8 › a reset in the middle of a connection takes the place of what was here', async (t) => {
    const { chat, mine } = await two(t);
    chat.server.forget('lobby');
    chat.server.post('lobby', 'restored', { isHidden: true });

    for (const session of chat.server.live) chat.server.reset(session, lobby, 'epoch');
    await chat.clock.settle();
    assert.deepEqual([shown(mine), mine.snapshot.resets], [['restored'], 1]);
    chat.server.post('lobby', 'later');
    mine.send('mine');
    await chat.clock.settle();

    assert.deepEqual(shown(mine), ['restored', 'later', 'mine']);
    assert.equal(mine.snapshot.status, 'live');
    assert.equal(mine.snapshot.head, 3);
  });

  test('G8 › another entry at our own place is another log: it asks, and takes the reset', async (t) => {
    const { chat, mine } = await two(t);
    chat.server.forget('lobby');

    chat.server.post('lobby', 'of another log');
    await chat.clock.settle();

    assert.deepEqual([shown(mine), mine.snapshot.resets], [['of another log'], 1]);
  });

  test('a change that waits does not hit what another log has in its place', async (t) => {
    const { chat, mine } = await two(t);
    chat.server.isUp = false;
    chat.server.cut();
    mine.remove(1);
    mine.send('second');
    chat.server.forget('lobby');
    chat.server.post('lobby', 'innocent', { by: 'u_ada' });
    chat.server.isUp = true;
    await chat.clock.advance(60_000);

    assert.deepEqual(shown(mine), ['innocent', 'second']);
    assert.equal(rowAt(mine).failure, undefined);
  });

  test('what the lost log acknowledged and never told is sent to the new one, once', async (t) => {
    const { chat, mine } = await two(t);
    chat.server.intercept = (session, op) => {
      if (op.op !== 'send') return false;
      session.say({ op: 'ack', room: lobby, cid: op.cid, seq: 2, at: 1 });
      return true;
    };
    mine.send('second');
    await chat.clock.settle();
    assert.deepEqual(shown(mine), ['first', 'second']);
    chat.server.intercept = () => false;
    chat.server.forget('lobby');
    for (const text of ['a', 'b', 'c']) chat.server.post('lobby', text, { isHidden: true });

    for (const session of chat.server.live) chat.server.reset(session, lobby, 'epoch');
    await chat.clock.settle();

    assert.deepEqual(shown(mine), ['a', 'b', 'c', 'second']);
    assert.deepEqual(chat.server.texts('lobby'), ['a', 'b', 'c', 'second']);
  });
});

describe('LiveRoom: whatever happens', () => {
  type Act = readonly [act: string, target: number, on: boolean];
  const act: fc.Arbitrary<Act> = fc.tuple(
    fc.constantFrom('send', 'edit', 'remove', 'react', 'pin', 'post', 'cut', 'settle', 'refuse'),
    fc.integer({ min: 1, max: 8 }),
    fc.boolean(),
  );

  /** Does it all to one room, and looks when all is calm again. */
  async function run(t: Parameters<Chat['tab']>[0], acts: readonly Act[]): Promise<void> {
    const chat = new Chat();
    const { server, clock } = chat;
    const { room, client } = await chat.tab(t, { token: 'host.ada' });
    const told: number[] = [];
    room.onMessage(({ seq }) => told.push(seq));
    const refused = new Set<Cid>();
    let mayRefuse = false;
    server.intercept = (session, op) => {
      const isRefused = op.op === 'send' && (mayRefuse || refused.has(op.cid));
      if (isRefused) session.say(nack((op as SendOp).cid, 'forbidden'));
      if (isRefused) refused.add((op as SendOp).cid);
      return isRefused;
    };
    for (const [name, target, on] of acts) {
      if (name === 'send') room.send('mine');
      if (name === 'edit') room.edit(target, `edit ${on}`);
      if (name === 'remove') room.remove(target);
      if (name === 'react') room.react(target, '👍', on);
      if (name === 'pin') room.pin(target, on);
      if (name === 'post') server.post('lobby', 'x', { cid: `cid-no-${told.length}-${target}` });
      if (name === 'cut') server.cut();
      if (name === 'settle') await clock.settle();
      if (name === 'refuse') mayRefuse = on;
    }
    mayRefuse = false;
    await clock.advance(120_000);

    const lines = server.log('lobby').lines();
    const rows = room.snapshot.rows.filter(({ state }) => state === 'sent');
    const factsOf = ({ seq, text, pinned, deleted, reactions = [] }: Partial<Row>): unknown => {
      return [seq, text, pinned, deleted, reactions.map(({ count }) => count)];
    };
    assert.deepEqual(
      rows.map(factsOf),
      lines.map(({ body: { text }, ...line }) => factsOf({ ...line, text } as Partial<Row>)),
    );
    assert.ok(rows.every(({ pending }) => !pending));
    const messages = lines.map(({ seq }) => seq);
    assert.deepEqual(told, messages);
    client.close();
  }

  test('G4, G7 › each entry is applied once, and what was refused does not stay', async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40, size: 'max' }), (acts) => run(t, acts)),
      { seed: seedOfRun(), numRuns: 40 },
    );
  });
});

describe('LiveRoom: drafts of every kind', () => {
  const kinds: readonly Content['kind'][] = ['message', 'edit', 'react', 'pin', 'notice', 'delete'];

  test('survive a reload and go out in order, once', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const before = await chat.tab(t, { token: 'host.ada', storage });
    before.room.send('first');
    await chat.clock.settle();
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();
    before.room.send('second', { replyTo: 1 });
    before.room.edit(1, 'better');
    before.room.react(1, '👍', true);
    before.room.pin(1, true);
    before.room.notice('be kind');
    before.room.remove(1);
    before.client.close();
    chat.server.isUp = true;

    await chat.tab(t, { token: 'host.ada', storage });
    await chat.clock.advance(60_000);

    const { entries } = chat.server.log('lobby');
    assert.deepEqual(
      entries.slice(1).map(({ kind }) => kind),
      kinds,
    );
    assert.deepEqual(storage.keys('outbox'), []);
  });

  test('of a version before there were kinds are adopted as messages; rubbish is not', async (t) => {
    const chat = new Chat();
    const storage = new MemoryStorage();
    const old = { room: 'lobby', cid: 'cid-of-old', at: 1, body: { text: 'old' } };
    const react = { ...old, cid: 'cid-of-bad-1', kind: 'react', body: { target: 1, emoji: 7 } };
    const edit = { ...old, cid: 'cid-of-bad-2', kind: 'edit', body: { text: 'x' } };
    const kept = JSON.stringify([old, null, react, edit, 7, { ...old, body: null }]);
    storage.setItem('mini-chat:outbox:ws://chat.test/ws:u_ada:gone', kept);

    const { room } = await chat.tab(t, { token: 'host.ada', storage });
    await chat.clock.settle();

    assert.deepEqual(shown(room), ['old']);
    assert.equal(chat.server.heardOf('send').length, 1);
  });

  test('of a guest whom the server forgot: lines wait for their author, changes go', async (t) => {
    const chat = new Chat();
    const { room, client } = await chat.tab(t, { name: 'Ada' });
    room.send('first');
    await chat.clock.settle();
    const { id } = client.user!;
    chat.server.forgetGuests();
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();
    room.edit(1, 'better');
    room.send('second');
    chat.server.isUp = true;
    await chat.clock.advance(60_000);

    assert.notEqual(client.user?.id, id);
    assert.deepEqual(shown(room), ['first', 'second (failed)']);
    assert.deepEqual([rowAt(room).failure, rowAt(room).pending], [undefined, undefined]);
  });
});
