/** Tokens as a host site's back end would make them. */

import { SignJWT } from 'jose';

/** The shared secret of the tests' host site. */
export const HOST_SECRET = 'a secret of the host site, long enough';

export interface HostTokenOptions {
  readonly secret?: string;
  readonly audience?: string | null;
  readonly expiresIn?: number | null;
  readonly now?: number;
}

/** A JWT with these claims, for `mini-chat`, for an hour, unless told otherwise. */
export function hostToken(claims: object, options: HostTokenOptions = {}): Promise<string> {
  const { secret = HOST_SECRET, audience = 'mini-chat', expiresIn = 3600 } = options;
  const now = Math.floor((options.now ?? Date.now()) / 1000);
  const token = new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' });
  if (audience !== null) token.setAudience(audience);
  if (expiresIn !== null) token.setExpirationTime(now + expiresIn);
  return token.sign(Buffer.from(secret));
}
