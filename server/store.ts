/**
 * Where the logs of rooms are kept. The contract, no code. Three stores keep it (memory, SQLite,
 * MongoDB) and pass one suite: test/support/store-conformance.ts.
 */

import type {
  Change,
  Cid,
  Entry,
  EntryId,
  Epoch,
  Line,
  Message,
  Ms,
  Seq,
  UserId,
} from 'mini-chat/protocol';

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
   * Whether an entry with this seq is committed, by a linearizable read where others can write too:
   * no answer may come from a server that does not know yet that it is no primary any more. Asked
   * before a reader is told that it is ahead of the log.
   */
  holds(room: RoomKey, seq: Seq): Promise<boolean>;

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

  /**
   * The newest `limit` lines (messages and notices) with `seq < before`, oldest first, as they lie
   * in the log: what later entries did to them is told by `views` and `changes`.
   */
  lines(room: RoomKey, range: LineRange): Promise<readonly Line[]>;

  /** The changes with `after < seq ≤ upTo`, in order, at most `limit`; skips everything else. */
  changes(room: RoomKey, range: EntryRange): Promise<readonly Change[]>;

  /**
   * The emoji of each user on each target as of `upTo`, by the newest of their reactions: one
   * answer for each that is asked, in that order.
   */
  reactionsOf(
    room: RoomKey,
    asked: readonly ReactionKey[],
    upTo: Seq,
  ): Promise<readonly (ReactionKey & { readonly emoji: readonly string[] })[]>;

  /**
   * The kept views of lines with `from ≤ seq ≤ to`, and the seq up to which every change in the
   * room is in some view. Derived data: without any, everything reads the same, only slower.
   */
  views(room: RoomKey, range: { readonly from: Seq; readonly to: Seq }): Promise<Views>;

  /**
   * Keeps views that hold every change up to `upTo`. A view never takes the place of one with a
   * higher `asOf`, nor of a scrubbed one, and `viewedTo` never falls.
   */
  saveViews(room: RoomKey, views: readonly View[], upTo: Seq): Promise<void>;

  /**
   * Takes the text out of a message and of every edit of it, wherever it is kept, and drops its
   * view; seq, id, cid and author stay. MUST be durable when it resolves; files that keep what was
   * there before are wiped soon. Idempotent.
   */
  scrub(room: RoomKey, target: Seq): Promise<void>;

  /** Deletions whose target was not scrubbed: a crash came between. In any order, at most 1000. */
  unscrubbed(): Promise<readonly { readonly room: RoomKey; readonly target: Seq }[]>;

  /**
   * Retention: removes everything below `floor`, which is at most the head, and raises the room's
   * floor to it, first. Never lowers a floor. Idempotent: what failed half-way is finished by
   * the same call again.
   */
  trim(room: RoomKey, floor: Seq): Promise<void>;

  /** The first entry that is kept with `at ≥ from`, if any: where retention by age cuts. */
  firstSince(room: RoomKey, from: Ms): Promise<Seq | undefined>;

  /** The rooms that have entries, in the order of their keys, those after one key. */
  rooms(range: { readonly after: string; readonly limit: number }): Promise<readonly RoomKey[]>;

  /** How far a user has read in a room; 0 when nothing was marked. */
  readMark(room: RoomKey, user: UserId): Promise<Seq>;

  /** Raises the mark. A lower one than before changes nothing. */
  markRead(room: RoomKey, user: UserId, seq: Seq): Promise<void>;

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

/** One user's reactions on one message. */
export interface ReactionKey {
  readonly target: Seq;
  readonly user: UserId;
}

/** A message as of a seq, with what later entries did to it folded in. */
export interface View {
  /** Every change with a seq up to this one is in it. */
  readonly asOf: Seq;
  readonly message: Message;
}

/** What is kept of the views of a stretch. */
export interface Views {
  readonly views: readonly View[];
  /** Every change up to here is in the view of its target. 0 when nothing was kept yet. */
  readonly viewedTo: Seq;
}

/** A page of lines, counted backwards. */
export interface LineRange {
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
  /** Tells the other nodes a volatile fact: at most once, in no order, lost without a word. */
  tell(news: string): void;
}

/** What hints are told to; neither may throw. */
export interface HintListener {
  readonly entry: (room: RoomKey, entry: Entry) => void;
  readonly repair: () => void;
  /** What another node told, at most `NEWS_LENGTH_MAX` code units; never this node's own. */
  readonly news: (news: string) => void;
}

/** Code units of one piece of news: a node says more in several. */
export const NEWS_LENGTH_MAX = 64 * 1024;
