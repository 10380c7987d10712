/**
 * The headless client: one connection, any number of rooms. No DOM; also for bots and tests.
 * Wires the session to a socket, a timer, tokens and storage, and hands each op to its room.
 */

import { ChatError, toldError } from '../protocol/chat-error.ts';
import { closeCodes, defaultLimits, SUBPROTOCOL } from '../protocol/limits.ts';
import type { Ms, ServerOp, User, UserId, WelcomeOp } from '../protocol/ops.ts';
import { parseServerOp } from '../protocol/parse.ts';
import { type Connection, openConnection } from './connection.ts';
import { alarmOn, type Environment, platform, type Release } from './environment.ts';
import { userIdIn } from './kept-log.ts';
import { Keeper } from './keeper.ts';
import type { RoomHost } from './room-host.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import type { Room } from './room.ts';
import { isHeard } from './room-status.ts';
import { Rooms } from './rooms.ts';
import {
  sessionDueAt,
  type SessionEffect,
  type SessionInput,
  stepSession,
  type TokenWish,
} from './session.ts';
import { Tokens } from './tokens.ts';

export { ChatError } from '../protocol/chat-error.ts';
export type { Environment } from './environment.ts';
export type { Refusal } from './refusal.ts';
export type { Named, People, Room, RoomSnapshot, Status } from './room.ts';
export type { Quote, Row, RowReaction } from './row.ts';

/** Who is talking, and to which server. */
export interface ClientOptions {
  /**
   * An http(s) or ws(s) address: the server's base, or its full `/ws` address. Or `demo:`, with
   * anything behind it that tells guests apart: no server, but the tabs of this browser.
   */
  readonly server: string | URL;
  /** What a guest without a name is called. */
  readonly name?: string | undefined;
  /** The host site's token for this user. Neither this nor `getToken`: a guest. */
  readonly token?: string | undefined;
  /** Asked for a token when one is needed, and again before it expires. */
  readonly getToken?: (() => Promise<string>) | undefined;
  /** Where drafts and the guest's token are kept; null: nowhere. The browser's own by default. */
  readonly storage?: Storage | null | undefined;
  /** Other clocks, sockets and the like: for tests, and for hosts that are no browser. */
  readonly environment?: Partial<Environment> | undefined;
}

/** A name that a guest wants, until the server knows the guest by it. */
interface Wish extends PromiseWithResolvers<void> {
  readonly name: string;
}

/** One user's connection to one server. Opens when a room is joined, and stays until `close`. */
export class ChatClient {
  /** The WebSocket address. */
  readonly server: URL;
  /** What is true at the moment; the rooms read it there. */
  readonly #host: RoomHost;
  readonly #tokens: Tokens;
  readonly #connection: Connection;
  readonly #wakeAt: (at: Ms) => void;
  readonly #rooms: Rooms;
  #wish: Wish | undefined;
  /** The name that the server was asked for last. */
  #asked: string | undefined;
  /** Only the latest fetch of a token counts. */
  #fetches = 0;
  #unlisten: Release | undefined;
  #isClosed = false;

