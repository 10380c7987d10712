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

/** What a message says. */
export interface MessageBody {
  /**
   * Markup source, stored byte for byte; 1 to `limits.textMax` code points, not only spaces. Empty
   * once the message was deleted: its text is nowhere any more.
   */
  readonly text: string;
  /** The seq of the message this one answers. */
  readonly replyTo?: Seq | undefined;
}

/** A new text for the sender's own message. */
export interface EditBody {
  readonly target: Seq;
  /** As of a message; empty once the message was deleted. */
  readonly text: string;
}

/** Takes a message away: the sender's own, or anybody's for who may `moderate`. */
export interface DeleteBody {
  readonly target: Seq;
}

/** One user's reaction comes or goes. Appended only when that changes something. */
export interface ReactBody {
  readonly target: Seq;
  /** One emoji, at most `EMOJI_LENGTH_MAX` code units. */
  readonly emoji: string;
  readonly on: boolean;
}

/** A message is kept in view for everybody, or no more. Appended only when it changes that. */
export interface PinBody {
  readonly target: Seq;
  readonly on: boolean;
}

/** What the room itself says to everybody, such as its topic. */
export interface NoticeBody {
  /** As of a message. */
  readonly text: string;
}

/** What an entry of each kind says. */
export interface Bodies {
  readonly message: MessageBody;
  readonly edit: EditBody;
  readonly delete: DeleteBody;
  readonly react: ReactBody;
  readonly pin: PinBody;
  readonly notice: NoticeBody;
}

/** Every kind of entry a log may hold. */
export type Kind = keyof Bodies;

/** What a member may be allowed to do in a room; `joined.can` lists what this member may. */
export type Operation = 'join' | 'history' | 'moderate' | Kind;

/** A kind with its body: what a draft and its entry have in common. */
export type Content<K extends Kind = Kind> = {
  [Each in K]: { readonly kind: Each; readonly body: Bodies[Each] };
}[K];

/** One item of a room's log. */
export type Entry<K extends Kind = Kind> = Content<K> & {
  readonly seq: Seq;
  readonly id: EntryId;
  readonly user: User;
  /** Never lower than the entry before it in the room. */
  readonly at: Ms;
  readonly cid: Cid;
};

/** An entry that says something about an earlier message. */
export type Change = Entry<'edit' | 'delete' | 'react' | 'pin'>;

/** Who reacted with one emoji. */
export interface Reaction {
  readonly emoji: string;
  /** How many did. */
  readonly count: number;
  /** The first `REACTION_USERS_MAX` of them, oldest first. */
  readonly users: readonly Pick<User, 'id' | 'name'>[];
}

/** An entry of kind `message` with what later entries did to it: what people read. */
export type Message = Entry<'message'> & {
  /** When its text was changed last. */
  readonly edited?: Ms;
  /** Its text is gone, and its place stays. */
  readonly deleted?: true;
  readonly pinned?: true;
  /** In order of first use; absent when there is none. */
  readonly reactions?: readonly Reaction[];
};

/** What pages hold: everything that has a place of its own in the conversation. */
export type Line = Message | Entry<'notice'>;

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
export type SendOp = Content & {
  readonly op: 'send';
  readonly room: RoomId;
  readonly cid: Cid;
};

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

/**
 * This user writes, or stopped. Never stored, at most once, newest wins; forgotten by itself after
 * `TYPING_MS`, so that a client says it again while it lasts.
 */
export interface TypingOp {
  readonly op: 'typing';
  readonly room: RoomId;
  readonly on: boolean;
}

/** This user has read up to this seq; a lower one than before changes nothing. Not answered. */
export interface ReadOp {
  readonly op: 'read';
  readonly room: RoomId;
  readonly seq: Seq;
}

/** A sign of life that wants one back. */
export interface PingOp {
  readonly op: 'ping';
  readonly n: number;
}

/** Everything a client may say. */
export type ClientOp =
  HelloOp | JoinOp | LeaveOp | SendOp | HistoryOp | TypingOp | ReadOp | TokenOp | PingOp;

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
  /** How far this user has read, on any device, as far as the server was told. */
  readonly read?: Seq;
}

/** Own reactions that a page's capped lists may not show. */
export interface OwnReactions {
  readonly target: Seq;
  readonly emoji: readonly string[];
}

/** The newest page, as of `head`: the reader's cursor is now `head`. */
interface Snapshot extends RoomFacts {
  readonly messages: readonly Line[];
  /** For messages with a reaction whose `users` are not all. */
  readonly mine?: readonly OwnReactions[];
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
  readonly messages: readonly Line[];
  readonly mine?: readonly OwnReactions[];
  readonly asOf: Seq;
  readonly floor: Seq;
}

/** Who writes just now, the receiver included: at most `TYPING_USERS_MAX`, and how many more. */
export interface TypingNowOp {
  readonly op: 'typing';
  readonly room: RoomId;
  readonly users: readonly Pick<User, 'id' | 'name'>[];
  readonly more?: number;
}

/** Who is in the room, on all servers: everybody with a name or without, each user once. */
export interface PresenceOp {
  readonly op: 'presence';
  readonly room: RoomId;
  readonly count: number;
  /** All of them; absent in a room of more than `PRESENCE_USERS_MAX`. */
  readonly users?: readonly User[];
}

/** The same user has read up to here on another connection. */
export interface ReadNowOp {
  readonly op: 'read';
  readonly room: RoomId;
  readonly seq: Seq;
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
  | WelcomeOp
  | JoinedOp
  | ResetOp
  | EntriesOp
  | AckOp
  | NackOp
  | PageOp
  | TypingNowOp
  | PresenceOp
  | ReadNowOp
  | ErrorOp
  | ByeOp
  | PongOp;
