/**
 * Keeps the drafts of one user across reloads. Each tab has its own list, owned by a Web Lock of
 * the same name; when a tab is gone, another one takes its list over. Where there are no locks, a
 * list may be taken from a living tab: then both send, and the cid keeps it from doubling.
 */

import type { UserId } from '../protocol/ops.ts';
import { isCid, isRoomId } from '../protocol/parse.ts';
import type { Environment } from './environment.ts';
import type { Keeper } from './keeper.ts';
import type { Draft } from './outbox.ts';

/** Invariant: a list under another tab's name is removed only after it was saved under ours. */
export class DraftKeeper {
  readonly #environment: Environment;
  readonly #keeper: Keeper;
  readonly #server: string;
  readonly #tab: string;
  readonly #adopt: (drafts: readonly Draft[]) => void;
  /** What the keys of this user's lists start with; undefined: nobody's yet. */
  #prefix: string | undefined;
  #locks = new AbortController();
  /** Other tabs' lists that we wait for, or took: a tab that is gone does not come back. */
  readonly #watched = new Set<string>();

  /** `adopt` must have saved what it is given when it returns. */
  constructor(
    environment: Environment,
    keeper: Keeper,
    server: string,
    adopt: (drafts: readonly Draft[]) => void,
  ) {
    this.#environment = environment;
    this.#keeper = keeper;
    this.#server = server;
    this.#tab = environment.mintId();
    this.#adopt = adopt;
  }

  /** From now on the drafts are this user's; those of the user before stay where they are. */
  open(user: UserId): void {
    const prefix = `mini-chat:outbox:${this.#server}:${encodeURIComponent(user)}:`;
    if (prefix === this.#prefix) return;
    this.close();
    this.#prefix = prefix;
    const { signal } = this.#locks;
    this.#lock(
      prefix + this.#tab,
      () => new Promise((end) => signal.addEventListener('abort', end)),
    );
    for (const key of this.#keeper.keys(prefix)) this.watch(key);
  }

  /** Replaces what is kept. Nothing is kept before the user is known. */
  save(drafts: readonly Draft[]): void {
    if (this.#prefix === undefined) return;
    const key = this.#prefix + this.#tab;
    if (drafts.length > 0) this.#keeper.write(key, JSON.stringify(drafts));
    else this.#keeper.remove(key);
  }

  /** Takes the list under this key over as soon as nobody owns it. */
  watch(key: string): void {
    const prefix = this.#prefix;
    if (prefix === undefined || !key.startsWith(prefix) || key === prefix + this.#tab) return;
    if (this.#watched.has(key)) return;
    this.#watched.add(key);
    this.#lock(key, () => this.#take(key));
  }

  /** Another tab may take over what is kept. */
  close(): void {
    this.#prefix = undefined;
    this.#watched.clear();
    this.#locks.abort();
    this.#locks = new AbortController();
  }

  /** Without locks at once. Aborted by close: then the list stays for the next tab. */
  #lock(key: string, run: () => unknown): void {
    const { locks } = this.#environment;
    const { signal } = this.#locks;
    if (!locks) return void run();
    const held = locks.request(key, { signal }, () => (signal.aborted ? undefined : run()));
    // Aborted, or locks do not work here: then the cid keeps drafts from doubling.
    held.catch(() => undefined);
  }

  #take(key: string): void {
    const kept = this.#keeper.readJson(key);
    // The page's other scripts can write there too: what is no draft is left out.
    const drafts = Array.isArray(kept) ? kept.filter(isDraft) : [];
    if (drafts.length > 0) this.#adopt(drafts);
    // Not while the storage is full: this may be the only copy that outlives the page.
    if (!this.#keeper.fault) this.#keeper.remove(key);
  }
}

function isDraft(value: unknown): value is Draft {
  const { room, cid, at, body } = { ...(value as Partial<Draft> | null) };
  const isText = typeof body?.text === 'string' && typeof at === 'number';
  return isText && isRoomId(room) && isCid(cid);
}
