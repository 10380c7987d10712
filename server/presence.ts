/** Who is in one room, here and on other nodes, each user once. Pure: the time is an argument. */

import { hash } from 'node:crypto';
import { PRESENCE_USERS_MAX } from 'mini-chat/protocol';
import type { Ms, PresenceOp, User, UserId } from 'mini-chat/protocol';
import {
  USER_KEY_LENGTH,
  USER_KEYS_MAX,
  USERS_LENGTH_MAX,
  type PresenceFact,
} from './node-news.ts';

interface Node {
  readonly n: number;
  readonly heardAt: Ms;
  /** By key; undefined where the node said no more of a user than the key. */
  readonly people: ReadonlyMap<string, User | undefined>;
  /** Users without a key, who may be counted twice: in rooms of more than `USER_KEYS_MAX`. */
  readonly more: number;
}

/** What a node told of its people; the part of a `PresenceFact` that is about them. */
export type PeopleFact = Pick<PresenceFact, 'users' | 'keys' | 'more'>;

/** Invariant: `#here` has exactly the users that came in and did not leave. */
export class Presence {
  readonly #here = new Map<string, User>();
  readonly #nodes = new Map<string, Node>();

  /** A user is here, or has another name now. */
  enter(user: User): void {
    this.#here.set(keyOf(user.id), user);
  }

  /** The last connection of a user has left. */
  leave(id: UserId): void {
    this.#here.delete(keyOf(id));
  }

  /**
   * Takes what another node told; of two, the one with the higher `n` holds. Says whether it was
   * `taken`, and whether that node `isNew` here: then it knows nothing of us either.
   */
  hear(
    node: string,
    fact: PeopleFact,
    { n, at }: { readonly n: number; readonly at: Ms },
  ): { readonly taken: boolean; readonly isNew: boolean } {
    const known = this.#nodes.get(node);
    if (known !== undefined && known.n >= n) return { taken: false, isNew: false };
    const people = peopleOf(fact);
    const { more = 0 } = fact;
    this.#nodes.set(node, { n, heardAt: at, people, more });
    return { taken: true, isNew: sizeOf(known) === 0 && people.size + more > 0 };
  }

  /** That node has ended. True: it had people here. */
  forget(node: string): boolean {
    const had = sizeOf(this.#nodes.get(node)) > 0;
    this.#nodes.delete(node);
    return had;
  }

  /** Forgets nodes that said nothing from then on. True: one of them had people here. */
  forgetBefore(at: Ms): boolean {
    const silent = [...this.#nodes].filter(([, { heardAt }]) => heardAt < at);
    return silent.map(([node]) => this.forget(node)).includes(true);
  }

  /** Whether other nodes have people in this room. */
  get hasOthers(): boolean {
    return [...this.#nodes.values()].some((node) => sizeOf(node) > 0);
  }

  /** Whether a user may be on another node, too. */
  isElsewhere(id: UserId): boolean {
    const key = keyOf(id);
    return [...this.#nodes.values()].some(({ people, more }) => more > 0 || people.has(key));
  }

  /** For the members: everybody once, in an order that does not depend on who came when. */
  get now(): Pick<PresenceOp, 'count' | 'users'> {
    const all = new Map<string, User | undefined>(this.#here);
    let more = 0;
    for (const node of this.#nodes.values()) {
      more += node.more;
      for (const [key, user] of node.people) all.set(key, all.get(key) ?? user);
    }
    const count = all.size + more;
    if (count > PRESENCE_USERS_MAX) return { count };
    const users = [...all.values()].filter((user) => user !== undefined);
    // Somebody is known by a key alone: half a list would be a wrong one.
    if (users.length < count) return { count };
    return { count, users: users.sort((a, b) => (a.id < b.id ? -1 : 1)) };
  }

  /** For the other nodes. */
  get here(): PeopleFact {
    if (this.#here.size <= PRESENCE_USERS_MAX) {
      const users = [...this.#here.values()];
      if (lengthOf(users) <= USERS_LENGTH_MAX) return { users };
      const plain = users.map(({ id, name, role }) => ({ id, name, role }));
      if (lengthOf(plain) <= USERS_LENGTH_MAX) return { users: plain };
    }
    const keys = [...this.#here.keys()].slice(0, USER_KEYS_MAX);
    return { keys: keys.join(''), more: this.#here.size - keys.length };
  }
}

/** 36 bits: in one of 5000 rooms of 5000 users, two of them count as one. */
function keyOf(id: UserId): string {
  return hash('sha256', id, 'base64url').slice(0, USER_KEY_LENGTH);
}

function peopleOf({ users, keys = '' }: PeopleFact): ReadonlyMap<string, User | undefined> {
  if (users !== undefined) return new Map(users.map((user) => [keyOf(user.id), user]));
  const people = new Map<string, undefined>();
  for (let at = 0; at < keys.length; at += USER_KEY_LENGTH) {
    people.set(keys.slice(at, at + USER_KEY_LENGTH), undefined);
  }
  return people;
}

function sizeOf(node: Node | undefined): number {
  return node === undefined ? 0 : node.people.size + node.more;
}

function lengthOf(users: readonly User[]): number {
  return JSON.stringify(users).length;
}
