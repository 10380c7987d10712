/** What the status line says, and when it looks again. Pure: the clock is an argument. */

import type { Status } from '../client/client.ts';

export type StatusWord = 'connecting' | 'stillConnecting' | 'offline' | 'reconnected' | 'unsaved';

export interface StatusFacts {
  readonly status: Status;
  /** Drafts wait, and storage does not keep them. */
  readonly isUnsaved: boolean;
}

/** A break shorter than this is never mentioned: most are over before a reader could act. */
export const BLIP_MS = 1000;
/** After this long "Connecting…" alone would be an endless spinner. */
export const PATIENCE_MS = 10_000;
/** How long good news stays. */
export const RECONNECTED_MS = 3000;

/** Remembers when the break began and what was said about it. */
export class StatusLine {
  #brokenAt: number | undefined;
  #wasOffline = false;
  #wasLive = false;
  #saidBreak = false;
  #goodNewsUntil = 0;
  #unsavedAt: number | undefined;

  /** The word for now, and the moment when the same facts give another one. */
  next(facts: StatusFacts, now: number): { word?: StatusWord; wakeAt?: number } {
    if (facts.status === 'live') return this.#whileLive(facts, now);
    if (facts.status === 'refused') return this.#afterRefusal();
    return this.#whileBroken(facts.status, now);
  }

  #whileLive({ isUnsaved }: StatusFacts, now: number): { word?: StatusWord; wakeAt?: number } {
    if (this.#brokenAt !== undefined) {
      if (this.#saidBreak && this.#wasLive) this.#goodNewsUntil = now + RECONNECTED_MS;
      this.#brokenAt = undefined;
    }
    this.#wasLive = true;
    this.#wasOffline = false;
    this.#saidBreak = false;
    if (now < this.#goodNewsUntil) return { word: 'reconnected', wakeAt: this.#goodNewsUntil };
    return this.#whileUnsaved(isUnsaved, now);
  }

  /** Every draft is unsaved for the moment until its ack; only one that waits is worth a word. */
  #whileUnsaved(isUnsaved: boolean, now: number): { word?: StatusWord; wakeAt?: number } {
    this.#unsavedAt = isUnsaved ? (this.#unsavedAt ?? now) : undefined;
    if (this.#unsavedAt === undefined) return {};
    const wakeAt = this.#unsavedAt + BLIP_MS;
    return now < wakeAt ? { wakeAt } : { word: 'unsaved' };
  }

  /** A refusal is said where the composer was; the line has nothing to add. */
  #afterRefusal(): { word?: StatusWord } {
    this.#brokenAt = undefined;
    this.#saidBreak = false;
    return {};
  }

  #whileBroken(status: Status, now: number): { word?: StatusWord; wakeAt?: number } {
    const since = (this.#brokenAt ??= now);
    this.#wasOffline ||= status === 'offline';
    this.#goodNewsUntil = 0;
    if (now < since + BLIP_MS) return { wakeAt: since + BLIP_MS };
    this.#saidBreak = true;
    // Each attempt is "connecting" for a moment; the line does not flicker along.
    if (this.#wasOffline) return { word: 'offline' };
    if (now < since + PATIENCE_MS) return { word: 'connecting', wakeAt: since + PATIENCE_MS };
    return { word: 'stillConnecting' };
  }
}
