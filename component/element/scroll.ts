/**
 * The three scroll rules: at the end the log stays at the end; elsewhere the row under the reader's
 * eye stays where it is, whatever is added, removed or resized; only a jump moves the reader.
 * The browser's own anchoring is off (`overflow-anchor: none`): WebKit has none, and two would
 * correct twice. Knows elements with `data-key`, and nothing about messages.
 */

/** This near the end counts as at the end: less than a line, more than rounding and zoom can be. */
const END_PX = 24;

/** Keeps one scroller's place. `settle` after each change of what is inside. */
export class ScrollKeeper {
  readonly #moved: () => void;
  #isPinned = true;
  /** Not to be pinned by being at the end, since it was unpinned there. */
  #isHeld: boolean | undefined;
  #scroller: HTMLElement | undefined;
  #resizes: ResizeObserver | undefined;
  #views: IntersectionObserver | undefined;
  #isInView = true;
  /** The first row in view, and its distance from the scroller's top. */
  #anchor: { element?: HTMLElement | undefined; key: string; top: number } | undefined;
  #lastTop = 0;
  /** Without a box the scroller reports 0, which is not where the reader was. */
  #isHidden = false;

  /** `moved` is called after the reader scrolled, and after a resize was made good. */
  constructor(moved: () => void) {
    this.#moved = moved;
  }

  /** Takes charge of a scroller whose last child is the list of rows. Idempotent. */
  open(scroller: HTMLElement): void {
    if (this.#resizes) return;
    this.#scroller = scroller;
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#resizes = new ResizeObserver(() => {
      this.prepare();
      this.settle();
      this.#moved();
    });
    for (const box of [scroller, ...scroller.children]) this.#resizes.observe(box);
    this.#views = new IntersectionObserver(([view]) => {
      this.#isInView = view?.isIntersecting !== false;
      this.#moved();
    });
    this.#views.observe(scroller);
  }

  /** Lets go. The place is remembered, so that `open` and `settle` bring it back. */
  close(): void {
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#resizes?.disconnect();
    this.#views?.disconnect();
    this.#resizes = undefined;
  }

  /** Pixels between the reader and the end. */
  get toEnd(): number {
    const { scrollHeight = 0, clientHeight = 0, scrollTop = 0 } = this.#scroller ?? {};
    return scrollHeight - clientHeight - scrollTop;
  }

  /** Pixels between the reader and the beginning; infinite where nothing is seen. */
  get toStart(): number {
    return this.#isHidden ? Infinity : (this.#scroller?.scrollTop ?? Infinity);
  }

  /** Whether any of it is in the window: a chat further down the page is not read. */
  get isInView(): boolean {
    return this.#isInView && !this.#isHidden;
  }

  /** At the end, and kept there. */
  get isPinned(): boolean {
    return this.#isPinned;
  }

  /** To where another one was, with the next `settle`. */
  follow(other: ScrollKeeper): void {
    this.#isPinned = other.#isPinned;
    this.#anchor = other.#anchor && { ...other.#anchor };
  }

  /**
   * To the end with the next `settle`, wherever the reader has scrolled until now. The focus stays
   * in the log: a row that has it is never taken out, so it would hold the log where it is.
   */
  pin(): void {
    const scroller = this.#scroller;
    this.#isPinned = true;
    this.#isHeld = false;
    if (!scroller) return;
    this.#lastTop = scroller.scrollTop;
    if (scroller.closest('.frame:focus-within')) scroller.focus({ preventScroll: true });
  }

  /** No longer to the end: what comes stays below. `isHeld`: also while it is still in sight. */
  unpin(isHeld?: boolean): void {
    this.#isPinned = false;
    this.#isHeld = isHeld;
    if (this.#scroller) this.#measure(this.#scroller);
  }

  /** Where the first match is: in sight (0), above (-1), below (1), or not in the document. */
  sideOf(selector: string): number | undefined {
    const scroller = this.#scroller;
    const found = scroller?.querySelector(selector)?.getBoundingClientRect();
    if (!scroller || !found) return undefined;
    const { top, bottom } = scroller.getBoundingClientRect();
    return found.bottom <= top ? -1 : Number(found.top >= bottom);
  }

  /** The row with this key, if it is in the document. */
  find(key: string): HTMLElement | undefined {
    return (
      this.#scroller?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? undefined
    );
  }

  /** Brings a row near the top, and keeps it there. False: it is not in the document. */
  show(key: string): boolean {
    const scroller = this.#scroller;
    const row = this.find(key);
    if (!scroller || !row) return false;
    scroller.scrollTop += topOf(row) - topOf(scroller) - scroller.clientHeight / 4;
    this.#isPinned = this.toEnd <= END_PX;
    this.#lastTop = scroller.scrollTop;
    this.#measure(scroller);
    return true;
  }

  /** Before a change: a scroll whose event has not come yet must not be undone. */
  prepare(): void {
    const scroller = this.#scroller;
    if (!scroller || this.#isHidden || scroller.clientHeight === 0) return;
    if (scroller.scrollTop === this.#lastTop) return;
    // Growth alone does not get here: it leaves `scrollTop` as it was.
    const isAtEnd = this.toEnd <= END_PX;
    this.#isPinned = isAtEnd && !this.#isHeld;
    this.#isHeld &&= isAtEnd;
    this.#lastTop = scroller.scrollTop;
    this.#measure(scroller);
  }

  /** After a change: the end, or the same row at the same height. */
  settle(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    this.#isHidden = scroller.clientHeight === 0;
    if (this.#isHidden) return;
    scroller.toggleAttribute('data-scrolls', scroller.scrollHeight > scroller.clientHeight);
    const anchor = this.#anchor;
    if (anchor && !anchor.element?.isConnected) anchor.element = this.find(anchor.key);
    if (this.#isPinned) {
      // Measured anew when it is needed again: a row that goes must not be held.
      this.#anchor = undefined;
      scroller.scrollTop = scroller.scrollHeight;
    } else if (!anchor?.element || anchor.element.dataset['key'] !== anchor.key) {
      this.#measure(scroller);
    } else {
      const drift = topOf(anchor.element) - topOf(scroller) - anchor.top;
      // Half a pixel is the scroller's own rounding; chasing it would let the row creep.
      if (Math.abs(drift) >= 0.5) scroller.scrollTop += drift;
    }
    this.#lastTop = scroller.scrollTop;
  }

  readonly #onScroll = (): void => {
    this.prepare();
    this.#moved();
  };

  #measure(scroller: HTMLElement): void {
    const edge = topOf(scroller);
    for (const element of scroller.querySelectorAll<HTMLElement>('[data-key]')) {
      if (element.getBoundingClientRect().bottom <= edge) continue;
      this.#anchor = { element, key: element.dataset['key'] ?? '', top: topOf(element) - edge };
      return;
    }
  }
}

function topOf(element: Element): number {
  return element.getBoundingClientRect().top;
}
