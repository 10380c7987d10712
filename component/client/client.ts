/** The headless client: one connection, any number of rooms. No DOM; also for bots and tests. */

import type { User } from '../protocol/ops.ts';
import { Room } from './room.ts';

export { ChatError } from '../protocol/codes.ts';
export type { Refusal, RoomSnapshot, Status } from './room.ts';
export { Room } from './room.ts';
export type { Row } from './timeline.ts';

/** Who is talking, and to which server. */
export interface ClientOptions {
  /** An http(s) or ws(s) address: the server's base, or its full `/ws` address. */
  readonly server: string | URL;
  /** What a guest without a name is called. */
  readonly name?: string;
  /** The host site's token for this user. Neither this nor `getToken`: a guest. */
  readonly token?: string;
  /** Asked for a token when one is needed, and again before it expires. */
  readonly getToken?: () => Promise<string>;
  /** Where drafts and the guest's token are kept; null: nowhere. The browser's own by default. */
  readonly storage?: Storage | null;
}

/** One user's connection to one server. */
export class ChatClient {
  /** The WebSocket address. */
  readonly server: URL;

  constructor(options: ClientOptions) {
    this.server = new URL(options.server);
  }

  /** Who the server says this is; undefined before the first greeting. */
  get user(): User | undefined {
    throw new Error('not yet');
  }

  /** The same object for the same id. Throws `ChatError` bad_room. */
  room(id: string): Room {
    throw new Error(`not yet ${id}`);
  }

  /** Resolves when the server knows the guest by this name. Rejects with `ChatError`. */
  setName(name: string): Promise<void> {
    throw new Error(`not yet ${name}`);
  }

  /** Another token: of the same user in-band, of another user by a new greeting. */
  setToken(token: string): void {
    throw new Error(`not yet ${token}`);
  }

  /** Tries now: ends the wait of `offline`, and asks again after `refused`. */
  reconnect(): void {
    throw new Error('not yet');
  }

  /** Ends everything. Drafts stay in storage. Idempotent. */
  close(): void {
    throw new Error('not yet');
  }
}
