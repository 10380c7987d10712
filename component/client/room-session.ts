/**
 * How far one room of a live connection is, as a pure machine. Knows no log: its owner applies
 * what came and tells whether that was everything.
 *
 *   idle → joining → live       gap: joining again, with the cursor
 *              └───────┴──→ waiting (tries again)   refused (waits for the application)
 */

import type { ErrorOp, Ms, Seq } from '../protocol/ops.ts';
import { backoff, type Input, type Step, step, type Table } from './machine.ts';
import { isPassing, type Refusal, refusalOf } from './refusal.ts';

/** A `join` without an answer, or a resumption that stands still, is given up after this. */
const JOIN_MS_MAX = 15_000;
/** Gaps in a row without a single new entry; then the server is given time. */
const REJOINS_MAX = 3;
const REJOIN_MS_MIN = 1_000;
const REJOIN_MS_MAX = 30_000;

/** Not wanted, or the server was not greeted. */
interface Idle {
  readonly state: 'idle';
  readonly tries?: undefined;
}

interface Joining {
  readonly state: 'joining';
  readonly until: Ms;
  /** Joins since the last progress. */
  readonly tries: number;
  /** Undefined: no answer yet. Else entries up to here are on their way. */
  readonly head?: Seq;
}

interface Live {
  readonly state: 'live';
  readonly tries: number;
}

interface Waiting {
  readonly state: 'waiting';
  readonly until: Ms;
  readonly tries: number;
  readonly refusal?: Refusal | undefined;
}

interface Refused {
  readonly state: 'refused';
  readonly refusal: Refusal;
  readonly tries?: undefined;
}

/** One room's state on the connection. */
export type RoomSession = Idle | Joining | Live | Waiting | Refused;

/** What can happen to a room, and what comes with it. */
interface RoomInputs {
  /** Wanted, and the server was greeted. */
  readonly enter: undefined;
  readonly exit: undefined;
  /** Rights may have changed, or somebody asks to try again. */
  readonly again: undefined;
  readonly gap: undefined;
  readonly timeout: undefined;
  /** An answer that was taken into the log: `last` of `head` are here. */
  readonly joined: { readonly head: Seq; readonly last: Seq };
  /** New entries were taken, up to this one. */
  readonly applied: Seq;
  readonly error: ErrorOp;
}

/** One of them. */
export type RoomInput = Input<RoomInputs>;

/** What a room wants done. `giveUp`: the server does not answer, the connection is of no use. */
export type RoomEffect = 'join' | 'giveUp';

type RoomStep = Step<RoomSession, RoomEffect>;

/** What a step may depend on beside its input. */
interface RoomMoment {
  readonly now: Ms;
  /** 0 ≤ random < 1. */
  readonly random: number;
}

/** What comes next. */
export function stepRoom(session: RoomSession, input: RoomInput, moment: RoomMoment): RoomStep {
  return step(table, session, input, moment);
}

const exit = (): RoomStep => [{ state: 'idle' }];

/** What counts in each state with a room that answers. */
const asked = { exit, joined, gap: rejoin, error: refuse };

/** What means nothing: entries of a room that is not joined, and wishes that came true already. */
interface RoomSilence {
  readonly idle: Exclude<keyof RoomInputs, 'enter'>;
  readonly joining: 'enter' | 'again';
  readonly live: 'enter' | 'timeout';
  readonly waiting: 'enter' | 'gap' | 'applied' | 'error';
  readonly refused: 'enter' | 'gap' | 'applied' | 'error' | 'timeout';
}

const table: Table<RoomSession, RoomEffect, RoomInputs, RoomMoment, RoomSilence> = {
  idle: { enter: begin },
  joining: {
    ...asked,
    // What is missing has been asked for already.
    gap: (joining, _value, moment) =>
      joining.head === undefined ? [joining] : rejoin(joining, _value, moment),
    timeout: (joining) => [joining, 'giveUp'],
    applied: (joining, last, moment) =>
      joining.head === undefined ? [joining] : reach(0, { head: joining.head, last }, moment),
  },
  live: {
    ...asked,
    // Stays live meanwhile: what is on the screen is as good as before.
    again: (live) => [live, 'join'],
    // A new entry came: the next gap is a first one.
    applied: (live) => [{ ...live, tries: 0 }],
  },
  waiting: { exit, joined, again: begin, timeout: ({ tries }, _value, at) => join(tries, at) },
  refused: { exit, joined, again: begin },
};

function join(tries: number, { now }: RoomMoment): RoomStep {
  return [{ state: 'joining', tries: tries + 1, until: now + JOIN_MS_MAX }, 'join'];
}

function begin(_session: RoomSession, _value: unknown, moment: RoomMoment): RoomStep {
  return join(0, moment);
}

function joined(
  { tries = 0 }: RoomSession,
  place: RoomInputs['joined'],
  moment: RoomMoment,
): RoomStep {
  return reach(tries, place, moment);
}

/** Live when everything up to the head is here. */
function reach(tries: number, { head, last }: RoomInputs['joined'], { now }: RoomMoment): RoomStep {
  if (last >= head) return [{ state: 'live', tries }];
  return [{ state: 'joining', tries, head, until: now + JOIN_MS_MAX }];
}

/** Something is missing: ask from the cursor, but not for ever at the speed of the network. */
function rejoin({ tries }: Joining | Live, _value: unknown, moment: RoomMoment): RoomStep {
  return tries < REJOINS_MAX ? join(tries, moment) : wait(tries, moment);
}

function refuse({ tries }: Joining | Live, op: ErrorOp, moment: RoomMoment): RoomStep {
  const refusal = refusalOf(op);
  return isPassing(op) ? wait(tries, moment, refusal, op.afterMs) : [{ state: 'refused', refusal }];
}

function wait(tries: number, moment: RoomMoment, refusal?: Refusal, afterMs = 0): RoomStep {
  const until = afterMs + backoff(moment, REJOIN_MS_MIN, REJOIN_MS_MAX, tries);
  return [{ state: 'waiting', tries, until, refusal }];
}
