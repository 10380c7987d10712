/** Why a server, or the host page, said no, and whether asking again can help. */

import { closeCodes } from '../protocol/limits.ts';
import type { Ms } from '../protocol/ops.ts';

/** A reason, by a code to match on and words to show. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What a peer says, without what else is in the op. Our own reasons have no words but a code. */
export function refusalOf({
  code,
  message = code,
}: {
  readonly code: string;
  readonly message?: string;
}): Refusal {
  return { code, message };
}

/** The token is the matter: another one can help, the same one cannot. */
export function isAboutToken(code: string): boolean {
  return /^(bad_token|token_expired)$/.test(code);
}

/** The server will say the same next time: trying again by ourselves would only be noise. */
export function isFinal(code: string): boolean {
  return /^(forbidden|guests_off|origin_refused|bad_version|wrong_user)$/.test(code);
}

/** The same request can succeed later. A code that we do not know can when a time is given. */
export function isPassing({
  code,
  afterMs,
}: {
  readonly code: string;
  readonly afterMs?: Ms;
}): boolean {
  return (
    afterMs !== undefined ||
    /^(unavailable|internal|rate_limited|flood|too_slow|not_joined)$/.test(code)
  );
}

/** What a close code alone says, where no `error` came before it; undefined: try again. */
export function refusalOfClose(code: number): Refusal | undefined {
  if (code === closeCodes.auth) return refusalOf({ code: 'bad_token' });
  return code === closeCodes.forbidden ? refusalOf({ code: 'forbidden' }) : undefined;
}
