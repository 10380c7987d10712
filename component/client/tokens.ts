/**
 * Where the token comes from: the page (given, or asked for), or this browser, which keeps a
 * guest's own. Tabs and copies of the element in one browser are the same guest.
 */

import type { User, WelcomeOp } from '../protocol/ops.ts';
import type { Environment, Release } from './environment.ts';
import { type Keeper, readJson } from './keeper.ts';
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

/** Another tab that is being made a guest is waited for, so that both become the same one. */
const MINT_MS_MAX = 3_000;

/** At most one of the two: what the page gives, or a guest of this browser. */
export class Tokens {
  readonly #environment: Environment;
  readonly #keeper: Keeper;
  readonly #key: string;
  readonly #getToken: (() => Promise<string>) | undefined;
  #name: string | undefined;
  /** The host site's token in force. */
  #token: string | undefined;
  /** The guest's token that was given last; if it is refused, it is this one. */
  #given: string | undefined;
  #endMinting: Release | undefined;

  constructor(environment: Environment, keeper: Keeper, key: string, options: TokensOptions) {
    this.#environment = environment;
    this.#keeper = keeper;
    this.#key = key;
    this.#name = options.name;
    this.#token = options.token;
    this.#getToken = options.getToken;
  }

  /** Where the guest is kept; another tab's write to it concerns us too. */
  get key(): string {
    return this.#key;
  }

  get isGuest(): boolean {
    return this.#token === undefined && this.#getToken === undefined;
  }

  /** Whether another token than the refused one can be had. */
  get mayRenew(): boolean {
    return this.isGuest || this.#getToken !== undefined;
  }

  /** The guest of an earlier visit. */
  get keptGuest(): KeptGuest | undefined {
    if (!this.isGuest) return undefined;
    const kept = readJson(this.#keeper, this.#key);
    return isKeptGuest(kept) ? kept : undefined;
  }

  /** Rejects as the page's `getToken` does. */
  async fetch(wish: TokenWish): Promise<Identity> {
    if (this.isGuest) return this.#fetchGuest(wish);
    if (this.#getToken !== undefined && (wish !== 'any' || this.#token === undefined)) {
      const token: unknown = await this.#getToken();
      if (typeof token !== 'string' || token === '') throw new TypeError('it is not a string');
      this.#token = token;
    }
    return { token: this.#token };
  }

  /** The page says who it is now. False: it said so before. */
  give(token: string): boolean {
    if (token === this.#token) return false;
    this.#token = token;
    return true;
  }

  /** The guest's own token, which renames it. */
  get guestToken(): string | undefined {
    return this.isGuest ? this.#given : undefined;
  }

  /** The server did not take the name. */
  forgetName(): void {
    this.#name = undefined;
  }

  /** What a guest without a name would be called. */
  get name(): string | undefined {
    return this.#name;
  }

  /** Keeps what the server minted. */
  welcomed({ user, token }: WelcomeOp): void {
    if (!this.isGuest) return;
    const kept = token ?? this.#given;
    if (kept === undefined) return;
    this.#given = kept;
    this.#keeper.write(this.#key, JSON.stringify({ token: kept, user } satisfies KeptGuest));
  }

  /** Lets the next tab greet. Idempotent. */
  endMinting(): void {
    this.#endMinting?.();
    this.#endMinting = undefined;
  }

  async #fetchGuest(wish: TokenWish): Promise<Identity> {
    if (wish === 'other') this.#forgetRefused();
    if (this.#knownToken === undefined) await this.#beginMinting();
    // Read after the wait: another tab may have become a guest meanwhile.
    this.#given = this.#knownToken;
    return this.#given === undefined ? { name: this.#name } : { token: this.#given };
  }

  /** What was given stays true when the page clears its storage. */
  get #knownToken(): string | undefined {
    return this.keptGuest?.token ?? this.#given;
  }

  /** Only the refused one: another tab may have a better one by now. */
  #forgetRefused(): void {
    if (this.keptGuest?.token === this.#given) this.#keeper.remove(this.#key);
    this.#given = undefined;
  }

  /** Resolves when no other tab is minting; held until `endMinting`. */
  #beginMinting(): Promise<void> {
    const { locks } = this.#environment;
    if (locks === undefined || !this.#keeper.isShared) return Promise.resolve();
    this.endMinting();
    return new Promise((begin) => {
      const giveUp = new AbortController();
      const release = this.#environment.after(MINT_MS_MAX, () => giveUp.abort());
      const held = locks.request(this.#key, { signal: giveUp.signal }, () => {
        release();
        begin();
        return new Promise<void>((end) => {
          this.#endMinting = end;
        });
      });
      // Two guests are better than none; the wait was only a courtesy.
      held.catch(() => begin());
      this.#endMinting = () => {
        release();
        giveUp.abort();
      };
    });
  }
}

function isKeptGuest(value: unknown): value is KeptGuest {
  if (typeof value !== 'object' || value === null) return false;
  const { token, user } = value as Partial<Record<keyof KeptGuest, unknown>>;
  if (typeof token !== 'string' || typeof user !== 'object' || user === null) return false;
  const { id, name } = user as Partial<User>;
  return typeof id === 'string' && typeof name === 'string';
}
