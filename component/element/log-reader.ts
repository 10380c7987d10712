/**
 * Where the reader is in the log: which rows are in the document, what was seen, where the end is.
 * `take` before a render, `settle` after it.
 */

import type { Room, RoomSnapshot, Row } from '../client/client.ts';
import type { Seq } from '../protocol/ops.ts';
import { itemsOf, type LogItem, type LogRange } from './log-items.ts';
import {
  followEnd,
  growDown,
  growUp,
  type LogWindow,
  newestWindow,
  rangeOf,
  windowAround,
} from './log-window.ts';
import { ScrollKeeper } from './scroll.ts';
import { UnreadLine } from './unread.ts';

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

type ReadRoom = Pick<Room, 'snapshot' | 'markRead'>;

/** Who read a room last: frameworks make a new element rather than move one. */
const readers = new WeakMap<ReadRoom, LogReader>();

/** Invariant: the reader is pinned only while the newest row is in the document. */
export class LogReader {
  items: readonly LogItem[] = [];
  /** The last try to load older messages was refused; `loadOlder` may be tried again. */
  hasOlderFailed = false;
  readonly #host: ReaderHost;
  readonly #keeper: ScrollKeeper;
  #window: LogWindow | undefined;
  #range: LogRange = NOTHING;
  #seams = new Set<string>();
  #snapshot: RoomSnapshot | undefined;
  #line = new UnreadLine();
  /** To be brought into sight by the next `settle`. */
  #target: string | undefined;
  #active: string | undefined;
  #wasAway = false;
  #room: ReadRoom | undefined;

  constructor(host: ReaderHost) {
    this.#host = host;
    this.#keeper = new ScrollKeeper(() => this.#moved());
  }

  /** Whether the reader is far from the end, or the end is not even in the document. */
  get isAway(): boolean {
    return this.#hasBelow || (!this.#keeper.isPinned && this.#keeper.toEnd > AWAY_PX);
  }

  /** Unread messages from above what the reader sees, for as long as a way there is offered. */
  get unreadAbove(): number {
    return this.#line.above;
  }

  /** How far the reader had read when the line was drawn. */
  get unreadAfter(): Seq {
    return this.#line.after ?? 0;
  }

