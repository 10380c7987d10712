/**
 * What a reader has typed and not yet sent, kept per room and user across reloads. Losing storage
 * (private mode, quota) must never disturb typing, so each access may fail quietly.
 */

/** Typing pauses shorter than this are not worth a write. */
const WRITE_PAUSE_MS = 500;

const PREFIX = 'mini-chat:text:';

/** One text at a time, under the key last opened. */
export class TextMemory {
  #key = '';
  #text = '';
  /** What this tab last saw or wrote; another tab's text is not ours to remove. */
  #stored = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The text kept for a room and user. What was pending for another key is written first. */
  open(key: string): string {
    this.flush();
    this.#key = PREFIX + key;
    this.#stored = read(this.#key);
    this.#text = this.#stored;
    return this.#text;
  }

  /** Keeps the text, soon. */
  keep(text: string): void {
    this.#text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), WRITE_PAUSE_MS);
  }

  /** Keeps the text now: the page may be about to go. */
  flush(): void {
    clearTimeout(this.#timer);
    if (this.#key === '' || this.#text === this.#stored) return;
    if (this.#text !== '') write(this.#key, this.#text);
    else if (read(this.#key) === this.#stored) remove(this.#key);
    this.#stored = this.#text;
  }
}

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    // Storage is blocked: there is nothing to read, and typing works without.
    return '';
  }
}

function write(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // Blocked or full: the text is still in the composer, which is what the reader sees.
  }
}

function remove(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Blocked: then nothing was kept that would have to go.
  }
}