  constructor(options: ClientOptions) {
    this.server = socketAddress(options.server);
    const { href } = this.server;
    const environment = { ...platform(), ...options.environment };
    const keeper = new Keeper(options.storage);
    this.#tokens = new Tokens(keeper, `mini-chat:guest:${href}`, options);
    const user = this.#tokens.keptGuest?.user;
    this.#wakeAt = alarmOn(environment, () => this.#step('timeout'));
    this.#connection = openConnection(environment, {
      opened: () => this.#step('opened'),
      text: (text) => this.#receive(text),
      closed: (code) => this.#step('closed', code),
    });
    this.#host = {
      environment,
      keeper,
      session: { state: 'closed' },
      user,
      author: user ?? { id: '' as UserId, name: options.name ?? '', role: 'guest' },
      limits: defaultLimits,
      drafts: () => this.#rooms.drafts,
      elsewhere: (room) => this.#rooms.elsewhere(room),
      save: () => this.#rooms.save(),
      keep: () => this.#rooms.keep(),
      say: (op) => {
        if (isHeard(this.#host.session)) this.#connection.say(JSON.stringify(op));
      },
      start: () => this.#start(),
      giveUp: () => this.#giveUp(),
    };
    this.#rooms = new Rooms(this.#host, href);
    if (user) this.#rooms.recognize(user.id);
  }

  /** Who the server says this is; before the first greeting, the guest of the last visit. */
  get user(): User | undefined {
    return this.#host.user;
  }

  /** The same object for the same id. Throws `ChatError` bad_room. */
  room(id: string): Room {
    return this.#rooms.get(id);
  }

  /**
   * Resolves when the server knows the guest by this name. Rejects with `ChatError`. The latest
   * wish holds; whoever wished before gets its answer too.
   */
  async setName(name: string): Promise<void> {
    const { session } = this.#host;
    // The host site vouches for the name of whoever signed in there.
    if (!this.#tokens.isGuest) throw new ChatError('forbidden', { operation: 'name' });
    if (this.#isClosed) throw new ChatError('unavailable', {});
    if (session.state === 'refused') throw toldError(session.refusal);
    const { promise } = (this.#wish = { ...(this.#wish ?? Promise.withResolvers()), name });
    this.#start();
    this.#settleName();
    return promise;
  }

  /** Another token: of the same user in-band, of another user by a new greeting. */
  setToken(token: string): void {
    if (!this.#tokens.give(token)) return;
    const id = userIdIn(token);
    if (id && this.user && id !== this.user.id) {
      // Not for a moment shall anybody else see what was here.
      this.#rooms.close();
      this.#rooms.startOver(false);
      this.#host.user = undefined;
    }
    this.#step('ask', { token, why: 'set' });
  }

  /** Tries now: ends the wait of `offline`, and asks again after `refused`. */
  reconnect(): void {
    this.#step('again');
    if (this.#host.session.state === 'live') this.#again();
  }

  /** Ends everything. Drafts stay in storage. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#fetches += 1;
    this.#rooms.keep();
    this.#step('stop');
    this.#unlisten?.();
    this.#rooms.close();
    this.#named(refusalOf({ code: 'unavailable' }));
  }

  #start(): void {
    const { session, environment, user } = this.#host;
    if (this.#isClosed || session.state !== 'closed') return;
    if (environment.events)
      this.#unlisten = listen(environment.events, (event) => this.#heed(event));
    // Before anything of the drafts: opening may find some, which start it again.
    this.#step('start');
    if (user) this.#rooms.open(user);
  }

  #again(): void {
    for (const room of this.#rooms.all) room.again();
  }

  #changed(): void {
    for (const room of this.#rooms.all) room.changed();
  }

  // ── the session's steps ───────────────────────────────────────────────────────────────────────

  #step(...input: SessionInput): void {
    const before = this.#host.session;
    const { now, random } = this.#host.environment;
    const { mayRenew } = this.#tokens;
    const moment = { now: now(), random: random(), mayRenew };
    const [session, ...effects] = stepSession(before, input, moment);
    this.#host.session = session;
    for (const effect of effects) this.#run(effect);
    // Otherwise an effect failed at once, and its own step has done the rest.
    if (this.#host.session !== session) return;
    this.#wakeAt(sessionDueAt(session));
    if (session.state !== before.state) this.#changed();
    this.#settleName();
  }

  #run(effect: SessionEffect): void {
    switch (effect[0]) {
      case 'open':
        return this.#open();
      case 'close':
        return this.#connection.close();
      case 'say':
        return this.#host.say(effect[1]);
      case 'fetchToken':
        return this.#fetchToken(effect[1]);
      case 'welcomed':
        return this.#welcomed(effect[1]);
      case 'named':
        if (effect[1]) this.#tokens.name = undefined;
        // A later wish is asked for next, and answers those who wished before, too.
        if (this.#wish?.name === this.#asked || !this.#wish) this.#named(effect[1]);
    }
  }

  #open(): void {
    try {
      this.#connection.open(this.server, SUBPROTOCOL);
    } catch (error) {
      // The same address would throw again: insecure from a secure page, or no address at all.
      this.#step('error', { op: 'error', code: 'bad_server', message: wordsOf(error) });
    }
  }

  #fetchToken(wish: TokenWish): void {
    const fetch = (this.#fetches += 1);
    // Not a moment later: the socket then opens while the page draws for the first time.
    if (this.#tokens.isGuest) return this.#step('token', this.#tokens.guest(wish));
    this.#tokens.fetch(wish).then(
      (identity) => {
        if (fetch !== this.#fetches) return;
        this.#recognize(identity.token);
        this.#step('token', identity);
      },
      (error: unknown) => {
        const refusal = { code: 'no_token', message: wordsOf(error) };
        if (fetch === this.#fetches) this.#step('tokenFailed', refusal);
      },
    );
  }

  /** A signed-in user, before the server says so; a guest is known from the last visit. */
  #recognize(token: string | undefined): void {
    const id = userIdIn(token);
    if (this.user || this.#tokens.isGuest || !id) return;
    this.#rooms.recognize(id);
    if (this.user) this.#rooms.open(this.user);
  }

  #welcomed(op: WelcomeOp): void {
    const host = this.#host;
    const before = host.user;
    const { user } = op;
    host.limits = op.limits;
    this.#tokens.welcomed(op);
    host.user = host.author = user;
    if (before && before.id !== user.id) this.#rooms.startOver(this.#tokens.isGuest);
    this.#rooms.open(user);
    // A name or a role can open what was refused, and `joined` says what.
    if (before?.name !== user.name || before.role !== user.role) this.#again();
    this.#changed();
  }

  /** The wish came true, or it cannot. */
  #named(refusal?: Refusal): void {
    const wish = this.#wish;
    this.#wish = undefined;
    if (!refusal) return wish?.resolve();
    wish?.reject(toldError(refusal));
  }

  /** One `token` op at a time: called again after each step, until the name is settled. */
  #settleName(): void {
    const { session, user } = this.#host;
    if (session.state !== 'live' || session.asking) return;
    const name = this.#wish?.name ?? (user?.name === '' ? this.#tokens.name : undefined);
    const token = this.#tokens.guestToken;
    if (name === undefined || token === undefined) return;
    // An empty name is what a nameless guest has, and the server says that it is none.
    if (name !== '' && user?.name === name) return this.#named();
    this.#asked = name;
    this.#step('ask', { token, name, why: 'name' });
  }

  // ── what comes in ─────────────────────────────────────────────────────────────────────────────

  #receive(text: string): void {
    let op: ServerOp | undefined;
    try {
      op = parseServerOp(text);
    } catch {
      // No server of any version says that: it is broken, or none of ours.
      return this.#giveUp();
    }
    this.#step('heard');
    if (op) this.#take(op);
  }

  #take(op: ServerOp): void {
    switch (op.op) {
      case 'welcome':
        return this.#step('welcome', op);
      case 'bye':
        return this.#step('bye', op);
      case 'pong':
        return;
      default:
        if (op.op === 'error' && op.room === undefined) this.#step('error', op);
        // Before a welcome it is not said whose rooms these are.
        else if (this.#host.session.state === 'live') this.#rooms.known(op.room)?.receive(op);
    }
  }

  #giveUp(): void {
    this.#connection.close();
    this.#step('closed', closeCodes.protocol);
  }

  /** The machine woke up, the network changed, or another tab wrote something. */
  #heed({ type, key = '' }: Event & { readonly key?: string | null }): void {
    if (type !== 'storage') this.#rooms.keep();
    // Without a network there is nothing to try; a live connection finds out soon.
    if (type === 'offline' && this.#host.session.state !== 'live') return;
    // A page that is kept whole in the browser's cache must not keep its drafts from other tabs.
    if (type === 'pagehide') return this.#rooms.close();
    if (type === 'pageshow' && this.user) this.#rooms.open(this.user);
    if (type !== 'storage') this.#step('wake');
    else if (key === null) this.#rooms.save();
    else this.#rooms.watch(key);
  }
}

const NEWS = ['online', 'offline', 'pagehide', 'pageshow', 'visibilitychange', 'storage'];

function listen(events: EventTarget, heed: (event: Event) => void): Release {
  for (const type of NEWS) events.addEventListener(type, heed);
  return () => {
    for (const type of NEWS) events.removeEventListener(type, heed);
  };
}

/** The address of the socket, from that of the server. */
function socketAddress(server: string | URL): URL {
  const url = new URL(server, globalThis.location?.href);
  url.protocol = url.protocol.replace('http', 'ws');
  url.hash = '';
  if (!url.pathname.endsWith('/ws')) url.pathname = url.pathname.replace(/\/?$/, '/ws');
  return url;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