  get top(): LogTop {
    if (this.hasOlderFailed) return 'failed';
    if (this.#snapshot?.isLoadingOlder === true) return 'loading';
    const isBeginning = this.#range.start === 0 && this.#snapshot?.hasOlder === false;
    return isBeginning ? 'beginning' : 'more';
  }

  /** The row that Tab reaches: where the reader was, else the newest. */
  get tabStop(): string | undefined {
    const { items } = this;
    return (items.find(({ key }) => key === this.#active) ?? items.at(-1))?.key;
  }

  /** Another room: forget everything about the one before. */
  reset(): void {
    this.#forget();
    this.#snapshot = undefined;
    this.items = [];
  }

  /**
   * The rows to show, and what is unread of them; what the reader sees is marked as read.
   * `isInside`: the reader's focus is in the log, so no row is taken away.
   */
  take(room: ReadRoom, { isVisible = true, isInside = false } = {}): RoomSnapshot {
    const before = room.snapshot;
    this.#keeper.prepare();
    this.#room = room;
    if (!this.#snapshot) this.#follow(readers.get(room), before);
    if (this.#snapshot && this.#snapshot.resets !== before.resets) this.#forget();
    const isSeeing =
      before.status === 'live' &&
      isVisible &&
      this.#keeper.isInView &&
      this.#keeper.isPinned &&
      !this.#hasBelow;
    // Before the mark moves.
    const firstUnread = this.#line.place(before, isSeeing);
    if (isSeeing && before.read < before.head) room.markRead(before.head);
    const { snapshot } = room;
    this.#snapshot = snapshot;
    const { rows, hasOlder } = snapshot;
    const oldest = rows[0];
    if (oldest !== undefined && hasOlder) this.#seams.add(oldest.key);
    this.#range = this.#rangeFor(rows, isInside);
    this.items = itemsOf(this.#range, this.#seams, firstUnread?.key);
    return snapshot;
  }

  /** After a render: the place is kept, and more rows are asked for near an edge. */
  settle(scroller: HTMLElement): void {
    this.#keeper.open(scroller);
    this.#keeper.settle();
    if (this.#target !== undefined && this.#keeper.show(this.#target)) {
      this.#target = undefined;
      if (this.#hasBelow) this.#keeper.unpin();
    }
    this.#extend();
    this.#noteAway();
    if (this.#look() || this.#isBehind) this.#host.requestUpdate();
  }

  /** Back in the document, where browsers start every scroller from the top. */
  restore(): void {
    this.#keeper.settle();
  }

  /** Lets go of the document; the place is remembered, for other readers too. */
  close(): void {
    this.#keeper.close();
    if (this.#room) readers.set(this.#room, this);
  }

  /** To the newest message, and to stay there. */
  jump(): void {
    this.#target = undefined;
    if (this.#window) this.#window = { first: this.#window.first };
    this.#keeper.pin();
    this.#host.requestUpdate();
  }

  /** Stays here, and what comes stays below; or goes back to the end. */
  hold(on: boolean): void {
    if (on) this.#keeper.unpin(true);
    else this.jump();
  }

  /** To one of the room's rows, wherever it is. From there the log goes on both ways. */
  show(key: string, rows: readonly Row[]): void {
    this.#window = windowAround(rows, key);
    this.#keeper.unpin();
    this.#target = key;
    this.activate(key);
    this.#host.requestUpdate();
  }

  /** The reader wrote: nothing above can be new to them. */
  endUnread(): void {
    this.#line.end();
  }

  /** The row in the document, if it is there. */
  find(key: string): HTMLElement | undefined {
    return this.#keeper.find(key);
  }

  /** The reader's focus is on a row. */
  activate(key: string | undefined): void {
    if (key === undefined || key === this.#active) return;
    this.#active = key;
    this.#host.requestUpdate();
  }

  get #hasBelow(): boolean {
    return this.#range.end < this.#range.rows.length && !this.#isBehind;
  }

  /** It follows the end, and will be there after another render. */
  get #isBehind(): boolean {
    return this.#range.end < this.#range.rows.length && !this.#window?.last;
  }

  #forget(): void {
    this.#window = undefined;
    this.#range = NOTHING;
    this.#seams = new Set();
    this.#line = new UnreadLine();
    this.#active = this.#target = undefined;
    this.hasOlderFailed = false;
    this.#keeper.pin();
  }

  /** Goes on where another reader was a moment ago. */
  #follow(other: LogReader | undefined, { resets }: RoomSnapshot): void {
    // In another log, or for another user, the place means nothing.
    if (!other || other.#snapshot?.resets !== resets) return;
    this.#window = other.#window;
    this.#seams = other.#seams;
    this.#line = other.#line;
    this.#active = other.#active;
    this.#keeper.follow(other.#keeper);
  }

  #rangeFor(rows: readonly Row[], isInside: boolean): LogRange {
    if (rows.length === 0) return NOTHING;
    this.#window ??= newestWindow(rows);
    const range = rangeOf(rows, this.#window);
    if (this.#window.last !== undefined) return range;
    const shown = this.#range.rows[this.#range.end - 1];
    const end = followEnd(range, shown?.key);
    // More rows came than the document may hold: those above go, but not the one in focus.
    const isLosing = isInside && rows.slice(0, end.start).some(({ key }) => key === this.#active);
    if (this.#keeper.isPinned && !isLosing) {
      this.#window = { first: rows[end.start]?.key };
      return end;
    }
    if (range.end === rows.length) return range;
    this.#keeper.unpin();
    this.#window = { first: this.#window.first, last: rows[range.end - 1]?.key };
    return range;
  }

  #moved(): void {
    this.#extend();
    const { unread = 0 } = this.#snapshot ?? {};
    if (this.#noteAway() || this.#look() || unread > 0) this.#host.requestUpdate();
  }

  #look(): boolean {
    return this.#line.look(this.#keeper.sideOf('.unread'), this.#keeper.isPinned);
  }

  #noteAway(): boolean {
    const { isAway } = this;
    const hasChanged = isAway !== this.#wasAway;
    this.#wasAway = isAway;
    return hasChanged;
  }

  #extend(): void {
    const keeper = this.#keeper;
    if (this.#isBehind) return;
    if (keeper.toStart < NEAR_PX) {
      if (this.#range.start > 0) this.#move(growUp(this.#range, keeper.isPinned));
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
