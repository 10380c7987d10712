/**
 * Where the reader is in the log: which rows are in the document, what was seen, where the end is.
 * `take` before a render, `settle` after it.
 */

import type { RoomSnapshot, Row } from '../client/client.ts';
import { itemsOf, type LogItem, type LogRange } from './log-items.ts';
import { growDown, growUp, type LogWindow, newestWindow, rangeOf } from './log-window.ts';
import { ScrollKeeper } from './scroll.ts';

/** More rows come when an edge is nearer than this: a fast flick of the finger. */
const NEAR_PX = 600;
/** Further than this from the end, a way back is offered. */
const AWAY_PX = 200;

/** What is above the oldest message in the document. */
type LogTop = 'more' | 'loading' | 'failed' | 'beginning';

interface ReaderHost {
  requestUpdate(): void;
  /** Asks the room for an older page. */
  loadOlder(): void;
}

const NOTHING: LogRange = { rows: [], start: 0, end: 0 };

/** Invariant: the reader is pinned only while the newest row is in the document. */
export class LogReader {
  /** Messages of others that came while the reader was elsewhere. */
  unread = 0;
  items: readonly LogItem[] = [];
  /** The last try to load older messages was refused; `loadOlder` may be tried again. */
  hasOlderFailed = false;
  readonly #host: ReaderHost;
  readonly #keeper: ScrollKeeper;
  #window: LogWindow | undefined;
  #range: LogRange = NOTHING;
  #seams = new Set<string>();
  #snapshot: RoomSnapshot | undefined;
  #readSeq = 0;
  #wasLive = false;
  #active: string | undefined;
  #wasAway = false;

  constructor(host: ReaderHost) {
    this.#host = host;
    this.#keeper = new ScrollKeeper(() => this.#moved());
  }

  /** Whether the reader is far from the end, or the end is not even in the document. */
  get isAway(): boolean {
    return this.#hasBelow || (!this.#keeper.isPinned && this.#keeper.toEnd > AWAY_PX);
  }

  get top(): LogTop {
    if (this.hasOlderFailed) return 'failed';
    if (this.#snapshot?.isLoadingOlder === true) return 'loading';
    const isBeginning = this.#range.start === 0 && this.#snapshot?.hasOlder === false;
    return isBeginning ? 'beginning' : 'more';
  }

  /** The row that Tab reaches: where the reader was, else the newest. */
  get tabStop(): string | undefined {
    const rows = this.items.filter(({ kind }) => kind === 'row');
    return rows.find(({ key }) => key === this.#active)?.key ?? rows.at(-1)?.key;
  }

  /** Another room: forget everything about the one before. */
  reset(): void {
    this.#forget();
    this.#snapshot = undefined;
    this.items = [];
    this.unread = 0;
  }

  /** The rows to show. `isInside`: the reader's focus is in the log, so no row is taken away. */
  take(snapshot: RoomSnapshot, { isVisible = true, isInside = false } = {}): void {
    this.#keeper.prepare();
    if (this.#snapshot && this.#snapshot.resets !== snapshot.resets) this.#forget();
    this.#snapshot = snapshot;
    const { rows, hasOlder } = snapshot;
    const oldest = rows[0];
    if (oldest !== undefined && hasOlder) this.#seams.add(oldest.key);
    this.#range = this.#rangeFor(rows, isInside);
    this.items = itemsOf(this.#range, this.#seams);
    this.#countUnread(snapshot, isVisible);
  }

  /** After a render: the place is kept, and more rows are asked for near an edge. */
  settle(scroller: HTMLElement): void {
    this.#keeper.open(scroller);
    this.#keeper.settle();
    this.#extend();
    this.#noteAway();
  }

  /** Back in the document, where browsers start every scroller from the top. */
  restore(): void {
    this.#keeper.settle();
  }

  /** Lets go of the document; the place is remembered. */
  close(): void {
    this.#keeper.close();
  }

  /** To the newest message, and to stay there. */
  jump(): void {
    if (this.#hasBelow) this.#window = undefined;
    this.#keeper.pin();
    this.#host.requestUpdate();
  }

  /** The reader's focus is on a row. */
  activate(key: string | undefined): void {
    if (key === undefined || key === this.#active) return;
    this.#active = key;
    this.#host.requestUpdate();
  }

  get #hasBelow(): boolean {
    return this.#range.end < this.#range.rows.length;
  }

  #forget(): void {
    this.#window = undefined;
    this.#range = NOTHING;
    this.#seams = new Set();
    this.#wasLive = false;
    this.#active = undefined;
    this.hasOlderFailed = false;
    this.#keeper.pin();
  }

  #rangeFor(rows: readonly Row[], isInside: boolean): LogRange {
    if (rows.length === 0) return NOTHING;
    this.#window ??= newestWindow(rows);
    const range = rangeOf(rows, this.#window);
    if (range.end === rows.length || this.#window.last !== undefined) return range;
    // More rows came than the document may hold: those above go, but not the one in focus.
    const newest = newestWindow(rows);
    const end = rangeOf(rows, newest);
    const isLosing = isInside && !this.#isActiveIn(end);
    if (this.#keeper.isPinned && !isLosing) {
      this.#window = newest;
      return end;
    }
    this.#keeper.unpin();
    this.#window = { first: this.#window.first, last: rows[range.end - 1]?.key };
    return range;
  }

  #isActiveIn({ rows, start, end }: LogRange): boolean {
    return rows.slice(start, end).some(({ key }) => key === this.#active);
  }

  #countUnread({ rows, head, status, user }: RoomSnapshot, isVisible: boolean): void {
    const isSeeing = isVisible && this.#keeper.isPinned && !this.#hasBelow;
    // Before the room is live, its head is not known, and all there is counts as seen.
    if (isSeeing || !this.#wasLive) this.#readSeq = head;
    this.#wasLive ||= status === 'live';
    this.unread = rows.filter(
      (row) => (row.seq ?? 0) > this.#readSeq && row.user.id !== user?.id,
    ).length;
  }

  #moved(): void {
    this.#extend();
    if (this.#noteAway() || this.unread > 0) this.#host.requestUpdate();
  }

  #noteAway(): boolean {
    const { isAway } = this;
    const hasChanged = isAway !== this.#wasAway;
    this.#wasAway = isAway;
    return hasChanged;
  }

  #extend(): void {
    const keeper = this.#keeper;
    if (keeper.toStart < NEAR_PX) {
      if (this.#range.start > 0) this.#move(growUp(this.#range));
      else if (this.#mayLoadOlder()) this.#host.loadOlder();
    } else if (keeper.toEnd < NEAR_PX && this.#hasBelow) {
      this.#move(growDown(this.#range));
    }
  }

  #mayLoadOlder(): boolean {
    const snapshot = this.#snapshot;
    if (!snapshot || snapshot.status !== 'live' || this.hasOlderFailed) return false;
    return snapshot.hasOlder && !snapshot.isLoadingOlder;
  }

  #move(window: LogWindow): void {
    this.#window = window;
    this.#host.requestUpdate();
  }
}
