/** The rooms of one client: hands each op to its room, and keeps the drafts of all of them. */

import { ChatError } from '../protocol/chat-error.ts';
import type { RoomId, User } from '../protocol/ops.ts';
import { isRoomId } from '../protocol/parse.ts';
import { DraftKeeper } from './draft-keeper.ts';
import { LiveRoom, type RoomHost } from './live-room.ts';
import type { Draft } from './outbox.ts';
import { refusalOf } from './refusal.ts';

const MAYBE_SENT = refusalOf({ code: 'maybe_sent' });

/** Invariant: what is kept is what all rooms hold. A kept draft opens its room to be sent. */
export class Rooms {
  readonly #host: RoomHost;
  readonly #keeper: DraftKeeper;
  readonly #rooms = new Map<RoomId, LiveRoom>();

  constructor(host: RoomHost, server: string) {
    this.#host = host;
    this.#keeper = new DraftKeeper(host.environment, host.keeper, server, (kept) => {
      for (const { room } of kept) this.get(room).adopt(kept);
      this.save();
    });
  }

  /** The same object for the same id. Throws `ChatError` bad_room. */
  get(id: string): LiveRoom {
    if (!isRoomId(id)) throw new ChatError('bad_room', {});
    const room = this.#rooms.get(id) ?? new LiveRoom(id, this.#host);
    this.#rooms.set(id, room);
    return room;
  }

  /** Undefined for an op of a room that nobody asked for. */
  known(id: RoomId | undefined): LiveRoom | undefined {
    return this.#rooms.get(id as RoomId);
  }

  get all(): readonly LiveRoom[] {
    return [...this.#rooms.values()];
  }

  get drafts(): readonly Draft[] {
    return this.all.flatMap((room) => room.drafts);
  }

  save(): void {
    this.#keeper.save(this.drafts.filter(({ ack }) => !ack));
  }

  /** Drafts are this user's from now on; those of earlier visits come in. */
  open({ id }: User): void {
    this.#keeper.open(id);
    this.save();
  }

  /**
   * What was here belongs to another user. A new guest is the same person, but its cids cannot
   * find there what was stored under the old one: it is the author who must decide.
   */
  startOver(isSamePerson: boolean): void {
    if (isSamePerson) this.#keeper.save([]);
    for (const room of this.all) {
      const unsure = room.drafts.filter(({ ack }) => !ack);
      room.startOver(isSamePerson ? unsure.map((one) => ({ ...one, failure: MAYBE_SENT })) : []);
    }
  }

  /** Another tab wrote there; it may be gone soon. */
  watch(key: string): void {
    this.#keeper.watch(key);
  }

  close(): void {
    this.#keeper.close();
  }
}
