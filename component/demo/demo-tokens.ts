/**
 * Who somebody is, by what they bring. Tokens are believed as they are: whoever could be deceived
 * by one is the person before this browser. So a page can show what a moderator sees.
 */

import { ChatError } from '../protocol/chat-error.ts';
import { parseName } from '../protocol/name.ts';
import type { Operation, Role, User, UserId } from '../protocol/ops.ts';

/** Somebody, and the token that will say so again; a host's own is not given back. */
export interface Proven {
  readonly user: User;
  readonly token?: string;
}

const GUEST_ID = /^g_[A-Za-z0-9_-]{16,32}$/;
const HEADER = { alg: 'none', typ: 'mini-chat-guest' };

const writing: readonly Operation[] = ['join', 'history', 'message', 'edit', 'delete', 'react'];
const moderating: readonly Operation[] = [...writing, 'pin', 'notice', 'moderate'];

/** What a role may do: as in an open room of a real server. */
export function rightsOf(role: Role): readonly Operation[] {
  return role === 'guest' || role === 'member' ? writing : moderating;
}

/** A new guest; its id holds for as long as the browser keeps the token. */
export function newGuest(name: string, mintId: () => string): Proven {
  return guest(`g_${mintId()}` as UserId, name);
}

/** Who a token names; a guest under a new name when one is given. Throws `ChatError` bad_token. */
export function proven(token: string, name?: string): Proven {
  const { sub, name: said = sub, role = 'member', avatar } = claimsOf(token);
  const isGuest = typeof sub === 'string' && GUEST_ID.test(sub);
  if (isGuest) return guest(sub as UserId, name ?? nameOf(said));
  if (typeof sub !== 'string' || sub === '') return refuse('claim "sub" is missing');
  if (!/^(member|moderator|admin)$/.test(String(role))) return refuse('claim "role" is none');
  const user: User = { id: `u_${sub}` as UserId, name: nameOf(said) || sub, role: role as Role };
  return { user: typeof avatar === 'string' ? { ...user, avatar } : user };
}

function guest(id: UserId, name: string): Proven {
  const parts = [HEADER, { sub: id, name }].map((part) => encode(JSON.stringify(part)));
  return { user: { id, name, role: 'guest' }, token: `${parts.join('.')}.` };
}

function nameOf(given: unknown): string {
  const verdict = parseName(String(given));
  return 'name' in verdict ? verdict.name : '';
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(decode(token.split('.')[1] ?? ''));
    if (typeof claims === 'object' && claims !== null) return claims as Record<string, unknown>;
  } catch {
    // Refused below, like anything else that is no token.
  }
  return refuse('it is not a JWT');
}

function encode(text: string): string {
  const letters = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decode(base64url: string): string {
  const letters = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder().decode(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)));
}

function refuse(why: string): never {
  throw new ChatError('bad_token', { why });
}
