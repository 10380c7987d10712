/**
 * Keeps the drafts of one user across reloads. Each tab has its own list, owned by a Web Lock of
 * the same name; when a tab is gone, another one takes its list over. Where there are no locks, a
 * list may be taken from a living tab: then both send, and the cid keeps it from doubling.
 */

import type { RoomId, UserId } from '../protocol/ops.ts';
import { isCid, isRoomId, isSeq } from '../protocol/parse.ts';
import type { Environment, Release } from './environment.ts';
import { type Keeper, readJson } from './keeper.ts';
import type { Draft } from './outbox.ts';

/** A draft and the room it is for. */
export interface KeptDraft extends Draft {
  readonly room: RoomId;
}

/** Invariant: a list under another tab's name is removed only after it was saved under ours. */
export class DraftKeeper {
  readonly #environment: Environment;
  readonly #keeper: Keeper;
  readonly #prefix: string;
  readonly #tab: string;
  readonly #adopt: (drafts: readonly KeptDraft[]) => void;
  #user: string | undefined;
  #locks = new AbortController();
  #release: Release | undefined;
  /** Other tabs' lists that we wait for. */
  readonly #watched = new Set<string>();

  /** `adopt` must have saved what it is given when it returns. */
  constructor(
    environment: Environment,
    keeper: Keeper,
    server: string,
    adopt: (drafts: readonly KeptDraft[]) => void,
  ) {
    this.#environment = environment;
    this.#keeper = keeper;
    this.#prefix = `mini-chat:outbox:${server}:`;
    this.#tab = environment.mintId();
    this.#adopt = adopt;
  }

  /** From now on the drafts are this user's; those of the user before stay where they are. */
  open(user: UserId): void {
    const name = encodeURIComponent(user);
    if (name === this.#user) return;
    this.close();
    this.#user = name;
    this.#own();
    for (const key of this.#keeper.keys(this.#prefix)) this.watch(key);
  }

  /** Replaces what is kept. Nothing is kept before the user is known. */
  save(drafts: readonly KeptDraft[]): void {
    const key = this.#key;
    if (key === undefined) return;
    if (drafts.length > 0) this.#keeper.write(key, JSON.stringify(drafts));
    else if (this.#keeper.read(key) !== undefined) this.#keeper.remove(key);
  }

  /** Takes the list under this key over as soon as nobody owns it. */
  watch(key: string): void {
    if (!this.#isForeignList(key) || this.#watched.has(key)) return;
    const { locks } = this.#environment;
    if (locks === undefined) return this.#take(key);
    this.#watched.add(key);
    const { signal } = this.#locks;
    const taken = locks.request(key, { signal }, () => {
      this.#watched.delete(key);
      if (!signal.aborted) this.#take(key);
    });
    // Aborted by close: the list stays for the next tab.
    taken.catch(() => this.#watched.delete(key));
  }

  /** Another tab may take over what is kept. */
  close(): void {
    this.#user = undefined;
    this.#locks.abort();
    this.#locks = new AbortController();
    this.#watched.clear();
    this.#release?.();
    this.#release = undefined;
  }

  get #key(): string | undefined {
    return this.#user === undefined ? undefined : `${this.#prefix}${this.#user}:${this.#tab}`;
  }

  #own(): void {
    const key = this.#key;
    if (key === undefined) return;
    if (!this.#keeper.isShared) return;
    const { signal } = this.#locks;
    const owned = this.#environment.locks?.request(key, { signal }, () => {
      return new Promise<void>((release) => {
        this.#release = release;
      });
    });
    // Aborted by close, or locks do not work here: then the cid keeps drafts from doubling.
    owned?.catch(() => undefined);
  }

  #isForeignList(key: string): boolean {
    const end = key.lastIndexOf(':');
    return key.slice(0, end) === `${this.#prefix}${this.#user}` && key.slice(end + 1) !== this.#tab;
  }

  #take(key: string): void {
    const drafts = readDrafts(readJson(this.#keeper, key));
    if (drafts.length > 0) this.#adopt(drafts);
    // Not while the storage is full: this may be the only copy that outlives the page.
    if (this.#keeper.fault === undefined) this.#keeper.remove(key);
  }
}

/** The page's other scripts can write there too: what is no draft is left out. */
function readDrafts(value: unknown): readonly KeptDraft[] {
  return Array.isArray(value) ? value.flatMap((one) => readDraft(fieldsOf(one))) : [];
}

function readDraft({ room, cid, at, body, failure }: Fields): readonly KeptDraft[] {
  const { text, replyTo } = fieldsOf(body);
  if (!isRoomId(room) || !isCid(cid) || typeof at !== 'number') return [];
  if (typeof text !== 'string') return [];
  const draft = { room, cid, at, body: isSeq(replyTo) ? { text, replyTo } : { text } };
  const { code, message } = fieldsOf(failure);
  const isFailed = typeof code === 'string' && typeof message === 'string';
  return [isFailed ? { ...draft, failure: { code, message } } : draft];
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
