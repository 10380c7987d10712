import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { User } from 'mini-chat/protocol';
import { parseNews, USERS_LENGTH_MAX, type PresenceFact } from '../../../server/node-news.ts';
import { Presence, type PeopleFact } from '../../../server/presence.ts';

const user = (id: string, more: object = {}): User =>
  ({ id, name: id, role: 'guest', ...more }) as User;

const crowdOf = (from: number, to: number): Presence => {
  const presence = new Presence();
  for (let i = from; i < to; i += 1) presence.enter(user(`u_${i}`));
  return presence;
};

/** As it arrives on another node. */
const carried = (people: PeopleFact): PeopleFact => {
  const fact = { about: 'presence', room: 'main/lobby', ...people };
  const news = parseNews(JSON.stringify({ node: 'n', n: 1, facts: [fact] }));
  return news?.facts[0] as PresenceFact;
};

const at = 1000;

describe('Presence', () => {
  it('lists everybody once, whatever their order, those without a name too', () => {
    const presence = new Presence();
    for (const id of ['u_b', 'g_a', 'u_b']) presence.enter(user(id));
    presence.enter(user('g_c', { name: '' }));

    assert.deepEqual(
      [presence.now.count, presence.now.users?.map(({ id }) => id)],
      [3, ['g_a', 'g_c', 'u_b']],
    );
    presence.leave(user('u_b').id);
    assert.equal(presence.now.count, 2);
  });

  it('says only how many from 51 on', () => {
    const presence = crowdOf(0, 50);
    assert.equal(presence.now.users?.length, 50);

    presence.enter(user('u_50'));

    assert.deepEqual(presence.now, { count: 51 });
  });

  it('counts a user on two nodes once, by lists and by keys', () => {
    const few = crowdOf(0, 10);
    few.hear('n1', carried(crowdOf(5, 20).here), { n: 1, at });
    assert.deepEqual([few.now.count, few.now.users?.length], [20, 20]);

    const many = crowdOf(0, 3000);
    many.hear('n1', carried(crowdOf(2000, 5000).here), { n: 1, at });
    many.hear('n2', carried(crowdOf(4990, 5010).here), { n: 1, at });

    assert.deepEqual(many.now, { count: 5010 });
    assert.ok(many.isElsewhere(user('u_4999').id) && !many.isElsewhere(user('u_1').id));
  });

  it('tells of a crowd in one text, and adds those beyond it', () => {
    const people = crowdOf(0, 9000).here;
    const presence = new Presence();

    presence.hear('n1', carried(people), { n: 1, at });

    assert.deepEqual([people.users, presence.now], [undefined, { count: 9000 }]);
  });

  it('tells of users with long pictures without these, or by keys', () => {
    const presence = new Presence();
    const avatar = `https://a.example/${'x'.repeat(1000)}`;
    for (let i = 0; i < 50; i += 1) presence.enter(user(`u_${i}`, { avatar }));
    assert.equal(presence.here.users?.[0]?.avatar, undefined);
    assert.equal(presence.here.users?.length, 50);

    for (let i = 0; i < 50; i += 1) presence.enter(user(`u_${i}`, { name: 'x'.repeat(500) }));

    assert.equal(presence.here.users, undefined);
    assert.ok(JSON.stringify(presence.here).length < USERS_LENGTH_MAX);
  });

  it('takes the newest news of a node, and knows when that node is new here', () => {
    const presence = crowdOf(0, 1);
    const hear = (n: number, users: readonly User[]): object =>
      presence.hear('n', { users }, { n, at });

    assert.deepEqual(hear(2, [user('u_7')]), { taken: true, isNew: true });
    assert.deepEqual(hear(1, []), { taken: false, isNew: false });
    assert.deepEqual(hear(3, []), { taken: true, isNew: false });
    assert.deepEqual([presence.hasOthers, presence.now.count], [false, 1]);
    assert.deepEqual(hear(4, [user('u_7')]), { taken: true, isNew: true });
  });

  it('forgets a node that said nothing for long, and one that ended', () => {
    const presence = crowdOf(0, 1);
    presence.hear('silent', { users: [user('u_7')] }, { n: 1, at: 10 });
    presence.hear('ended', { users: [user('u_8')] }, { n: 1, at: 20 });
    assert.equal(presence.now.count, 3);

    assert.equal(presence.forgetBefore(20), true);
    assert.equal(presence.forgetBefore(20), false);
    assert.equal(presence.forget('ended'), true);

    assert.equal(presence.now.count, 1);
  });

  it('lists nobody while it knows somebody by a key alone', () => {
    const presence = crowdOf(0, 1);

    presence.hear('n', { keys: 'abcdef' }, { n: 1, at });

    assert.deepEqual(presence.now, { count: 2 });
  });
});
