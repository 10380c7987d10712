/**
 * The line above what was not read: where it is, and when it goes. Its place is frozen when a run
 * of unread messages begins, so that it does not slide away from the reader as the read mark
 * moves. It goes once it was seen and is out of sight at the end, or when the reader writes.
 */

import type { RoomSnapshot, Row } from '../client/client.ts';
import type { Seq } from '../protocol/ops.ts';

/** `place` with each snapshot, `look` after each render and each scroll. */
export class UnreadLine {
  /** How many unread messages are above what the reader sees; 0 once the line was seen. */
  above = 0;
  /** How far the reader had read when it was drawn; undefined: there is no line. */
  after: Seq | undefined;
  #isFirst = true;
  #wasUnread = false;
  #wasSeen = false;
  #count = 0;

  /** The row below the line, if there is one. `isSeeing`: what comes is read at once. */
  place({ status, read, unread, rows, user }: RoomSnapshot, isSeeing: boolean): Row | undefined {
    if (status === 'live') {
      // Who enters has seen nothing yet, also where the log shows its end.
      const isRun = unread > 0 && (this.#isFirst || !isSeeing);
      if (isRun && !this.#wasUnread) {
        this.after = read;
        this.#count = unread;
        this.#wasSeen = false;
      }
      this.#isFirst = false;
      this.#wasUnread = isRun;
    }
    const { after } = this;
    if (after === undefined) return undefined;
    return rows.find((row) => (row.seq ?? 0) > after && row.user.id !== user?.id && !row.deleted);
  }

  /**
   * Where the line is: in sight (0), above of it (less) or below; undefined when it is not in the
   * document. True: there is something else to draw.
   */
  look(side: number | undefined, isAtEnd: boolean): boolean {
    const { after, above } = this;
    if (after === undefined) return false;
    this.#wasSeen ||= side === 0;
    if (this.#wasSeen && side !== 0 && isAtEnd) this.end();
    const isAbove = side === undefined ? isAtEnd : side < 0;
    this.above = isAbove && !this.#wasSeen ? this.#count : 0;
    return after !== this.after || above !== this.above;
  }

  /** Takes it away. */
  end(): void {
    this.after = undefined;
    this.above = 0;
  }
}
