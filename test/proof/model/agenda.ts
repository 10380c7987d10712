/** Virtual time: what shall happen when, in whole milliseconds. Nothing in here waits for real. */

interface Item {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

/** A binary heap by time; of two with the same time the one that was planned first comes first. */
export class Agenda {
  readonly #heap: Item[] = [];
  #now = 0;
  #planned = 0;

  get now(): number {
    return this.#now;
  }

  get isEmpty(): boolean {
    return this.#heap.length === 0;
  }

  /** Plans an act for that many milliseconds from now. */
  after(ms: number, act: () => void): void {
    const at = this.#now + Math.max(0, Math.round(ms));
    this.#push({ at, order: this.#planned++, act });
  }

  /** Resolves after that long. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Moves to the next moment at which anything is planned, and does all of it in one turn. */
  step(): void {
    const first = this.#heap[0];
    if (first === undefined) return;
    this.#now = first.at;
    while (this.#heap[0]?.at === this.#now) this.#pop().act();
  }

  #push(item: Item): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(item);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Item;
      if (!isBefore(item, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = item;
  }

  #pop(): Item {
    const heap = this.#heap;
    const top = heap[0] as Item;
    const last = heap.pop() as Item;
    if (heap.length === 0) return top;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, heap[below] as Item)) below += 1;
      const child = heap[below];
      if (child === undefined || !isBefore(child, last)) break;
      heap[place] = child;
      place = below;
    }
    heap[place] = last;
    return top;
  }
}

const isBefore = (one: Item, other: Item): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
