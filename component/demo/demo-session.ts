/**
 * One connection's protocol state: who it is, and what each op does, in the order in which they
 * came. What the server package's session does, for a server that is in the page itself.
 */

import type { Environment, Release } from '../client/environment.ts';
import { ChatError, closeCodes, defaultLimits, TYPING_MS } from '../protocol/codes.ts';
import type {
  ClientOp,
  HelloOp,
  JoinOp,
  Operation,
  RoomId,
  SendOp,
  Seq,
  ServerOp,
  TokenOp,
  User,
} from '../protocol/ops.ts';
import { parseClientOp, type Refusal } from '../protocol/parse.ts';
import type { DemoDraft } from './demo-log.ts';
import type { Attendance } from './demo-people.ts';
import type { DemoRoom, Member } from './demo-room.ts';
import { newGuest, type Proven, proven, rightsOf } from './demo-tokens.ts';

/** Time and chance. */
export type DemoWorld = Pick<Environment, 'wall' | 'after' | 'mintId'>;

/** A room that a session is in. */
interface Place {
  readonly room: DemoRoom;
  /** Ends the wait for more of what the user writes; undefined: they do not write. */
  quiet?: Release | undefined;
}

/** What a session knows of the server it belongs to. */
export interface DemoServer {
  readonly world: DemoWorld;
  room(id: RoomId): DemoRoom;
  /** Who is in a room, or writes there, may be other than before. */
  peopleChanged(): void;
  /** A session has ended. */
  ended(session: DemoSession): void;
  /** A user has read so far. */
  marked(room: RoomId, seq: Seq, by: Member): void;
}

/** What a session can do with its connection. */
export interface DemoConnection {
  say(op: ServerOp): void;
  /** After what was said before. */
  close(code: number): void;
}

/** There is no network to lose: a client need not ask whether we live. */
const HEARTBEAT_MS = 3_600_000;

