/** What the status line says, and when it looks again. Pure: the clock is an argument. */

import type { Status } from '../client/client.ts';

/** What the line can say; each is a key of the words. */
export type StatusWord = 'connecting' | 'offline' | 'reconnected' | 'unsaved';

interface StatusFacts {
  readonly status: Status;
  /** Drafts wait, and storage does not keep them. */
  readonly isUnsaved: boolean;
}

/** The word for now, and the moment when the same facts give another one. */
interface Saying {
  readonly word?: StatusWord;
  readonly wakeAt?: number;
}

/** A break shorter than this is never mentioned: most are over before a reader could act. */
export const BLIP_MS = 1000;
/** After this long "Connecting…" alone would be an endless spinner. */
export const PATIENCE_MS = 10_000;
/** How long good news stays. */
export const RECONNECTED_MS = 3000;

/** Remembers when what it would speak of began, and what was said about it. */
export class StatusLine {
  #topic: 'break' | 'unsaved' | 'nothing' = 'nothing';
  #topicAt = 0;
  #wasLive = false;
  #wasOffline = false;
  #saidBreak = false;
  #goodNewsUntil = 0;

  next({ status, isUnsaved }: StatusFacts, now: number): Saying {
    if (status === 'live') return this.#whileLive(isUnsaved, now);
    // A refusal is said where the composer was; the line has nothing to add.
    if (status === 'refused') return this.#speakOf('nothing', now);
    this.#wasOffline ||= status === 'offline';
    const saying = this.#speakOf('break', now);
    if (saying.word === undefined) return saying;
    this.#saidBreak = this.#wasLive;
    // Each attempt is "connecting" for a moment; the line does not flicker along.
    return this.#wasOffline ? { word: 'offline' } : saying;
  }

  #whileLive(isUnsaved: boolean, now: number): Saying {
    if (this.#saidBreak) this.#goodNewsUntil = now + RECONNECTED_MS;
    this.#saidBreak = false;
    this.#wasOffline = false;
    this.#wasLive = true;
    const saying = this.#speakOf(isUnsaved ? 'unsaved' : 'nothing', now);
    if (now >= this.#goodNewsUntil) return saying;
    return { word: 'reconnected', wakeAt: this.#goodNewsUntil };
  }

  /** Nothing at first. Every draft is unsaved for a moment, and every start is a break. */
  #speakOf(topic: 'break' | 'unsaved' | 'nothing', now: number): Saying {
    if (topic !== this.#topic) this.#topicAt = now;
    this.#topic = topic;
    if (topic === 'nothing') return {};
    if (now < this.#topicAt + BLIP_MS) return { wakeAt: this.#topicAt + BLIP_MS };
    if (topic === 'unsaved') return { word: 'unsaved' };
    const wakeAt = this.#topicAt + PATIENCE_MS;
    return now < wakeAt ? { word: 'connecting', wakeAt } : { word: 'offline' };
  }
}
