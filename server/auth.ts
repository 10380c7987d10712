/**
 * From a token to an identity. Two kinds of token, told apart by their type and never checked with
 * each other's key: a guest's, which this server signs, and a host site's JWT.
 */

import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import type { JWTPayload, ProtectedHeaderParameters } from 'jose';
import { ChatError, parseName } from 'mini-chat/protocol';
import type { Ms, UserId } from 'mini-chat/protocol';
import { GUEST_TOKEN_MS, type GuestKeys } from './guest-keys.ts';
import { CLOCK_SKEW_MS, identityOf, type Identity } from './host-claims.ts';
import type { HostKey } from './host-key.ts';

export type { Identity } from './host-claims.ts';

/** The `typ` of a guest's token. */
const GUEST_TYPE = 'mini-chat-guest';
const GUEST_ID = /^g_[A-Za-z0-9_-]{16,32}$/;
/** A greeting renews a guest's token when it is older than this; sooner there is no use in it. */
const RENEW_MS: Ms = 24 * 60 * 60 * 1000;

/** A guest, with the token that proves it again. */
export interface Guest {
  readonly identity: Identity;
  readonly token: string;
}

/** What `Auth` needs. Without a host key only guests can enter. */
export interface AuthOptions {
  readonly guestKeys: GuestKeys;
  readonly hostKey: HostKey | undefined;
  readonly audience: string;
  readonly now: () => Ms;
}

/** Verifies and mints. Holds keys; keeps nothing about anybody. */
export class Auth {
  readonly #options: AuthOptions;

  constructor(options: AuthOptions) {
    this.#options = options;
  }

  /**
   * Who this token proves. Rejects `ChatError` bad_token, token_expired, or unavailable when the
   * keys to check it with cannot be had now.
   */
  async verify(token: string): Promise<Identity> {
    const header = headerOf(token);
    return header.typ === GUEST_TYPE ? this.#verifyGuest(token, header) : this.#verifyHost(token);
  }

  /** A new guest. An empty name may only read. */
  async mintGuest(name: string): Promise<Guest> {
    return this.#signGuest(`g_${randomBytes(12).toString('base64url')}` as UserId, name);
  }

  /** The same guest with a token that lives on, under a new name when one is given. */
  async renewGuest(old: Guest, name: string | undefined): Promise<Guest> {
    const { user, expiresAt } = old.identity;
    const age = this.#options.now() + GUEST_TOKEN_MS - expiresAt;
    const isSame = name === undefined || name === user.name;
    return isSame && age < RENEW_MS ? old : this.#signGuest(user.id, name ?? user.name);
  }

  async #signGuest(id: UserId, name: string): Promise<Guest> {
    const { kid, secret } = await this.#guestKey();
    // A JWT counts seconds; the identity must end exactly when its token does.
    const issuedAt = Math.floor(this.#options.now() / 1000);
    const expiresAt = issuedAt + GUEST_TOKEN_MS / 1000;
    const token = await new SignJWT({ name })
      .setProtectedHeader({ alg: 'HS256', typ: GUEST_TYPE, kid })
      .setSubject(id)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(secret);
    return { identity: guestIdentity(id, name, expiresAt * 1000), token };
  }

  async #guestKey(): ReturnType<GuestKeys['newest']> {
    try {
      return await this.#options.guestKeys.newest();
    } catch (cause) {
      throw new ChatError('unavailable', {}, { cause });
    }
  }

  async #verifyGuest(token: string, header: ProtectedHeaderParameters): Promise<Identity> {
    const key = await this.#findGuestKey(header.kid ?? '');
    if (key === undefined) throw new ChatError('bad_token', { why: 'its key is not known here' });
    const { sub, name, exp } = await this.#claims(token, key.secret, {
      algorithms: ['HS256'],
      typ: GUEST_TYPE,
      requiredClaims: ['sub', 'exp', 'name'],
    });
    const isOurs = sub !== undefined && GUEST_ID.test(sub) && typeof name === 'string';
    if (!isOurs) throw new ChatError('bad_token', { why: 'it is not one that we mint' });
    return guestIdentity(sub as UserId, usableName(name), (exp ?? 0) * 1000);
  }

  async #findGuestKey(kid: string): ReturnType<GuestKeys['find']> {
    try {
      return await this.#options.guestKeys.find(kid);
    } catch (cause) {
      throw new ChatError('unavailable', {}, { cause });
    }
  }

  async #verifyHost(token: string): Promise<Identity> {
    const { hostKey, audience, now } = this.#options;
    if (hostKey === undefined) {
      throw new ChatError('bad_token', { why: 'this server was given no key to check it with' });
    }
    const claims = await this.#claims(token, hostKey.verifyWith, {
      algorithms: [...hostKey.algorithms],
      audience,
      requiredClaims: ['sub', 'exp', 'aud'],
      clockTolerance: CLOCK_SKEW_MS / 1000,
    });
    return identityOf(claims, now());
  }

  async #claims(
    token: string,
    key: HostKey['verifyWith'],
    options: NonNullable<Parameters<typeof jwtVerify>[2]>,
  ): Promise<JWTPayload> {
    const currentDate = new Date(this.#options.now());
    try {
      return (await jwtVerify(token, key, { ...options, currentDate })).payload;
    } catch (error) {
      throw refusalFor(error);
    }
  }
}

function guestIdentity(id: UserId, name: string, expiresAt: Ms): Identity {
  return { user: { id, name, role: 'guest' }, claims: { role: 'guest' }, expiresAt };
}

/** The rules for names may have become stricter since the token was minted. */
function usableName(name: string): string {
  const verdict = parseName(name);
  return 'name' in verdict ? verdict.name : '';
}

function headerOf(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token);
  } catch (cause) {
    throw new ChatError('bad_token', { why: 'it is not a JWT' }, { cause });
  }
}

/** Words for each way in which jose refuses; they never repeat what was in the token. */
function refusalFor(error: unknown): ChatError {
  const because = (why: string): ChatError => new ChatError('bad_token', { why }, { cause: error });
  if (error instanceof errors.JWTExpired) {
    return new ChatError('token_expired', {}, { cause: error });
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return because(claimWords(error.claim, error.reason));
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return because('its signature does not match');
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return because('its algorithm is not that of the configured key');
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return because('the host site publishes no key with its "kid"');
  }
  // A key set that cannot be fetched says nothing about the token.
  const isFetch = error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid;
  const isOther = error instanceof Error && error.constructor === errors.JOSEError;
  if (isFetch || isOther || !(error instanceof errors.JOSEError)) {
    return new ChatError('unavailable', {}, { cause: error });
  }
  return because('it is not a valid JWT');
}

function claimWords(claim: string, reason: string): string {
  if (reason === 'missing') return `claim "${claim}" is missing`;
  if (claim === 'aud') return 'claim "aud" names another audience';
  if (claim === 'nbf' || claim === 'iat') return `claim "${claim}" is in the future`;
  return `claim "${claim}" is not valid`;
}
