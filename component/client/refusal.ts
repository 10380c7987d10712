/** Why a server, or the host page, said no, and whether asking again can help. */

import { closeCodes } from '../protocol/limits.ts';
import type { ErrorOp, NackOp } from '../protocol/ops.ts';

/** A reason, by a code to match on and words to show. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What a peer's op says, without what else is in it. */
export function refusalOf({ code, message }: ErrorOp | NackOp): Refusal {
  return { code, message: typeof message === 'string' ? message : code };
}

/** The token is the matter: another one can help, the same one cannot. */
export function isAboutToken(code: string): boolean {
  return code === 'bad_token' || code === 'token_expired';
}

const FINAL = ['forbidden', 'guests_off', 'origin_refused', 'bad_version', 'wrong_user'];

/** The server will say the same next time: trying again by ourselves would only be noise. */
export function isFinal(code: string): boolean {
  return FINAL.includes(code);
}

const PASSING = ['unavailable', 'internal', 'rate_limited', 'flood', 'too_slow', 'not_joined'];

/** The same request can succeed later. A code that we do not know can when a time is given. */
export function isPassing({ code, afterMs }: ErrorOp): boolean {
  return afterMs !== undefined || PASSING.includes(code);
}

/** What a close code alone says, where no `error` came before it; undefined: try again. */
export function refusalOfClose(code: number): Refusal | undefined {
  if (code === closeCodes.auth) {
    return { code: 'bad_token', message: 'The server did not accept the token.' };
  }
  if (code === closeCodes.forbidden) {
    return { code: 'forbidden', message: 'The server does not let this page or user in.' };
  }
  return undefined;
}
