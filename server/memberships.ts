/** The rooms that one connection is in, and what it may do in each. */

import { ChatError } from 'mini-chat/protocol';
import type { Cursor, Operation, RoomId, Seq } from 'mini-chat/protocol';
import type { Connection } from './connection.ts';
import type { Identity } from './host-claims.ts';
import { standingIn, type RoomRules, type Standing } from './policy.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import type { Volatile } from './volatile.ts';

/** A room joined, and the standing that the token in force gives in it. */
export interface Membership {
  readonly room: Room;
  readonly standing: Standing;
}

/** What memberships are made of. */
export interface MembershipsOptions {
  readonly connection: Connection;
  readonly rooms: Rooms;
  readonly volatile: Volatile;
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
  async join(id: RoomId, cursor: Cursor | undefined, { user, claims }: Identity): Promise<void> {
    const { connection, rooms, volatile, rules, roomsMax } = this.#options;
    const standing = standingIn(id, claims, rules);
    if (!standing.can.includes('join')) throw new ChatError('forbidden', { operation: 'join' });
    const known = this.#held.get(id);
    if (known === undefined && this.#held.size >= roomsMax) {
      throw new ChatError('too_many_rooms', { max: roomsMax });
    }
    const marked = volatile.readBy(id, user.id);
    const room = known?.room ?? (await rooms.acquire(id));
    const read = await marked;
    const { can, role } = standing;
    try {
      const joining = { can, user: user.id, read };
      await room.join(connection, cursor === undefined ? joining : { ...joining, cursor });
    } catch (error) {
      if (known === undefined) rooms.release(id);
      throw error;
    }
    this.#held.set(id, { room, standing });
    volatile.enter(id, connection, { user: { ...user, role }, read: read ?? 0 });
    // It may have ended meanwhile, and then nobody else will leave for it.
    if (!connection.isOpen) this.leave(id);
  }

  /** Idempotent. */
  leave(id: RoomId): void {
    const membership = this.#held.get(id);
    if (membership === undefined) return;
    this.#held.delete(id);
    const { connection, rooms, volatile } = this.#options;
    membership.room.leave(connection);
    volatile.leave(id, connection);
    rooms.release(id);
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

  /** This connection's user writes, or stopped. Throws `ChatError` where nobody would see more. */
  type(id: RoomId, isOn: boolean): void {
    this.allowed(id, 'message');
    this.#options.volatile.type(id, this.#options.connection, isOn);
  }

  /** This connection's user has read so far. Throws `ChatError`. */
  mark(id: RoomId, seq: Seq): void {
    const { room } = this.allowed(id, 'join');
    // Nobody has read what is not there yet, and a mark never goes back.
    this.#options.volatile.mark(id, this.#options.connection, Math.min(seq, room.head));
  }

  /** After a new token: its rights hold from the next op on. Returns the rooms it had to leave. */
  restand({ user, claims }: Identity): readonly RoomId[] {
    const { connection, rules, volatile } = this.#options;
    const lost: RoomId[] = [];
    for (const [id, { room, standing: before }] of this.#held) {
      const standing = standingIn(id, claims, rules);
      this.#held.set(id, { room, standing });
      volatile.rename(id, connection, { ...user, role: standing.role });
      if (!standing.can.includes('join')) lost.push(id);
      else if (!isSame(standing.can, before.can)) room.allow(connection, standing.can);
    }
    for (const id of lost) this.leave(id);
    return lost;
  }
}

const isSame = (a: readonly Operation[], b: readonly Operation[]): boolean =>
  a.length === b.length && a.every((operation) => b.includes(operation));
