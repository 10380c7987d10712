/**
 * A log that runs stands still while the reader is inside: nobody can read or press what moves. In
 * a room that people can follow nothing is held.
 */

import type { Row } from '../client/client.ts';
import type { Kit } from './kit.ts';

/** So many messages in so short a time, by the server's clock, are more than anybody reads. */
const HOT_ROWS = 10;
const HOT_MS = 2000;
/** As near to the end as counts as there. */
const END_PX = 24;

/** Whether the newest rows came faster than they can be read. Pure. */
export function isHot(rows: readonly Row[]): boolean {
  const [first, last] = [rows.at(-HOT_ROWS), rows.at(-1)];
  return first !== undefined && last !== undefined && last.at - first.at < HOT_MS;
}

/** Holds one element's log. */
export class Hold {
  readonly #kit: Kit;
  /** A row in sight, and where it stands in the log; undefined while the log runs. */
  #held: { readonly row: Element; readonly top: number } | undefined;

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  listen(): void {
    const look = (): number => requestAnimationFrame(() => this.look());
    for (const type of ['pointerout', 'focusout']) this.#kit.root.addEventListener(type, look);
  }

  /** Looks where the reader is. Called in each render, too. */
  look(): void {
    const { root, snapshot } = this.#kit;
    const log = root.querySelector('.log');
    if (!log) return;
    const isInside = root.querySelector('.list:hover,.row:focus-within') !== null;
    const held = this.#held;
    if (isInside === (held !== undefined)) return;
    const topOf = (row: Element): number =>
      row.getBoundingClientRect().top - log.getBoundingClientRect().top;
    if (held) {
      // Who has scrolled meanwhile goes where they want; `scrollTop` also tells of rows above.
      if (Math.abs(topOf(held.row) - held.top) < 1) this.#kit.hold(false);
      this.#held = undefined;
    } else if (
      isHot(snapshot.rows) &&
      log.scrollHeight - log.clientHeight - log.scrollTop <= END_PX
    ) {
      const row = [...log.querySelectorAll('.row')].find((one) => topOf(one) >= 0);
      if (!row) return;
      this.#held = { row, top: topOf(row) };
      this.#kit.hold(true);
    }
  }
}
