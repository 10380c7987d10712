/** The cells of the session's table before the connection is greeted; see session.ts. */

import type { ClientOp, Ms } from '../protocol/ops.ts';
import { to } from './machine.ts';
import { isAboutToken, isFinal, type Refusal, refusalOf, refusalOfClose } from './refusal.ts';
import type {
  Authorizing,
  Connecting,
  Greeting,
  InputOf,
  Moment,
  Offline,
  Refused,
  Session,
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

const NO_TOKEN: Refusal = { code: 'no_token', message: 'The page gave no token in time.' };

/** Nobody wants to be connected any more. */
export function stop(): SessionStep {
  return to({ state: 'closed' }, { effect: 'close' });
}

/** Greets from the beginning: the first time, or because somebody gave another identity. */
export function begin(_session: Session, _input: unknown, moment: Moment): SessionStep {
  return authorize(moment, 'any');
}

/** From anywhere: what was open is closed first, so that there is never a second connection. */
export function authorize(
  { now }: Moment,
  wish: TokenWish,
  { tries = 0, isRenewed = false } = {},
): SessionStep {
  return to(
    { state: 'authorizing', tries, isRenewed, until: now + STEP_MS_MAX },
    { effect: 'close' },
    { effect: 'fetchToken', wish },
  );
}

interface Wait {
  readonly refusal?: Refusal | undefined;
  readonly wish?: TokenWish;
  /** The longest wait, where the server named one; the backoff otherwise. */
  readonly maxMs?: Ms | undefined;
}

/** Full jitter: a thousand clients of one lost server come back spread over the whole wait. */
export function wait({ now, random }: Moment, tries: number, options: Wait = {}): SessionStep {
  const maxMs = options.maxMs ?? Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** tries);
  const { refusal, wish = 'any' } = options;
  return to(
    { state: 'offline', tries: tries + 1, until: now + random * maxMs, wish, refusal },
    { effect: 'close' },
  );
}

/** Nothing more by ourselves: the application has to change something. */
export function refuse(refusal: Refusal): SessionStep {
  return to({ state: 'refused', refusal }, { effect: 'close' });
}

/** The wait is over, or something happened that makes another try worth while. */
export function resume({ tries, wish }: Offline, _input: unknown, moment: Moment): SessionStep {
  return authorize(moment, wish, { tries, isRenewed: wish === 'other' });
}

/** The application asks again. The same token would be refused again; anything else may not. */
export function askAgain({ refusal }: Refused, _input: unknown, moment: Moment): SessionStep {
  return authorize(moment, isAboutToken(refusal.code) ? 'other' : 'any');
}

/** There is a token, or none is needed. */
export function connect(
  { tries, isRenewed }: Authorizing,
  { identity }: InputOf<'token'>,
  { now }: Moment,
): SessionStep {
  const until = now + STEP_MS_MAX;
  return to({ state: 'connecting', tries, isRenewed, until, identity }, { effect: 'open' });
}

/** The page could not say who this is. */
export function tokenFailed(
  { tries }: Authorizing,
  { refusal }: InputOf<'tokenFailed'>,
  moment: Moment,
): SessionStep {
  return wait(moment, tries, { refusal });
}

/** The page does not answer; should it later, that is not used. */
export function noToken({ tries }: Authorizing, _input: unknown, moment: Moment): SessionStep {
  return wait(moment, tries, { refusal: NO_TOKEN });
}

/** Nobody listens there, or what listens does not answer. */
export function fail({ tries }: Trying, _input: unknown, moment: Moment): SessionStep {
  return wait(moment, tries);
}

/** The platform will not even try this address: insecure from a secure page, or none at all. */
export function refuseAddress(_connecting: Connecting, { op }: InputOf<'error'>): SessionStep {
  return refuse(refusalOf(op));
}

/** The socket is open: the server waits 5 s for this. */
export function greet(connecting: Connecting, _input: unknown, { now }: Moment): SessionStep {
  const { token, name } = connecting.identity;
  const op: ClientOp = {
    op: 'hello',
    v: 1,
    client: CLIENT,
    ...(token === undefined ? {} : { token }),
    ...(name === undefined ? {} : { name }),
  };
  return to({ ...connecting, state: 'greeting', until: now + STEP_MS_MAX }, { effect: 'say', op });
}

/** Came at the wrong moment: the server drains. */
export function byeWhileGreeting(
  { tries }: Greeting,
  { op }: InputOf<'bye'>,
  moment: Moment,
): SessionStep {
  return wait(moment, tries, { maxMs: op.afterMs });
}

/** Ended without a welcome; the words may have come before. */
export function closedWhileGreeting(
  greeting: Greeting,
  { code }: InputOf<'closed'>,
  moment: Moment,
): SessionStep {
  const { tries, refusal } = greeting;
  const reason = refusalOfClose(code);
  if (reason === undefined) return wait(moment, tries, { refusal });
  if (isAboutToken(reason.code)) return tokenRefused(greeting, refusal ?? reason, moment);
  return refuse(refusal ?? reason);
}

/** The server says why there will be no welcome. */
export function errorWhileGreeting(
  greeting: Greeting,
  { op }: InputOf<'error'>,
  moment: Moment,
): SessionStep {
  const refusal = refusalOf(op);
  if (isAboutToken(op.code)) return tokenRefused(greeting, refusal, moment);
  if (isFinal(op.code)) return refuse(refusal);
  // A server that is full says so and closes; the words are shown while we wait.
  if (op.code !== 'bad_name') return to({ ...greeting, refusal });
  // Without the name it can still read, and choose another one.
  if (greeting.identity.name === undefined) return refuse(refusal);
  const step = authorize(moment, 'any', greeting);
  return { ...step, effects: [{ effect: 'forgetName' }, ...step.effects] };
}

/** Asked once for another token; if that is refused too, only the application can help. */
function tokenRefused({ tries, isRenewed }: Trying, refusal: Refusal, moment: Moment): SessionStep {
  if (isRenewed || !moment.mayRenew) return refuse(refusal);
  return authorize(moment, 'other', { tries, isRenewed: true });
}
