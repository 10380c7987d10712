/**
 * The protocol state of the one connection, as a pure machine: `step(session, input, moment)` says
 * what comes next and what is to be done. Knows no sockets, no timers and no rooms.
 *
 *   closed → authorizing → connecting → greeting → live
 *               ↑ ↑                        │         │
 *               │ └── (token refused, once) ┴────────┤
 *               └── offline (waits) ←── (anything) ──┘    refused: waits for the application
 */

import type { ByeOp, ClientOp, ErrorOp, Ms, WelcomeOp } from '../protocol/ops.ts';
import { dueAt, stay, type Step, step, type Table } from './machine.ts';
import type { Refusal } from './refusal.ts';
import {
  ask,
  closedWhileLive,
  drain,
  errorWhileLive,
  goLive,
  heard,
  liveTimeout,
  probe,
  refresh,
  welcomeAgain,
} from './session-live.ts';
import {
  askAgain,
  begin,
  byeWhileGreeting,
  closedWhileGreeting,
  connect,
  errorWhileGreeting,
  fail,
  greet,
  noToken,
  refuseAddress,
  resume,
  stop,
  tokenFailed,
} from './session-open.ts';

/** Who we say we are. Without a token: a guest to be minted, under this name if any. */
export interface Identity {
  readonly token?: string | undefined;
  readonly name?: string | undefined;
}

/** Why a token is wanted: any will do, a later one, or another since this one was refused. */
export type TokenWish = 'any' | 'later' | 'other';

/** An in-band `token` op that is not answered yet. */
export interface Asking {
  readonly why: 'refresh' | 'set' | 'name';
  readonly until: Ms;
}

/** Nobody wants to be connected. */
interface Closed {
  readonly state: 'closed';
}

/** Waits to try again. */
export interface Offline {
  readonly state: 'offline';
  /** Failures in a row. */
  readonly tries: number;
  readonly until: Ms;
  readonly wish: TokenWish;
  readonly refusal?: Refusal | undefined;
}

/** What all steps of a greeting have in common. */
export interface Trying {
  readonly tries: number;
  readonly until: Ms;
  /** The token was refused and replaced already: the next refusal is final. */
  readonly isRenewed: boolean;
}

/** Waits for a token. */
export interface Authorizing extends Trying {
  readonly state: 'authorizing';
}

/** Waits for the socket to open. */
export interface Connecting extends Trying {
  readonly state: 'connecting';
  readonly identity: Identity;
}

/** Has said hello. */
export interface Greeting extends Trying {
  readonly state: 'greeting';
  readonly identity: Identity;
  /** What the server complained about before it closes. */
  readonly refusal?: Refusal | undefined;
}

/** Was welcomed. */
export interface Live {
  readonly state: 'live';
  readonly tries: number;
  readonly isRenewed: boolean;
  readonly bornAt: Ms;
  readonly heartbeatMs: Ms;
  readonly pingAt: Ms;
  readonly pings: number;
  readonly unanswered: number;
  /** Infinity: nothing to refresh. */
  readonly refreshAt: Ms;
  readonly asking?: Asking | undefined;
  /** The server drains: come back after a part of this. */
  readonly byeMs?: Ms | undefined;
}

/** Waits for the application. */
export interface Refused {
  readonly state: 'refused';
  readonly refusal: Refusal;
}

/** How far the connection is. */
export type Session = Closed | Offline | Authorizing | Connecting | Greeting | Live | Refused;

/** What can happen to a connection. */
export type SessionInput =
  | { readonly input: 'start' | 'stop' | 'wake' | 'opened' | 'heard' | 'timeout' | 'again' }
  | { readonly input: 'token'; readonly identity: Identity }
  | { readonly input: 'tokenFailed'; readonly refusal: Refusal }
  | { readonly input: 'closed'; readonly code: number }
  | { readonly input: 'welcome'; readonly op: WelcomeOp }
  | { readonly input: 'error'; readonly op: ErrorOp }
  | { readonly input: 'bye'; readonly op: ByeOp }
  /** The application, or another tab, gave another identity or name. */
  | { readonly input: 'ask'; readonly identity: Identity; readonly why: Asking['why'] };

/** What the session wants done. */
export type SessionEffect =
  | { readonly effect: 'open' | 'close' | 'forgetName' }
  | { readonly effect: 'fetchToken'; readonly wish: TokenWish }
  | { readonly effect: 'say'; readonly op: ClientOp }
  | { readonly effect: 'welcomed'; readonly op: WelcomeOp }
  | { readonly effect: 'answered'; readonly why: Asking['why']; readonly refusal?: Refusal };

/** What a step may depend on beside its input: time, chance, and whether a token can be had. */
export interface Moment {
  readonly now: Ms;
  /** 0 ≤ random < 1. */
  readonly random: number;
  readonly mayRenew: boolean;
}

/** What a cell of the session's table returns. */
export type SessionStep = Step<Session, SessionEffect>;

/** What comes next. */
export function stepSession(session: Session, input: SessionInput, moment: Moment): SessionStep {
  return step<Session, SessionEffect, SessionInput, Moment>(table, session, input, moment);
}

/** When `timeout` is due; Infinity: never. */
export function sessionDueAt(session: Session): Ms {
  if (session.state !== 'live') return dueAt(session);
  return Math.min(session.pingAt, session.refreshAt, session.asking?.until ?? Infinity);
}

/** The input of this name, with what it carries. */
export type InputOf<I> = Extract<SessionInput, { readonly input: I }>;

/** Without a socket nothing can come from one. */
const noSocket = {
  opened: stay,
  closed: stay,
  welcome: stay,
  error: stay,
  bye: stay,
  heard: stay,
};
/** A token that comes late belongs to an attempt that is over. */
const noFetch = { token: stay, tokenFailed: stay };
/** What is under way already is neither started nor woken. */
const busy = { start: stay, stop, wake: stay, again: stay };

const table: Table<Session, SessionEffect, SessionInput, Moment> = {
  closed: {
    ...noSocket,
    ...noFetch,
    start: begin,
    stop: stay,
    wake: stay,
    again: stay,
    ask: stay,
    timeout: stay,
  },
  offline: {
    ...noSocket,
    ...noFetch,
    start: stay,
    stop,
    wake: resume,
    again: resume,
    ask: begin,
    timeout: resume,
  },
  authorizing: {
    ...noSocket,
    ...busy,
    ask: begin,
    token: connect,
    tokenFailed,
    timeout: noToken,
  },
  connecting: {
    ...noSocket,
    ...noFetch,
    ...busy,
    ask: begin,
    opened: greet,
    closed: fail,
    error: refuseAddress,
    timeout: fail,
  },
  greeting: {
    ...noFetch,
    ...busy,
    ask: begin,
    opened: stay,
    closed: closedWhileGreeting,
    welcome: goLive,
    error: errorWhileGreeting,
    bye: byeWhileGreeting,
    heard: stay,
    timeout: fail,
  },
  live: {
    start: stay,
    stop,
    wake: probe,
    again: probe,
    ask,
    token: refresh,
    tokenFailed: stay,
    opened: stay,
    closed: closedWhileLive,
    welcome: welcomeAgain,
    error: errorWhileLive,
    bye: drain,
    heard,
    timeout: liveTimeout,
  },
  refused: {
    ...noSocket,
    ...noFetch,
    start: stay,
    stop,
    wake: stay,
    again: askAgain,
    ask: begin,
    timeout: stay,
  },
};
