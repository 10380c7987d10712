import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { exportJWK, SignJWT } from 'jose';
import { ChatError } from 'mini-chat/protocol';
import { Auth } from '../../../server/auth.ts';
import { GuestKeys } from '../../../server/guest-keys.ts';
import { readHostKey, remoteHostKey, type HostKey } from '../../../server/host-key.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';
import { HOST_SECRET, hostToken } from '../../support/host-tokens.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const newAuth = async (hostKey?: HostKey, now = Date.now, store = openMemoryStore()) =>
  new Auth({ guestKeys: await GuestKeys.open(store, now), hostKey, audience: 'mini-chat', now });

const refusal = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ChatError, String(error));
    return `${error.code}: ${error.message}`;
  }
  return assert.fail('was accepted');
};

const secretKey = readHostKey(HOST_SECRET, 'test');

describe('Auth › host users', () => {
  it('takes a token of the host site and what it claims', async () => {
    const auth = await newAuth(secretKey);
    const token = await hostToken({
      sub: 'ann',
      name: 'Ann',
      role: 'moderator',
      avatar: 'https://x.example/a.png',
      rooms: { 'support-*': 'rw' },
    });

    const { user, claims, expiresAt } = await auth.verify(token);

    assert.deepEqual(user, {
      id: 'u_ann',
      name: 'Ann',
      role: 'moderator',
      avatar: 'https://x.example/a.png',
    });
    assert.deepEqual(claims.rooms, [{ pattern: 'support-*', grant: 'rw' }]);
    assert.ok(Math.abs(expiresAt - Date.now() - 3_600_000) < 5000);
  });

  const bad: readonly [string, object, Parameters<typeof hostToken>[1], RegExp][] = [
    ['expired', {}, { expiresIn: -60 }, /^token_expired/],
    ['of another audience', {}, { audience: 'other' }, /^bad_token: .*"aud" names another/],
    ['without an audience', {}, { audience: null }, /^bad_token: .*"aud" is missing/],
    ['without an end', {}, { expiresIn: null }, /^bad_token: .*"exp" is missing/],
    ['that lives for two days', {}, { expiresIn: 172_800 }, /^bad_token: .*longer than 24 hours/],
    ['of another key', {}, { secret: 'x'.repeat(40) }, /^bad_token: .*signature does not match/],
    ['without a sub', { sub: undefined }, {}, /^bad_token: .*"sub" is missing/],
    ['with an empty sub', { sub: '' }, {}, /^bad_token: .*"sub" must be/],
    ['with a long sub', { sub: 'x'.repeat(129) }, {}, /^bad_token: .*"sub" must be/],
    ['with the role guest', { role: 'guest' }, {}, /^bad_token: .*"role" must be one of member/],
    ['with a bad name', { name: '\u0000' }, {}, /^bad_token: .*"name" cannot be used/],
    ['with a picture over http', { avatar: 'http://x/a' }, {}, /^bad_token: .*"avatar" must be/],
    ['with a script as picture', { avatar: 'javascript:1' }, {}, /^bad_token: .*"avatar" must be/],
    ['with rooms as a list', { rooms: ['a'] }, {}, /^bad_token: .*"rooms" must be an object/],
    ['with a bad grant', { rooms: { a: 'w' } }, {}, /^bad_token: .*"rooms" must say r, rw or rwm/],
    ['with a bad pattern', { rooms: { 'A B': 'r' } }, {}, /^bad_token: .*"rooms" has a pattern/],
  ];
  for (const [what, claims, options, words] of bad) {
    it(`refuses one ${what}, in words`, async () => {
      const auth = await newAuth(secretKey);
      const token = await hostToken({ sub: 'ann', name: 'Ann', ...claims }, options);

      assert.match(await refusal(auth.verify(token)), words);
    });
  }

  it('refuses what is no token, never repeating it', async () => {
    const auth = await newAuth(secretKey);

    for (const token of ['', 'x', 'a.b.c', 'e30.e30.e30', `${'e30'.repeat(99)}.e30.`]) {
      const words = await refusal(auth.verify(token));
      assert.match(words, /^bad_token: The token was refused: it is not a (valid )?JWT/, token);
    }
  });

  it('refuses an unsigned token and one that names its own algorithm', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const auth = await newAuth(readHostKey(pem, 'test'));
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"ann"}')}.`.replaceAll('=', '');

    // The oldest trick: the public key, which everybody has, as the secret of an HMAC.
    const forged = await hostToken({ sub: 'ann', name: 'Ann' }, { secret: pem });

    assert.match(await refusal(auth.verify(unsigned)), /^bad_token/);
    assert.match(await refusal(auth.verify(forged)), /^bad_token: .*algorithm is not that of/);
  });

  it('refuses host tokens where no key was configured', async () => {
    const auth = await newAuth();

    assert.match(
      await refusal(auth.verify(await hostToken({ sub: 'ann' }))),
      /^bad_token: .*given no key/,
    );
  });
});

