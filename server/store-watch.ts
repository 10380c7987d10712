/** Asks the store again and again whether it answers: a node without its store is of no use. */

import type { Ms } from 'mini-chat/protocol';

/** How finely silence is measured. */
const BEATS = 10;
const BEAT_MS_MAX: Ms = 1000;

/** Questions without an answer so far; a store that never answers must cost no more. */
const ASKED_MAX = 20;

interface StoreWatchOptions {
  readonly ping: () => Promise<void>;
  /** How long the store may be silent. */
  readonly silentMs: Ms;
  /** It has been silent for so long. */
  readonly onSilent: () => void;
  /** It answers again. */
  readonly onAnswer: () => void;
}

/** Counts its own beats instead of reading a clock: neither a jump nor a pause is a silence. */
export class StoreWatch {
  readonly #options: StoreWatchOptions;
  readonly #beatsMax: number;
  readonly #timer: NodeJS.Timeout;
  #asked = 0;
  #unansweredBeats = 0;
  #isSilent = false;

  constructor(options: StoreWatchOptions) {
    const beatMs = Math.max(1, Math.min(options.silentMs / BEATS, BEAT_MS_MAX));
    this.#options = options;
    this.#beatsMax = Math.ceil(options.silentMs / beatMs);
    this.#timer = setInterval(() => this.#beat(), beatMs);
  }

  /** True from `onSilent` to `onAnswer`. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Idempotent. */
  close(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    this.#unansweredBeats += 1;
    if (this.#unansweredBeats > this.#beatsMax && !this.#isSilent) {
      this.#isSilent = true;
      this.#options.onSilent();
    }
    if (this.#asked < ASKED_MAX) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asked += 1;
    try {
      await this.#options.ping();
      this.#answered();
    } catch {
      // Nothing is lost: a failure is no answer, and the beats count those.
    } finally {
      this.#asked -= 1;
    }
  }

  #answered(): void {
    this.#unansweredBeats = 0;
    if (!this.#isSilent) return;
    this.#isSilent = false;
    this.#options.onAnswer();
  }
}
