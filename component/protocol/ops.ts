/**
 * The wire protocol, version 1, as types: what a client may say, what a server may say, and the
 * entries of a room's log. Types only; `parse.ts` decides whether bytes are one of these.
 */

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A room's name: 1–64 of `a-z 0-9 _ -`. */
export type RoomId = Brand<string, 'RoomId'>;
/** The server's id of an entry. With its seq it proves that two histories are the same one. */
export type EntryId = Brand<string, 'EntryId'>;
/** The client's id of a draft, 8–64 of `A-Z a-z 0-9 _ -`; one per room and user for ever. */
export type Cid = Brand<string, 'Cid'>;
/** Who somebody is, for ever; names change, this does not. */
export type UserId = Brand<string, 'UserId'>;
/** One life of a room's log. Another epoch means another log under the same name. */
export type Epoch = Brand<string, 'Epoch'>;
/** An entry's place in its room: 1, 2, 3 … without holes. 0 is "before the first". */
export type Seq = number;
/** Milliseconds since 1970, by the server's clock; for display, never for order. */
export type Ms = number;

/** Rising power. A guest's name is its own claim; all others were vouched for by the host site. */
export type Role = 'guest' | 'member' | 'moderator' | 'admin';

/** Somebody, as the token says and everybody sees. */
export interface User {
  readonly id: UserId;
  /** 1–40 graphemes, or empty: a guest who has not chosen a name yet, and may only read. */
  readonly name: string;
  readonly role: Role;
  /** An https address of a picture, given by the host site. */
  readonly avatar?: string;
}

/** Every kind of entry a log may hold. */
export type Kind = 'message' | 'edit' | 'delete' | 'react' | 'pin' | 'notice';

/** What a member may be allowed to do in a room; `joined.can` lists what this member may. */
export type Operation = 'join' | 'history' | Kind;

/** What a message says. */
export interface MessageBody {
  /** Markup source, stored byte for byte; 1 to `limits.textMax` code points, not only spaces. */
  readonly text: string;
  /** The seq of the message this one answers. */
  readonly replyTo?: Seq | undefined;
}

interface EntryOf<K extends Kind, Body> {
  readonly seq: Seq;
  readonly id: EntryId;
  readonly kind: K;
  readonly user: User;
  /** Never lower than the entry before it in the room. */
  readonly at: Ms;
  readonly cid: Cid;
  readonly body: Body;
}

/** An entry of kind `message`: what people read. */
export type Message = EntryOf<'message', MessageBody>;

/** One item of a room's log. Kinds that this version does not write have their place in it, too. */
export type Entry = Message | EntryOf<Exclude<Kind, 'message'>, unknown>;

/** Where a reader stands in a room. A log that has this id at this seq is the same log. */
export interface Cursor {
  readonly epoch: Epoch;
  /** 0 in a room that was empty; then `id` is empty too. */
  readonly seq: Seq;
  readonly id: EntryId | '';
}

// ── client → server ─────────────────────────────────────────────────────────────────────────────

/** Must be the first op. Without a token the server mints a guest, where guests are allowed. */
export interface HelloOp {
  readonly op: 'hello';
  readonly v: 1;
  readonly token?: string | undefined;
  /** A guest's chosen name; a signed-in user's name comes from the token alone. */
  readonly name?: string | undefined;
  /** Name and version of the client, for the server's log; at most 64 characters. */
  readonly client: string;
}

/** Without a cursor: start from the newest page. With one: exactly what came after it. */
export interface JoinOp {
  readonly op: 'join';
  readonly room: RoomId;
  readonly cursor?: Cursor | undefined;
}

/** No entries of this room any more. */
export interface LeaveOp {
  readonly op: 'leave';
  readonly room: RoomId;
}

/** Append an entry. Sending the same cid again is always safe: it is answered with the same seq. */
export interface SendOp {
  readonly op: 'send';
  readonly room: RoomId;
  readonly cid: Cid;
  readonly kind: 'message';
  readonly body: MessageBody;
}

/** Ask for the `limit` (1–100) messages before a seq; `re` comes back with the page. */
export interface HistoryOp {
  readonly op: 'history';
  readonly room: RoomId;
  readonly before: Seq;
  readonly limit: number;
  readonly re: number;
}

/**
 * A fresh token of the same user; a guest may give a new name with its own token. Answered with a
 * new `welcome` of the same session, or with `error` while the old token stays in force.
 */
