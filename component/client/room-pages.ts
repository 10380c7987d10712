/**
 * The history that one room asks its server for: pages before its oldest row, and the lines that
 * replies answer. Knows what was asked; what comes of it is the timeline's.
 */

import { toldError } from '../protocol/chat-error.ts';
import type { ErrorOp, Ms, PageOp, Seq, UserId } from '../protocol/ops.ts';
import { keepQuote, missingQuote, prependPage, type Timeline } from './timeline.ts';

/** A question, until its answer comes or cannot come any more. */
interface Question {
  /** Comes back with the page. */
  readonly re: number;
  /** It may be asked again after this. */
  readonly until: Ms;
}

interface Older extends Question, PromiseWithResolvers<void> {}

interface Quoted extends Question {
  readonly target: Seq;
}

/** Lines in one page of history. */
const PAGE_LIMIT = 50;
const PAGE_MS_MAX = 15_000;
/** Replies of a whole page must not look like a flood. */
const QUOTE_MS_MIN = 100;

/** Invariant: of each of the two at most one question is open. */
export class RoomPages {
  readonly #ask: (question: { before: Seq; limit: number; re: number }) => void;
  #re = 0;
  #older: Older | undefined;
  #quoted: Quoted | undefined;
  /** The last timeline in which no quote was missing. */
  #whole: Timeline | undefined;

  constructor(ask: (question: { before: Seq; limit: number; re: number }) => void) {
    this.#ask = ask;
  }

  get isLoading(): boolean {
    return !!this.#older;
  }

  /** What may fall due, with `until`. */
  get waits(): readonly (Question | undefined)[] {
    return [this.#older, this.#quoted];
  }

  /** Asks, unless that was done. */
  load(before: Seq, now: Ms): void {
    this.#older ??= {
      ...this.#question(before, PAGE_LIMIT, now),
      ...Promise.withResolvers<void>(),
    };
  }

  /** Undefined: nothing was asked. */
  get loaded(): Promise<void> | undefined {
    return this.#older?.promise;
  }

  /** Asks for a line that a reply answers, when it is time. */
  loadQuote(timeline: Timeline, now: Ms): void {
    if (this.#quoted && now < this.#quoted.until) return;
    const target = missingQuote(timeline, this.#whole);
    if (!target) this.#whole = timeline;
    this.#quoted = target ? { ...this.#question(target + 1, 1, now), target } : undefined;
  }

  /** The timeline with the answer in it. A page that was not asked for is dropped. */
  take(timeline: Timeline, page: PageOp, at: { now: Ms; me: UserId | undefined }): Timeline {
    const { now, me } = at;
    if (page.re === this.#older?.re) {
      this.end();
      return prependPage(timeline, page, { limit: PAGE_LIMIT, me });
    }
    const quoted = this.#quoted;
    if (page.re !== quoted?.re) return timeline;
    this.#quoted = { ...quoted, re: 0, until: now + QUOTE_MS_MIN };
    return keepQuote(timeline, page, { target: quoted.target, me });
  }

  /** A line that a reply answers is asked for again later. */
  refuse(op: ErrorOp): void {
    if (op.re === this.#older?.re) this.end(op);
  }

  /** The page is there, or there will be none: the reader asks again if it still matters. */
  end(op?: ErrorOp): void {
    if (op) this.#older?.reject(toldError(op));
    this.#older?.resolve();
    this.#older = undefined;
  }

  /** No answer comes any more. */
  endAll(): void {
    this.end();
    this.#quoted = undefined;
  }

  due(now: Ms): void {
    if (this.#older && now >= this.#older.until) this.end();
  }

  #question(before: Seq, limit: number, now: Ms): Question {
    const re = (this.#re += 1);
    this.#ask({ before, limit, re });
    return { re, until: now + PAGE_MS_MAX };
  }
}
