/** The cells of the session's table for a connection that was greeted; see session.ts. */

import type { ClientOp, Ms, WelcomeOp } from '../protocol/ops.ts';
import { to } from './machine.ts';
import { isAboutToken, isFinal, type Refusal, refusalOf, refusalOfClose } from './refusal.ts';
import { authorize, refuse, STEP_MS_MAX, wait } from './session-open.ts';
import type {
  Asking,
  Greeting,
  Identity,
  InputOf,
  Live,
  Moment,
  Session,
  SessionEffect,
  SessionStep,
} from './session.ts';

/** After a wake-up the connection has this long to show that it lives. */
const PROBE_MS = 5_000;
/** Two missed heartbeats: browsers cannot see pings, so silence is all we have. */
const MISSES_MAX = 2;
/** A connection that held this long was a good one: the next wait is short again. */
const HEALTHY_MS = 60_000;
/** Whatever a server asks for. */
const HEARTBEAT_MS_MIN = 1_000;
/** A refresh that failed is tried again after 15–30 s, while the old token still holds. */
const REFRESH_AGAIN_MS = 30_000;

const NO_ANSWER: Refusal = { code: 'unavailable', message: 'The server did not answer.' };

/** The first `welcome`. */
export function goLive(
  { tries, isRenewed }: Greeting,
  { op }: InputOf<'welcome'>,
  moment: Moment,
): SessionStep {
  const live: Live = {
    state: 'live',
    tries,
    isRenewed,
    bornAt: moment.now,
    heartbeatMs: op.heartbeatMs,
    pingAt: nextPing(op.heartbeatMs, moment),
    pings: 0,
    unanswered: 0,
    refreshAt: refreshTime(op, moment),
  };
  return to(live, { effect: 'welcomed', op });
}

/** A `welcome` on a live connection answers our `token`. */
export function welcomeAgain(live: Live, { op }: InputOf<'welcome'>, moment: Moment): SessionStep {
  const { asking } = live;
  const next: Live = { ...live, refreshAt: refreshTime(op, moment), asking: undefined };
  if (asking === undefined) return to(next, { effect: 'welcomed', op });
  return to<Session, SessionEffect>(
    next,
    { effect: 'welcomed', op },
    { effect: 'answered', why: asking.why },
  );
}

/** The machine woke up, or the network changed: a quick ping tells whether the connection holds. */
export function probe(live: Live, _input: unknown, { now }: Moment): SessionStep {
  if (live.unanswered >= MISSES_MAX) return to(live);
  return ping(live, { unanswered: MISSES_MAX, pingAt: now + PROBE_MS });
}

/** The server is about to close. It still acknowledges what it has. */
export function drain(live: Live, { op }: InputOf<'bye'>): SessionStep {
  return to({ ...live, byeMs: op.afterMs });
}

/** Anything the server says shows that it lives. */
export function heard(live: Live): SessionStep {
  return to(live.unanswered === 0 ? live : { ...live, unanswered: 0 });
}

/** A heartbeat, an answer that did not come, or the token's refresh: whichever is due. */
export function liveTimeout(live: Live, _input: unknown, moment: Moment): SessionStep {
  const { now, random } = moment;
  if (now >= live.pingAt) return beat(live, moment);
  if (live.asking !== undefined && now >= live.asking.until) {
    return answered({ ...live, asking: undefined }, live.asking.why, NO_ANSWER);
  }
  if (now < live.refreshAt) return to(live);
  const refreshAt = now + REFRESH_AGAIN_MS * (0.5 + random / 2);
  return to({ ...live, refreshAt }, { effect: 'fetchToken', wish: 'later' });
}

/** The page's fresh token. One `token` op at a time: a later timeout asks for another one. */
export function refresh(live: Live, { identity }: InputOf<'token'>, moment: Moment): SessionStep {
  if (live.asking !== undefined) return to(live);
  return askInBand(live, identity, 'refresh', moment);
}

