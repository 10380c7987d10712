/** The cells of the session's table for a connection that was greeted; see session.ts. */

import type { ErrorOp, Ms, WelcomeOp } from '../protocol/ops.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { authorize, errorOf, lost, refuse, STEP_MS_MAX } from './session-open.ts';
import type { Ask, Greeting, Live, Moment, SessionStep } from './session.ts';

/** After a wake-up the connection has this long to show that it lives. */
const PROBE_MS = 5_000;
/** Two missed heartbeats: browsers cannot see pings, so silence is all we have. */
const MISSES_MAX = 2;
/** Whatever a server asks for. */
const HEARTBEAT_MS_MIN = 1_000;
/** A refresh that failed is tried again after 15–30 s, while the old token still holds. */
const REFRESH_AGAIN_MS = 30_000;

/** The first `welcome`. */
export function goLive({ tries, isRenewed }: Greeting, op: WelcomeOp, moment: Moment): SessionStep {
  const { heartbeatMs } = op;
  const live: Live = {
    state: 'live',
    tries,
    isRenewed,
    bornAt: moment.now,
    heartbeatMs,
    pingAt: nextPing(heartbeatMs, moment),
    unanswered: 0,
    refreshAt: refreshTime(op, moment),
  };
  return [live, ['welcomed', op]];
}

/** A `welcome` on a live connection answers our `token`. */
export function welcomeAgain(live: Live, op: WelcomeOp, moment: Moment): SessionStep {
  const [next, ...effects] = answered({ ...live, refreshAt: refreshTime(op, moment) });
  return [next, ['welcomed', op], ...effects];
}

/** The machine woke up, or the network changed: a quick ping tells whether the connection holds. */
export function probe(live: Live, _value: unknown, { now }: Moment): SessionStep {
  return live.unanswered < MISSES_MAX ? ping(live, MISSES_MAX, now + PROBE_MS) : [live];
}

/** A heartbeat, an answer that did not come, or the token's refresh: whichever is due. */
export function liveTimeout(live: Live, _value: unknown, moment: Moment): SessionStep {
  const { now, random } = moment;
  const { asking, unanswered } = live;
  if (now >= live.pingAt) {
    if (unanswered >= MISSES_MAX) return lost(live, moment);
    return ping(live, unanswered + 1, nextPing(live.heartbeatMs, moment));
  }
  if (asking && now >= asking.until) return answered(live, refusalOf({ code: 'unavailable' }));
  if (now < live.refreshAt) return [live];
  const refreshAt = now + REFRESH_AGAIN_MS * (0.5 + random / 2);
  return [{ ...live, refreshAt }, ['fetchToken', 'later']];
}

/** Another identity or name, on the connection that is there. */
export function ask(live: Live, { token, name, why }: Ask, { now }: Moment): SessionStep {
  if (token === undefined) return [live];
  const asking = { why, until: now + STEP_MS_MAX };
  return [{ ...live, asking }, ['say', { op: 'token', token, name }]];
}

/** An `error` about no room: an answer to our `token`, or the end of our welcome. */
export function errorWhileLive(live: Live, op: ErrorOp, moment: Moment): SessionStep {
  const { asking } = live;
  // In-band refresh is for the same user; another one needs another greeting.
  if (op.code === 'wrong_user') return authorize(moment, 'any');
  // The page said who it is now: the old user must not stay in because that was wrong.
  if (asking?.why === 'set') return refuse(op);
  if (asking) return answered(live, refusalOf(op));
  return errorOf(live, op, moment) ?? [live];
}

function answered(live: Live, refusal?: Refusal): SessionStep {
  const next: Live = { ...live, asking: undefined };
  return live.asking?.why === 'name' ? [next, ['named', refusal]] : [next];
}

function ping(live: Live, unanswered: number, pingAt: Ms): SessionStep {
  return [{ ...live, unanswered, pingAt }, ['say', { op: 'ping', n: unanswered }]];
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
