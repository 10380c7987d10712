/**
 * What a room knows for the moment and no log keeps: who writes, who is here, how far this user has
 * read. A pure machine; every input has a cell, and what it wants said is data.
 */

import type {
  Ms,
  PresenceOp,
  ReadNowOp,
  ReadOp,
  Seq,
  TypingNowOp,
  TypingOp,
  UserId,
} from '../protocol/ops.ts';
import type { Input, Step } from './machine.ts';
import type { Named, People } from './room.ts';

/** Newest wins. Invariant: `read` never goes back in one log. */
export interface Volatile {
  readonly isLive: boolean;
  /** Others alone. */
  readonly typing: readonly Named[];
  readonly typingMore: number;
  readonly people?: People | undefined;
  /** How far this user has read, here or elsewhere; undefined until the room was joined. */
  readonly read?: Seq | undefined;
  /** How far the reader got here, and how far the server knows of. */
  readonly marked: Seq;
  readonly told: Seq;
  /** Not before this is the server told again. */
  readonly tellAt: Ms;
  /** Until then the server takes this user for writing; 0: it does not. */
  readonly typingUntil: Ms;
}

interface VolatileInputs {
  /** The room's answer; `isOther`: of another log than before. */
  readonly joined: { readonly read?: Seq; readonly head: Seq; readonly isOther: boolean };
  readonly gone: undefined;
  readonly timeout: undefined;
  readonly typing: TypingNowOp;
  readonly presence: PresenceOp;
  /** Another connection of this user. */
  readonly read: ReadNowOp;
  /** The reader got so far. */
  readonly mark: Seq;
  /** The user writes, or stopped. */
  readonly write: boolean;
  /** The user sent something, which ends the writing for the server too. */
  readonly sent: undefined;
}

/** One of them. */
export type VolatileInput = Input<VolatileInputs>;

/** What is to be said, but for the room. */
export type VolatileEffect = Omit<TypingOp, 'room'> | Omit<ReadOp, 'room'>;

type VolatileStep = Step<Volatile, VolatileEffect>;

interface VolatileMoment {
  readonly now: Ms;
  readonly me: UserId | undefined;
}

/** Less than `TYPING_MS`, after which the server forgets it. */
const TYPING_AGAIN_MS = 3_000;
/** A hot room moves the mark many times in a second. */
const READ_AGAIN_MS = 1_000;

/** Before the room was joined. */
export const emptyVolatile: Volatile = {
  isLive: false,
  typing: [],
  typingMore: 0,
  marked: 0,
  told: 0,
  tellAt: 0,
  typingUntil: 0,
};

/** What comes next. */
export function stepVolatile(
  before: Volatile,
  [input, value]: VolatileInput,
  moment: VolatileMoment,
): VolatileStep {
  // That a cell belongs to its input is what TypeScript cannot see.
  return cells[input](before, value as never, moment);
}

/** When `timeout` is due; Infinity: never. */
export function volatileDueAt({ isLive, marked, told, tellAt }: Volatile): Ms {
  return isLive && marked > told ? tellAt : Infinity;
}

const cells: {
  readonly [I in keyof VolatileInputs]: (
    before: Volatile,
    value: VolatileInputs[I],
    moment: VolatileMoment,
  ) => VolatileStep;
} = {
  joined: (before, { read, head, isOther }, moment) => {
    const told = read ?? 0;
    const kept = isOther ? emptyVolatile : before;
    // Who was never here has missed nothing; the server is told, so that all tabs begin there.
    const next = Math.max(told, kept.read ?? read ?? head);
    const marked = read === undefined ? next : kept.marked;
    return tell({ ...before, marked, isLive: true, told, read: next }, moment);
  },
  gone: ({ read, marked }) => [{ ...emptyVolatile, read, marked }],
  timeout: (before, _value, moment) => tell(before, moment),
  typing: (before, { users, more = 0 }, { me }) => [
    { ...before, typing: users.filter(({ id }) => id !== me), typingMore: more },
  ],
  presence: (before, { count, users }) => [{ ...before, people: { count, users } }],
  read: (before, { seq }) => [
    { ...before, told: Math.max(before.told, seq), read: Math.max(before.read ?? 0, seq) },
  ],
  mark: (before, seq, moment) => {
    const { marked, read = 0 } = before;
    return tell({ ...before, marked: Math.max(marked, seq), read: Math.max(read, seq) }, moment);
  },
  write: (before, on, { now }) => {
    const { isLive, typingUntil } = before;
    // Said once when it ends, and again and again while it lasts.
    if (!isLive || (on ? now < typingUntil : !typingUntil)) return [before];
    return [
      { ...before, typingUntil: on ? now + TYPING_AGAIN_MS : 0 },
      { op: 'typing', on },
    ];
  },
  sent: (before) => [{ ...before, typingUntil: 0 }],
};

/** Says how far the reader got, when it is time and the server does not know. */
function tell(before: Volatile, { now }: VolatileMoment): VolatileStep {
  const { marked: seq } = before;
  if (now < volatileDueAt(before)) return [before];
  return [
    { ...before, told: seq, tellAt: now + READ_AGAIN_MS },
    { op: 'read', seq },
  ];
}
