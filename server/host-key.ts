/**
 * The host site's key. What was configured decides the algorithm; a token's header never does, so
 * a public key can not be passed off as a shared secret.
 */

import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { ConfigError } from './config.ts';

const SECRET_BYTES_MIN = 32;
/** The signature algorithms of a published key set; shared secrets have no place in one. */
const PUBLIC_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

/** How tokens of the host site are checked, and signed where the key can sign. */
export interface HostKey {
  readonly algorithms: readonly string[];
  readonly verifyWith: KeyObject | JWTVerifyGetKey;
  /** Present for a shared secret or a private PEM. */
  readonly signWith?: KeyObject;
}

/** A key from its text: a PEM, or else a shared secret. `from` names the setting in errors. */
export function readHostKey(text: string, from: string): HostKey {
  if (text.includes('-----BEGIN')) return pemKey(text, from);
  const secret = Buffer.from(text.trim(), 'utf8');
  if (secret.length < SECRET_BYTES_MIN) {
    const has = `this one has ${secret.length}`;
    throw new ConfigError(`${from}: a secret needs ${SECRET_BYTES_MIN} bytes or more, ${has}`);
  }
  const key = createSecretKey(secret);
  return { algorithms: ['HS256'], verifyWith: key, signWith: key };
}

/** Keys that the host site publishes; fetched when first needed, kept, and looked up by `kid`. */
export function remoteHostKey(url: string): HostKey {
  return { algorithms: PUBLIC_ALGORITHMS, verifyWith: createRemoteJWKSet(new URL(url)) };
}

function pemKey(pem: string, from: string): HostKey {
  try {
    const isPrivate = pem.includes('PRIVATE KEY-----');
    const signWith = isPrivate ? createPrivateKey(pem) : undefined;
    const verifyWith = createPublicKey(pem);
    const algorithms = [algorithmOf(verifyWith, from)];
    return { algorithms, verifyWith, ...(signWith === undefined ? {} : { signWith }) };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${from}: this PEM cannot be read`, { cause: error });
  }
}

function algorithmOf(key: KeyObject, from: string): string {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if ((modulusLength ?? 0) >= 2048) return 'RS256';
      throw new ConfigError(`${from}: an RSA key needs 2048 bits or more`);
    case 'ec':
      if (namedCurve === 'prime256v1') return 'ES256';
      throw new ConfigError(`${from}: an EC key must be on the curve P-256`);
    case 'ed25519':
      return 'EdDSA';
    default:
      throw new ConfigError(`${from}: must be an RSA, P-256 or Ed25519 key`);
  }
}
