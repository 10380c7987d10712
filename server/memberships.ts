/** The rooms that one connection is in, and what it may do in each. */

import { ChatError } from 'mini-chat/protocol';
import type { Cursor, Operation, RoomId } from 'mini-chat/protocol';
import type { Connection } from './connection.ts';
import { standingIn, type Claims, type RoomRules, type Standing } from './policy.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';

/** A room joined, and the standing that the token in force gives in it. */
export interface Membership {
  readonly room: Room;
  readonly standing: Standing;
}

/** What memberships are made of. */
export interface MembershipsOptions {
  readonly connection: Connection;
  readonly rooms: Rooms;
  readonly rules: RoomRules;
  readonly roomsMax: number;
}

/** Invariant: holds a room exactly while this connection is a member of it. */
export class Memberships {
  readonly #options: MembershipsOptions;
  readonly #held = new Map<RoomId, Membership>();

  constructor(options: MembershipsOptions) {
    this.#options = options;
  }

  /** Joins, or moves to another cursor. Rejects `ChatError`, and then changes nothing. */
  async join(id: RoomId, cursor: Cursor | undefined, claims: Claims): Promise<void> {
    const { connection, rooms, rules, roomsMax } = this.#options;
    const standing = standingIn(id, claims, rules);
    if (!standing.can.includes('join')) throw new ChatError('forbidden', { operation: 'join' });
    const known = this.#held.get(id);
    if (known === undefined && this.#held.size >= roomsMax) {
      throw new ChatError('too_many_rooms', { max: roomsMax });
    }
    const room = known?.room ?? (await rooms.acquire(id));
    try {
      const { can } = standing;
      await room.join(connection, cursor === undefined ? { can } : { can, cursor });
    } catch (error) {
      if (known === undefined) rooms.release(id);
      throw error;
    }
    this.#held.set(id, { room, standing });
    // It may have ended meanwhile, and then nobody else will leave for it.
    if (!connection.isOpen) this.leave(id);
  }

  /** Idempotent. */
  leave(id: RoomId): void {
    const membership = this.#held.get(id);
    if (membership === undefined) return;
    this.#held.delete(id);
    membership.room.leave(this.#options.connection);
    this.#options.rooms.release(id);
  }

  leaveAll(): void {
    for (const id of [...this.#held.keys()]) this.leave(id);
  }

  /** The one gate before anything is done in a room. Throws `ChatError`. */
  allowed(id: RoomId, operation: Operation): Membership {
    const membership = this.#held.get(id);
    if (membership === undefined) throw new ChatError('not_joined', {});
    if (membership.standing.can.includes(operation)) return membership;
    throw new ChatError('forbidden', { operation });
  }

  /** After a new token: its rights hold from the next op on. Returns the rooms it had to leave. */
  restand(claims: Claims): readonly RoomId[] {
    const lost: RoomId[] = [];
    for (const [id, { room }] of this.#held) {
      const standing = standingIn(id, claims, this.#options.rules);
      this.#held.set(id, { room, standing });
      if (!standing.can.includes('join')) lost.push(id);
    }
    for (const id of lost) this.leave(id);
    return lost;
  }
}
