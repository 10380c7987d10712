/** A connection between a client and a node: two ordered pipes with delays, and a sudden end. */

import type { Agenda } from './agenda.ts';
import type { Dice } from '../dice.ts';

/** What one end does with what it is given. */
export interface End {
  readonly take: (op: object) => void;
  readonly gone: () => void;
}

/** Invariant: each end takes what the other said in order, up to some point, then hears the end. */
export class Wire {
  readonly #agenda: Agenda;
  readonly #dice: Dice;
  readonly #ends: Record<Side, End | undefined> = { client: undefined, node: undefined };
  readonly #clear: Record<Side, number> = { client: 0, node: 0 };
  #inFlight = 0;
  #isClosing = false;
  #whenEmpty: (() => void)[] = [];

  constructor(agenda: Agenda, dice: Dice) {
    this.#agenda = agenda;
    this.#dice = dice;
  }

  get isOpen(): boolean {
    return !this.#isClosing;
  }

  /** Ops said to the client that it has not taken. */
  get inFlight(): number {
    return this.#inFlight;
  }

  attach(side: Side, end: End): void {
    this.#ends[side] = end;
  }

  /** Says something to that side. Said after the end it is lost, as in life. */
  say(to: Side, op: object): void {
    if (this.#isClosing) return;
    const at = Math.max(this.#clear[to], this.#agenda.now + this.#dice.between(0, 4));
    this.#clear[to] = at;
    if (to === 'client') this.#inFlight += 1;
    this.#agenda.after(at - this.#agenda.now, () => {
      if (to === 'client') this.#arrived();
      this.#ends[to]?.take(op);
    });
  }

  /** Resolves when the client has taken all that was said to it, or the wire ended. */
  emptied(): Promise<void> {
    if (this.#inFlight === 0 || this.#isClosing) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  /** Breaks. Each end hears of it at a time of its own, and takes what arrives until then. */
  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
    for (const side of ['client', 'node'] as const) {
      this.#agenda.after(this.#dice.between(0, 6), () => {
        const end = this.#ends[side];
        this.#ends[side] = undefined;
        end?.gone();
      });
    }
  }

  #arrived(): void {
    this.#inFlight -= 1;
    if (this.#inFlight > 0) return;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}

export type Side = 'client' | 'node';
