/**
 * The three scroll rules: at the end the log stays at the end; elsewhere the row under the reader's
 * eye stays where it is, whatever is added, removed or resized; only a jump moves the reader.
 * The browser's own anchoring is off (`overflow-anchor: none`): WebKit has none, and two would
 * correct twice. Knows elements with `data-key`, and nothing about messages.
 */

/** This near the end counts as at the end: less than a line, more than rounding and zoom can be. */
const END_PX = 24;
/** Rows in view that are remembered, in case the first of them is taken away. */
const ANCHORS_MAX = 8;

interface Anchor {
  readonly element: HTMLElement;
  readonly key: string;
  /** Distance from the scroller's top edge to the row's. */
  readonly top: number;
}

/** Keeps one scroller's place. `settle` after each change of what is inside. */
export class ScrollKeeper {
  /** At the end, and to be kept there. */
  isPinned = true;
  readonly #moved: () => void;
  #scroller: HTMLElement | undefined;
  #list: HTMLElement | undefined;
  #anchors: readonly Anchor[] = [];
  #lastTop = 0;
  /** Without a box the scroller reports 0, which is not where the reader was. */
  #isHidden = false;
  #resizes: ResizeObserver | undefined;

  /** `moved` is called after the reader scrolled, and after a resize was made good. */
  constructor(moved: () => void) {
    this.#moved = moved;
  }

  /** Takes charge of a scroller whose rows are the children of `list`. Idempotent. */
  open(scroller: HTMLElement, list: HTMLElement): void {
    if (this.#scroller === scroller && this.#list === list && this.#resizes) return;
    this.close();
    this.#scroller = scroller;
    this.#list = list;
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#resizes = new ResizeObserver(() => {
      this.settle();
      this.#moved();
    });
    this.#resizes.observe(scroller);
    this.#resizes.observe(list);
  }

  /** Lets go. The place is remembered, so that `open` and `settle` bring it back. */
  close(): void {
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#resizes?.disconnect();
    this.#resizes = undefined;
  }

  /** Pixels between the reader and the end. */
  get toEnd(): number {
    const scroller = this.#scroller;
    if (!scroller) return 0;
    return scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
  }

  /** Pixels between the reader and the beginning. */
  get toStart(): number {
    return this.#scroller?.scrollTop ?? 0;
  }

  /** The height of what the reader sees. */
  get viewHeight(): number {
    return this.#scroller?.clientHeight ?? 0;
  }

  /** Stays at the end from the next `settle` on. */
  pin(): void {
    this.isPinned = true;
  }

  /** Before a change: a scroll whose event has not come yet must not be undone. */
  prepare(): void {
    const scroller = this.#scroller;
    if (scroller && !this.#isHidden && scroller.scrollTop !== this.#lastTop) this.#note(scroller);
  }

  /** After a change: the end, or the same row at the same height. */
  settle(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    this.#isHidden = scroller.clientHeight === 0;
    if (this.#isHidden) return;
    scroller.toggleAttribute('data-scrolls', scroller.scrollHeight > scroller.clientHeight + 1);
    if (this.isPinned) {
      scroller.scrollTop = scroller.scrollHeight;
    } else {
      const anchor = this.#anchors.find(({ element, key }) => isStill(element, key));
      const drift = anchor ? topIn(scroller, anchor.element) - anchor.top : 0;
      // Half a pixel is the scroller's own rounding; chasing it would let the row creep.
      if (Math.abs(drift) >= 0.5) scroller.scrollTop += drift;
    }
    this.#lastTop = scroller.scrollTop;
    // A row that was not measured before has to be, or the next change would have no anchor.
    if (!this.isPinned && !this.#anchors.some(({ element, key }) => isStill(element, key))) {
      this.#anchors = this.#measure(scroller);
    }
  }

  readonly #onScroll = (): void => {
    const scroller = this.#scroller;
    if (!scroller || this.#isHidden || scroller.clientHeight === 0) return;
    if (scroller.scrollTop !== this.#lastTop) this.#note(scroller);
    this.#moved();
  };

  #note(scroller: HTMLElement): void {
    const isUpward = scroller.scrollTop < this.#lastTop - 0.5;
    const isAtEnd = this.toEnd <= END_PX;
    // Content that grew unseen also leaves the end behind; only the reader moves upwards.
    if (isAtEnd) this.isPinned = true;
    else if (isUpward || !this.isPinned) this.isPinned = false;
    this.#lastTop = scroller.scrollTop;
    this.#anchors = this.#measure(scroller);
  }

  #measure(scroller: HTMLElement): Anchor[] {
    const rows = this.#list?.children;
    const anchors: Anchor[] = [];
    if (!rows) return anchors;
    for (let i = firstInView(scroller, rows); i < rows.length; i += 1) {
      const element = rows[i];
      if (!(element instanceof HTMLElement)) continue;
      const top = topIn(scroller, element);
      if (anchors.length === ANCHORS_MAX || top > scroller.clientHeight) break;
      const key = element.dataset['key'];
      if (key !== undefined) anchors.push({ element, key, top });
    }
    return anchors;
  }
}

/** The first child whose lower edge is in view; children are in order, so halving finds it. */
function firstInView(scroller: HTMLElement, rows: HTMLCollection): number {
  const edge = scroller.getBoundingClientRect().top + scroller.clientTop;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.getBoundingClientRect().bottom ?? 0) <= edge) low = middle + 1;
    else high = middle;
  }
  return low;
}

function topIn(scroller: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}

function isStill(element: HTMLElement, key: string): boolean {
  return element.isConnected && element.dataset['key'] === key;
}
