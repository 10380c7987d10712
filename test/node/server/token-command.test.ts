import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { ConfigError } from '../../../server/config.ts';
import { readHostKey } from '../../../server/host-key.ts';
import { mintToken } from '../../../server/token-command.ts';
import { HOST_SECRET } from '../../support/host-tokens.ts';

const now = Date.now();
const target = { key: readHostKey(HOST_SECRET, 'x'), audience: 'mini-chat', now };

describe('token command', () => {
  it('signs the claims that it was told', async () => {
    const token = await mintToken({ sub: 'ann', rooms: '{"news":"r"}', ttl: '90s' }, target);
    const claims = decodeJwt(token);

    assert.deepEqual(claims['rooms'], { news: 'r' });
    assert.equal(claims.aud, 'mini-chat');
    assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 90);
  });

  it('signs with a private PEM by its algorithm', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

    const token = await mintToken({ sub: 'ann' }, { ...target, key: readHostKey(pem, 'x') });

    assert.equal(decodeProtectedHeader(token).alg, 'ES256');
  });

  const bad: readonly [Parameters<typeof mintToken>[0], RegExp][] = [
    [{ sub: 'ann', ttl: '25h' }, /longer than 24 hours/],
    [{ sub: 'ann', ttl: 'soon' }, /^--ttl: must be a time/],
    [{ sub: 'ann', ttl: '0s' }, /^--ttl: must be a time/],
    [{ sub: 'ann', role: 'king' }, /"role" must be one of/],
    [{ sub: 'ann', rooms: '{' }, /^--rooms: must be JSON/],
    [{ sub: 'ann', rooms: '{"a":"x"}' }, /"rooms" must say/],
  ];
  for (const [claims, words] of bad) {
    it(`mints nothing that a server would refuse: ${JSON.stringify(claims)}`, async () => {
      await assert.rejects(
        mintToken(claims, target),
        (error) => error instanceof ConfigError && words.test(error.message),
      );
    });
  }
});
