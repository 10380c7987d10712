import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ChatError } from '../../../component/client/client.ts';
import type { Cid, RoomId } from '../../../component/protocol/ops.ts';
import { Chat, shown } from '../../support/chat.ts';

const lobby = 'lobby' as RoomId;

function nack(cid: Cid, code: string, more: { retry?: boolean; afterMs?: number } = {}) {
  return {
    op: 'nack',
    room: lobby,
    cid,
    code,
    message: `said ${code}`,
    retry: false,
    ...more,
  } as const;
}

describe('LiveRoom: its drafts', () => {
  test('a draft shows at once and becomes a message under the same key', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t, { name: 'Ada' });

    const cid = room.send('hello');
    const before = room.snapshot.rows[0]!;
    await chat.clock.settle();
    const after = room.snapshot.rows[0]!;

    assert.deepEqual([before.state, before.text, before.cid], ['sending', 'hello', cid]);
    assert.equal(before.user.name, 'Ada');
    assert.deepEqual([after.state, after.seq, after.key], ['sent', 1, before.key]);
    assert.equal(room.snapshot.rows.length, 1);
  });

  test('a cid that a stranger copied has another key', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    const cid = room.send('mine');
    await chat.clock.settle();

    chat.server.post('lobby', 'theirs', { cid });
    await chat.clock.settle();

    assert.equal(new Set(room.snapshot.rows.map(({ key }) => key)).size, 2);
  });

  test('keeps one draft in flight and the order of sending', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.intercept = (_session, { op }) => op === 'send';

    for (const text of ['one', 'two', 'three']) room.send(text);
    await chat.clock.settle();
    assert.deepEqual(
      chat.server.heardOf('send').map(({ body }) => 'text' in body && body.text),
      ['one'],
    );
    chat.server.intercept = () => false;
    chat.server.answer(chat.server.live[0]!, chat.server.heardOf('send')[0]!);
    await chat.clock.settle();

    assert.deepEqual(chat.server.texts('lobby'), ['one', 'two', 'three']);
  });

  test('an ack before its entry keeps the row where it is', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.intercept = (_session, { op }) => op === 'send';
    const cid = room.send('hello');
    await chat.clock.settle();
    const key = room.snapshot.rows[0]!.key;

    chat.server.live[0]!.say({ op: 'ack', room: lobby, cid, seq: 1, at: 1 });
    await chat.clock.settle();
    assert.deepEqual(shown(room), ['hello']);
    const by = room.snapshot.user!.id;
    chat.server.post('lobby', 'hello', { by, cid });
    await chat.clock.settle();

    assert.deepEqual(shown(room), ['hello']);
    assert.equal(room.snapshot.rows[0]!.key, key);
  });

  test('what was written offline goes out once, in order, when it is back', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();

    room.send('one');
    room.send('two');
    assert.deepEqual(shown(room), ['one (sending)', 'two (sending)']);
    chat.server.isUp = true;
    await chat.clock.advance(1000);

    assert.deepEqual(chat.server.texts('lobby'), ['one', 'two']);
    assert.deepEqual(shown(room), ['one', 'two']);
  });

  test('G4 › a resend after a lost ack is shown once', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.intercept = (session, op) => {
      if (op.op !== 'send') return false;
      chat.server.intercept = () => false;
      session.rooms.clear();
      chat.server.answer(session, op);
      session.end();
      return true;
    };

    room.send('once');
    room.send('twice');
    await chat.clock.advance(1000);

    assert.deepEqual(chat.server.texts('lobby'), ['once', 'twice']);
    assert.deepEqual(shown(room), ['once', 'twice']);
  });

  test('too fast: it waits as long as it is told, and stays sending', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.intercept = (session, op) => {
      if (op.op !== 'send') return false;
      chat.server.intercept = () => false;
      session.say(nack(op.cid, 'rate_limited', { retry: true, afterMs: 3000 }));
      return true;
    };

    room.send('one');
    await chat.clock.advance(2900);
    assert.deepEqual(shown(room), ['one (sending)']);
    await chat.clock.advance(300);

    assert.deepEqual(shown(room), ['one']);
  });

  test('a store that does not answer is asked again with the same cid', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.intercept = (session, op) => {
      if (op.op === 'send') session.say(nack(op.cid, 'unavailable', { retry: true }));
      return op.op === 'send';
    };
    room.send('one');
    await chat.clock.advance(60_000);
    assert.deepEqual(shown(room), ['one (sending)']);
    const sends = chat.server.heardOf('send');
    assert.equal(new Set(sends.map(({ cid }) => cid)).size, 1);
    assert.ok(sends.length > 5 && sends.length < 20, `${sends.length} sends in a minute`);

    await chat.clock.advance(90_000);

    assert.deepEqual(shown(room), ['one (failed)']);
    assert.equal(room.snapshot.rows[0]!.failure!.code, 'unavailable');
  });

  test('a refused draft says why, and the next one goes on', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.intercept = (session, op) => {
      const isBad = op.op === 'send' && 'text' in op.body && op.body.text === 'bad';
      if (isBad) session.say(nack(op.cid, 'name_required'));
      return isBad;
    };

    room.send('bad');
    room.send('good');
    await chat.clock.settle();

    assert.deepEqual(shown(room), ['good', 'bad (failed)']);
    assert.deepEqual(room.snapshot.rows[1]!.failure, {
      code: 'name_required',
      message: 'said name_required',
    });
  });

  test('retry sends a failed draft again, under the same cid', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.intercept = (session, op) => {
      if (op.op === 'send') session.say(nack(op.cid, 'forbidden'));
      return op.op === 'send';
    };
    const one = room.send('one');
    const two = room.send('two');
    await chat.clock.settle();
    chat.server.intercept = () => false;

    room.retry(two);
    room.retry(one);
    room.retry('of-nobody' as Cid);
    await chat.clock.settle();

    assert.deepEqual(
      chat.server.log('lobby').entries.map(({ cid }) => cid),
      [two, one],
    );
  });

  test('discard forgets a draft, and nothing else', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.isUp = false;
    chat.server.cut();
    await chat.clock.settle();
    const one = room.send('one');
    room.send('two');

    room.discard(one);
    assert.deepEqual(shown(room), ['two (sending)']);
    chat.server.isUp = true;
    await chat.clock.advance(1000);

    assert.deepEqual(chat.server.texts('lobby'), ['two']);
  });

  test('not_joined joins again and sends again', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.intercept = (session, op) => {
      if (op.op !== 'send' || chat.server.heardOf('join').length > 1) return false;
      session.say(nack(op.cid, 'not_joined'));
      return true;
    };

    room.send('one');
    await chat.clock.advance(1000);

    assert.equal(chat.server.heardOf('join').length, 2);
    assert.deepEqual(shown(room), ['one']);
  });

  test('a send without any answer is sent again after 40 s', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    chat.server.intercept = (_session, { op }) => op === 'send';
    room.send('one');
    await chat.clock.advance(39_000);
    assert.equal(chat.server.heardOf('send').length, 1);
    chat.server.intercept = () => false;

    await chat.clock.advance(2000);

    assert.deepEqual(shown(room), ['one']);
  });

  test('what can be no message throws and leaves nothing behind', async (t) => {
    const chat = new Chat();
    const { room } = await chat.tab(t);
    const codeOf = (text: string): string => {
      try {
        room.send(text);
      } catch (error) {
        return error instanceof ChatError ? error.code : 'another error';
      }
      return 'none';
    };

    assert.equal(codeOf('  \n '), 'bad_text');
    assert.equal(codeOf('\ud800'), 'bad_text');
    assert.equal(codeOf('x'.repeat(4001)), 'text_too_long');
    assert.equal(codeOf('🙂'.repeat(4000)), 'none');
    assert.equal(room.snapshot.rows.length, 1);
  });

  test('200 drafts wait at most; the next throws outbox_full', async (t) => {
    const chat = new Chat();
    chat.server.isUp = false;
    const { client, room } = await chat.tab(t);
    for (let i = 0; i < 199; i += 1) room.send(`draft ${i}`);
    client.room('other').send('the last');

    assert.throws(
      () => room.send('one too many'),
      (error) => error instanceof ChatError && error.code === 'outbox_full',
    );
    assert.equal(room.snapshot.rows.length, 199);
  });

  test('a room that nobody holds is joined to send, and left again', async (t) => {
    const chat = new Chat();
    const client = chat.client(t);
    client.room('lobby').send('from outside');
    await chat.clock.settle();

    assert.deepEqual(chat.server.texts('lobby'), ['from outside']);
    assert.deepEqual(
      chat.server.heard.map(({ op }) => op),
      ['hello', 'join', 'send', 'leave'],
    );
    assert.equal(client.room('lobby').snapshot.status, 'closed');
  });

  test('who writes and goes has still written', async (t) => {
    const chat = new Chat();
    const client = chat.client(t);
    const room = client.room('lobby');
    const leave = room.join();
    room.send('one');
    room.send('two');

    leave();
    leave();
    await chat.clock.settle();

    assert.deepEqual(chat.server.texts('lobby'), ['one', 'two']);
    assert.equal(chat.server.heard.at(-1)!.op, 'leave');
  });
});
