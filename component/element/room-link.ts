/**
 * The element's hold on a room: which client, which room, and when to let go. Everything that can
 * go wrong on the way there becomes a refusal with words, like one that came from the server.
 */

import {
  ChatClient,
  ChatError,
  type ClientOptions,
  type Refusal,
  type Room,
  type RoomSnapshot,
} from '../client/client.ts';
import { sharedClient } from '../client/shared.ts';
import type { Message } from '../protocol/ops.ts';

/** What the page said about who talks, where. */
export interface LinkSettings {
  readonly server: string;
  readonly room: string;
  readonly name: string;
  readonly token: string;
  readonly getToken: (() => Promise<string>) | undefined;
  /** The page's own client; the settings above, but for the room, are then its business. */
  readonly client: ChatClient | undefined;
}

interface LinkListener {
  /** The snapshot changed, or there is another room. */
  changed(): void;
  /** A live message. */
  heard(message: Message): void;
}

/** Holds at most one room. `open` with other settings moves on; `close` lets go of all. */
export class RoomLink {
  readonly #listener: LinkListener;
  #settings: LinkSettings | undefined;
  #client: ChatClient | undefined;
  #room: Room | undefined;
  #fault: Refusal | undefined;
  #releaseClient: (() => void) | undefined;
  #releaseRoom: (() => void) | undefined;

  constructor(listener: LinkListener) {
    this.#listener = listener;
  }

  get client(): ChatClient | undefined {
    return this.#client;
  }

  get room(): Room | undefined {
    return this.#room;
  }

  get snapshot(): RoomSnapshot | undefined {
    return this.#room?.snapshot;
  }

  /** Why there is no room at all. */
  get fault(): Refusal | undefined {
    return this.#fault;
  }

  /** Holds the room of these settings. Does nothing when they are those in force. */
  open(settings: LinkSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    const isSamePlace = before !== undefined && isSameClient(before, settings);
    if (isSamePlace && before.room === settings.room) {
      if (before.token !== settings.token) this.#client?.setToken(settings.token);
      if (before.getToken && settings.getToken) follow(before.getToken, settings.getToken);
      return;
    }
    this.#leave();
    this.#fault = undefined;
    const releaseBefore = isSamePlace ? undefined : this.#releaseClient;
    try {
      if (settings.room === '') throw new ChatError('bad_room', {});
      if (!isSamePlace || this.#client === undefined) this.#take(settings);
      this.#join(settings.room);
    } catch (error) {
      this.#fault = faultOf(error, settings);
    }
    // Only now: two identities may share a client, and the last holder closes it.
    releaseBefore?.();
  }

  /** Lets go of room and client; the next `open` takes them again. Idempotent. */
  close(): void {
    this.#leave();
    this.#releaseClient?.();
    this.#releaseClient = undefined;
    this.#client = undefined;
    this.#settings = undefined;
  }

  #take(settings: LinkSettings): void {
    this.#client = undefined;
    this.#releaseClient = undefined;
    if (settings.client !== undefined) {
      this.#client = settings.client;
      return;
    }
    const { client, release } = sharedClient(optionsOf(settings));
    this.#client = client;
    this.#releaseClient = release;
  }

  #join(id: string): void {
    const room = this.#client?.room(id);
    if (room === undefined) return;
    const stops = [
      room.subscribe(() => this.#listener.changed()),
      room.onMessage((message) => this.#listener.heard(message)),
      room.join(),
    ];
    this.#room = room;
    this.#releaseRoom = () => {
      for (const stop of stops) stop();
    };
  }

  #leave(): void {
    this.#releaseRoom?.();
    this.#releaseRoom = undefined;
    this.#room = undefined;
  }
}

type GetToken = () => Promise<string>;

interface Relay {
  latest: GetToken;
  readonly ask: GetToken;
}

/**
 * Frameworks give a new function with each render, and each may see newer variables. The client
 * gets one that stays, and that asks the latest.
 */
const relays = new WeakMap<GetToken, Relay>();

function relayOf(getToken: GetToken): Relay {
  const known = relays.get(getToken);
  if (known !== undefined) return known;
  const relay: Relay = { latest: getToken, ask: () => relay.latest() };
  relays.set(getToken, relay);
  return relay;
}

function follow(before: GetToken, after: GetToken): void {
  const relay = relayOf(before);
  relay.latest = after;
  relays.set(after, relay);
}

function optionsOf(settings: LinkSettings): ClientOptions {
  return {
    server: settings.server,
    ...(settings.name === '' ? {} : { name: settings.name }),
    ...(settings.token === '' ? {} : { token: settings.token }),
    ...(settings.getToken === undefined ? {} : { getToken: relayOf(settings.getToken).ask }),
  };
}

/** A new token may be the same user's, refreshed: that is for the client to find out. */
function isSameClient(before: LinkSettings, after: LinkSettings): boolean {
  return (
    before.client === after.client &&
    before.server === after.server &&
    (before.getToken === undefined) === (after.getToken === undefined) &&
    (before.token === '') === (after.token === '')
  );
}

function faultOf(error: unknown, settings: LinkSettings): Refusal {
  if (settings.room === '') return { code: 'no_room', message: 'There is no room attribute.' };
  if (error instanceof ChatError) return { code: error.code, message: error.message };
  if (error instanceof TypeError) return { code: 'bad_server', message: error.message };
  throw error;
}
