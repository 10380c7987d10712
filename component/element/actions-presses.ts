/** Long presses with a finger on a row: what a right click is elsewhere. */

/** As long as platforms take for theirs. */
const LONG_MS = 450;

/** Who pressed longer ago than this does something else by now. */
const RESUME_MS_MAX = 5000;

/** A finger that goes further than this scrolls. */
const MOVE_PX_MAX = 10;

/** Calls back once per long press, with the row. */
export class Presses {
  readonly #root: ShadowRoot;
  readonly #pressed: (row: Element) => void;
  readonly #longMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #from = { x: 0, y: 0 };
  /** This press was ours: the platform's own menu would come over it. */
  #isTaken = false;

  constructor(root: ShadowRoot, pressed: (row: Element) => void, longMs = LONG_MS) {
    this.#root = root;
    this.#pressed = pressed;
    this.#longMs = longMs;
  }

  /** Listens for as long as the root lives. */
  listen(): void {
    const on = (type: string, heard: (event: Event) => void): void =>
      this.#root.addEventListener(type, heard);
    on('pointerdown', (event) => this.#begin(event as PointerEvent));
    on('pointermove', (event) => this.#move(event as PointerEvent));
    for (const type of ['pointerup', 'pointercancel']) on(type, () => clearTimeout(this.#timer));
    on('contextmenu', (event) => {
      if (this.#isTaken) event.preventDefault();
      this.#isTaken = false;
    });
    // The click that ends a long press is no tap on what lies under the finger: by now, the menu.
    this.#root.addEventListener('click', (event) => this.#swallow(event), true);
  }

  /**
   * Goes on with a finger that came before anybody listened, and stayed or went after a long press.
   * `acts`: each `pointerover` and `pointerout` until now.
   */
  resume(acts: readonly PointerEvent[]): void {
    const index = acts.findLastIndex(({ type }) => type === 'pointerover');
    const came = acts[index];
    if (came?.pointerType !== 'touch') return;
    const { clientX: x, clientY: y, timeStamp } = came;
    const now = performance.now();
    const { timeStamp: wentAt = Infinity } = acts[index + 1] ?? {};
    if (now - timeStamp > RESUME_MS_MAX || wentAt - timeStamp < this.#longMs) return;
    // What it pressed is forgotten by now; its place is not.
    this.#press(this.#root.elementFromPoint(x, y), { x, y }, timeStamp + this.#longMs - now);
  }

  #begin({ pointerType, isPrimary, target, clientX: x, clientY: y }: PointerEvent): void {
    clearTimeout(this.#timer);
    this.#isTaken = false;
    if (pointerType !== 'mouse' && isPrimary) this.#press(target, { x, y }, this.#longMs);
  }

  #press(target: EventTarget | null, from: { x: number; y: number }, waitMs: number): void {
    const row = target instanceof Element ? target.closest('.row') : null;
    const isControl = target instanceof Element && target.closest('button') !== null;
    if (!row || isControl) return;
    this.#from = from;
    this.#timer = setTimeout(() => {
      this.#isTaken = true;
      this.#pressed(row);
    }, waitMs);
  }

  #move({ clientX, clientY }: PointerEvent): void {
    const { x, y } = this.#from;
    if (Math.hypot(clientX - x, clientY - y) > MOVE_PX_MAX) clearTimeout(this.#timer);
  }

  /** Keys press without an end of ours: theirs have no detail. */
  #swallow(event: Event): void {
    if (!this.#isTaken || (event as MouseEvent).detail === 0) return;
    this.#isTaken = false;
    event.preventDefault();
    event.stopPropagation();
  }
}
