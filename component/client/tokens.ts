/**
 * Where the token comes from: the page (given, or asked for), or this browser, which keeps a
 * guest's own. Tabs and copies of the element in one browser are the same guest.
 */

import type { User, WelcomeOp } from '../protocol/ops.ts';
import type { Keeper } from './keeper.ts';
import type { Identity, TokenWish } from './session.ts';

/** What the page says about who talks. */
export interface TokensOptions {
  readonly name?: string | undefined;
  readonly token?: string | undefined;
  readonly getToken?: (() => Promise<string>) | undefined;
}

/** A guest as this browser remembers it. */
interface KeptGuest {
  readonly token: string;
  readonly user: User;
}

/** At most one of the two: what the page gives, or a guest of this browser. */
export class Tokens {
  /** What a guest without a name would be called. */
  name: string | undefined;
  readonly #keeper: Keeper;
  readonly #key: string;
  readonly #getToken: (() => Promise<string>) | undefined;
  /** The host site's token in force. */
  #token: string | undefined;
  /** The guest's token that was given last; if it is refused, it is this one. */
  #given: string | undefined;

  constructor(keeper: Keeper, key: string, { name, token, getToken }: TokensOptions) {
    this.#keeper = keeper;
    this.#key = key;
    this.name = name;
    this.#token = token;
    this.#getToken = getToken;
  }

  get isGuest(): boolean {
    return this.#token === undefined && !this.#getToken;
  }

  /** Whether another token than the refused one can be had. */
  get mayRenew(): boolean {
    return this.isGuest || !!this.#getToken;
  }

  /** The guest of an earlier visit, or of another tab. */
  get keptGuest(): KeptGuest | undefined {
    const kept = this.isGuest && (this.#keeper.readJson(this.#key) as Partial<KeptGuest> | null);
    // The page's other scripts can write there too.
    return kept && kept.token && kept.user?.id ? (kept as KeptGuest) : undefined;
  }

  /** For guests, who are known at once. */
  guest(wish: TokenWish): Identity {
    if (wish === 'other') {
      // Only the refused one: another tab may have a better one by now.
      if (this.keptGuest?.token === this.#given) this.#keeper.remove(this.#key);
      this.#given = undefined;
    }
    // What was given stays true when the page clears its storage.
    const token = (this.#given = this.keptGuest?.token ?? this.#given);
    return token === undefined ? { name: this.name } : { token };
  }

  /** For those who are signed in. Rejects as the page's `getToken` does. */
  async fetch(wish: TokenWish): Promise<Identity> {
    if (this.#getToken && (wish !== 'any' || this.#token === undefined)) {
      const token: unknown = await this.#getToken();
      if (typeof token !== 'string' || token === '') throw new TypeError('it is not a string');
      this.#token = token;
    }
    return { token: this.#token };
  }

  /** The page says who it is now. False: it said so before. */
  give(token: string): boolean {
    const isNew = token !== this.#token;
    this.#token = token;
    return isNew;
  }

  /** The guest's own token, which renames it. */
  get guestToken(): string | undefined {
    return this.isGuest ? this.#given : undefined;
  }

  /** Keeps what the server minted. */
  welcomed({ user, token = this.#given }: WelcomeOp): void {
    if (!this.isGuest || token === undefined) return;
    this.#given = token;
    this.#keeper.write(this.#key, JSON.stringify({ token, user } satisfies KeptGuest));
  }
}
