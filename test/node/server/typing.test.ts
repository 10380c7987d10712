import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Named } from '../../../server/node-news.ts';
import { Typing } from '../../../server/typing.ts';

const named = (name: string): Named => ({ id: `u_${name}`, name }) as Named;
const names = ({ now }: Typing): readonly string[] => now.users.map(({ name }) => name);
const tab = {};

describe('Typing', () => {
  it('names five, in the order in which they began, and counts the others', () => {
    const typing = new Typing();

    for (const name of 'gfedcba') typing.start(named(name), tab, 10);
    typing.start(named('g'), tab, 12);

    assert.deepEqual(names(typing), ['g', 'f', 'e', 'd', 'c']);
    assert.equal(typing.now.more, 2);
  });

  it('forgets who does not say it again in time', () => {
    const typing = new Typing();
    typing.start(named('ann'), tab, 10);
    typing.start(named('bob'), tab, 20);
    assert.equal(typing.dueAt, 10);

    typing.expire(10);

    assert.deepEqual(names(typing), ['bob']);
    typing.expire(20);
    assert.equal(typing.dueAt, Infinity);
  });

  it('lets a tab that leaves stop only what it said itself', () => {
    const typing = new Typing();
    typing.start(named('ann'), tab, 10);

    assert.equal(typing.stop(named('ann').id, {}), false);
    assert.deepEqual(names(typing), ['ann']);
    assert.equal(typing.stop(named('ann').id, tab), true);
    assert.deepEqual(names(typing), []);
  });

  it('counts a user once on all nodes, and takes the newest news of each node', () => {
    const typing = new Typing();
    typing.start(named('ann'), tab, 10);

    typing.hear('n1', { n: 2, users: [named('ann'), named('bob')], until: 10 });
    typing.hear('n1', { n: 1, users: [named('cid')], until: 10 });
    typing.hear('n2', { n: 1, users: [named('dan')], until: 5 });

    assert.deepEqual(names(typing), ['ann', 'bob', 'dan']);
    assert.deepEqual(typing.here, [named('ann')]);
    typing.expire(5);
    assert.deepEqual(names(typing), ['ann', 'bob']);
    typing.forget('n1');
    assert.deepEqual(names(typing), ['ann']);
  });
});
