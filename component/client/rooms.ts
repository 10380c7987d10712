/** The rooms of one client: hands each op to its room, and keeps the drafts of all of them. */

import { ChatError } from '../protocol/chat-error.ts';
import type { RoomId, User } from '../protocol/ops.ts';
import { isRoomId } from '../protocol/parse.ts';
import { DraftKeeper, type KeptDraft } from './draft-keeper.ts';
import type { Keeper } from './keeper.ts';
import { type AllDrafts, LiveRoom, type RoomHost, type RoomOp } from './live-room.ts';
import { type Draft, orphan } from './outbox.ts';
import type { Room } from './room.ts';

/** Its cid cannot find it under another user: only its author knows whether it is there. */
const MAYBE_SENT = {
  code: 'maybe_sent',
  message: 'You are a new guest now, and this may have been sent before.',
};

/** Invariant: what is kept is what all rooms hold, and what waits for rooms not open here. */
export class Rooms implements AllDrafts {
  readonly #host: RoomHost;
  readonly #keeper: DraftKeeper;
  readonly #rooms = new Map<RoomId, LiveRoom>();
  /** Drafts of rooms that nobody has asked for on this page. */
  readonly #parked = new Map<RoomId, readonly Draft[]>();

  constructor(host: RoomHost, keeper: Keeper, server: string) {
    this.#host = host;
    this.#keeper = new DraftKeeper(host.environment, keeper, server, (drafts) => {
      this.#adopt(drafts);
    });
  }

  /** The same object for the same id. Throws `ChatError` bad_room. */
  get(id: string): Room {
    if (!isRoomId(id)) throw new ChatError('bad_room', {});
    const known = this.#rooms.get(id);
    if (known !== undefined) return known;
    const room = new LiveRoom(id, this.#host, this);
    this.#rooms.set(id, room);
    this.#unpark(id, room);
    return room;
  }

  again(): void {
    this.#each((live) => live.again());
  }

  connectionChanged(): void {
    this.#each((live) => live.connectionChanged());
  }

  receive(op: RoomOp): void {
    if (op.room !== undefined) this.#rooms.get(op.room)?.receive(op);
  }

  get count(): number {
    return this.#drafts().length;
  }

  save(): void {
    this.#keeper.save(this.#drafts());
  }

  /** Drafts are this user's from now on; those of earlier visits come in. */
  open({ id }: User): void {
    this.#keeper.open(id);
    this.save();
  }

  /** What was here belongs to another user; drafts go along when it is the same person. */
  startOver({ isSamePerson }: { readonly isSamePerson: boolean }): void {
    for (const live of this.#rooms.values()) {
      live.startOver(isSamePerson ? orphan(live.drafts, MAYBE_SENT) : []);
    }
    for (const [room, drafts] of this.#parked) {
      if (isSamePerson) this.#parked.set(room, orphan(drafts, MAYBE_SENT));
      else this.#parked.delete(room);
    }
    if (isSamePerson) this.#keeper.save([]);
  }

  /** Another tab wrote there; it may be gone soon. */
  watch(key: string): void {
    this.#keeper.watch(key);
  }

  close(): void {
    this.#keeper.close();
  }

  #adopt(drafts: readonly KeptDraft[]): void {
    for (const { room, ...draft } of drafts) {
      this.#parked.set(room, [...(this.#parked.get(room) ?? []), draft]);
    }
    for (const [id, room] of this.#rooms) this.#unpark(id, room);
    this.save();
  }

  #unpark(id: RoomId, room: LiveRoom): void {
    const parked = this.#parked.get(id);
    this.#parked.delete(id);
    if (parked !== undefined) room.adopt(parked);
  }

  #drafts(): readonly KeptDraft[] {
    const kept: KeptDraft[] = [];
    for (const [room, live] of this.#rooms) {
      for (const draft of live.drafts) if (draft.ack === undefined) kept.push({ ...draft, room });
    }
    for (const [room, drafts] of this.#parked) {
      for (const draft of drafts) kept.push({ ...draft, room });
    }
    return kept;
  }

  #each(run: (live: LiveRoom) => void): void {
    for (const live of [...this.#rooms.values()]) run(live);
  }
}
