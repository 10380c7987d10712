/** A session that a test takes step by step, and the inputs it is given. */

import {
  type Session,
  sessionDueAt,
  type SessionEffect,
  type SessionInput,
  stepSession,
} from '../../component/client/session.ts';
import type { ErrorOp, User, UserId, WelcomeOp } from '../../component/protocol/ops.ts';

const user: User = { id: 'g_1' as UserId, name: 'Ada', role: 'guest' };
const limits = { textMax: 4000, frameBytesMax: 32_768, roomsMax: 50 };

/** A server's welcome. */
export function welcome(more: Partial<WelcomeOp> = {}): SessionInput {
  const op: WelcomeOp = {
    op: 'welcome',
    v: 1,
    session: 's',
    user,
    now: 0,
    heartbeatMs: 25_000,
    limits,
  };
  return ['welcome', { ...op, ...more }];
}

/** A server's complaint about no room. */
export function error(code: string): SessionInput {
  const op: ErrorOp = { op: 'error', code, message: `said ${code}` };
  return ['error', op];
}

/** The page's answer. */
export const token: SessionInput = ['token', { token: 'abc' }];
/** The end of the socket. */
export const closed = (code = 1006): SessionInput => ['closed', code];

/** Inputs one after another, and what they came to. */
export class SessionRun {
  session: Session = { state: 'closed' };
  now = 1000;
  random = 0.5;
  mayRenew = true;
  effects: readonly SessionEffect[] = [];

  do(
    ...inputs: readonly (
      SessionInput | 'start' | 'opened' | 'wake' | 'timeout' | 'stop' | 'heard' | 'again'
    )[]
  ): this {
    for (const input of inputs) {
      const { now, random, mayRenew } = this;
      const given: SessionInput = typeof input === 'string' ? [input, undefined] : input;
      const [next, ...effects] = stepSession(this.session, given, { now, random, mayRenew });
      this.session = next;
      this.effects = effects;
    }
    return this;
  }

  live(more: Partial<WelcomeOp> = {}): this {
    return this.do('start', token, 'opened', welcome(more));
  }

  wait(): this {
    this.now = sessionDueAt(this.session);
    return this.do('timeout');
  }

  get names(): readonly string[] {
    return this.effects.map((one) => (one[0] === 'say' ? one[1].op : one[0]));
  }
}
