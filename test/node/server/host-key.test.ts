import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { describe, it } from 'node:test';
import { ConfigError } from '../../../server/config.ts';
import { readHostKey, remoteHostKey } from '../../../server/host-key.ts';

const pems = ({ publicKey, privateKey }: KeyPairKeyObjectResult): readonly [string, string] => [
  publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
];

const pairs: readonly [string, KeyPairKeyObjectResult][] = [
  ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['EdDSA', generateKeyPairSync('ed25519')],
];

describe('readHostKey', () => {
  for (const [algorithm, pair] of pairs) {
    it(`reads ${algorithm} from a PEM; only the private one can sign`, () => {
      const [open, secret] = pems(pair);

      assert.deepEqual(readHostKey(open, 'x').algorithms, [algorithm]);
      assert.equal(readHostKey(open, 'x').signWith, undefined);
      assert.deepEqual(readHostKey(secret, 'x').algorithms, [algorithm]);
      assert.notEqual(readHostKey(secret, 'x').signWith, undefined);
    });
  }

  it('takes 32 bytes or more as a secret, without the newline of its file', () => {
    const key = readHostKey(`${'x'.repeat(32)}\n`, 'x');

    assert.deepEqual(key.algorithms, ['HS256']);
    assert.equal(key.signWith?.symmetricKeySize, 32);
  });

  const bad: readonly [string, string, RegExp][] = [
    ['a short secret', 'x'.repeat(31), /^--key: a secret needs 32 bytes or more, this one has 31$/],
    ['a broken PEM', '-----BEGIN PUBLIC KEY-----\nno\n-----END PUBLIC KEY-----', /cannot be read/],
    ['a small RSA key', pems(generateKeyPairSync('rsa', { modulusLength: 1024 }))[0], /2048 bits/],
    ['another curve', pems(generateKeyPairSync('ec', { namedCurve: 'P-384' }))[0], /P-256/],
    ['another kind of key', pems(generateKeyPairSync('x25519'))[0], /RSA, P-256 or Ed25519/],
  ];
  for (const [what, text, words] of bad) {
    it(`refuses ${what} in one line`, () => {
      assert.throws(
        () => readHostKey(text, '--key'),
        (error) => error instanceof ConfigError && words.test(error.message),
      );
    });
  }
});

describe('remoteHostKey', () => {
  it('allows no shared secret', () => {
    const { algorithms } = remoteHostKey('https://x.example/jwks');

    assert.deepEqual(algorithms, ['RS256', 'ES256', 'EdDSA']);
  });
});
