/**
 * The protocol state of the one connection, as a pure machine: `stepSession` says what comes next
 * and what is to be done. Knows no sockets, no timers and no rooms.
 *
 *   closed → authorizing → connecting → greeting → live
 *               ↑ ↑                        │         │
 *               │ └── (token refused, once) ┴────────┤
 *               └── offline (waits) ←── (anything) ──┘    refused: waits for the application
 */

import type { ByeOp, ClientOp, ErrorOp, Ms, WelcomeOp } from '../protocol/ops.ts';
import { dueAt, type Input, type Step, step, type Table } from './machine.ts';
import type { Refusal } from './refusal.ts';
import { ask, errorWhileLive, goLive, liveTimeout, probe, welcomeAgain } from './session-live.ts';
import {
  askAgain,
  begin,
  closed,
  connect,
  errorWhileGreeting,
  fail,
  greet,
  noToken,
  refuse,
  resume,
  takeBye,
} from './session-open.ts';

/** Who we say we are. Without a token: a guest to be minted, under this name if any. */
export interface Identity {
  readonly token?: string | undefined;
  readonly name?: string | undefined;
}

/** Why a token is wanted: any will do, a later one, or another since this one was refused. */
export type TokenWish = 'any' | 'later' | 'other';

/** An identity for the connection that is there, and what its refusal would mean. */
export interface Ask extends Identity {
  readonly why: 'refresh' | 'set' | 'name';
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
  readonly refusal?: Refusal | undefined;
}

/** What all steps of a connection have in common. */
export interface Trying {
  readonly tries: number;
  /** The token was refused and replaced already: the next refusal is final. */
  readonly isRenewed: boolean;
  /** What the server complained about before it closes. */
  readonly refusal?: Refusal | undefined;
  /** The server drains: come back after a part of this. */
  readonly byeMs?: Ms | undefined;
  /** When it went live. */
  readonly bornAt?: Ms;
}

/** Waits for a token. */
export interface Authorizing extends Trying {
  readonly state: 'authorizing';
  readonly until: Ms;
}

/** Waits for the socket to open. */
export interface Connecting extends Trying {
  readonly state: 'connecting';
  readonly until: Ms;
  readonly identity: Identity;
}

/** Has said hello. */
export interface Greeting extends Trying {
  readonly state: 'greeting';
  readonly until: Ms;
  readonly identity: Identity;
}

/** Was welcomed. */
export interface Live extends Trying {
  readonly state: 'live';
  readonly heartbeatMs: Ms;
  readonly pingAt: Ms;
  readonly unanswered: number;
  /** Infinity: nothing to refresh. */
  readonly refreshAt: Ms;
  /** An in-band `token` op that is not answered yet. */
  readonly asking?: { readonly why: Ask['why']; readonly until: Ms } | undefined;
}

/** Waits for the application. */
export interface Refused {
  readonly state: 'refused';
  readonly refusal: Refusal;
}

/** How far the connection is. */
export type Session = Closed | Offline | Authorizing | Connecting | Greeting | Live | Refused;

/** What can happen to a connection, and what comes with it. */
interface SessionInputs {
  readonly start: undefined;
  readonly stop: undefined;
  readonly wake: undefined;
  /** The application asks to try again. */
  readonly again: undefined;
  readonly opened: undefined;
  readonly heard: undefined;
  readonly timeout: undefined;
  readonly token: Identity;
  readonly tokenFailed: Refusal;
  readonly closed: number;
  readonly welcome: WelcomeOp;
  readonly error: ErrorOp;
  readonly bye: ByeOp;
  readonly ask: Ask;
}

/** One of them. */
export type SessionInput = Input<SessionInputs>;

/** What the session wants done. `named`: the name that was asked for is there, or refused. */
export type SessionEffect =
  | readonly ['open' | 'close']
  | readonly ['fetchToken', TokenWish]
  | readonly ['say', ClientOp]
  | readonly ['welcomed', WelcomeOp]
  | readonly ['named', (Refusal | undefined)?];

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
  return step(table, session, input, moment);
}

/** When `timeout` is due; Infinity: never. */
export function sessionDueAt(session: Session): Ms {
  if (session.state !== 'live') return dueAt(session);
  return Math.min(session.pingAt, session.refreshAt, session.asking?.until ?? Infinity);
}

/** Nobody wants to be connected any more. */
const stop = (): SessionStep => [{ state: 'closed' }, ['close']];

/** What means nothing: news of a socket or a token that is no more, or of a server left alone. */
interface SessionSilence {
  readonly closed: Exclude<keyof SessionInputs, 'start'>;
  readonly offline: 'start' | TokenNews | SocketNews;
  readonly authorizing: 'start' | 'wake' | 'again' | SocketNews;
  readonly connecting: 'start' | 'wake' | 'again' | TokenNews | 'heard' | 'welcome' | 'bye';
  readonly greeting: 'start' | 'wake' | 'again' | TokenNews | 'opened' | 'heard';
  readonly live: 'start' | 'tokenFailed' | 'opened';
  readonly refused: 'start' | 'wake' | 'timeout' | TokenNews | SocketNews;
}

type TokenNews = 'token' | 'tokenFailed';
type SocketNews = 'opened' | 'heard' | 'closed' | 'welcome' | 'error' | 'bye';

const table: Table<Session, SessionEffect, SessionInputs, Moment, SessionSilence> = {
  closed: { start: begin },
  offline: { stop, wake: resume, again: resume, timeout: resume, ask: begin },
  authorizing: { stop, ask: begin, token: connect, tokenFailed: noToken, timeout: noToken },
  connecting: {
    stop,
    ask: begin,
    opened: greet,
    closed: fail,
    // The platform will not even try this address: insecure from a secure page, or none at all.
    error: (_connecting, op) => refuse(op),
    timeout: fail,
  },
  greeting: {
    stop,
    ask: begin,
    closed,
    welcome: goLive,
    error: errorWhileGreeting,
    bye: takeBye,
    timeout: fail,
  },
  live: {
    stop,
    wake: probe,
    again: probe,
    ask,
    // The page's fresh token. One `token` op at a time: a later timeout asks for another one.
    token: (live, identity, moment) =>
      live.asking ? [live] : ask(live, { ...identity, why: 'refresh' }, moment),
    closed,
    welcome: welcomeAgain,
    error: errorWhileLive,
    bye: takeBye,
    // Anything the server says shows that it lives.
    heard: (live) => [{ ...live, unanswered: 0 }],
    timeout: liveTimeout,
  },
  refused: { stop, again: askAgain, ask: begin },
};
