/**
 * What is kept across reloads, in the browser's storage where that works, else in memory for this
 * visit. Never throws: a full or forbidden storage must not stop anybody from writing.
 */

/** Storage is forbidden to this page, or has no room left. */
export type StorageFault = 'blocked' | 'full';

/** Reads and writes that always work, at least until the page goes. */
export class Keeper {
  /** Why the last write did not outlive this page; undefined: it does, or was not meant to. */
  fault: StorageFault | undefined;
  #storage: Storage | null | undefined;
  /** What could not be stored; newer than what the storage has under the same key. */
  readonly #memory = new Map<string, string>();

  /** null: memory only, and that is no fault. undefined: the browser's own, where there is one. */
  constructor(storage: Storage | null | undefined) {
    this.#storage = storage ?? null;
    if (storage !== undefined || !globalThis.window) return;
    try {
      this.#storage = window.localStorage;
    } catch {
      // The reader forbids storage to this page: the fault says so, memory does for the visit.
    }
    if (!this.#storage) this.fault = 'blocked';
  }

  read(key: string): string | undefined {
    return this.#memory.get(key) ?? this.#try((storage) => storage.getItem(key)) ?? undefined;
  }

  /** What was stored as JSON; undefined when there is none: anything could have written there. */
  readJson(key: string): unknown {
    try {
      return JSON.parse(this.read(key) ?? '') as unknown;
    } catch {
      // Whoever wrote that, it is none of ours.
      return undefined;
    }
  }

  write(key: string, value: string): void {
    this.#memory.set(key, value);
    this.#try((storage) => {
      storage.setItem(key, value);
      this.#memory.delete(key);
      this.fault = undefined;
    });
  }

  /** Kept if there is room for it; without, nothing of it is kept, and that is no fault. */
  offer(key: string, value: string): void {
    const { fault } = this;
    this.#try((storage) => {
      storage.removeItem(key);
      storage.setItem(key, value);
    });
    this.fault = fault;
  }

  remove(key: string): void {
    this.#memory.delete(key);
    this.#try((storage) => storage.removeItem(key));
  }

  /** The stored keys that start with this; none of those that are in memory alone. */
  keys(prefix: string): readonly string[] {
    const all = this.#try((storage) =>
      Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? ''),
    );
    return (all ?? []).filter((key) => key.startsWith(prefix));
  }

  #try<T>(use: (storage: Storage) => T): T | undefined {
    try {
      return this.#storage ? use(this.#storage) : undefined;
    } catch (error) {
      // Nothing is lost while the page lives, and what is out of reach stays where it is.
      this.fault = /quota/i.test((error as Error).name) ? 'full' : 'blocked';
      return undefined;
    }
  }
}
