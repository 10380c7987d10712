/**
 * Tells a screen reader about what just happened, politely. The log itself is silent
 * (aria-live=off), or a screen reader would read history, times and buttons as well.
 */

/** Wait this long for more before speaking, so that a burst is heard as one. */
const PAUSE_MS = 500;
/** … but speak at least this often. */
const BATCH_MS = 2000;
/** More than this in one batch are only counted. */
const BATCH_READ_MAX = 3;
/** What was read is taken away again; the region must not become a second log. */
const SENTENCES_MAX = 4;

/** Batches messages; says other things at once. */
export class Announcer {
  /** What the live region holds, oldest first. A new key: a new node, so repeats are read. */
  readonly sentences: { readonly key: string; readonly text: string }[] = [];
  readonly #changed: () => void;
  readonly #count: (count: number) => string;
  #heard: string[] = [];
  #flushAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ids = 0;

  /** `changed` is called when there is something to say; `count` words a batch too long to read. */
  constructor(changed: () => void, count: (count: number) => string) {
    this.#changed = changed;
    this.#count = count;
  }

  /** A message came: "name: text". */
  hear(sentence: string): void {
    const now = Date.now();
    if (this.#heard.push(sentence) === 1) this.#flushAt = now + BATCH_MS;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), Math.min(PAUSE_MS, this.#flushAt - now));
  }

  /** Something else happened that a reader cannot see. */
  say(...texts: readonly string[]): void {
    for (const text of texts) this.sentences.push({ key: String((this.#ids += 1)), text });
    this.sentences.splice(0, this.sentences.length - SENTENCES_MAX);
    this.#changed();
  }

  /** Forgets what it has not said. It may be used again. */
  close(): void {
    clearTimeout(this.#timer);
    this.#heard = [];
  }

  #flush(): void {
    const heard = this.#heard;
    this.#heard = [];
    this.say(...(heard.length > BATCH_READ_MAX ? [this.#count(heard.length)] : heard));
  }
}
