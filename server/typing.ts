/** Who writes in one room, here and on other nodes. Pure: the time is an argument. */

import { TYPING_USERS_MAX } from 'mini-chat/protocol';
import type { Ms, TypingNowOp, UserId } from 'mini-chat/protocol';
import type { Named } from './node-news.ts';

interface Writer {
  readonly user: Named;
  /** The connection that said so: when it leaves, the user has stopped. */
  readonly by: object;
  readonly until: Ms;
}

interface Elsewhere {
  readonly n: number;
  readonly users: readonly Named[];
  readonly until: Ms;
}

/** Named to other nodes at most; who follows is not told of until one of them stops. */
const TOLD_MAX = 50;

/** Who began first stands first. A node that says nothing more is forgotten like a user. */
export class Typing {
  readonly #here = new Map<UserId, Writer>();
  readonly #elsewhere = new Map<string, Elsewhere>();

  /** This user writes, until then. */
  start(user: Named, by: object, until: Ms): void {
    const { id, name } = user;
    this.#here.set(id, { user: { id, name }, by, until });
  }

  /** This user stopped. With `by`: only if it was this connection that said so. True: it had. */
  stop(id: UserId, by?: object): boolean {
    if (by !== undefined && this.#here.get(id)?.by !== by) return false;
    return this.#here.delete(id);
  }

  /** What another node told; older news than that is passed over. */
  hear(node: string, heard: Elsewhere): void {
    if (heard.n > (this.#elsewhere.get(node)?.n ?? -1)) this.#elsewhere.set(node, heard);
  }

  /** That node has ended. */
  forget(node: string): void {
    this.#elsewhere.delete(node);
  }

  /** Forgets who has not said it again in time. */
  expire(now: Ms): void {
    for (const [id, { until }] of this.#here) if (until <= now) this.#here.delete(id);
    for (const [node, { until }] of this.#elsewhere) {
      if (until <= now) this.#elsewhere.delete(node);
    }
  }

  /** When `expire` will find somebody; Infinity: never. */
  get dueAt(): Ms {
    let due = Infinity;
    for (const { until } of this.#here.values()) due = Math.min(due, until);
    for (const { until } of this.#elsewhere.values()) due = Math.min(due, until);
    return due;
  }

  /** For the other nodes. */
  get here(): readonly Named[] {
    return [...this.#here.values()].slice(0, TOLD_MAX).map(({ user }) => user);
  }

  /** For the members, each user once. */
  get now(): Pick<TypingNowOp, 'users' | 'more'> {
    const all = new Map<UserId, Named>();
    for (const { user } of this.#here.values()) all.set(user.id, user);
    for (const { users } of this.#elsewhere.values()) {
      for (const user of users) if (!all.has(user.id)) all.set(user.id, user);
    }
    const users = [...all.values()].slice(0, TYPING_USERS_MAX);
    const more = all.size - users.length;
    return more > 0 ? { users, more } : { users };
  }
}
