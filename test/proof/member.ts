/** What all members of a fault run have in common, whatever client they use. */

import type { Dice } from './dice.ts';
import type { Recorder } from './history.ts';

/** Who somebody is, and where. */
export interface MemberOptions {
  readonly name: string;
  /** The id under which its entries stand in the log. */
  readonly user: string;
  readonly token: string;
  /** The address of the WebSocket. */
  readonly server: string;
  readonly rooms: readonly string[];
  /** Whether the logs have changes of messages in them, or messages alone. */
  readonly changes?: boolean;
  readonly recorder: Recorder;
  readonly dice: Dice;
}

/** Writes and reads until the run ends; what it saw is in the recorder. */
export interface Member {
  readonly name: string;
  /** Drafts without an answer, in all rooms. */
  readonly waiting: number;
  readonly isLive: boolean;
  /** Hands over one draft for one of its rooms: this text, or one of its own. */
  write(text?: string): void;
  /** Deletes one of its newest messages, if it has any; for those that can. */
  erase?(): void;
  /** Forgets everything but its drafts, as a page that is loaded again. */
  reload(): void;
  /** Tries now instead of when its backoff ends. */
  wake(): void;
  /** Whether everything is answered and it has read up to there, in each of its rooms. */
  isAtRest(heads: ReadonlyMap<string, number>): boolean;
  /** Why it is not at rest, for a report. */
  describe(): string;
  /** Notes what it shows. */
  rest(): void;
  close(): void;
}

/** Texts that a careless layer would change, and a number that makes each of them one of a kind. */
export function textFor(dice: Dice, name: string, count: number): string {
  return `${dice.pick(SAYINGS)} ${name} ${count}`;
}

const SAYINGS = [
  'hello  :)',
  'try *this* or **that**, not `both`',
  'see http://example.org/a_(b)?c=d&e=<f>',
  '大家好 👩‍👩‍👧 e\u0301',
  '\t[OK]\u00a0/etc/fstab |tee -a "$x" && rm -rf ~~/*',
  '<b>no</b> &amp; "quotes" \u202eback\u202c',
  '{"op":"entries","room":"lobby"}',
  '$ne __proto__ %00 \\u0000',
  'x'.repeat(900),
];
