/**
 * Who is in which room, and who writes, in this tab and in the others of this browser. Pure. A tab
 * that goes may say nothing (it crashed, or is frozen), so tabs are asked, and one that was asked
 * and gave no answer until the next question is taken for gone. That needs no clock, which browsers
 * slow down in tabs that nobody looks at.
 */

import { PRESENCE_USERS_MAX, TYPING_USERS_MAX } from '../protocol/limits.ts';
import type { PresenceOp, RoomId, TypingNowOp, User, UserId } from '../protocol/ops.ts';

/** Somebody in a room, as a tab tells it. */
export interface Attendance {
  readonly room: RoomId;
  readonly user: User;
  readonly isTyping: boolean;
}

/** Invariant: what another tab told is whole; the next time it tells replaces it. */
export class DemoPeople {
  readonly #elsewhere = new Map<string, readonly Attendance[]>();
  /** Have said something after the last question. */
  readonly #heard = new Set<string>();

  /** What a tab told of itself. */
  hear(tab: string, people: readonly Attendance[]): void {
    this.#heard.add(tab);
    if (people.length > 0) this.#elsewhere.set(tab, people);
    else this.#elsewhere.delete(tab);
  }

  /** The tabs are about to be asked: those that did not answer the last question are gone. */
  ask(): void {
    for (const tab of this.#elsewhere.keys()) {
      if (!this.#heard.has(tab)) this.#elsewhere.delete(tab);
    }
    this.#heard.clear();
  }

  /** What the members of a room are told, each user once; `here` are those of this tab. */
  of(room: RoomId, here: readonly Attendance[]): readonly [PresenceOp, TypingNowOp] {
    const [there, typing] = [new Map<UserId, User>(), new Map<UserId, User>()];
    for (const one of [here, ...this.#elsewhere.values()].flat()) {
      if (one.room !== room) continue;
      if (!there.has(one.user.id)) there.set(one.user.id, one.user);
      if (one.isTyping) typing.set(one.user.id, one.user);
    }
    const users = [...there.values()];
    const writers = [...typing.values()].map(({ id, name }) => ({ id, name }));
    const more = writers.length - TYPING_USERS_MAX;
    return [
      {
        op: 'presence',
        room,
        count: users.length,
        ...(users.length <= PRESENCE_USERS_MAX ? { users } : {}),
      },
      {
        op: 'typing',
        room,
        users: writers.slice(0, TYPING_USERS_MAX),
        ...(more > 0 ? { more } : {}),
      },
    ];
  }
}
