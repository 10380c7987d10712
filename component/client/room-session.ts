/**
 * How far one room of a live connection is, as a pure machine. Knows no log: its owner applies
 * what came and tells whether that was everything.
 *
 *   idle → joining → syncing → live       gap: joining again, with the cursor
 *              └────────┴────────┴──→ waiting (tries again)   refused (waits for the application)
 */

import type { ErrorOp, Ms, Seq } from '../protocol/ops.ts';
import { stay, type Step, step, type Table, to } from './machine.ts';
import { isPassing, type Refusal, refusalOf } from './refusal.ts';

/** A `join` without an answer, or a resumption that stands still, is given up after this. */
const JOIN_MS_MAX = 15_000;
/** Gaps in a row without a single new entry; then the server is given time. */
const REJOINS_MAX = 3;
const REJOIN_MS_MIN = 1_000;
const REJOIN_MS_MAX = 30_000;

/** Not wanted, or the connection is not live. */
interface Idle {
  readonly state: 'idle';
}

interface Joining {
  readonly state: 'joining';
  readonly until: Ms;
  /** Joins since the last progress. */
  readonly tries: number;
}

/** Joined, and entries up to `head` are on their way. */
interface Syncing {
  readonly state: 'syncing';
  readonly until: Ms;
  readonly tries: number;
  readonly head: Seq;
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
}

/** One room's state on the connection. */
export type RoomSession = Idle | Joining | Syncing | Live | Waiting | Refused;

/** What can happen to a room. */
export type RoomInput =
  /** `enter`: wanted, and the connection is live. `again`: rights may have changed. */
  | { readonly input: 'enter' | 'exit' | 'again' | 'gap' | 'timeout' }
  /** An answer that was taken into the log: `last` of `head` are here. */
  | { readonly input: 'joined'; readonly head: Seq; readonly last: Seq }
  | { readonly input: 'applied'; readonly last: Seq }
  | { readonly input: 'error'; readonly op: ErrorOp };

/** What a room wants done. */
export type RoomEffect =
  | { readonly effect: 'join' }
  /** The server does not answer: the connection is of no use. */
  | { readonly effect: 'giveUp' };

type RoomStep = Step<RoomSession, RoomEffect>;

/** What a step may depend on beside its input. */
interface RoomMoment {
  readonly now: Ms;
  /** 0 ≤ random < 1. */
  readonly random: number;
}

/** What comes next. */
export function stepRoom(session: RoomSession, input: RoomInput, moment: RoomMoment): RoomStep {
  return step<RoomSession, RoomEffect, RoomInput, RoomMoment>(table, session, input, moment);
}

type InputOf<I> = Extract<RoomInput, { readonly input: I }>;

const exit = (): RoomStep => to({ state: 'idle' });

const table: Table<RoomSession, RoomEffect, RoomInput, RoomMoment> = {
  idle: {
    enter: begin,
    exit: stay,
    again: stay,
    gap: stay,
    timeout: stay,
    joined: stay,
    applied: stay,
    error: stay,
  },
  joining: {
    enter: stay,
    exit,
    again: stay,
    gap: rejoin,
    timeout: giveUp,
    joined,
    applied: stay,
    error: refuse,
  },
  syncing: {
    enter: stay,
    exit,
    again: stay,
    gap: rejoin,
    timeout: rejoin,
    joined,
    applied: progress,
    error: refuse,
  },
  live: {
    enter: stay,
    exit,
    again: ask,
    gap: rejoin,
    timeout: stay,
    joined,
    applied: settle,
    error: refuse,
  },
  waiting: {
    enter: stay,
    exit,
    again: begin,
    gap: stay,
    timeout: tryAgain,
    joined,
    applied: stay,
    error: stay,
  },
  refused: {
    enter: stay,
    exit,
    again: begin,
    gap: stay,
    timeout: stay,
    joined,
    applied: stay,
    error: stay,
  },
};

function giveUp(session: Joining): RoomStep {
  return to(session, { effect: 'giveUp' });
}

/** Stays live meanwhile: what is on the screen is as good as before. */
function ask(session: Live): RoomStep {
  return to(session, { effect: 'join' });
}

/** A new entry came: the next gap is a first one. */
function settle(live: Live): RoomStep {
  return stay(live.tries === 0 ? live : { ...live, tries: 0 });
}

function tryAgain({ tries }: Waiting, _input: unknown, moment: RoomMoment): RoomStep {
  return join(tries, moment);
}

function join(tries: number, { now }: RoomMoment): RoomStep {
  return to({ state: 'joining', tries: tries + 1, until: now + JOIN_MS_MAX }, { effect: 'join' });
}

function begin(_session: RoomSession, _input: unknown, moment: RoomMoment): RoomStep {
  return join(0, moment);
}

function joined(
  session: Exclude<RoomSession, Idle>,
  { head, last }: InputOf<'joined'>,
  moment: RoomMoment,
): RoomStep {
  return reach('tries' in session ? session.tries : 0, { head, last }, moment);
}

function progress({ head }: Syncing, { last }: InputOf<'applied'>, moment: RoomMoment): RoomStep {
  return reach(0, { head, last }, moment);
}

/** Live when everything up to the head is here. */
function reach(
  tries: number,
  { head, last }: { readonly head: Seq; readonly last: Seq },
  { now }: RoomMoment,
): RoomStep {
  if (last >= head) return to({ state: 'live', tries });
  return to({ state: 'syncing', tries, head, until: now + JOIN_MS_MAX });
}

/** Something is missing: ask from the cursor, but not for ever at the speed of the network. */
function rejoin(
  { tries }: Joining | Syncing | Live,
  _input: unknown,
  moment: RoomMoment,
): RoomStep {
  return tries < REJOINS_MAX ? join(tries, moment) : wait(tries, moment);
}

function refuse(
  session: Joining | Syncing | Live,
  { op }: InputOf<'error'>,
  moment: RoomMoment,
): RoomStep {
  const refusal = refusalOf(op);
  if (!isPassing(op)) return to({ state: 'refused', refusal });
  return wait(session.tries, moment, { refusal, afterMs: op.afterMs });
}

function wait(
  tries: number,
  { now, random }: RoomMoment,
  { refusal, afterMs = 0 }: { readonly refusal?: Refusal; readonly afterMs?: Ms | undefined } = {},
): RoomStep {
  const maxMs = Math.min(REJOIN_MS_MAX, REJOIN_MS_MIN * 2 ** tries);
  const until = now + afterMs + maxMs * (0.5 + random / 2);
  return to({ state: 'waiting', tries, until, refusal });
}