/** Another identity or name, on the connection that is there. */
export function ask(live: Live, { identity, why }: InputOf<'ask'>, moment: Moment): SessionStep {
  return askInBand(live, identity, why, moment);
}

/** An `error` about no room: an answer to our `token`, or the end of our welcome. */
export function errorWhileLive(live: Live, { op }: InputOf<'error'>, moment: Moment): SessionStep {
  const { asking } = live;
  const refusal = refusalOf(op);
  // In-band refresh is for the same user; another one needs another greeting.
  if (op.code === 'wrong_user') return authorize(moment, 'any');
  // The page said who it is now: the old user must not stay in because that was wrong.
  if (asking?.why === 'set') return refuse(refusal);
  if (asking !== undefined) return answered({ ...live, asking: undefined }, asking.why, refusal);
  if (isAboutToken(op.code)) return tokenRefused(live, refusal, moment);
  return isFinal(op.code) ? refuse(refusal) : to(live);
}

/** The server or the network ended it; the code tells whether coming back makes sense. */
export function closedWhileLive(
  live: Live,
  { code }: InputOf<'closed'>,
  moment: Moment,
): SessionStep {
  const refusal = refusalOfClose(code);
  if (refusal === undefined) return lost(live, moment);
  return isAboutToken(refusal.code) ? tokenRefused(live, refusal, moment) : refuse(refusal);
}

function beat(live: Live, moment: Moment): SessionStep {
  if (live.unanswered >= MISSES_MAX) return lost(live, moment);
  const pingAt = nextPing(live.heartbeatMs, moment);
  return ping(live, { unanswered: live.unanswered + 1, pingAt });
}

function ping(live: Live, plan: { readonly unanswered: number; readonly pingAt: Ms }): SessionStep {
  const n = live.pings + 1;
  return to({ ...live, ...plan, pings: n }, { effect: 'say', op: { op: 'ping', n } });
}

/** ± 20 %, so that the heartbeats of a thousand clients do not fall together. */
function nextPing(heartbeatMs: Ms, { now, random }: Moment): Ms {
  return now + Math.max(HEARTBEAT_MS_MIN, heartbeatMs) * (0.8 + 0.4 * random);
}

/** After 80 % of the token's life: time for several tries, whatever the life. */
function refreshTime({ expiresAt, now: serverNow }: WelcomeOp, { now, mayRenew }: Moment): Ms {
  if (expiresAt === undefined || !mayRenew) return Infinity;
  return now + Math.max(1000, (expiresAt - serverNow) * 0.8);
}

function askInBand(
  live: Live,
  { token, name }: Identity,
  why: Asking['why'],
  { now }: Moment,
): SessionStep {
  if (token === undefined) return to(live);
  const op: ClientOp = { op: 'token', token, ...(name === undefined ? {} : { name }) };
  const asking = { why, until: now + STEP_MS_MAX };
  return to({ ...live, asking }, { effect: 'say', op });
}

function answered(live: Live, why: Asking['why'], refusal: Refusal): SessionStep {
  return to(live, { effect: 'answered', why, refusal });
}

/** A server that welcomes a token and refuses it at once would make us ask for ever: wait then. */
function tokenRefused(live: Live, refusal: Refusal, moment: Moment): SessionStep {
  if (!moment.mayRenew) return refuse(refusal);
  if (live.isRenewed && !isHealthy(live, moment)) {
    return wait(moment, live.tries, { refusal, wish: 'other' });
  }
  return authorize(moment, 'other', { tries: live.tries, isRenewed: true });
}

function lost(live: Live, moment: Moment): SessionStep {
  return wait(moment, isHealthy(live, moment) ? 0 : live.tries, { maxMs: live.byeMs });
}

function isHealthy({ bornAt }: Live, { now }: Moment): boolean {
  return now - bornAt >= HEALTHY_MS;
}
