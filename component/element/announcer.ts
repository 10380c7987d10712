/**
 * Tells a screen reader about what just happened, one polite sentence at a time. The log itself is
 * silent (aria-live=off), or a screen reader would read history, times and buttons as well.
 */

/** Wait this long for more before speaking, so that a burst is heard as one. */
const PAUSE_MS = 500;
/** … but speak at least this often. */
const BATCH_MS = 2000;
/** More than this in one batch are only counted. */
const BATCH_READ_MAX = 3;
/** A sentence is taken away when it has been read; the region must not become a second log. */
const KEEP_MS = 8000;

/** One sentence in the live region. A new id makes a new node, so that repeats are read again. */
export interface Announcement {
  readonly id: number;
  readonly text: string;
}

/** Batches messages; says other things at once. */
export class Announcer {
  readonly #changed: () => void;
  readonly #count: (count: number) => string;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #heard: string[] = [];
  #firstAt = 0;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #ids = 0;
  #current: readonly Announcement[] = [];

  /** `changed` is called when `current` did; `count` words a batch too long to read out. */
  constructor(changed: () => void, count: (count: number) => string) {
    this.#changed = changed;
    this.#count = count;
  }

  get current(): readonly Announcement[] {
    return this.#current;
  }

  /** A message came: "name: text". */
  hear(sentence: string): void {
    const now = Date.now();
    if (this.#heard.length === 0) this.#firstAt = now;
    this.#heard.push(sentence);
    const wait = Math.min(PAUSE_MS, Math.max(0, this.#firstAt + BATCH_MS - now));
    clearTimeout(this.#flushTimer);
    this.#flushTimer = setTimeout(() => this.#flush(), wait);
  }

  /** Something else happened that a reader cannot see. */
  say(text: string): void {
    const announcement = { id: (this.#ids += 1), text };
    this.#current = [...this.#current, announcement];
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#current = this.#current.filter(({ id }) => id !== announcement.id);
      this.#changed();
    }, KEEP_MS);
    this.#timers.add(timer);
    this.#changed();
  }

  /** Forgets everything and stops its timers. It may be used again. */
  close(): void {
    clearTimeout(this.#flushTimer);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#heard = [];
    this.#current = [];
  }

  #flush(): void {
    const heard = this.#heard;
    this.#heard = [];
    if (heard.length > BATCH_READ_MAX) this.say(this.#count(heard.length));
    else for (const sentence of heard) this.say(sentence);
  }
}
