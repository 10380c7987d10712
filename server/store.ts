/**
 * Where the logs of rooms are kept. The contract, no code. Three stores keep it (memory, SQLite,
 * MongoDB) and pass one suite: test/support/store-conformance.ts.
 */

import type { Cid, Entry, EntryId, Epoch, Message, Ms, Seq, UserId } from 'mini-chat/protocol';

declare const brand: unique symbol;

/** A room as stored: `tenant/room`. One tenant's key can never name another tenant's room. */
export type RoomKey = string & { readonly [brand]: 'RoomKey' };

/** A room's log as of now. In a room nobody wrote in: head 0, headId '', headAt 0, floor 1. */
export interface LogFacts {
  readonly epoch: Epoch;
  /** The newest committed seq. */
  readonly head: Seq;
  readonly headId: EntryId | '';
  readonly headAt: Ms;
  /** The oldest seq kept. Invariant: floor ≤ head + 1. */
  readonly floor: Seq;
}

/** One draft's identity inside a room. */
export interface DraftKey {
  readonly user: UserId;
  readonly cid: Cid;
}

/**
 * 1. Everything a store returns MUST be committed: durable, and never rolled back by itself.
 * 2. `seq` and `(user, cid)` MUST each be unique in a room, enforced by the storage itself.
 * 3. A store MUST NOT give numbers, retry, or resolve conflicts: the room log does that.
 * 4. Rejections MAY be of any kind; the room log decides by content, never by an error's words.
 * 5. Methods MUST NOT change what they are given, and MAY be called concurrently.
 */
export interface Store {
  /** Where messages are kept, in words, for the line printed at start-up. Never a password. */
  readonly place: string;

  /** Never creates anything: asking about rooms leaves no trace. */
  facts(room: RoomKey): Promise<LogFacts>;

  /**
   * Writes entries with consecutive seqs, in order. MUST resolve only when all are durable. When it
   * rejects, any prefix of them may have been stored, never one without all before it; and with a
   * lost reply even all. At most 256 entries of one room.
   */
  insert(room: RoomKey, entries: readonly Entry[]): Promise<void>;

  /** The entries with `after < seq ≤ upTo`, in order, at most `limit`. */
  read(room: RoomKey, range: EntryRange): Promise<readonly Entry[]>;

  /** The entries of these drafts that are stored, in any order, also those below the head. */
  find(room: RoomKey, drafts: readonly DraftKey[]): Promise<readonly Entry[]>;

  /** The newest `limit` messages with `seq < before`, oldest first. */
  messages(room: RoomKey, range: MessageRange): Promise<readonly Message[]>;

  /**
   * Small facts about the server itself (guest keys). Sets `name` to `next` if it now is `expected`
   * (undefined: not set). Resolves with the value in force afterwards, whoever set it. Rejects when
   * another value is expected of a name that is not set: there is none in force.
   */
  swap(name: string, expected: string | undefined, next: string): Promise<string>;

  /** Resolves if the store can answer now; rejects otherwise. For /readyz. */
  ping(): Promise<void>;

  /** News from other nodes, where several can write to this store; see hints.ts. */
  readonly hints?: Hints;

  /** Finishes the writes under way, then frees everything. Idempotent. */
  close(): Promise<void>;
}

/** A stretch of a log. */
export interface EntryRange {
  readonly after: Seq;
  readonly upTo: Seq;
  readonly limit: number;
}

/** A page of messages, counted backwards. */
export interface MessageRange {
  readonly before: Seq;
  readonly limit: number;
}

/**
 * 1. A hint MUST carry a committed entry.
 * 2. Hints MAY be lost, repeated and reordered: correctness never depends on them.
 * 3. When hints may have been lost, `repair` MUST be called: every live room then reads its head.
 */
export interface Hints {
  /** One listener at a time. Returns how to stop. */
  watch(listener: HintListener): () => void;
}

/** What hints are told to; neither may throw. */
export interface HintListener {
  readonly entry: (room: RoomKey, entry: Entry) => void;
  readonly repair: () => void;
}