describe('Auth › published keys', () => {
  const offerKeys = async (t: TestContext, keys: readonly object[]) => {
    const server = createServer((_, response) => response.end(JSON.stringify({ keys })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  };

  it('takes a token whose key is in the set, and no other', async (t) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', alg: 'EdDSA' };
    const auth = await newAuth(remoteHostKey(await offerKeys(t, [jwk])));
    const sign = (kid: string): Promise<string> =>
      new SignJWT({ sub: 'ann', name: 'Ann' })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setAudience('mini-chat')
        .setExpirationTime('1h')
        .sign(privateKey);

    assert.equal((await auth.verify(await sign('k1'))).user.id, 'u_ann');
    assert.match(await refusal(auth.verify(await sign('k2'))), /^bad_token: .*publishes no key/);
  });

  it('says unavailable when the set cannot be fetched: the token may be good', async () => {
    const auth = await newAuth(remoteHostKey('http://127.0.0.1:1/jwks'));
    const { privateKey } = generateKeyPairSync('ed25519');
    const token = await new SignJWT({ sub: 'ann' })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
      .setAudience('mini-chat')
      .setExpirationTime('1h')
      .sign(privateKey);

    assert.match(await refusal(auth.verify(token)), /^unavailable/);
  });
});

describe('Auth › guests', () => {
  it('knows its own guests again, on every node of a store', async () => {
    const store = openMemoryStore();
    const [one, other] = [
      await newAuth(undefined, Date.now, store),
      await newAuth(undefined, Date.now, store),
    ];

    const guest = await one.mintGuest('Ann');

    assert.deepEqual(await other.verify(guest.token), guest.identity);
  });

  it('lets no host site name a guest, and no guest a user of the host', async () => {
    const auth = await newAuth(secretKey);
    const guest = await auth.mintGuest('Ann');

    const posing = await auth.verify(await hostToken({ sub: guest.identity.user.id, name: 'Ann' }));

    assert.notEqual(posing.user.id, guest.identity.user.id);
  });

  it("refuses a host's key with a guest's type", async () => {
    const auth = await newAuth(secretKey);
    const forged = await new SignJWT({ name: 'Ann', sub: 'g_0123456789abcdef' })
      .setProtectedHeader({ alg: 'HS256', typ: 'mini-chat-guest', kid: 'k' })
      .setExpirationTime('1h')
      .sign(Buffer.from(HOST_SECRET));

    assert.match(await refusal(auth.verify(forged)), /^bad_token: .*key is not known here/);
  });

  it('renews a token after a day, and at once for a new name', async () => {
    let now = Date.now();
    const auth = await newAuth(undefined, () => now);
    const guest = await auth.mintGuest('Ann');

    assert.equal(await auth.renewGuest(guest, undefined), guest);
    assert.equal(await auth.renewGuest(guest, 'Ann'), guest);
    const renamed = await auth.renewGuest(guest, 'Anna');
    now += DAY_MS + 1000;
    const renewed = await auth.renewGuest(guest, undefined);

    assert.equal(renamed.identity.user.name, 'Anna');
    assert.equal(renamed.identity.user.id, guest.identity.user.id);
    assert.ok(renewed.identity.expiresAt > guest.identity.expiresAt);
  });

  it('ends after thirty days', async () => {
    let now = Date.now();
    const auth = await newAuth(undefined, () => now);
    const { token } = await auth.mintGuest('Ann');

    now += 30 * DAY_MS - 1000;
    await auth.verify(token);
    now += 2000;

    assert.match(await refusal(auth.verify(token)), /^token_expired/);
  });
});
