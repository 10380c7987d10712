/** Time for simulations: what is due first happens first. No real clock. */

interface Due {
  readonly at: number;
  /** Keeps things that are due at the same time in the order in which they were planned. */
  readonly order: number;
  readonly run: () => void;
}

/** A binary heap of things to come. */
export class Timeline {
  now = 0;
  readonly #heap: Due[] = [];
  #order = 0;

  after(ms: number, run: () => void): void {
    this.#order += 1;
    this.#heap.push({ at: this.now + ms, order: this.#order, run });
    this.#up(this.#heap.length - 1);
  }

  /** Runs until nothing is planned, or until then. */
  run(until = Number.POSITIVE_INFINITY): void {
    for (let due = this.#heap[0]; due !== undefined && due.at <= until; due = this.#heap[0]) {
      this.#shift();
      this.now = due.at;
      due.run();
    }
  }

  #shift(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  #up(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(from: number): void {
    for (let at = from; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#heap.length && this.#isBefore(child, least)) least = child;
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return false;
    return left.at < right.at || (left.at === right.at && left.order < right.order);
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return;
    this.#heap[a] = right;
    this.#heap[b] = left;
  }
}
