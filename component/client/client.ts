/**
 * The headless client: one connection, any number of rooms. No DOM; also for bots and tests.
 * Wires the session to a socket, a timer, tokens and storage, and hands each op to its room.
 */

import { ChatError, toldError } from '../protocol/chat-error.ts';
import { closeCodes, defaultLimits, SUBPROTOCOL } from '../protocol/limits.ts';
import type { Limits, Ms, ServerOp, User, UserId, WelcomeOp } from '../protocol/ops.ts';
import { parseServerOp } from '../protocol/parse.ts';
import { Connection } from './connection.ts';
import { Alarm, type Environment, platform, type Release } from './environment.ts';
import { Keeper } from './keeper.ts';
import type { ConnectionFacts, RoomHost } from './live-room.ts';
import { Naming } from './naming.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.ts';
import {
  type Session,
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
export type { Room, RoomSnapshot, Status } from './room.ts';
export type { Row } from './timeline.ts';

/** Who is talking, and to which server. */
export interface ClientOptions {
  /** An http(s) or ws(s) address: the server's base, or its full `/ws` address. */
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

/** One user's connection to one server. Opens when a room is joined, and stays until `close`. */
export class ChatClient {
  /** The WebSocket address. */
  readonly server: URL;
  readonly #environment: Environment;
  readonly #keeper: Keeper;
  readonly #tokens: Tokens;
  readonly #connection: Connection;
  readonly #alarm: Alarm;
  readonly #naming = new Naming();
  readonly #rooms: Rooms;
  #session: Session = { state: 'closed' };
  #user: User | undefined;
  #author: User;
  #limits: Limits = defaultLimits;
  #serverAheadMs: Ms = 0;
  /** Only the latest fetch of a token counts. */
  #fetches = 0;
  #unlisten: Release = () => undefined;
  #isClosed = false;

  constructor(options: ClientOptions) {
    this.server = socketAddress(options.server);
    this.#environment = { ...platform(), ...options.environment };
    this.#keeper = new Keeper(options.storage);
    const key = `mini-chat:guest:${this.server.href}`;
    this.#tokens = new Tokens(this.#environment, this.#keeper, key, options);
    this.#user = this.#tokens.keptGuest?.user;
    this.#author = this.#user ?? { id: '' as UserId, name: options.name ?? '', role: 'guest' };
    this.#alarm = new Alarm(this.#environment, () => this.#step({ input: 'timeout' }));
    this.#connection = new Connection(this.#environment, {
      opened: () => this.#step({ input: 'opened' }),
      text: (text) => this.#receive(text),
      closed: (code) => this.#step({ input: 'closed', code }),
    });
    const host: RoomHost = {
      environment: this.#environment,
      connection: () => this.#facts(),
      say: (op) => this.#session.state === 'live' && this.#connection.say(JSON.stringify(op)),
      start: () => this.#start(),
      giveUp: () => this.#giveUp(),
    };
    this.#rooms = new Rooms(host, this.#keeper, this.server.href);
  }

  /** Who the server says this is; before the first greeting, the guest of the last visit. */
  get user(): User | undefined {
    return this.#user;
  }

  /** The same object for the same id. Throws `ChatError` bad_room. */
  room(id: string): Room {
    return this.#rooms.get(id);
  }

  /** Resolves when the server knows the guest by this name. Rejects with `ChatError`. */
  setName(name: string): Promise<void> {
    if (!this.#tokens.isGuest) {
      // The host site vouches for the name of whoever signed in there.
      return Promise.reject(new ChatError('forbidden', { operation: 'name' }));
    }
    if (this.#isClosed) return Promise.reject(new ChatError('unavailable', {}));
    if (this.#session.state === 'refused') return Promise.reject(toldError(this.#session.refusal));
    const named = this.#naming.wish(name);
    this.#start();
    this.#settleName();
    return named;
  }

  /** Another token: of the same user in-band, of another user by a new greeting. */
  setToken(token: string): void {
    if (this.#tokens.give(token)) this.#step({ input: 'ask', identity: { token }, why: 'set' });
  }

  /** Tries now: ends the wait of `offline`, and asks again after `refused`. */
  reconnect(): void {
    this.#step({ input: 'again' });
    if (this.#session.state === 'live') this.#rooms.again();
  }

  /** Ends everything. Drafts stay in storage. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#fetches += 1;
    this.#step({ input: 'stop' });
    this.#unlisten();
    this.#rooms.close();
    this.#naming.refuse({ code: 'unavailable', message: 'The chat was closed.' });
  }

  #start(): void {
    if (this.#isClosed || this.#session.state !== 'closed') return;
    const { events } = this.#environment;
    if (events !== undefined) this.#unlisten = listen(events, (event) => this.#heed(event));
    if (this.#user !== undefined) this.#rooms.open(this.#user);
    this.#step({ input: 'start' });
  }

  // ── the session's steps ───────────────────────────────────────────────────────────────────────

  #step(input: SessionInput): void {
    const before = this.#session;
    const { next: session, effects } = stepSession(before, input, {
      now: this.#environment.now(),
      random: this.#environment.random(),
      mayRenew: this.#tokens.mayRenew,
    });
    this.#session = session;
    for (const effect of effects) this.#run(effect);
    // Otherwise an effect failed at once, and its own step has done the rest.
    if (this.#session === session && session !== before) this.#stepped(before, session);
  }

  #stepped(before: Session, session: Session): void {
    this.#alarm.set(sessionDueAt(session));
    if (session.state !== before.state) {
      if (!GREETING.includes(session.state)) this.#tokens.endMinting();
      this.#rooms.connectionChanged();
    }
    this.#settleName();
  }

  #run(effect: SessionEffect): void {
    switch (effect.effect) {
      case 'open':
        return this.#open();
      case 'close':
        return this.#connection.close();
      case 'say':
        return this.#connection.say(JSON.stringify(effect.op));
      case 'fetchToken':
        return this.#fetchToken(effect.wish);
      case 'forgetName':
        return this.#tokens.forgetName();
      case 'welcomed':
        return this.#welcomed(effect.op);
      case 'answered':
        return this.#answered(effect);
    }
  }

  #open(): void {
    try {
      this.#connection.open(this.server, SUBPROTOCOL);
    } catch (error) {
      // The same address would throw again: insecure from a secure page, or no address at all.
      const message = error instanceof Error ? error.message : String(error);
      this.#step({ input: 'error', op: { op: 'error', code: 'bad_server', message } });
    }
  }

  #fetchToken(wish: TokenWish): void {
    this.#fetches += 1;
    const fetch = this.#fetches;
    const tell = (input: SessionInput): void => {
      if (fetch === this.#fetches) this.#step(input);
    };
    this.#tokens.fetch(wish).then(
      (identity) => tell({ input: 'token', identity }),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        const message = `The page gave no token: ${reason}`;
        tell({ input: 'tokenFailed', refusal: { code: 'no_token', message } });
      },
    );
  }

  #welcomed(op: WelcomeOp): void {
    const before = this.#user;
    const { user } = op;
    this.#limits = op.limits;
    this.#serverAheadMs = op.now - this.#environment.wall();
    this.#tokens.welcomed(op);
    this.#user = user;
    this.#author = user;
    if (before !== undefined && before.id !== user.id) {
      const isSamePerson = before.role === 'guest' && this.#tokens.isGuest;
      this.#rooms.startOver({ isSamePerson });
    }
    this.#rooms.open(user);
    // A name or a role can open what was refused, and `joined` says what.
    if (before?.name !== user.name || before.role !== user.role) this.#rooms.again();
    this.#rooms.connectionChanged();
  }

  #answered({ why, refusal }: Extract<SessionEffect, { readonly effect: 'answered' }>): void {
    // A later wish is asked for next, and answers those who wished before, too.
    if (why !== 'name' || this.#naming.isOutdated) return;
    if (refusal === undefined) return this.#naming.grant();
    this.#tokens.forgetName();
    this.#naming.refuse(refusal);
  }

  /** One `token` op at a time: called again after each step, until the name is settled. */
  #settleName(): void {
    const { name: wished } = this.#naming;
    const user = this.#user;
    if (this.#session.state !== 'live' || this.#session.asking !== undefined) return;
    const name = wished ?? (user?.name === '' ? this.#tokens.name : undefined);
    const token = this.#tokens.guestToken;
    if (name === undefined || token === undefined) return;
    // An empty name is what a nameless guest has, and the server says that it is none.
    if (user?.name === name && name !== '') return this.#naming.grant();
    this.#naming.asked = name;
    this.#step({ input: 'ask', identity: { token, name }, why: 'name' });
  }

  // ── what comes in ─────────────────────────────────────────────────────────────────────────────

  #receive(text: string): void {
    const op = readOp(text);
    // No server of any version says that: it is broken, or none of ours.
    if (op === 'nonsense') return this.#giveUp();
    this.#step({ input: 'heard' });
    if (op !== undefined) this.#take(op);
  }

  #take(op: ServerOp): void {
    switch (op.op) {
      case 'welcome':
        return this.#step({ input: 'welcome', op });
      case 'bye':
        return this.#step({ input: 'bye', op });
      case 'pong':
        return;
      case 'error':
        if (op.room !== undefined) return this.#rooms.receive(op);
        return this.#step({ input: 'error', op });
      default:
        return this.#rooms.receive(op);
    }
  }

  #giveUp(): void {
    this.#connection.close();
    this.#step({ input: 'closed', code: closeCodes.protocol });
  }

  /** The machine woke up, the network changed, or another tab wrote something. */
  #heed(event: Event): void {
    if (event.type === 'storage') return this.#heedStorage((event as StorageEvent).key);
    const isHidden = typeof document !== 'undefined' && document.visibilityState === 'hidden';
    if (isHidden && event.type === 'visibilitychange') return;
    // Without a network there is nothing to try; a live connection finds out soon.
    if (event.type === 'offline' && this.#session.state !== 'live') return;
    this.#step({ input: 'wake' });
  }

  #heedStorage(key: string | null): void {
    if (key === null) this.#rooms.save();
    else if (key === this.#tokens.key) this.#followGuest();
    else this.#rooms.watch(key);
  }

  /** Another tab gave the guest a name, or is another guest now: so are we. */
  #followGuest(): void {
    const kept = this.#tokens.keptGuest;
    if (kept === undefined) return;
    const { token, user } = kept;
    if (user.id === this.#user?.id && user.name === this.#user.name) return;
    this.#step({ input: 'ask', identity: { token }, why: 'refresh' });
  }

  #facts(): ConnectionFacts {
    return {
      session: this.#session,
      user: this.#user,
      author: this.#author,
      limits: this.#limits,
      storageFault: this.#keeper.fault,
      serverAheadMs: this.#serverAheadMs,
    };
  }
}

const GREETING = ['authorizing', 'connecting', 'greeting'];

const WAKE_UPS = ['online', 'offline', 'pageshow', 'visibilitychange', 'storage'];

function listen(events: EventTarget, heed: (event: Event) => void): Release {
  for (const type of WAKE_UPS) events.addEventListener(type, heed);
  return () => {
    for (const type of WAKE_UPS) events.removeEventListener(type, heed);
  };
}

/** The address of the socket, from that of the server. */
function socketAddress(server: string | URL): URL {
  const url = new URL(server, typeof location === 'undefined' ? undefined : location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  url.hash = '';
  if (!url.pathname.endsWith('/ws')) url.pathname = url.pathname.replace(/\/?$/, '/ws');
  return url;
}

function readOp(text: string): ServerOp | undefined | 'nonsense' {
  try {
    return parseServerOp(text);
  } catch (error) {
    if (error instanceof ChatError) return 'nonsense';
    throw error;
  }
}
