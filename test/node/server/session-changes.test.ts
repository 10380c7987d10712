import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Kind, Line, Message } from 'mini-chat/protocol';
import { HOST_SECRET, hostToken } from '../../support/host-tokens.ts';
import { newCid, type OpOf, type RawClient } from '../../support/raw-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** Sends an entry of any kind; resolves with its seq, or with the code of its refusal. */
const send = async (client: RawClient, kind: Kind, body: object): Promise<number | string> => {
  client.send({ op: 'send', room: 'lobby', cid: newCid(), kind, body });
  const answer = await client.next('ack', 'nack');
  return answer.op === 'ack' ? answer.seq : answer.code;
};

const joined = async (server: TestServer): Promise<readonly Line[]> => {
  const op: OpOf<'joined' | 'reset'> = await (await server.guest('Late')).join('lobby');
  return 'messages' in op ? op.messages : [];
};

const as = async (server: TestServer, sub: string, role: string): Promise<RawClient> => {
  const client = await server.connect();
  await client.hello({ token: await hostToken({ sub, name: sub, role }) });
  await client.join('lobby');
  return client;
};

describe('Session › changes', () => {
  it('edits, reacts to and deletes a message: members get entries, pages the outcome', async (t) => {
    const server = await startServer(t);
    const [ann, bob] = [await server.member('Ann', 'lobby'), await server.member('Bob', 'lobby')];

    const first = await send(ann, 'message', { text: 'helo' });
    const second = await send(ann, 'message', { text: 'secret' });
    const answers = [
      await send(ann, 'edit', { target: first, text: 'hello' }),
      await send(bob, 'react', { target: first, emoji: '👍', on: true }),
      await send(ann, 'delete', { target: second }),
    ];
    await bob.until((op) => op.op === 'entries' && op.entries.at(-1)?.seq === 5);
    const [edited, deleted, ...others] = (await joined(server)) as Message[];

    assert.deepEqual(answers, [3, 4, 5]);
    const heard = bob.ops.flatMap((op) => (op.op === 'entries' ? op.entries : []));
    assert.deepEqual(
      heard.map(({ seq, kind }) => [seq, kind]),
      [
        [1, 'message'],
        [2, 'message'],
        [3, 'edit'],
        [4, 'react'],
        [5, 'delete'],
      ],
    );
    assert.equal(edited?.body.text, 'hello');
    assert.equal(edited.edited, heard[2]?.at);
    assert.deepEqual(
      edited.reactions?.map(({ emoji, count, users }) => [emoji, count, users[0]?.name]),
      [['👍', 1, 'Bob']],
    );
    assert.deepEqual([deleted?.body, deleted?.deleted], [{ text: '' }, true]);
    assert.deepEqual(others, []);
  });

  it("refuses what is another's, is gone, or is so already", async (t) => {
    const server = await startServer(t);
    const [ann, bob] = [await server.member('Ann', 'lobby'), await server.member('Bob', 'lobby')];
    await send(ann, 'message', { text: 'hello' });
    await send(ann, 'react', { target: 1, emoji: '👍', on: true });

    assert.equal(await send(bob, 'edit', { target: 1, text: 'x' }), 'forbidden');
    assert.equal(await send(bob, 'delete', { target: 1 }), 'forbidden');
    assert.equal(await send(ann, 'edit', { target: 1, text: 'hello' }), 'no_change');
    assert.equal(await send(ann, 'react', { target: 1, emoji: '👍', on: true }), 'no_change');
    assert.equal(await send(bob, 'react', { target: 1, emoji: '👍', on: false }), 'no_change');
    assert.equal(await send(bob, 'react', { target: 2, emoji: '👍', on: true }), 'no_target');
    assert.equal(await send(bob, 'react', { target: 99, emoji: '👍', on: true }), 'no_target');
    assert.equal(await send(bob, 'pin', { target: 1, on: true }), 'forbidden');
    assert.equal(await send(bob, 'notice', { text: 'x' }), 'forbidden');
    assert.equal(await send(ann, 'delete', { target: 1 }), 3);
    assert.equal(await send(ann, 'delete', { target: 1 }), 'no_target');
    assert.equal(await send(bob, 'react', { target: 1, emoji: '👍', on: true }), 'no_target');
  });

  it("a moderator pins, gives notice, and deletes what others wrote, but edits only one's own", async (t) => {
    const server = await startServer(t, { jwtKey: HOST_SECRET });
    const [ann, mod] = [await as(server, 'ann', 'member'), await as(server, 'mo', 'moderator')];
    await send(ann, 'message', { text: 'one' });
    await send(ann, 'message', { text: 'two' });

    const answers = [
      await send(mod, 'notice', { text: 'be kind' }),
      await send(mod, 'pin', { target: 1, on: true }),
      await send(mod, 'pin', { target: 1, on: true }),
      await send(mod, 'pin', { target: 3, on: true }),
      await send(mod, 'edit', { target: 1, text: 'mine' }),
      await send(mod, 'delete', { target: 2 }),
    ];
    const [one, two, notice] = await joined(server);

    assert.deepEqual(answers, [3, 4, 'no_change', 'no_target', 'forbidden', 5]);
    assert.ok(one?.kind === 'message' && one.pinned);
    assert.ok(two?.kind === 'message' && two.deleted);
    assert.deepEqual([notice?.kind, notice?.body], ['notice', { text: 'be kind' }]);
  });

  it('G4 › a change sent again is answered with its seq, also when it would be refused now', async (t) => {
    const server = await startServer(t);
    const ann = await server.member('Ann', 'lobby');
    await send(ann, 'message', { text: 'hello' });
    const op = { op: 'send', room: 'lobby', cid: newCid(), kind: 'delete', body: { target: 1 } };

    ann.send(op);
    const first = await ann.next('ack', 'nack');
    ann.send(op);
    const again = await ann.next('ack', 'nack');

    assert.deepEqual(
      [first, again].map((answer) => 'seq' in answer && answer.seq),
      [2, 2],
    );
  });

  it('says which reactions are of the reader where the list of users is cut short', async (t) => {
    const server = await startServer(t);
    const ann = await server.member('Ann', 'lobby');
    await send(ann, 'message', { text: 'vote' });
    const fans = [];
    for (let n = 1; n <= 12; n += 1) fans.push(await server.member(`Fan ${n}`, 'lobby'));
    for (const fan of fans) await send(fan, 'react', { target: 1, emoji: '👍', on: true });
    const [first, last] = [fans[0]!, fans[11]!];

    const shown = await first.join('lobby');
    const hidden = await last.join('lobby');
    last.send({ op: 'history', room: 'lobby', before: 99, limit: 9, re: 1 });
    const page = await last.next('page');

    assert.ok('messages' in shown && 'messages' in hidden);
    const [message] = hidden.messages;
    assert.ok(message?.kind === 'message');
    assert.deepEqual(
      message.reactions?.map(({ count, users }) => [count, users.length]),
      [[12, 10]],
    );
    assert.equal(shown.mine, undefined);
    assert.deepEqual(
      [hidden.mine, page.mine].map((mine) => mine?.map(({ target, emoji }) => [target, emoji])),
      [[[1, ['👍']]], [[1, ['👍']]]],
    );
  });
});
