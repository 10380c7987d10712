/** What the status line says, and when it looks again. Pure: the clock is an argument. */

import type { Status } from '../client/client.ts';

/** What the line can say; each is a key of the words. */
export type StatusWord = 'connecting' | 'offline' | 'reconnected' | 'lineGone' | 'unsaved';

interface StatusFacts {
  readonly status: Status;
  /** Drafts wait, and storage does not keep them. */
  readonly isUnsaved: boolean;
}

/** The word for now, and the moment when the same facts give another one. */
export interface Saying {
  readonly word?: StatusWord;
  readonly wakeAt?: number;
}

/** What is said for a while, once there is a connection. */
type News = Saying & { readonly wakeAt: number };

/** A break shorter than this is never mentioned: most are over before a reader could act. */
export const BLIP_MS = 1000;
/** After this long "Connecting…" alone would be an endless spinner. */
export const PATIENCE_MS = 10_000;
/** How long good news stays. */
export const RECONNECTED_MS = 3000;
/** A reader who followed a link may still look at the page around the chat. */
export const GONE_MS = 8000;

type Topic = 'break' | 'unsaved' | 'nothing';

/** Remembers when what it would speak of began, and what was said about it. */
export class StatusLine {
  #topic: Topic = 'nothing';
  #topicAt = 0;
  #wasLive = false;
  #wasOffline = false;
  #saidBreak = false;
  #news: News = { wakeAt: 0 };

  /** What the reader wanted to see is not there. */
  lose(now: number): void {
    this.#news = { word: 'lineGone', wakeAt: now + GONE_MS };
  }

  next({ status, isUnsaved }: StatusFacts, now: number): Saying {
    const isLive = status === 'live';
    // A refusal is said where the composer was; the line has nothing to add.
    const isBreak = !isLive && status !== 'refused';
    const topic: Topic = isBreak ? 'break' : isLive && isUnsaved ? 'unsaved' : 'nothing';
    if (topic !== this.#topic) this.#topicAt = now;
    this.#topic = topic;
    this.#wasOffline = !isLive && (this.#wasOffline || status === 'offline');
    if (isLive) {
      if (this.#saidBreak) this.#news = { word: 'reconnected', wakeAt: now + RECONNECTED_MS };
      this.#saidBreak = false;
      this.#wasLive = true;
      if (now < this.#news.wakeAt) return this.#news;
    }
    if (topic === 'nothing') return {};
    // Nothing at first. Every draft is unsaved for a moment, and every start is a break.
    const spokenAt = this.#topicAt + BLIP_MS;
    if (now < spokenAt) return { wakeAt: spokenAt };
    if (!isBreak) return { word: 'unsaved' };
    this.#saidBreak = this.#wasLive;
    // Each attempt is "connecting" for a moment; the line does not flicker along.
    if (this.#wasOffline) return { word: 'offline' };
    const wakeAt = this.#topicAt + PATIENCE_MS;
    return now < wakeAt ? { word: 'connecting', wakeAt } : { word: 'offline' };
  }
}
