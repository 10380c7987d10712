/** A browser's storage, and locks, as two tabs of one test share them. */

/** Like localStorage; `fault` makes each write throw as a full or forbidden one does. */
export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  fault: 'full' | 'blocked' | undefined;

  get length(): number {
    return this.#items.size;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    if (this.fault === 'blocked') throw new DOMException('not allowed', 'SecurityError');
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.fault === 'blocked') throw new DOMException('not allowed', 'SecurityError');
    if (this.fault === 'full') throw new DOMException('full', 'QuotaExceededError');
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }

  /** The stored values whose key contains this. */
  find(part: string): readonly string[] {
    return [...this.#items].filter(([key]) => key.includes(part)).map(([, value]) => value);
  }

  keys(part: string): readonly string[] {
    return [...this.#items.keys()].filter((key) => key.includes(part));
  }
}

interface Request {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Web Locks: exclusive, first come first served, abandoned by a signal while they wait. */
export class MemoryLocks {
  readonly #queues = new Map<string, Request[]>();

  /** Names that are held or waited for. */
  get names(): readonly string[] {
    return [...this.#queues.keys()];
  }

  request(name: string, { signal }: LockOptions, run: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = { run, resolve, reject };
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      queue.push(request);
      signal?.addEventListener('abort', () => this.#abandon(name, request));
      if (queue.length === 1) void this.#grant(name);
    });
  }

  #abandon(name: string, request: Request): void {
    const queue = this.#queues.get(name) ?? [];
    const place = queue.indexOf(request);
    if (place < 1) return;
    queue.splice(place, 1);
    request.reject(new DOMException('aborted', 'AbortError'));
  }

  async #grant(name: string): Promise<void> {
    const queue = this.#queues.get(name);
    const request = queue?.[0];
    if (queue === undefined || request === undefined) {
      this.#queues.delete(name);
      return;
    }
    await Promise.resolve();
    try {
      request.resolve(await request.run());
    } catch (error) {
      request.reject(error);
    }
    queue.shift();
    void this.#grant(name);
  }
}