export interface TokenOp {
  readonly op: 'token';
  readonly token: string;
  readonly name?: string | undefined;
}

/** A sign of life that wants one back. */
export interface PingOp {
  readonly op: 'ping';
  readonly n: number;
}

/** Everything a client may say. */
export type ClientOp = HelloOp | JoinOp | LeaveOp | SendOp | HistoryOp | TokenOp | PingOp;

// ── server → client ─────────────────────────────────────────────────────────────────────────────

/** What this server allows, so that a client can say so before it sends. */
export interface Limits {
  /** Code points in a message's text. */
  readonly textMax: number;
  readonly frameBytesMax: number;
  readonly roomsMax: number;
}

/** The answer to `hello` and `token`: who the server takes this for, and what holds. */
export interface WelcomeOp {
  readonly op: 'welcome';
  readonly v: 1;
  /** Names this connection in the server's log. */
  readonly session: string;
  readonly user: User;
  /** A guest's own token, to be kept and given in the next `hello`. */
  readonly token?: string;
  /** When the token in force ends; the client refreshes it before that. */
  readonly expiresAt?: Ms;
  readonly now: Ms;
  readonly heartbeatMs: number;
  readonly limits: Limits;
}

interface RoomFacts {
  readonly room: RoomId;
  readonly epoch: Epoch;
  readonly head: Seq;
  /** The id at `head`; empty in an empty room. */
  readonly headId: EntryId | '';
  /** The oldest seq kept. `head + 1` when nothing is. */
  readonly floor: Seq;
  readonly can: readonly Operation[];
}

/** The newest page, as of `head`: the reader's cursor is now `head`. */
interface Snapshot extends RoomFacts {
  readonly messages: readonly Message[];
}

/** What came after the reader's cursor. With `more`, the rest follows as `entries`. */
interface Resumption extends RoomFacts {
  readonly entries: readonly Entry[];
  readonly more?: true;
}

/** The answer to `join`. */
export type JoinedOp = { readonly op: 'joined' } & (Snapshot | Resumption);

/** Why a cursor could not be resumed. The client drops what it had and takes this page. */
export type ResetReason = 'epoch' | 'below_floor' | 'ahead_of_head' | 'other_id' | 'too_far_behind';

/** The answer to a `join` whose cursor is of no use. */
export type ResetOp = { readonly op: 'reset'; readonly reason: ResetReason } & Snapshot;

/** What was appended. */
export interface EntriesOp {
  readonly op: 'entries';
  readonly room: RoomId;
  /** In seq order, without holes. */
  readonly entries: readonly Entry[];
}

/** The entry with this cid is durable, at this seq. */
export interface AckOp {
  readonly op: 'ack';
  readonly room: RoomId;
  readonly cid: Cid;
  readonly seq: Seq;
  readonly at: Ms;
}

/** The entry with this cid was not stored, or it cannot be told. */
export interface NackOp {
  readonly op: 'nack';
  readonly room: RoomId;
  readonly cid: Cid;
  readonly code: string;
  readonly message: string;
  /** Whether sending the same op again, unchanged, can succeed. */
  readonly retry: boolean;
  /** Not before this many milliseconds. */
  readonly afterMs?: Ms;
  /** The server cannot tell whether the entry was stored; the same cid will tell. */
  readonly maybe?: true;
}

/** The answer to `history`. */
export interface PageOp {
  readonly op: 'page';
  readonly re: number;
  readonly room: RoomId;
  /** Oldest first. Fewer than asked for means that there are no older ones. */
  readonly messages: readonly Message[];
  readonly asOf: Seq;
  readonly floor: Seq;
}

/** What was refused, and why: of a room, of a question (`re`), or of the connection. */
export interface ErrorOp {
  readonly op: 'error';
  readonly code: string;
  readonly message: string;
  readonly room?: RoomId;
  readonly re?: number;
  readonly afterMs?: Ms;
}

/** The server is about to close; come back after a delay drawn from 0 … `afterMs`. */
export interface ByeOp {
  readonly op: 'bye';
  readonly code: string;
  readonly afterMs: Ms;
}

/** The answer to `ping`. */
export interface PongOp {
  readonly op: 'pong';
  readonly n: number;
}

/** Everything a server may say. */
export type ServerOp =
  WelcomeOp | JoinedOp | ResetOp | EntriesOp | AckOp | NackOp | PageOp | ErrorOp | ByeOp | PongOp;
