/** What the claims of a host site's token mean; each refusal says which claim and what it wants. */

import { ChatError, parseName } from 'mini-chat/protocol';
import type { Ms, Role, User, UserId } from 'mini-chat/protocol';
import type { Claims, Grant, RoomGrant } from './policy.ts';

const TOKEN_LIFE_MS_MAX: Ms = 24 * 60 * 60 * 1000;
/** Clocks of two machines differ; more than this is a clock to mend. */
export const CLOCK_SKEW_MS: Ms = 5000;
const SUB_LENGTH_MAX = 128;
const AVATAR_LENGTH_MAX = 1024;
const ROOMS_MAX = 100;
const PATTERN = /^[a-z0-9_*-]{1,64}$/;
const roles: readonly Role[] = ['member', 'moderator', 'admin'];
const grants: readonly Grant[] = ['r', 'rw', 'rwm'];

/** Who somebody is, what the token says of rights, and until when. */
export interface Identity {
  readonly user: User;
  readonly claims: Claims;
  readonly expiresAt: Ms;
}

/** The identity in verified claims. Throws `ChatError` bad_token. */
export function identityOf(payload: Readonly<Record<string, unknown>>, now: Ms): Identity {
  const { sub, exp } = payload;
  if (typeof sub !== 'string' || !isCleanText(sub, SUB_LENGTH_MAX)) {
    refuse(`claim "sub" must be 1–${SUB_LENGTH_MAX} plain characters`);
  }
  if (typeof exp !== 'number') refuse('claim "exp" is missing');
  const expiresAt = exp * 1000;
  if (expiresAt > now + TOKEN_LIFE_MS_MAX + CLOCK_SKEW_MS) refuse('it lives longer than 24 hours');
  const role = roleOf(payload['role']);
  const avatar = avatarOf(payload['avatar']);
  const rooms = roomsOf(payload['rooms']);
  return {
    // A prefix of their own, so that no host site can name a guest, nor a guest a host's user.
    user: {
      id: `u_${sub}` as UserId,
      name: nameOf(payload['name'] ?? sub),
      role,
      ...(avatar === undefined ? {} : { avatar }),
    },
    claims: rooms === undefined ? { role } : { role, rooms },
    expiresAt,
  };
}

function nameOf(given: unknown): string {
  const verdict = typeof given === 'string' ? parseName(given) : { why: 'not a string' };
  if ('name' in verdict) return verdict.name;
  return refuse(`claim "name" cannot be used: ${verdict.why}`);
}

function roleOf(given: unknown): Role {
  if (given === undefined) return 'member';
  const role = roles.find((one) => one === given);
  return role ?? refuse(`claim "role" must be one of ${roles.join(', ')}`);
}

function avatarOf(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  const isAddress =
    typeof given === 'string' &&
    given.length <= AVATAR_LENGTH_MAX &&
    URL.canParse(given) &&
    new URL(given).protocol === 'https:';
  return isAddress ? new URL(given).href : refuse('claim "avatar" must be an https address');
}

/** Reads the `rooms` claim, such as `{"support-*": "rw", "news": "r", "vip": "rwm"}`. */
export function roomsOf(given: unknown): readonly RoomGrant[] | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return refuse('claim "rooms" must be an object');
  }
  const rows = Object.entries(given);
  if (rows.length > ROOMS_MAX) refuse(`claim "rooms" names more than ${ROOMS_MAX}`);
  return rows.map(([pattern, value]) => {
    if (!PATTERN.test(pattern)) refuse('claim "rooms" has a pattern that no room id matches');
    const grant = grants.find((one) => one === value);
    return { pattern, grant: grant ?? refuse('claim "rooms" must say r, rw or rwm of each') };
  });
}

function isCleanText(value: string, lengthMax: number): boolean {
  return (
    value !== '' && value.length <= lengthMax && value.isWellFormed() && !/\p{Cc}/u.test(value)
  );
}

function refuse(why: string): never {
  throw new ChatError('bad_token', { why });
}
