/**
 * What is kept across reloads, in the browser's storage where that works, else in memory for this
 * visit. Never throws: a full or forbidden storage must not stop anybody from writing.
 */

/** Storage is forbidden to this page, or has no room left. */
export type StorageFault = 'blocked' | 'full';

/** Reads and writes that always work, at least until the page goes. */
export class Keeper {
  readonly #storage: Storage | undefined;
  /** What could not be stored; newer than what the storage has under the same key. */
  readonly #memory = new Map<string, string>();
  #fault: StorageFault | undefined;

  /** null: memory only, and that is no fault. undefined: the browser's own, where there is one. */
  constructor(storage: Storage | null | undefined) {
    if (storage !== undefined) {
      this.#storage = storage ?? undefined;
    } else if (typeof window !== 'undefined') {
      try {
        this.#storage = window.localStorage ?? undefined;
      } catch {
        // The reader forbids storage to this page: the fault says so, memory does for the visit.
      }
      if (this.#storage === undefined) this.#fault = 'blocked';
    }
  }

  /** Why the last write did not outlive this page; undefined: it does, or was not meant to. */
  get fault(): StorageFault | undefined {
    return this.#fault;
  }

  /** Whether other tabs see what is written here, and the other way round. */
  get isShared(): boolean {
    return this.#storage !== undefined;
  }

  read(key: string): string | undefined {
    const held = this.#memory.get(key);
    if (held !== undefined) return held;
    try {
      return this.#storage?.getItem(key) ?? undefined;
    } catch {
      // What was written since is in memory; what was there before is out of reach, and said so.
      this.#fault = 'blocked';
      return undefined;
    }
  }

  write(key: string, value: string): void {
    if (this.#storage === undefined) {
      this.#memory.set(key, value);
      return;
    }
    try {
      this.#storage.setItem(key, value);
      this.#memory.delete(key);
      this.#fault = undefined;
    } catch (error) {
      // Nothing is lost while the page lives.
      this.#memory.set(key, value);
      this.#fault = isQuota(error) ? 'full' : 'blocked';
    }
  }

  remove(key: string): void {
    this.#memory.delete(key);
    try {
      this.#storage?.removeItem(key);
    } catch {
      // It stays there: nothing is lost, and a draft that is sent again is stored once.
      this.#fault = 'blocked';
    }
  }

  /** The stored keys that start with this; none of those that are in memory alone. */
  keys(prefix: string): readonly string[] {
    const keys: string[] = [];
    try {
      for (let i = 0; i < (this.#storage?.length ?? 0); i += 1) {
        const key = this.#storage?.key(i);
        if (key?.startsWith(prefix)) keys.push(key);
      }
    } catch {
      // Lists of other tabs are out of reach, and stay where they are.
      this.#fault = 'blocked';
    }
    return keys;
  }
}

/** What was stored as JSON; undefined when it is not there, or anything could have written it. */
export function readJson(keeper: Keeper, key: string): unknown {
  const text = keeper.read(key);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Whoever wrote that, it is none of ours.
    return undefined;
  }
}

function isQuota(error: unknown): boolean {
  return error instanceof Error && /quota/i.test(error.name);
}
