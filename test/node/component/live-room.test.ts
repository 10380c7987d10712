import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ChatError } from '../../../component/client/client.ts';
import type { Cid, Entry, ErrorOp, Message, RoomId } from '../../../component/protocol/ops.ts';
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

describe('LiveRoom: sending', () => {
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
      chat.server.heardOf('send').map(({ body }) => body.text),
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
      const isBad = op.op === 'send' && op.body.text === 'bad';
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

  test('retry sends a failed draft again, at the end, under the same cid', async (t) => {
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

describe('LiveRoom: reading', () => {
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
    const seen = new Map<string, number>();
    room.subscribe(() => seen.set(room.snapshot.status, room.snapshot.rows.length));
    chat.server.isUp = true;

    await chat.clock.advance(1000);

    assert.equal(room.snapshot.rows.length, 120);
    assert.equal(seen.get('connecting'), 100);
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

describe('LiveRoom: refused', () => {
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
