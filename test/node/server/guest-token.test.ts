import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { jwtVerify } from 'jose';
import type { UserId } from 'mini-chat/protocol';
import { GUEST_TYPE, openGuestToken, signGuestToken } from '../../../server/guest-token.ts';

const secret = createSecretKey(Buffer.alloc(32, 1));
const key = { kid: 'k1', secret };
const now = Math.floor(Date.now() / 1000);
const claims = { sub: 'g_0123456789abcdef' as UserId, name: 'Änn 🙂', iat: now, exp: now + 60 };

describe('a guest token', () => {
  it('gives back the claims that were signed', () => {
    assert.deepEqual(openGuestToken(signGuestToken(claims, key), secret), claims);
  });

  it('is a JWT that any library takes', async () => {
    const token = signGuestToken(claims, key);

    const { payload, protectedHeader } = await jwtVerify(token, secret, { typ: GUEST_TYPE });

    assert.equal(payload.sub, claims.sub);
    assert.deepEqual(protectedHeader, { alg: 'HS256', typ: GUEST_TYPE, kid: 'k1' });
  });

  it('is refused with one character changed, anywhere', () => {
    const token = signGuestToken(claims, key);

    for (let i = 0; i < token.length - 1; i += 1) {
      const other = token[i] === 'A' ? 'B' : 'A';
      const forged = token.slice(0, i) + other + token.slice(i + 1);
      assert.equal(openGuestToken(forged, secret), undefined, String(i));
    }
  });

  it('is refused with another key, cut short, or when it is none', () => {
    const token = signGuestToken(claims, key);
    const another = createSecretKey(Buffer.alloc(32, 2));

    assert.equal(openGuestToken(token, another), undefined);
    for (const text of ['', '.', '..', 'a.b.c', token.slice(0, -2), `${token}.`, `.${token}`]) {
      assert.equal(openGuestToken(text, secret), undefined, text);
    }
  });
});
