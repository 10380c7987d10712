/**
 * The keys that sign guests' tokens: made on first run, kept in the store, so that all nodes of
 * one store share them. A ring of two, newest first; the older one still verifies.
 */

import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Ms } from 'mini-chat/protocol';
import type { Store } from './store.ts';

const NAME = 'guest-keys';
const SECRET_BYTES = 32;
const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a guest's token lives; each greeting starts it anew. */
export const GUEST_TOKEN_MS: Ms = 30 * DAY_MS;

/** A key signs for as long as its tokens live, then verifies for as long again: a ring of two. */
const KEY_MS: Ms = GUEST_TOKEN_MS;

/** Tokens with unknown key ids must not make this node ask the store more often. */
const RELOAD_MS: Ms = 10_000;

/** One key of the ring. */
export interface GuestKey {
  readonly kid: string;
  /** Imported once: a key given as bytes is imported anew for each token, at twice the cost. */
  readonly secret: KeyObject;
  readonly madeAt: Ms;
}

/** Invariant: one or two keys, newest first. */
export class GuestKeys {
  readonly #store: Store;
  readonly #now: () => Ms;
  #text: string;
  #keys: readonly GuestKey[];
  #loadedAt: Ms;

  private constructor(store: Store, now: () => Ms, text: string) {
    this.#store = store;
    this.#now = now;
    this.#text = text;
    this.#keys = parseRing(text);
    this.#loadedAt = now();
  }

  /** Reads the ring, or makes it. Rejects when the store does not answer. */
  static async open(store: Store, now: () => Ms): Promise<GuestKeys> {
    const text = await store.swap(NAME, undefined, ringText([newKey(now())]));
    return new GuestKeys(store, now, text);
  }

  /** The key to sign with. Rotates the ring when its newest key has served its time. */
  async newest(): Promise<GuestKey> {
    const [newest] = this.#keys;
    if (newest !== undefined && newest.madeAt + KEY_MS > this.#now()) return newest;
    const ring = [newKey(this.#now()), ...this.#keys].slice(0, 2);
    // Another node may have rotated first: then its ring is the one in force.
    this.#take(await this.#store.swap(NAME, this.#text, ringText(ring)));
    return this.#keys[0] ?? fail();
  }

  /** The key of a token. Looks in the store again, at most every 10 s, for one not seen yet. */
  async find(kid: string): Promise<GuestKey | undefined> {
    const known = this.#keys.find((key) => key.kid === kid);
    if (known !== undefined || this.#loadedAt + RELOAD_MS > this.#now()) return known;
    this.#loadedAt = this.#now();
    this.#take(await this.#store.swap(NAME, undefined, this.#text));
    return this.#keys.find((key) => key.kid === kid);
  }

  #take(text: string): void {
    if (text === this.#text) return;
    this.#keys = parseRing(text);
    this.#text = text;
  }
}

function newKey(madeAt: Ms): GuestKey {
  return {
    kid: randomBytes(6).toString('base64url'),
    secret: createSecretKey(randomBytes(SECRET_BYTES)),
    madeAt,
  };
}

function ringText(keys: readonly GuestKey[]): string {
  return JSON.stringify(
    keys.map(({ kid, secret, madeAt }) => ({
      kid,
      secret: secret.export().toString('base64url'),
      madeAt,
    })),
  );
}

/** What the store gives back was written by `ringText`; anything else is a damaged store. */
function parseRing(text: string): readonly GuestKey[] {
  const rows = JSON.parse(text) as readonly { kid: string; secret: string; madeAt: Ms }[];
  const keys = rows.map(({ kid, secret, madeAt }) => ({
    kid,
    secret: createSecretKey(Buffer.from(secret, 'base64url')),
    madeAt,
  }));
  return keys.length > 0 && keys.every((key) => key.secret.symmetricKeySize === SECRET_BYTES)
    ? keys
    : fail();
}

function fail(): never {
  throw new Error('guest-keys: the store holds no usable ring');
}
