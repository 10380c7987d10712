/**
 * What nodes tell each other about volatile facts, as text and back. Pure. Texts come from outside
 * this process: each is checked here, field by field, and what is not understood is passed over.
 */

import type { Role, Seq, User, UserId } from 'mini-chat/protocol';
import { NEWS_LENGTH_MAX, type RoomKey } from './store.ts';

/** A user as a list of names needs it. */
export type Named = Pick<User, 'id' | 'name'>;

/** Who is in a room on the teller's node: all of it, whatever was told before. */
export interface PresenceFact {
  readonly about: 'presence';
  readonly room: RoomKey;
  /** Few: all of them. */
  readonly users?: readonly User[];
  /** Many: a key of `USER_KEY_LENGTH` of each, one after the other. */
  readonly keys?: string;
  /** Even more: those without a key. */
  readonly more?: number;
}

/** Who writes in a room on the teller's node. */
export interface TypingFact {
  readonly about: 'typing';
  readonly room: RoomKey;
  readonly users: readonly Named[];
}

/** How far a user has read there. */
export interface ReadFact {
  readonly about: 'read';
  readonly room: RoomKey;
  readonly user: UserId;
  readonly seq: Seq;
}

/** The teller ends. */
export interface GoneFact {
  readonly about: 'gone';
}

/** One thing that a node tells. */
export type Fact = PresenceFact | TypingFact | ReadFact | GoneFact;

/** One text between nodes. `n` grows with every text of a node: of two, the higher is newer. */
export interface News {
  readonly node: string;
  readonly n: number;
  readonly facts: readonly Fact[];
}

/** Characters by which a user is counted once on all nodes. */
export const USER_KEY_LENGTH = 6;
/** So that a fact about the largest room has its place in one text. */
export const USER_KEYS_MAX = 8000;
/** A list of people longer than this is told by keys instead. */
export const USERS_LENGTH_MAX = NEWS_LENGTH_MAX / 4;
/** What is left in a text beside the names of its fields. */
const FACTS_LENGTH_MAX = NEWS_LENGTH_MAX - 256;
const NODE = /^[\w-]{1,64}$/;
const KEYS = /^(?:[\w-]{6}){0,8000}$/;
const ID_LENGTH_MAX = 256;
const NAME_LENGTH_MAX = 1024;
const AVATAR_LENGTH_MAX = 4096;
const roles: readonly Role[] = ['guest', 'member', 'moderator', 'admin'];

/** Facts as few texts, none too long. `nextN` gives each its number. */
export function encodeNews(
  node: string,
  nextN: () => number,
  facts: readonly Fact[],
): readonly string[] {
  const texts: string[] = [];
  let waiting: string[] = [];
  let length = 0;
  const close = (): void => {
    if (waiting.length === 0) return;
    texts.push(`{"node":"${node}","n":${nextN()},"facts":[${waiting.join(',')}]}`);
    waiting = [];
    length = 0;
  };
  for (const fact of facts) {
    const text = JSON.stringify(fact);
    // Nobody's names are that long; if they were, nobody would be told of them.
    if (text.length > FACTS_LENGTH_MAX) continue;
    if (length + text.length > FACTS_LENGTH_MAX) close();
    waiting.push(text);
    length += text.length + 1;
  }
  close();
  return texts;
}

/** What a node told, or undefined when no version of this server says so. Never throws. */
export function parseNews(text: string): News | undefined {
  if (text.length > NEWS_LENGTH_MAX) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Undefined is no object either.
  }
  if (!isObject(value)) return undefined;
  const { node, n, facts } = value;
  if (!isString(node, 64) || !NODE.test(node) || !isCount(n) || !Array.isArray(facts)) {
    return undefined;
  }
  return { node, n, facts: facts.map(factOf).filter((fact) => fact !== undefined) };
}

function factOf(value: unknown): Fact | undefined {
  if (!isObject(value)) return undefined;
  if (value['about'] === 'gone') return { about: 'gone' };
  const { about, room } = value;
  if (!isString(room, ID_LENGTH_MAX)) return undefined;
  if (about === 'presence') return presenceOf(room as RoomKey, value);
  if (about === 'typing') return typingOf(room as RoomKey, value);
  if (about === 'read') return readOf(room as RoomKey, value);
  return undefined;
}

function presenceOf(room: RoomKey, value: Fields): PresenceFact | undefined {
  const { users, keys = '', more = 0 } = value;
  if (!isCount(more) || typeof keys !== 'string' || !KEYS.test(keys)) return undefined;
  if (users === undefined) return { about: 'presence', room, keys, more };
  const read = listOf(users, userOf);
  return read && { about: 'presence', room, users: read };
}

function typingOf(room: RoomKey, { users }: Fields): TypingFact | undefined {
  const read = listOf(users, namedOf);
  return read && { about: 'typing', room, users: read };
}

function readOf(room: RoomKey, { user, seq }: Fields): ReadFact | undefined {
  if (!isString(user, ID_LENGTH_MAX) || !isCount(seq)) return undefined;
  return { about: 'read', room, user: user as UserId, seq };
}

function userOf(value: unknown): User | undefined {
  const named = namedOf(value);
  if (named === undefined || !isObject(value)) return undefined;
  const { avatar } = value;
  const role = roles.find((one) => one === value['role']);
  if (role === undefined) return undefined;
  return isString(avatar, AVATAR_LENGTH_MAX) ? { ...named, role, avatar } : { ...named, role };
}

function namedOf(value: unknown): Named | undefined {
  if (!isObject(value)) return undefined;
  const { id, name } = value;
  if (!isString(id, ID_LENGTH_MAX) || !isText(name, NAME_LENGTH_MAX)) return undefined;
  return { id: id as UserId, name };
}

/** All of them, or undefined: half a list would be another fact. */
function listOf<T>(value: unknown, itemOf: (item: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map(itemOf).filter((item) => item !== undefined);
  return items.length === value.length ? items : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown, lengthMax: number): value is string =>
  typeof value === 'string' && value.length <= lengthMax;

const isString = (value: unknown, lengthMax: number): value is string =>
  isText(value, lengthMax) && value !== '';

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
