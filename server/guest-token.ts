/**
 * A guest's token: a JWT in HS256 like a host's, but made and checked by this server alone. By hand
 * and at once, since every newcomer gets one: through a general library it costs ten times as much,
 * most of it garbage that outlives the greeting. Pure.
 */

import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { UserId } from 'mini-chat/protocol';

/** The `typ` of a guest's token: what tells it from a host's. */
export const GUEST_TYPE = 'mini-chat-guest';

/** What a guest's token says; times in seconds, as JWTs have them. */
export interface GuestClaims {
  readonly sub: UserId;
  readonly name: string;
  readonly iat: number;
  readonly exp: number;
}

/** A key, as a token names it. */
interface NamedKey {
  readonly kid: string;
  readonly secret: KeyObject;
}

/** Signs the claims. */
export function signGuestToken(claims: GuestClaims, { kid, secret }: NamedKey): string {
  const signed = `${encoded({ alg: 'HS256', typ: GUEST_TYPE, kid })}.${encoded(claims)}`;
  return `${signed}.${macOf(signed, secret).toString('base64url')}`;
}

/** The claims of a token that was signed with this key; undefined for any other text. */
export function openGuestToken(token: string, secret: KeyObject): GuestClaims | undefined {
  const end = token.lastIndexOf('.');
  const signed = token.slice(0, Math.max(0, end));
  const mac = Buffer.from(token.slice(end + 1), 'base64url');
  const wanted = macOf(signed, secret);
  if (mac.length !== wanted.length || !timingSafeEqual(mac, wanted)) return undefined;
  const claims = Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString();
  // Not a stranger's bytes: the signature says that `signGuestToken` wrote them.
  return JSON.parse(claims) as GuestClaims;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function macOf(signed: string, secret: KeyObject): Buffer {
  return createHmac('sha256', secret).update(signed).digest();
}