/** Hears nothing more once it `isClosed`. */
export class DemoSession implements Member {
  readonly #places = new Map<RoomId, Place>();
  isClosed = false;
  readonly #id: string;
  readonly #server: DemoServer;
  readonly #connection: DemoConnection;
  #user: User | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(server: DemoServer, connection: DemoConnection) {
    this.#id = server.world.mintId();
    this.#server = server;
    this.#connection = connection;
  }

  /** Throws `ChatError` when nobody was greeted. */
  get user(): User {
    if (!this.#user) throw new ChatError('hello_first', {});
    return this.#user;
  }

  get can(): readonly Operation[] {
    return rightsOf(this.user.role);
  }

  /** Its user, in each of its rooms. */
  get attendance(): readonly Attendance[] {
    return [...this.#places].map(([room, { quiet }]) => {
      return { room, user: this.user, isTyping: quiet !== undefined };
    });
  }

  /** Takes the text of an op; its turn comes when those before it are done. */
  text(text: string): void {
    this.#turn = this.#turn.then(() => this.#take(text));
  }

  say(op: ServerOp): void {
    if (!this.isClosed) this.#connection.say(op);
  }

  end(code: number = closeCodes.drain): void {
    if (this.isClosed) return;
    this.closed();
    this.#connection.close(code);
  }

  /** The connection has ended: leaves every room. Idempotent. */
  closed(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const id of [...this.#places.keys()]) this.#leave(id);
    this.#server.ended(this);
  }

  async #take(text: string): Promise<void> {
    if (this.isClosed) return;
    const parsed = parseClientOp(text, defaultLimits);
    if ('refusal' in parsed) return this.#refuse(parsed.refusal);
    const { op } = parsed;
    try {
      await this.#perform(op);
    } catch (error) {
      if (!(error instanceof ChatError)) {
        this.end(closeCodes.internal);
        throw error;
      }
      this.#refuse({ ...op, error });
    }
  }

  /** One row per op. */
  async #perform(op: ClientOp): Promise<void> {
    if (op.op === 'hello') return this.#hello(op);
    const { user } = this;
    switch (op.op) {
      case 'join':
        return this.#join(op);
      case 'leave':
        return this.#leave(op.room);
      case 'send':
        return this.#send(op, user);
      case 'history': {
        const { room } = this.#place(op.room, 'history');
        const page = await room.page(this, op.before, op.limit);
        return this.say({ op: 'page', re: op.re, ...page });
      }
      case 'typing':
        if (user.name === '') throw new ChatError('name_required', {});
        return this.#type(op.room, op.on);
      case 'read': {
        const seq = await this.#place(op.room, 'join').room.mark(this, op.seq);
        return this.#server.marked(op.room, seq, this);
      }
      case 'token':
        return this.#token(op);
      case 'ping':
        return this.say({ op: 'pong', n: op.n });
    }
  }

  #hello({ token, name }: HelloOp): void {
    if (this.#user) throw new ChatError('hello_again', {});
    const { mintId } = this.#server.world;
    this.#welcome(token === undefined ? newGuest(name ?? '', mintId) : proven(token, name));
  }

  #token({ token, name }: TokenOp): void {
    const before = this.user;
    const next = proven(token, name);
    if (next.user.id !== before.id) throw new ChatError('wrong_user', {});
    this.#welcome(next);
    if (next.user.role !== before.role) {
      for (const { room } of this.#places.values()) room.allow(this);
    }
    this.#server.peopleChanged();
  }

  #welcome({ user, token }: Proven): void {
    const { textMax, frameBytesMax, roomsMax } = defaultLimits;
    this.#user = user;
    this.say({
      op: 'welcome',
      v: 1,
      session: this.#id,
      user,
      ...(token === undefined ? {} : { token }),
      now: this.#server.world.wall(),
      heartbeatMs: HEARTBEAT_MS,
      limits: { textMax, frameBytesMax, roomsMax },
    });
  }

  async #join({ room: id, cursor }: JoinOp): Promise<void> {
    const { roomsMax } = defaultLimits;
    const known = this.#places.get(id);
    if (!known && this.#places.size >= roomsMax) {
      throw new ChatError('too_many_rooms', { max: roomsMax });
    }
    const room = this.#server.room(id);
    await room.join(this, cursor);
    // It may have ended meanwhile, and then nobody else will leave for it.
    if (this.isClosed) return room.leave(this);
    if (!known) this.#places.set(id, { room });
    this.#server.peopleChanged();
  }

  #leave(id: RoomId): void {
    const place = this.#places.get(id);
    if (!place) return;
    place.quiet?.();
    place.room.leave(this);
    this.#places.delete(id);
    this.#server.peopleChanged();
  }

  async #send({ room: id, cid, kind, body }: SendOp, user: User): Promise<void> {
    const { room } = this.#place(id, kind);
    if (user.name === '') throw new ChatError('name_required', {});
    // What was written is here now, or will be.
    if (kind === 'message') this.#type(id, false);
    const mayModerate = this.can.includes('moderate') ? { mayModerate: true } : {};
    const draft = { user, cid, kind, body, ...mayModerate } as DemoDraft;
    const { seq, at } = await room.append(draft);
    this.say({ op: 'ack', room: id, cid, seq, at });
  }

  #type(id: RoomId, isOn: boolean): void {
    const place = this.#place(id, 'message');
    if (!isOn && !place.quiet) return;
    place.quiet?.();
    const { after } = this.#server.world;
    place.quiet = isOn ? after(TYPING_MS, () => this.#type(id, false)) : undefined;
    this.#server.peopleChanged();
  }

  /** The one gate before anything is done in a room. */
  #place(id: RoomId, operation: Operation): Place {
    const place = this.#places.get(id);
    if (!place) throw new ChatError('not_joined', {});
    if (!this.can.includes(operation)) throw new ChatError('forbidden', { operation });
    return place;
  }

  #refuse({ error, room, cid, re }: Refusal): void {
    const { code, message, retry } = error;
    const about = { code, message, ...(room === undefined ? {} : { room }) };
    if (room !== undefined && cid !== undefined) {
      return this.say({ op: 'nack', ...about, room, cid, retry });
    }
    this.say({ op: 'error', ...about, ...(re === undefined ? {} : { re }) });
    // Without a greeting there is nothing that this connection could go on with.
    if (!this.#user) this.end(code === 'bad_token' ? closeCodes.auth : closeCodes.protocol);
  }
}
