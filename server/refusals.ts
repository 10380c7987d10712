/** How a refusal is said on the wire, and which refusals end a connection. Pure. */

import { closeCodes } from 'mini-chat/protocol';
import type { ChatError, ErrorCode, ErrorOp, Ms, NackOp, Refusal } from 'mini-chat/protocol';

/**
 * What no correct client of this version or a later one does; the third within ten seconds ends
 * the connection. Not `unknown_op` nor `unsupported_kind`: a newer client must stay welcome.
 */
const strikes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'bad_json',
  'bad_op',
  'binary_frame',
  'hello_first',
  'hello_again',
  'bad_room',
  'bad_cid',
]);

/** Whether a code counts towards the three protocol errors that close a connection. */
export function isStrike(code: ErrorCode): boolean {
  return strikes.has(code);
}

/** The close code that goes with an error that ends a connection. */
export function closeCodeFor(code: ErrorCode): number {
  switch (code) {
    case 'bad_token':
    case 'token_expired':
      return closeCodes.auth;
    case 'guests_off':
    case 'origin_refused':
      return closeCodes.forbidden;
    case 'hello_timeout':
    case 'too_slow':
      return closeCodes.timeout;
    case 'flood':
    case 'too_many_connections':
      return closeCodes.flood;
    case 'internal':
    case 'unavailable':
      return closeCodes.internal;
    default:
      return closeCodes.protocol;
  }
}

/** A refusal as an `error` op. */
export function errorOp({ error, room, re }: Refusal): ErrorOp {
  const { code, message } = error;
  return {
    op: 'error',
    code,
    message,
    ...(room === undefined ? {} : { room }),
    ...(re === undefined ? {} : { re }),
    ...afterMsOf(error),
  };
}

/** A refusal as a `nack` op, where it is about a draft; else undefined. */
export function nackOp({ error, room, cid }: Refusal): NackOp | undefined {
  if (room === undefined || cid === undefined) return undefined;
  const { code, message, retry, maybe } = error;
  const unknown = maybe ? ({ maybe } as const) : {};
  return { op: 'nack', room, cid, code, message, retry, ...afterMsOf(error), ...unknown };
}

function afterMsOf({ detail }: ChatError): { readonly afterMs?: Ms } {
  return 'afterMs' in detail ? { afterMs: detail.afterMs } : {};
}
