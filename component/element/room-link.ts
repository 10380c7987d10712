/**
 * The element's hold on a room: which client, which room, and when to let go. Everything that can
 * go wrong on the way there becomes a refusal with words, like one that came from the server.
 */

import {
  type ChatClient,
  ChatError,
  type Refusal,
  type Room,
  type RoomSnapshot,
} from '../client/client.ts';
import { type SharedClient, sharedClient } from '../client/shared.ts';
import type { Message } from '../protocol/ops.ts';

type GetToken = () => Promise<string>;

/** What the page said about who talks, where. */
export interface LinkSettings {
  readonly server: string;
  readonly room: string;
  readonly name: string;
  readonly token: string;
  readonly getToken: GetToken | undefined;
  /** The page's own client; the settings above, but for the room, are then its business. */
  readonly client: ChatClient | undefined;
}

interface LinkListener {
  /** The snapshot changed. */
  readonly changed: () => void;
  /** A live message. */
  readonly heard: (message: Message) => void;
}

/** Before there is a room to ask. */
export const NO_ROOM: RoomSnapshot = {
  status: 'closed',
  can: [],
  limits: { textMax: Infinity, frameBytesMax: Infinity, roomsMax: Infinity },
  rows: [],
  hasOlder: false,
  isLoadingOlder: false,
  head: 0,
  resets: 0,
  typing: [],
  typingMore: 0,
  read: 0,
  unread: 0,
};

/** Holds at most one room. `open` with other settings moves on; `close` lets go of all. */
export class RoomLink {
  client: ChatClient | undefined;
  room: Room | undefined;
  /** Why there is no room at all. */
  fault: Refusal | undefined;
  readonly #listener: LinkListener;
  #settings: LinkSettings | undefined;
  #shared: SharedClient | undefined;
  #stops: readonly (() => void)[] = [];

  constructor(listener: LinkListener) {
    this.#listener = listener;
  }

  /** Holds the room of these settings. Does nothing when they are those in force. */
  open(settings: LinkSettings): void {
    const before = this.#settings;
    const { room, token, getToken, client } = settings;
    const isSame = before !== undefined && isSameUser(before, settings);
    this.#settings = settings;
    if (isSame && before.token !== token) this.client?.setToken(token);
    // The client goes on with the latest.
    if (isSame && getToken) this.#shared?.use(getToken);
    if (isSame && before.room === room) return;
    this.#leave();
    const sharedBefore = this.#shared;
    try {
      if (!isSame || !this.client) {
        this.#shared = client ? undefined : shareClient(settings);
        this.client = client ?? this.#shared?.client;
      }
      if (room === '') this.fault = { code: 'no_room', message: '' };
      else if (this.client) this.#join(this.client.room(room));
    } catch (error) {
      this.fault = faultOf(error);
    }
    // Only now: two identities may share a client, and the last holder closes it.
    if (sharedBefore !== this.#shared) sharedBefore?.release();
  }

  /** Lets go of room and client; the next `open` takes them again. Idempotent. */
  close(): void {
    this.#leave();
    this.#shared?.release();
    this.client = this.#shared = this.#settings = undefined;
  }

  #join(room: Room): void {
    const { changed, heard } = this.#listener;
    this.room = room;
    this.#stops = [room.subscribe(changed), room.onMessage(heard), room.join()];
  }

  #leave(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.room = this.fault = undefined;
  }
}

function shareClient({ server, name, token, getToken }: LinkSettings): SharedClient {
  return sharedClient({
    server,
    name: name || undefined,
    token: token || undefined,
    getToken,
  });
}

/** A new token may be the same user's, refreshed: that is for the client to find out. */
function isSameUser(before: LinkSettings, after: LinkSettings): boolean {
  if (before.client !== after.client || before.server !== after.server) return false;
  if (!before.token !== !after.token) return false;
  return !before.getToken === !after.getToken;
}

function faultOf(error: unknown): Refusal {
  if (error instanceof ChatError) return { code: error.code, message: error.message };
  if (error instanceof TypeError) return { code: 'bad_server', message: error.message };
  throw error;
}
