import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemoryStore } from '../../../server/store-memory.ts';
import { newCid, type OpOf, type RawClient } from '../../support/raw-client.ts';
import { startServer } from '../../support/server.ts';

const errorOf = async (client: RawClient, op: object | string): Promise<OpOf<'error'>> => {
  client.send(op);
  return client.next('error');
};

describe('Session › greeting', () => {
  it('welcomes a guest with a token, its limits and a heartbeat', async (t) => {
    const server = await startServer(t);
    const client = await server.connect();

    const welcome = await client.hello({ name: 'Ann' });

    assert.equal(welcome.user.name, 'Ann');
    assert.equal(welcome.user.role, 'guest');
    assert.match(welcome.user.id, /^g_/);
    assert.equal(typeof welcome.token, 'string');
    assert.deepEqual(welcome.limits, { textMax: 4000, frameBytesMax: 32_768, roomsMax: 50 });
    assert.equal(welcome.heartbeatMs, 25_000);
  });

  it('knows a guest again by its token, and takes a new name with it', async (t) => {
    const server = await startServer(t);
    const first = await (await server.connect()).hello({ name: 'Ann' });

    const second = await server.connect();
    const again = await second.hello({ token: first.token, name: undefined });
    second.send({ op: 'token', token: again.token, name: 'Anna' });
    const renamed = await second.next('welcome');

    assert.equal(again.user.id, first.user.id);
    assert.equal(again.user.name, 'Ann');
    assert.equal(renamed.user.id, first.user.id);
    assert.equal(renamed.user.name, 'Anna');
  });

  it('says hello_first to any other op, and hello_again to a second hello', async (t) => {
    const server = await startServer(t);
    const client = await server.connect();

    assert.equal((await errorOf(client, { op: 'ping', n: 1 })).code, 'hello_first');
    await client.hello();
    const again = await errorOf(client, { op: 'hello', v: 1, client: 'x' });

    assert.equal(again.code, 'hello_again');
  });

  it('takes what is said behind a hello in its turn, also before the welcome', async (t) => {
    const client = await (await startServer(t)).connect();

    client.send({ op: 'hello', v: 1, client: 'x' });
    client.send({ op: 'join', room: 'lobby' });

    assert.equal((await client.next('joined')).room, 'lobby');
    assert.equal(client.ops[0]?.op, 'welcome');
  });

  it('does nothing of what is said behind a hello that it refuses', async (t) => {
    const client = await (await startServer(t)).connect();

    client.send({ op: 'hello', v: 1, client: 'x', token: 'a.b.c' });
    client.send({ op: 'join', room: 'lobby' });

    assert.equal(await client.closed, 4401);
    assert.deepEqual(
      client.ops.map(({ op }) => op),
      ['error'],
    );
  });

  it('closes 4400 with bad_version for another version', async (t) => {
    const client = await (await startServer(t)).connect();

    assert.equal((await errorOf(client, { op: 'hello', v: 2, client: 'x' })).code, 'bad_version');
    assert.equal(await client.closed, 4400);
  });

  it('closes 4408 with hello_timeout when no hello comes', async (t) => {
    const client = await (await startServer(t, { helloMs: 50 })).connect();

    assert.equal((await client.next('error')).code, 'hello_timeout');
    assert.equal(await client.closed, 4408);
  });

  it('closes 4401 with bad_token for a token that is none', async (t) => {
    const client = await (await startServer(t)).connect();

    const refusal = await errorOf(client, { op: 'hello', v: 1, client: 'x', token: 'a.b.c' });

    assert.equal(refusal.code, 'bad_token');
    assert.equal(await client.closed, 4401);
  });

  it('closes 4403 with guests_off where guests are off, token or not', async (t) => {
    const store = openMemoryStore();
    store.close = async () => undefined;
    const open = await startServer(t, { store });
    const { token } = await (await open.connect()).hello();
    const server = await startServer(t, { store, guests: 'off' });

    for (const given of [undefined, token]) {
      const client = await server.connect();
      const hello = { op: 'hello', v: 1, client: 'x', token: given };
      assert.equal((await errorOf(client, hello)).code, 'guests_off');
      assert.equal(await client.closed, 4403);
    }
  });

  it('refuses a bad name in words and lets the guest try again', async (t) => {
    const client = await (await startServer(t)).connect();

    const refusal = await errorOf(client, { op: 'hello', v: 1, client: 'x', name: 'a\u202eb' });
    const welcome = await client.hello({ name: 'Ann' });

    assert.equal(refusal.code, 'bad_name');
    assert.equal(welcome.user.name, 'Ann');
  });
});

