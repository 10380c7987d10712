import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DemoMember, DemoTabs, lobby } from '../../support/demo-tabs.ts';

const codes = (member: DemoMember): unknown => member.of('error').map(({ code }) => code);

const hostToken = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

describe('demo session', () => {
  it('greets a guest, who is the same one with the token, under any name', async () => {
    const tabs = new DemoTabs();
    const one = await tabs.member('Ada');
    const { user, token, limits } = one.of('welcome')[0] ?? {};

    const again = new DemoMember(tabs.open());
    again.say({ op: 'hello', v: 1, client: 'test', token });
    again.say({ op: 'token', token, name: 'Adele' });
    await tabs.clock.settle();

    assert.deepEqual(
      again.of('welcome').map((op) => [op.user.id, op.user.name]),
      [
        [user?.id, 'Ada'],
        [user?.id, 'Adele'],
      ],
    );
    assert.equal(limits?.textMax, 4000);
  });

  it('ends a connection that does not greet, greets wrongly, or with a bad token', async () => {
    const tabs = new DemoTabs();
    const greetings = [
      { op: 'join', room: lobby },
      { op: 'hello', v: 2, client: '' },
      { op: 'hello', v: 1, client: '', token: 'x' },
    ];
    const members = greetings.map((op) => {
      const member = new DemoMember(tabs.open());
      member.say(op);
      return member;
    });
    await tabs.clock.settle();

    assert.deepEqual(members.map(codes), [['hello_first'], ['bad_version'], ['bad_token']]);
    assert.deepEqual(
      members.map(({ closedWith }) => closedWith),
      [4400, 4400, 4401],
    );
    assert.equal(tabs.nodes.size, 0, 'a tab ends with its last connection');
  });

  it('refuses with nack or error, and what it was about', async () => {
    const tabs = new DemoTabs();
    const member = await tabs.member('');
    member.send('message', { text: 'x' }, 'cid-00000001');
    member.send('pin', { target: 1, on: true }, 'cid-00000002');
    member.say({ op: 'history', room: 'other', before: 1, limit: 1, re: 7 });
    member.say({ op: 'typing', room: lobby, on: true });
    member.say({ op: 'hello', v: 1, client: '' });
    member.say({ op: 'dance' });
    await tabs.clock.settle();

    assert.deepEqual(
      member.of('nack').map(({ cid, code, retry }) => [cid, code, retry]),
      [
        ['cid-00000001', 'name_required', false],
        ['cid-00000002', 'forbidden', false],
      ],
    );
    assert.deepEqual(codes(member), ['not_joined', 'name_required', 'hello_again', 'unknown_op']);
    assert.deepEqual([member.of('error')[0]?.re, member.of('error')[0]?.room], [7, 'other']);
    assert.equal(member.closedWith, undefined);
  });

  it('answers in the order in which it was asked', async () => {
    const tabs = new DemoTabs();
    const member = await tabs.member('Ada');
    member.ops = [];
    member.send('message', { text: 'one' });
    member.say({ op: 'history', room: lobby, before: 9, limit: 9, re: 1 });
    member.say({ op: 'ping', n: 3 });
    await tabs.clock.settle();

    assert.deepEqual(
      member.ops.map(({ op }) => op),
      ['entries', 'ack', 'page', 'pong'],
    );
    assert.equal(member.of('page')[0]?.messages.length, 1);
  });

  it('lets a moderator do what a guest may not, and says so when a token makes one', async () => {
    const tabs = new DemoTabs();
    const ada = await tabs.member('Ada');
    ada.send('message', { text: 'one' });
    const mo = new DemoMember(tabs.open());
    mo.say({ op: 'hello', v: 1, client: '', token: hostToken({ sub: '7', role: 'member' }) });
    mo.say({ op: 'join', room: lobby });
    mo.say({ op: 'token', token: hostToken({ sub: '8' }) });
    mo.say({ op: 'token', token: hostToken({ sub: '7', role: 'moderator' }) });
    mo.send('pin', { target: 1, on: true }, 'cid-00000001');
    mo.send('delete', { target: 1 }, 'cid-00000002');
    await tabs.clock.settle();

    assert.deepEqual(codes(mo), ['wrong_user']);
    assert.deepEqual(
      mo.of('joined').map(({ can }) => can.includes('pin')),
      [false, true],
    );
    assert.equal(mo.of('ack').length, 2);
    assert.equal(ada.of('entries').at(-1)?.entries[0]?.kind, 'delete');
  });

  it('hears nothing in a room that it left, and may come back', async () => {
    const tabs = new DemoTabs();
    const [ada, ben] = [await tabs.member('Ada'), await tabs.member('Ben')];
    ben.say({ op: 'leave', room: lobby });
    ada.send('message', { text: 'one' });
    await tabs.clock.settle();
    assert.equal(ben.of('entries').length, 0);

    ben.say({ op: 'join', room: lobby });
    await tabs.clock.settle();

    const [, joined] = ben.of('joined');
    assert.ok(joined && 'messages' in joined && joined.messages.length === 1);
  });

  it('of somebody who joins too many rooms is told so', async () => {
    const tabs = new DemoTabs();
    const member = await tabs.member('Ada');
    for (let i = 1; i <= 50; i += 1) member.say({ op: 'join', room: `room-${i}` });
    for (let i = 0; i < 20; i += 1) await tabs.clock.settle();

    assert.equal(member.of('joined').length, 50);
    assert.deepEqual(codes(member), ['too_many_rooms']);
  });
});
