import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Kind, RoomId } from 'mini-chat/protocol';
import { kindOf, matches, standingIn, type Claims } from '../../../server/policy.ts';
import { newCid, type RawClient } from '../../support/raw-client.ts';
import { startServer } from '../../support/server.ts';
import { HOST_SECRET, hostToken } from '../../support/host-tokens.ts';
import { rightsMatrix } from '../../support/rights-matrix.ts';

const rules = { guests: 'on', readOnly: ['news*'], private: ['vip-*'] } as const;
const writing = ['join', 'history', 'message', 'edit', 'delete', 'react'];
const id = (text: string): RoomId => text as RoomId;
const canIn = (room: string, claims: Claims): readonly string[] =>
  standingIn(id(room), claims, rules).can;

describe('policy › rooms', () => {
  it('finds the kind of a room by its patterns, private before read-only', () => {
    assert.equal(kindOf(id('lobby'), rules), 'open');
    assert.equal(kindOf(id('news-today'), rules), 'read-only');
    assert.equal(kindOf(id('vip-lounge'), rules), 'private');
    assert.equal(kindOf(id('news'), { ...rules, private: ['*'] }), 'private');
  });

  it('matches patterns with stars anywhere, and nothing else', () => {
    const cases: readonly [string, string, boolean][] = [
      ['news', 'news', true],
      ['news', 'new', false],
      ['news-1', 'news*', true],
      ['my-news', '*news', true],
      ['a-b-c', 'a*b*c', true],
      ['a-c', 'a*b*c', false],
      ['ab', 'ab*b', false],
      ['anything', '*', true],
      ['aab', 'a*ab', true],
    ];
    for (const [room, pattern, wanted] of cases) {
      assert.equal(matches(room, pattern), wanted, `${room} against ${pattern}`);
    }
  });

  it('matches a pattern of many stars in linear time', () => {
    const started = performance.now();

    assert.equal(matches('a'.repeat(64), `${'a*'.repeat(31)}b`), false);

    // Exponential time would have no end; a busy machine has a bad moment.
    assert.ok(performance.now() - started < 1000);
  });
});

describe('policy › claims', () => {
  it('opens only the rooms that a rooms claim names', () => {
    const claims: Claims = { role: 'admin', rooms: [{ pattern: 'support-*', grant: 'rw' }] };

    assert.deepEqual(canIn('support-7', claims), writing);
    assert.deepEqual(canIn('lobby', claims), []);
  });

  it('reads by r, writes by rw, moderates by rwm', () => {
    const grant = (grant: 'r' | 'rw' | 'rwm'): Claims => ({
      role: 'member',
      rooms: [{ pattern: '*', grant }],
    });

    assert.deepEqual(canIn('lobby', grant('r')), ['join', 'history']);
    assert.deepEqual(canIn('lobby', grant('rw')), writing);
    assert.deepEqual(canIn('news', grant('rw')), ['join', 'history']);
    assert.deepEqual(canIn('news', grant('rwm')), [...writing, 'pin', 'notice', 'moderate']);
    assert.equal(standingIn(id('news'), grant('rwm'), rules).role, 'moderator');
  });

  it('opens a private room to a token that names it', () => {
    assert.deepEqual(canIn('vip-1', { role: 'member' }), []);
    const named: Claims = { role: 'member', rooms: [{ pattern: 'vip-1', grant: 'rw' }] };
    assert.deepEqual(canIn('vip-1', named), writing);
  });

  it('lets the longest pattern decide, in any order', () => {
    const rooms = [
      { pattern: 'news-*', grant: 'rwm' },
      { pattern: '*', grant: 'r' },
    ] as const;

    assert.equal(standingIn(id('news-1'), { role: 'member', rooms }, rules).role, 'moderator');
    const reversed = { role: 'member', rooms: rooms.toReversed() } as const;
    assert.equal(standingIn(id('news-1'), reversed, rules).role, 'moderator');
  });

  it('lets guests read, or nothing, as the server says', () => {
    const guest: Claims = { role: 'guest' };
    const can = (guests: 'on' | 'read-only' | 'off'): readonly string[] =>
      standingIn(id('lobby'), guest, { ...rules, guests }).can;

    assert.deepEqual(can('on'), writing);
    assert.deepEqual(can('read-only'), ['join', 'history']);
    assert.deepEqual(can('off'), []);
  });
});

/** Of nothing that is there: who may is told `no_target`, and who may not `forbidden`. */
const bodies: Readonly<Record<Kind, object>> = {
  message: { text: 'hi' },
  notice: { text: 'hi' },
  edit: { target: 9, text: 'hi' },
  delete: { target: 9 },
  react: { target: 9, emoji: '👍', on: true },
  pin: { target: 9, on: true },
};

/** What came of an entry: its seq, or why not. */
const outcomeOf = async (
  client: RawClient,
  op: { room: string; kind: Kind; body: object },
): Promise<number | string> => {
  client.send({ op: 'send', cid: newCid(), ...op });
  const answer = await client.next('ack', 'nack');
  return answer.op === 'ack' ? answer.seq : answer.code;
};

describe('policy › the rights matrix, over the wire', () => {
  const rooms = { open: 'lobby', 'read-only': 'news', private: 'vip-1' } as const;
  for (const { role, kind, operation, isAllowed } of rightsMatrix) {
    const may = isAllowed ? 'may' : 'may not';
    it(`${role} ${may} ${operation} in a room of kind ${kind}`, async (t) => {
      const server = await startServer(t, { ...rules, jwtKey: HOST_SECRET });
      const client = await server.connect();
      const token = role === 'guest' ? undefined : await hostToken({ sub: 'ann', name: 'A', role });
      await client.hello({ token });
      const room = rooms[kind];

      client.send({ op: 'join', room });
      const joined = await client.next('joined', 'error');
      if (operation === 'join') return assert.equal(joined.op === 'joined', isAllowed);
      if (operation === 'history') {
        client.send({ op: 'history', room, before: 1, limit: 1, re: 1 });
        return assert.equal((await client.next('page', 'error')).op === 'page', isAllowed);
      }
      if (operation === 'moderate') {
        const admin = await server.connect();
        await admin.hello({ token: await hostToken({ sub: 'bob', name: 'B', role: 'admin' }) });
        await admin.join(room);
        await admin.say(room, 'of somebody else');
        const outcome = await outcomeOf(client, { room, kind: 'delete', body: { target: 1 } });
        return assert.equal(outcome === 2, isAllowed);
      }
      const outcome = await outcomeOf(client, { room, kind: operation, body: bodies[operation] });
      assert.equal(outcome === 1 || outcome === 'no_target', isAllowed);
    });
  }
});