describe('Session › rooms', () => {
  it('joins an empty room, then shows what was said to who joins later', async (t) => {
    const server = await startServer(t);
    const ann = await server.guest('Ann');

    const empty = await ann.join('lobby');
    await ann.say('lobby', 'hi');
    const bob = await server.guest('Bob');
    const joined = await bob.join('lobby');

    assert.ok('messages' in empty);
    assert.deepEqual([empty.head, empty.headId, empty.floor], [0, '', 1]);
    assert.deepEqual(empty.can, ['join', 'history', 'message', 'edit', 'delete', 'react']);
    assert.ok('messages' in joined);
    assert.equal(joined.head, 1);
    assert.equal(joined.messages[0]?.body.text, 'hi');
    assert.equal(joined.headId, joined.messages[0]?.id);
  });

  it('sends entries to every member, the ack behind its entry in the same write', async (t) => {
    const server = await startServer(t);
    const [ann, bob] = [await server.member('Ann', 'lobby'), await server.member('Bob', 'lobby')];

    const ack = await ann.say('lobby', 'hi');
    const entries = await bob.next('entries');

    assert.equal(ack.op, 'ack');
    assert.equal(entries.entries[0]?.seq, 1);
    const together = ann.reads.find((ops) => ops.includes(ack))?.map(({ op }) => op);
    // Who is there may be told at any time, in this write, too.
    assert.deepEqual(
      together?.filter((op) => op !== 'presence'),
      ['entries', 'ack'],
    );
  });

  it('gives the same cid its first seq, and id_conflict to another body', async (t) => {
    const server = await startServer(t);
    const ann = await server.member('Ann', 'lobby');
    const cid = newCid();

    const first = await ann.say('lobby', 'hi', cid);
    const second = await ann.say('lobby', 'hi', cid);
    const third = await ann.say('lobby', 'other', cid);

    assert.ok(first.op === 'ack' && second.op === 'ack' && third.op === 'nack');
    assert.equal(second.seq, first.seq);
    assert.deepEqual([third.code, third.retry], ['id_conflict', false]);
  });

  it('leaves: entries stop and a send is nacked not_joined', async (t) => {
    const server = await startServer(t);
    const [ann, bob] = [await server.member('Ann', 'lobby'), await server.member('Bob', 'lobby')];

    bob.send({ op: 'leave', room: 'lobby' });
    const nack = await bob.say('lobby', 'still here?');
    await ann.say('lobby', 'hi');
    await bob.settle();

    assert.ok(nack.op === 'nack');
    assert.equal(nack.code, 'not_joined');
    assert.deepEqual(
      bob.ops.filter((op) => op.op === 'entries'),
      [],
    );
  });

  it('pages back through history', async (t) => {
    const server = await startServer(t, { sendsBurstMax: 1000 });
    const ann = await server.member('Ann', 'lobby');
    for (let i = 1; i <= 7; i += 1) await ann.say('lobby', `m${i}`);

    ann.send({ op: 'history', room: 'lobby', before: 6, limit: 3, re: 9 });
    const page = await ann.next('page');

    assert.deepEqual(
      page.messages.map((message) => message.seq),
      [3, 4, 5],
    );
    assert.deepEqual([page.re, page.asOf, page.floor], [9, 7, 1]);
  });

  it('answers history of a room not joined with not_joined and its re', async (t) => {
    const ann = await (await startServer(t)).guest('Ann');

    const ask = { op: 'history', room: 'lobby', before: 6, limit: 3, re: 9 };
    const refusal = await errorOf(ann, ask);

    assert.deepEqual([refusal.code, refusal.re, refusal.room], ['not_joined', 9, 'lobby']);
  });

  it('takes no more rooms than roomsMax, but the same room again', async (t) => {
    const server = await startServer(t, { roomsMax: 2 });
    const ann = await server.guest('Ann');
    await ann.join('one');
    await ann.join('two');

    const again = await ann.join('one');
    const refusal = await errorOf(ann, { op: 'join', room: 'three' });

    assert.equal(again.op, 'joined');
    assert.deepEqual([refusal.code, refusal.room], ['too_many_rooms', 'three']);
  });

  it('lets a nameless guest read, and asks for a name when it writes', async (t) => {
    const server = await startServer(t);
    const client = await server.connect();
    const welcome = await client.hello({ name: undefined });
    await client.join('lobby');

    const nack = await client.say('lobby', 'hi');
    client.send({ op: 'token', token: welcome.token, name: 'Ann' });
    await client.next('welcome');
    const ack = await client.say('lobby', 'hi');

    assert.ok(nack.op === 'nack');
    assert.equal(nack.code, 'name_required');
    assert.equal(ack.op, 'ack');
  });
});

