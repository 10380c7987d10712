/** `mini-chat-server token`: mints a token as the host site would, for trying things out. */

import { SignJWT } from 'jose';
import { ConfigError, type TokenArguments } from './config.ts';
import { identityOf } from './host-claims.ts';
import type { HostKey } from './host-key.ts';

const TTL = /^(\d{1,6})([smhd])$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Where the token is for, and from when. */
export interface TokenFor {
  readonly key: HostKey | undefined;
  readonly audience: string;
  readonly now: number;
}

/** A signed token. Rejects `ConfigError` when the key cannot sign or a claim would be refused. */
export async function mintToken(claims: TokenArguments, target: TokenFor): Promise<string> {
  const { key, audience, now } = target;
  const algorithm = key?.algorithms[0];
  if (key?.signWith === undefined || algorithm === undefined) {
    const sources = 'MINI_CHAT_JWT_KEY or --jwt-key-file';
    throw new ConfigError(`token: no key to sign with; give a secret or private PEM by ${sources}`);
  }
  const { sub, name, role, rooms, ttl = '1h' } = claims;
  const payload = {
    sub,
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(rooms === undefined ? {} : { rooms: parseRooms(rooms) }),
  };
  const issuedAt = Math.floor(now / 1000);
  const exp = issuedAt + secondsOf(ttl);
  refuseAsAServerWould({ ...payload, exp }, now);
  return new SignJWT(payload)
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(exp)
    .sign(key.signWith);
}

function refuseAsAServerWould(payload: Readonly<Record<string, unknown>>, now: number): void {
  try {
    identityOf(payload, now);
  } catch (error) {
    throw new ConfigError(`token: ${error instanceof Error ? error.message : 'refused'}`);
  }
}

function parseRooms(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError('--rooms: must be JSON such as {"news":"r"}', { cause });
  }
}

function secondsOf(ttl: string): number {
  const [, count, unit = ''] = TTL.exec(ttl) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? Number.NaN);
  if (seconds > 0) return seconds;
  throw new ConfigError('--ttl: must be a time such as 45s, 30m, 12h or 1d');
}
