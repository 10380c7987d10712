/** One room as its user sees it: a snapshot that changes, and what can be done in it. */

import type { Cid, Limits, Message, Ms, Operation, RoomId, Seq, User } from '../protocol/ops.ts';
import type { StorageFault } from './keeper.ts';
import type { Refusal } from './refusal.ts';
import type { Row } from './row.ts';

export type { Refusal } from './refusal.ts';

/**
 * `connecting` until everything missed has arrived, not until the socket opens. `closed`: nobody
 * has joined. `refused`: it will not try again by itself; `refusal` says why.
 */
export type Status = 'closed' | 'connecting' | 'live' | 'offline' | 'refused';

/** Somebody by name. */
export type Named = Pick<User, 'id' | 'name'>;

/** How many are in a room; in a small one also who. */
export interface People {
  readonly count: number;
  readonly users?: readonly User[] | undefined;
}

/** A room at one moment. Immutable: another object per change, rows shared where equal. */
export interface RoomSnapshot {
  readonly status: Status;
  /** Always with `refused`; with `offline` when the server or the host page gave a reason. */
  readonly refusal?: Refusal | undefined;
  /** With `offline`: when it tries again, by this machine's clock. */
  readonly retryAt?: Ms | undefined;
  readonly user?: User | undefined;
  /** What this user may do here; empty until joined. */
  readonly can: readonly Operation[];
  readonly limits: Limits;
  /** Messages and notices in the order of the log, then drafts of them. */
  readonly rows: readonly Row[];
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** Drafts cannot be kept across a reload: storage is not allowed, or full. */
  readonly storageFault?: StorageFault | undefined;
  /** The newest seq of the room that is known here. */
  readonly head: Seq;
  /** How often the log was replaced by another one; rows before a reset say nothing about after. */
  readonly resets: number;
  /** The others who write just now, and how many more than these. */
  readonly typing: readonly Named[];
  readonly typingMore: number;
  /** Who is here; absent until the server says it, and while the room is not live. */
  readonly people?: People | undefined;
  /** How far this user has read, on any device. */
  readonly read: Seq;
  /** Lines of others after `read` that are here and not deleted. */
  readonly unread: number;
}

/** One room. `ChatClient.room` gives it. */
export interface Room {
  readonly id: RoomId;

  /** The room as it is now; the same object until something changes. */
  readonly snapshot: RoomSnapshot;

  /** Joined while at least one holder has not called what this returns. */
  join(): () => void;

  /** Calls the listener after each change. Returns how to stop. */
  subscribe(listener: () => void): () => void;

  /**
   * Each new message once, own ones too, also those that were missed while offline; never history,
   * and none that is deleted by now. Returns how to stop.
   */
  onMessage(listener: (message: Message) => void): () => void;

  /**
   * Puts a draft in the outbox; it shows in `rows` at once and is sent when the room is live,
   * joining it for that if nobody holds it. Throws `ChatError` bad_text, text_too_long or
   * outbox_full, and then nothing was taken.
   */
  send(text: string, options?: { readonly replyTo?: Seq | undefined }): Cid;

  /**
   * Says something else in an own message. This and the other changes below show at once on its row
   * and are kept and sent like messages. A refused one is taken back and tells its `failure` there;
   * that it was so already, or that the message is deleted by now, is none. Throws as `send` does.
   */
  edit(seq: Seq, text: string): Cid;

  /** Deletes a message: an own one, or anybody's for who may `moderate`. Throws outbox_full. */
  remove(seq: Seq): Cid;

  /** One emoji of this user comes or goes. Throws outbox_full. */
  react(seq: Seq, emoji: string, on: boolean): Cid;

  /** Keeps a message in view for everybody, or no more. Throws outbox_full. */
  pin(seq: Seq, on: boolean): Cid;

  /** What the room itself says; a draft like `send`. Throws as `send` does. */
  notice(text: string): Cid;

  /** Whether this user writes. To be told with each key, and at the end; lost unless live. */
  typing(on: boolean): void;

  /** This user has read up to here. Never goes back; told to the server when it can be. */
  markRead(seq: Seq): void;

  /**
   * Loads older pages until the line is among the rows. False: it is gone, or cannot be had now.
   * Rejects as `loadOlder` does.
   */
  seek(seq: Seq): Promise<boolean>;

  /** A failed draft is sent again as soon as none is in flight, under the same cid. */
  retry(cid: Cid): void;

  /** Forgets a draft that was not acknowledged. One on the wire may still arrive. */
  discard(cid: Cid): void;

  /**
   * Adds the page before the oldest row. Resolves when it is there, or when it cannot be had now
   * (not live, nothing older). Rejects with `ChatError` when the server refuses. One at a time: a
   * second call gets the promise of the first.
   */
  loadOlder(): Promise<void>;
}