describe('Session › bad input', () => {
  const bad: readonly [string, object | string, string][] = [
    ['no JSON', '{', 'bad_json'],
    ['no object', '[]', 'bad_json'],
    ['deep JSON', `{"op":"ping","n":1,"x":${'['.repeat(9)}${']'.repeat(9)}}`, 'bad_json'],
    ['a wrong type', { op: 'ping', n: 'one' }, 'bad_op'],
    ['an unknown op', { op: 'dance' }, 'unknown_op'],
    ['a bad room id', { op: 'join', room: 'Lobby!' }, 'bad_room'],
    ['a bad history limit', { op: 'history', room: 'a', before: 1, limit: 101, re: 1 }, 'bad_op'],
  ];
  for (const [what, op, code] of bad) {
    it(`answers ${what} with ${code} and lives on`, async (t) => {
      const ann = await (await startServer(t)).guest('Ann');

      assert.equal((await errorOf(ann, op)).code, code);
      await ann.settle();
    });
  }

  const badSends: readonly [string, object, string][] = [
    ['an empty text', { body: { text: '' } }, 'bad_text'],
    ['only spaces', { body: { text: ' \n ' } }, 'bad_text'],
    ['a text with NUL', { body: { text: 'a\0b' } }, 'bad_text'],
    ['half a character', { body: { text: '\ud83d' } }, 'bad_text'],
    ['a text too long', { body: { text: 'x'.repeat(4001) } }, 'text_too_long'],
    ['another kind', { kind: 'poll', body: { text: 'x' } }, 'unsupported_kind'],
    ['a change of nothing', { kind: 'edit', body: { target: 1, text: 'x' } }, 'no_target'],
    ['no body', { body: undefined }, 'bad_op'],
  ];
  for (const [what, fields, code] of badSends) {
    it(`nacks ${what} with ${code}`, async (t) => {
      const ann = await (await startServer(t)).member('Ann', 'lobby');
      const op = { op: 'send', room: 'lobby', cid: newCid(), kind: 'message', body: { text: 'x' } };

      ann.send({ ...op, ...fields });
      const nack = await ann.next('nack');

      assert.deepEqual([nack.code, nack.cid, nack.retry], [code, op.cid, false]);
    });
  }

  it('answers a bad cid with an error, for there is no cid to nack', async (t) => {
    const ann = await (await startServer(t)).member('Ann', 'lobby');

    const op = { op: 'send', room: 'lobby', cid: 'short', kind: 'message', body: { text: 'x' } };
    const refusal = await errorOf(ann, op);

    assert.deepEqual([refusal.code, refusal.room], ['bad_cid', 'lobby']);
  });

  it('answers a binary frame with binary_frame', async (t) => {
    const ann = await (await startServer(t)).guest('Ann');

    ann.frame(2, Buffer.from('{"op":"ping","n":1}'));

    assert.equal((await ann.next('error')).code, 'binary_frame');
  });

  it('closes 4400 at the third protocol error in ten seconds', async (t) => {
    const ann = await (await startServer(t)).guest('Ann');

    ann.send('{');
    ann.send('{');
    ann.send('{');

    assert.equal(await ann.closed, 4400);
    assert.equal(ann.ops.filter((op) => op.op === 'error').length, 3);
  });

  it('forgives protocol errors that are more than ten seconds apart', async (t) => {
    let now = Date.now();
    const ann = await (await startServer(t, { now: () => now })).guest('Ann');
    for (let i = 0; i < 6; i += 1) {
      await errorOf(ann, '{');
      now += 5001;
    }

    await ann.settle();
  });

  it('never closes a newer client for ops that are unknown here', async (t) => {
    const ann = await (await startServer(t)).guest('Ann');

    for (let i = 0; i < 6; i += 1) await errorOf(ann, { op: 'typing', room: 'lobby', on: true });

    await ann.settle();
  });

  it('closes 4429 with flood above thirty frames in a second', async (t) => {
    const at = Date.now();
    const server = await startServer(t, { now: () => at });
    const [ann, bob] = [await server.guest('Ann'), await server.guest('Bob')];

    for (let n = 0; n < 40; n += 1) ann.send({ op: 'ping', n });

    assert.equal(await ann.closed, 4429);
    assert.equal(ann.ops.findLast((op) => op.op === 'error')?.code, 'flood');
    await bob.settle();
  });

  it('lets a reconnect join fifty rooms at once', async (t) => {
    const ann = await (await startServer(t)).guest('Ann');

    for (let i = 0; i < 50; i += 1) ann.send({ op: 'join', room: `room-${i}` });
    await ann.until((op) => op.op === 'joined' && op.room === 'room-49');

    await ann.settle();
  });

  it('nacks rate_limited with afterMs above ten messages at once', async (t) => {
    // Time would give another one back before a slow machine has said all ten.
    const at = Date.now();
    const ann = await (await startServer(t, { now: () => at })).member('Ann', 'lobby');

    for (let i = 0; i < 10; i += 1) assert.equal((await ann.say('lobby', `${i}`)).op, 'ack');
    const nack = await ann.say('lobby', 'one too many');

    assert.ok(nack.op === 'nack');
    assert.deepEqual([nack.code, nack.retry], ['rate_limited', true]);
    assert.ok(nack.afterMs !== undefined && nack.afterMs > 0 && nack.afterMs <= 200);
  });
});

describe('Session › tokens in force', () => {
  it('closes 4401 with token_expired when a token ends on a live connection', async (t) => {
    let now = Date.now();
    const ann = await (await startServer(t, { now: () => now, helloMs: 40 })).guest('Ann');

    now += 31 * 24 * 60 * 60 * 1000;

    assert.equal((await ann.next('error')).code, 'token_expired');
    assert.equal(await ann.closed, 4401);
  });

  it('keeps the old token when the new one is of another user', async (t) => {
    const server = await startServer(t);
    const bob = await (await server.connect()).hello({ name: 'Bob' });
    const ann = await server.member('Ann', 'lobby');

    const refusal = await errorOf(ann, { op: 'token', token: bob.token });

    assert.equal(refusal.code, 'wrong_user');
    assert.equal((await ann.say('lobby', 'still Ann')).op, 'ack');
  });
});
