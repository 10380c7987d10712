/** One room as its user sees it: a snapshot that changes, and what can be done in it. */

import type { Cid, Message, RoomId, Seq } from '../protocol/ops.ts';
import type { LiveRoom } from './live-room.ts';
import type { RoomSnapshot } from './room-view.ts';

export type { Refusal } from './refusal.ts';
export type { RoomSnapshot, Status } from './room-view.ts';

/** One room. Made by `ChatClient.room`. */
export class Room {
  readonly id: RoomId;
  readonly #live: LiveRoom;

  constructor(live: LiveRoom) {
    this.id = live.id;
    this.#live = live;
  }

  /** The room as it is now; the same object until something changes. */
  get snapshot(): RoomSnapshot {
    return this.#live.snapshot;
  }

  /** Joined while at least one holder has not called what this returns. */
  join(): () => void {
    return this.#live.join();
  }

  /** Calls the listener after each change. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    return this.#live.subscribe(listener);
  }

  /**
   * Each new message once, own ones too, also those that were missed while offline; never history.
   * Returns how to stop.
   */
  onMessage(listener: (message: Message) => void): () => void {
    return this.#live.onMessage(listener);
  }

  /**
   * Puts a draft in the outbox; it shows in `rows` at once and is sent when the room is live,
   * joining it for that if nobody holds it. Throws `ChatError` bad_text, text_too_long or
   * outbox_full, and then nothing was taken.
   */
  send(text: string, { replyTo }: { readonly replyTo?: Seq | undefined } = {}): Cid {
    return this.#live.send(replyTo === undefined ? { text } : { text, replyTo });
  }

  /** A failed draft goes to the end of the outbox, under the same cid. Others stay as they are. */
  retry(cid: Cid): void {
    this.#live.retry(cid);
  }

  /** Forgets a draft that was not acknowledged. One on the wire may still arrive. */
  discard(cid: Cid): void {
    this.#live.discard(cid);
  }

  /**
   * Adds the page before the oldest row. Resolves when it is there, or when it cannot be had now
   * (not live, nothing older). Rejects with `ChatError` when the server refuses. One at a time: a
   * second call gets the promise of the first.
   */
  loadOlder(): Promise<void> {
    return this.#live.loadOlder();
  }
}
