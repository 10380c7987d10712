/** The cells of the session's table before the connection is greeted; see session.ts. */

import type { ByeOp, ErrorOp, Ms } from '../protocol/ops.ts';
import { isAboutToken, isFinal, type Refusal, refusalOf, refusalOfClose } from './refusal.ts';
import type {
  Authorizing,
  Connecting,
  Greeting,
  Identity,
  Live,
  Moment,
  Offline,
  Refused,
  SessionStep,
  TokenWish,
  Trying,
} from './session.ts';

/** Name and version of this client, for the server's log. */
const CLIENT = 'mini-chat/0.1.0';

/** Nobody at the other end answers: each step of a greeting is given up after this. */
export const STEP_MS_MAX = 10_000;
const BACKOFF_MS_MIN = 500;
const BACKOFF_MS_MAX = 30_000;
/** A connection that held this long was a good one: the next wait is short again. */
const HEALTHY_MS = 60_000;

/** From anywhere: what was open is closed first, so that there is never a second connection. */
export function authorize(
  { now }: Moment,
  wish: TokenWish,
  { tries, isRenewed }: Trying = { tries: 0, isRenewed: false },
): SessionStep {
  const until = now + STEP_MS_MAX;
  return [{ state: 'authorizing', tries, isRenewed, until }, ['close'], ['fetchToken', wish]];
}

/** Greets from the beginning: the first time, or because somebody gave another identity. */
export function begin(_session: unknown, _value: unknown, moment: Moment): SessionStep {
  return authorize(moment, 'any');
}

/**
 * Full jitter: a thousand clients of one lost server come back spread over the whole wait. It grows
 * from the third on: a server that crashed is often back within the first two.
 */
function wait(
  { now, random }: Moment,
  tries: number,
  refusal?: Refusal,
  maxMs: Ms = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** Math.max(0, tries - 1)),
): SessionStep {
  const until = now + random * maxMs;
  return [{ state: 'offline', tries: tries + 1, until, refusal }, ['close']];
}

/** Nothing more by ourselves: the application has to change something. */
export function refuse(refusal: Refusal): SessionStep {
  return [{ state: 'refused', refusal: refusalOf(refusal) }, ['close']];
}

/** The wait is over, or something happened that makes another try worth while. */
export function resume({ tries }: Offline, _value: unknown, moment: Moment): SessionStep {
  return authorize(moment, 'any', { tries, isRenewed: false });
}

/** The application asks again. The same token would be refused again; anything else may not. */
export function askAgain({ refusal }: Refused, _value: unknown, moment: Moment): SessionStep {
  return authorize(moment, isAboutToken(refusal.code) ? 'other' : 'any');
}

/** There is a token, or none is needed. */
export function connect(session: Authorizing, identity: Identity, { now }: Moment): SessionStep {
  return [{ ...session, state: 'connecting', until: now + STEP_MS_MAX, identity }, ['open']];
}

/** The page could not say who this is, or not in time; its late answer is not used. */
export function noToken(
  { tries }: Authorizing,
  refusal: Refusal | undefined,
  moment: Moment,
): SessionStep {
  return wait(moment, tries, refusal ?? refusalOf({ code: 'no_token' }));
}

/** Nobody listens there, or what listens does not answer. */
export function fail({ tries }: Trying, _value: unknown, moment: Moment): SessionStep {
  return wait(moment, tries);
}

/** The socket is open: the server waits 5 s for this. */
export function greet(session: Connecting, _value: unknown, { now }: Moment): SessionStep {
  const { token, name } = session.identity;
  return [
    { ...session, state: 'greeting', until: now + STEP_MS_MAX },
    ['say', { op: 'hello', v: 1, client: CLIENT, token, name }],
  ];
}

/** The server is about to close. It still acknowledges what it has. */
export function takeBye(session: Greeting | Live, { afterMs }: ByeOp): SessionStep {
  return [{ ...session, byeMs: afterMs }];
}

/** The server or the network ended it; the code tells whether coming back makes sense. */
export function closed(session: Greeting | Live, code: number, moment: Moment): SessionStep {
  const reason = refusalOfClose(code);
  if (!reason) return lost(session, moment);
  const refusal = session.refusal ?? reason;
  return isAboutToken(reason.code) ? tokenRefused(session, refusal, moment) : refuse(refusal);
}

/** It is gone, whoever ended it. */
export function lost(session: Trying, moment: Moment): SessionStep {
  const { tries, refusal, byeMs } = session;
  return wait(moment, isHealthy(session, moment) ? 0 : tries, refusal, byeMs);
}

/** The server says why there will be no welcome. */
export function errorWhileGreeting(greeting: Greeting, op: ErrorOp, moment: Moment): SessionStep {
  // Without the name it can still read, and choose another one.
  if (op.code === 'bad_name') {
    if (greeting.identity.name === undefined) return refuse(op);
    const [next, ...effects] = authorize(moment, 'any', greeting);
    return [next, ['named', refusalOf(op)], ...effects];
  }
  // A server that is full says so and closes; the words are shown while we wait.
  return errorOf(greeting, op, moment) ?? [{ ...greeting, refusal: refusalOf(op) }];
}

/** What an error of the connection comes to; undefined: nothing by itself. */
export function errorOf(session: Trying, op: ErrorOp, moment: Moment): SessionStep | undefined {
  if (isAboutToken(op.code)) return tokenRefused(session, op, moment);
  return isFinal(op.code) ? refuse(op) : undefined;
}

/** Replaced once; if that is refused before it held for a while, only the application can help. */
function tokenRefused(session: Trying, refusal: Refusal, moment: Moment): SessionStep {
  const { tries, isRenewed } = session;
  if (!moment.mayRenew || (isRenewed && !isHealthy(session, moment))) return refuse(refusal);
  return authorize(moment, 'other', { tries, isRenewed: true });
}

function isHealthy({ bornAt = Infinity }: Trying, { now }: Moment): boolean {
  return now - bornAt >= HEALTHY_MS;
}
