import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { newGuest, proven, rightsOf } from '../../../component/demo/demo-tokens.ts';
import type { Role } from '../../../component/protocol/ops.ts';
import { rights } from '../../../server/policy.ts';

const mintId = (): string => 'abcdefghijklmnopqrstuvwx';

/** A host site's token, as far as anybody looks at it here. */
const hostToken = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

describe('demo tokens', () => {
  it('prove a guest again, whatever its name', () => {
    const { user, token = '' } = newGuest('Ädä 🦊', mintId);

    assert.deepEqual(proven(token).user, user);
    assert.match(token, /^[\w-]+\.[\w-]+\.$/);
  });

  it('go on under a new name', () => {
    const { user, token = '' } = newGuest('', mintId);

    const renamed = proven(token, 'Ada');

    assert.deepEqual(renamed.user, { ...user, name: 'Ada' });
    assert.deepEqual(proven(renamed.token ?? '').user, renamed.user);
  });

  it("of a host site are believed, and are the site's to renew", () => {
    const mod = proven(hostToken({ sub: '7', name: 'Mo', role: 'moderator' }), 'ignored');

    assert.deepEqual(mod, { user: { id: 'u_7', name: 'Mo', role: 'moderator' } });
    assert.equal(proven(hostToken({ sub: '7' })).user.role, 'member');
    const avatar = 'https://a.example/a.png';
    assert.equal(proven(hostToken({ sub: '7', avatar })).user.avatar, avatar);
  });

  it('are refused when they say nothing that can be understood', () => {
    const bad = ['x', '', 'a.b.c', hostToken({}), hostToken({ sub: '7', role: 'king' })];
    for (const token of bad) assert.throws(() => proven(token), { code: 'bad_token' }, token);
    // No host token can name a guest.
    assert.match(proven(hostToken({ sub: 'g_x' })).user.id, /^u_/);
  });

  it('give the rights that they give in an open room of a real server', () => {
    for (const role of ['guest', 'member', 'moderator', 'admin'] satisfies Role[]) {
      assert.deepEqual(rightsOf(role), rights[role].open);
    }
  });
});
