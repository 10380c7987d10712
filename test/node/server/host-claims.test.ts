import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { identityOf, roomsOf } from '../../../server/host-claims.ts';

const now = 1_000_000_000_000;
const exp = now / 1000 + 60;

describe('host claims', () => {
  it('give a member with a name, or the sub as its name', () => {
    assert.deepEqual(identityOf({ sub: 'ann', name: 'Ann  B', exp }, now), {
      user: { id: 'u_ann', name: 'Ann B', role: 'member' },
      claims: { role: 'member' },
      expiresAt: now + 60_000,
    });
    assert.equal(identityOf({ sub: 'ann', exp }, now).user.name, 'ann');
  });

  it('take at most a hundred room patterns', () => {
    const rooms = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`room-${i}`, 'r']));

    assert.throws(() => roomsOf(rooms), /more than 100/);
    assert.equal(roomsOf({})?.length, 0);
    assert.equal(roomsOf(undefined), undefined);
  });
});
