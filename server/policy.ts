/**
 * Who may do what where: one table, and the rules that pick its row and column. Pure; the docs and
 * the generated test matrix print the same table.
 */

import type { Operation, Role, RoomId } from 'mini-chat/protocol';

/** What the server's settings make of a room. `private` opens to a token that names the room. */
export type RoomKind = 'open' | 'read-only' | 'private';

/** What guests may do on this server. */
export type GuestAccess = 'on' | 'read-only' | 'off';

/** What a token's `rooms` claim says of one pattern: read, write, moderate. */
export type Grant = 'r' | 'rw' | 'rwm';

/** One pattern of a `rooms` claim; `*` stands for any run of characters. */
export interface RoomGrant {
  readonly pattern: string;
  readonly grant: Grant;
}

/** What a token says about rights. Without `rooms` the role holds everywhere. */
export interface Claims {
  readonly role: Role;
  readonly rooms?: readonly RoomGrant[];
}

/** What somebody is and may do in one room. */
export interface Standing {
  /** The role in this room, which entries carry. */
  readonly role: Role;
  readonly can: readonly Operation[];
}

/** The part of the server's settings that decides rights. */
export interface RoomRules {
  readonly guests: GuestAccess;
  readonly readOnly: readonly string[];
  readonly private: readonly string[];
}

const nothing: readonly Operation[] = [];
const reading: readonly Operation[] = ['join', 'history'];
const writing: readonly Operation[] = [...reading, 'message', 'edit', 'delete', 'react'];
const moderating: readonly Operation[] = [...writing, 'pin', 'notice', 'moderate'];

/** In the order in which every table prints them. */
export const roomKinds: readonly RoomKind[] = ['open', 'read-only', 'private'];

/**
 * The rights table. `edit` and `delete` are of one's own messages; with `moderate` a deletion may
 * be of anybody's. A client offers exactly what `can` lists.
 */
export const rights: { readonly [R in Role]: { readonly [K in RoomKind]: readonly Operation[] } } =
  {
    guest: { open: writing, 'read-only': reading, private: nothing },
    member: { open: writing, 'read-only': reading, private: nothing },
    moderator: { open: moderating, 'read-only': moderating, private: moderating },
    admin: { open: moderating, 'read-only': moderating, private: moderating },
  };

/** The standing that these claims give in a room, under these rules. */
export function standingIn(room: RoomId, claims: Claims, rules: RoomRules): Standing {
  const { rooms } = claims;
  if (rooms !== undefined) return grantedStanding(room, rooms, rules);
  const can = rights[claims.role][kindOf(room, rules)];
  if (claims.role !== 'guest') return { role: claims.role, can };
  return { role: 'guest', can: guestsMay(can, rules.guests) };
}

/** Whether guests may come in at all. */
export function mayGuestsEnter(guests: GuestAccess): boolean {
  return guests !== 'off';
}

/** What the server's settings make of a room, for somebody whose token does not name it. */
export function kindOf(room: RoomId, rules: RoomRules): RoomKind {
  if (matchesAny(room, rules.private)) return 'private';
  return matchesAny(room, rules.readOnly) ? 'read-only' : 'open';
}

/** Whether a room id matches a pattern in which `*` stands for any run of characters. */
export function matches(room: string, pattern: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return room === pattern;
  const tail = rest.pop() ?? '';
  if (room.length < head.length + tail.length) return false;
  if (!room.startsWith(head) || !room.endsWith(tail)) return false;
  return hasInOrder(room.slice(head.length, room.length - tail.length), rest);
}

/** Leftmost matches suffice when only `*` is wild, so no pattern takes more than linear time. */
function hasInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return true;
}

/** A token with a `rooms` claim opens only the rooms that it names; the longest pattern decides. */
function grantedStanding(room: RoomId, grants: readonly RoomGrant[], rules: RoomRules): Standing {
  let best: RoomGrant | undefined;
  for (const one of grants) {
    if (!matches(room, one.pattern)) continue;
    if (best === undefined || one.pattern.length > best.pattern.length) best = one;
  }
  if (best === undefined) return { role: 'member', can: nothing };
  // Named by the token: a private room is for this member what it would be without that mark.
  const kind = matchesAny(room, rules.readOnly) ? 'read-only' : 'open';
  if (best.grant === 'r') return { role: 'member', can: reading };
  const role = best.grant === 'rwm' ? 'moderator' : 'member';
  return { role, can: rights[role][kind] };
}

function guestsMay(can: readonly Operation[], guests: GuestAccess): readonly Operation[] {
  switch (guests) {
    case 'on':
      return can;
    case 'read-only':
      return can.filter((operation) => reading.includes(operation));
    case 'off':
      return nothing;
  }
}

function matchesAny(room: RoomId, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(room, pattern));
}
