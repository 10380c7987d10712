/** What a room needs of its client, and what its client brings it. Types alone. */

import type {
  AckOp,
  ClientOp,
  EntriesOp,
  ErrorOp,
  JoinedOp,
  Limits,
  NackOp,
  PageOp,
  PresenceOp,
  ReadNowOp,
  ResetOp,
  RoomId,
  TypingNowOp,
  User,
} from '../protocol/ops.ts';
import type { Environment } from './environment.ts';
import type { Keeper } from './keeper.ts';
import type { Draft } from './draft.ts';
import type { Session } from './session.ts';

/** What is true of all rooms of a client at once, and what a room needs of its client. */
export interface RoomHost {
  readonly environment: Environment;
  readonly keeper: Keeper;
  session: Session;
  user: User | undefined;
  /** Who a draft is by, also before the server has said it. */
  author: User;
  limits: Limits;
  /** Those of all rooms together. */
  drafts(): readonly Draft[];
  /** What other tabs have written in this room, and not sent yet. */
  elsewhere(room: RoomId): readonly Draft[];
  save(): void;
  /** Keeps what is here of all rooms for the next visit. */
  keep(): void;
  /** Lost unless the server was greeted. */
  say(op: ClientOp): void;
  /** Somebody wants this room: connect, if that was not done yet. */
  start(): void;
  /** The server does not answer on this connection. */
  giveUp(): void;
}

/** Everything a server says about one room. */
export type RoomOp =
  | JoinedOp
  | ResetOp
  | EntriesOp
  | AckOp
  | NackOp
  | PageOp
  | ErrorOp
  | TypingNowOp
  | PresenceOp
  | ReadNowOp;
