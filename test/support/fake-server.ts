/**
 * A server of protocol v1 inside the test: real logs, no network, no port. It answers at once and
 * in order, unless a test takes an op away by `intercept`. To extend: add the op to `#answer`, say
 * it with `session.say`, and keep what section 4 of the protocol promises about order.
 */

import type { Socket } from '../../component/client/environment.ts';
import type {
  Cid,
  ClientOp,
  Cursor,
  Entry,
  EntryId,
  Epoch,
  Message,
  Role,
  RoomId,
  SendOp,
  ServerOp,
  User,
  UserId,
} from '../../component/protocol/ops.ts';
import { parseClientOp } from '../../component/protocol/parse.ts';
import type { ChatError } from '../../component/protocol/codes.ts';
import type { FakeClock } from './clock.ts';

const PAGE = 50;

/** Both ends of a connection: the client's socket, and what the server knows about it. */
class FakeSession extends EventTarget implements Pick<Socket, 'send' | 'close'> {
  readonly #server: FakeServer;
  readonly rooms = new Set<RoomId>();
  user: User | undefined;
  isOpen = false;
  isEnded = false;
  /** The code with which the client closed it. */
  closedByClient: number | undefined;

  constructor(server: FakeServer) {
    super();
    this.#server = server;
  }

  // ── the client's end ──

  send(text: string): void {
    if (!this.isOpen) throw new DOMException('not open', 'InvalidStateError');
    queueMicrotask(() => this.#server.take(this, text));
  }

  close(code?: number): void {
    this.closedByClient = code;
    this.end(1005);
  }

  // ── the server's end ──

  open(): void {
    if (this.isEnded) return;
    this.isOpen = true;
    this.dispatchEvent(new Event('open'));
  }

  say(op: ServerOp): void {
    this.sayText(JSON.stringify(op));
  }

  sayText(data: string): void {
    queueMicrotask(() => {
      if (this.isOpen) this.dispatchEvent(new MessageEvent('message', { data }));
    });
  }

  end(code = 1006): void {
    if (this.isEnded) return;
    queueMicrotask(() => {
      if (this.isEnded) return;
      this.isEnded = true;
      this.isOpen = false;
      this.dispatchEvent(Object.assign(new Event('close'), { code }));
    });
  }
}

interface Log {
  readonly epoch: Epoch;
  readonly entries: Entry[];
  floor: number;
}

export class FakeServer {
  readonly #clock: FakeClock;
  readonly sessions: FakeSession[] = [];
  /** Everything that clients said, in order. */
  readonly heard: ClientOp[] = [];
  readonly #logs = new Map<string, Log>();
  readonly #guests = new Map<string, User>();
  #minted = 0;
  #epochs = 0;
  /** False: connections are refused, as by a machine that is off. */
  isUp = true;
  /** Accepts connections and says nothing, ever. */
  isSilent = false;
  guests: 'on' | 'off' = 'on';
  tokenLifeMs: number | undefined;
  heartbeatMs = 25_000;
  /** True: the test has answered, or wants no answer. */
  intercept: (session: FakeSession, op: ClientOp) => boolean = () => false;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  readonly openSocket = (): Socket => {
    const session = new FakeSession(this);
    this.sessions.push(session);
    queueMicrotask(() => (this.isUp ? session.open() : session.end()));
    return session as unknown as Socket;
  };

  get live(): readonly FakeSession[] {
    return this.sessions.filter(({ isOpen }) => isOpen);
  }

  heardOf<Name extends ClientOp['op']>(name: Name): readonly Extract<ClientOp, { op: Name }>[] {
    return this.heard.filter((op): op is Extract<ClientOp, { op: Name }> => op.op === name);
  }

  texts(room: string): readonly string[] {
    return this.log(room).entries.map((entry) => (entry as Message).body.text);
  }

  log(room: string): Log {
    const log = this.#logs.get(room) ?? { epoch: this.#mintEpoch(), entries: [], floor: 1 };
    this.#logs.set(room, log);
    return log;
  }

  /** The room begins anew, as after a restored backup. */
  forget(room: string): void {
    this.#logs.delete(room);
  }

  /** Ends every connection, without a word. */
  cut(code = 1006): void {
    for (const session of this.live) session.end(code);
  }

  /** A message of somebody, as of now. `isHidden`: stored, but told to nobody. */
  post(
    room: string,
    text: string,
    { by = 'u_ada', cid = `cid-of-${text}-x`, isHidden = false } = {},
  ) {
    const user = { id: by as UserId, name: by.slice(2), role: 'member' as Role };
    const entry = this.#append(room, { user, cid: cid as Cid, text });
    if (!isHidden) this.#fanOut(room, entry);
    return entry;
  }

  take(session: FakeSession, text: string): void {
    if (session.isEnded) return;
    const parsed = parseClientOp(text, { textMax: 4000 });
    if ('refusal' in parsed) return this.#refuse(session, parsed.refusal.error);
    this.heard.push(parsed.op);
    if (this.isSilent || this.intercept(session, parsed.op)) return;
    this.answer(session, parsed.op);
  }

  /** A name is the one thing that the client sends as the reader typed it. */
  #refuse(session: FakeSession, { code, message }: ChatError): void {
    if (code !== 'bad_name') throw new Error(`the client said nonsense: ${message}`);
    session.say({ op: 'error', code, message });
  }

  /** What the server would say, for a test that intercepts and then lets go. */
  answer(session: FakeSession, op: ClientOp): void {
    switch (op.op) {
      case 'hello':
      case 'token':
        return this.#greet(session, op);
      case 'join':
        return this.#join(session, op.room, op.cursor);
      case 'leave':
        session.rooms.delete(op.room);
        return;
      case 'send':
        return this.#store(session, op);
      case 'history':
        return this.#page(session, op);
      case 'ping':
        return session.say({ op: 'pong', n: op.n });
    }
  }

  #greet(
    session: FakeSession,
    op: { op: string; token?: string | undefined; name?: string | undefined },
  ): void {
    const user = this.#userOf(op);
    if (typeof user === 'string') {
      session.say({ op: 'error', code: user, message: `The test says ${user}.` });
      if (op.op === 'hello') session.end(user === 'guests_off' ? 4403 : 4401);
      return;
    }
    if (session.user !== undefined && session.user.id !== user.id) {
      return session.say({ op: 'error', code: 'wrong_user', message: 'Another user.' });
    }
    session.user = user;
    const now = this.#clock.wall();
    session.say({
      op: 'welcome',
      v: 1,
      session: `s${this.sessions.indexOf(session)}`,
      user,
      ...(user.role === 'guest' ? { token: `guest.${user.id}` } : {}),
      ...(this.tokenLifeMs === undefined ? {} : { expiresAt: now + this.tokenLifeMs }),
      now,
      heartbeatMs: this.heartbeatMs,
      limits: { textMax: 4000, frameBytesMax: 32_768, roomsMax: 50 },
    });
  }

  /** `guest.ID` and `host.NAME` are tokens; `expired` and all else are refused. */
  #userOf({
    token,
    name,
  }: {
    token?: string | undefined;
    name?: string | undefined;
  }): User | string {
    if (token === undefined) return this.guests === 'off' ? 'guests_off' : this.#mint(name ?? '');
    const [kind, id = ''] = token.split('.');
    if (kind === 'host') return { id: `u_${id}` as UserId, name: id, role: 'member' };
    const guest = kind === 'guest' ? this.#guests.get(id) : undefined;
    if (guest === undefined) return token === 'expired' ? 'token_expired' : 'bad_token';
    if (name !== undefined) this.#guests.set(id, { ...guest, name });
    return this.#guests.get(id)!;
  }

  #mint(name: string): User {
    this.#minted += 1;
    const id = `g_${this.#minted}` as UserId;
    const user: User = { id, name, role: 'guest' };
    this.#guests.set(id, user);
    return user;
  }

  /** The keys of guests are lost: no guest's token holds any more. */
  forgetGuests(): void {
    this.#guests.clear();
  }

  #facts(room: string) {
    const { epoch, entries, floor } = this.log(room);
    const head = entries.length;
    const headId = entries[head - 1]?.id ?? ('' as const);
    const can = ['join', 'history', 'message'] as const;
    return { room: room as RoomId, epoch, head, headId, floor, can };
  }

  #join(session: FakeSession, room: RoomId, cursor?: Cursor): void {
    session.rooms.add(room);
    const { epoch, entries, floor } = this.log(room);
    const page = { ...this.#facts(room), messages: entries.slice(-PAGE) as Message[] };
    if (cursor === undefined) return session.say({ op: 'joined', ...page });
    const id = cursor.seq === 0 ? '' : entries[cursor.seq - 1]?.id;
    if (epoch !== cursor.epoch) return session.say({ op: 'reset', reason: 'epoch', ...page });
    if (cursor.seq + 1 < floor) return session.say({ op: 'reset', reason: 'below_floor', ...page });
    if (id !== cursor.id) return session.say({ op: 'reset', reason: 'other_id', ...page });
    const missed = entries.slice(cursor.seq, cursor.seq + PAGE);
    const isMore = cursor.seq + missed.length < entries.length;
    const more = isMore ? { more: true as const } : {};
    session.say({ op: 'joined', ...this.#facts(room), entries: missed, ...more });
    for (let at = cursor.seq + PAGE; at < entries.length; at += PAGE) {
      session.say({ op: 'entries', room, entries: entries.slice(at, at + PAGE) });
    }
  }

  #store(session: FakeSession, { room, cid, body }: SendOp): void {
    const user = session.user!;
    const known = this.log(room).entries.find((one) => one.user.id === user.id && one.cid === cid);
    const entry = known ?? this.#append(room, { user, cid, ...body });
    if (known === undefined) this.#fanOut(room, entry);
    session.say({ op: 'ack', room, cid, seq: entry.seq, at: entry.at });
  }

  #append(room: string, draft: { user: User; cid: Cid } & Message['body']): Entry {
    const { user, cid, ...body } = draft;
    const { entries, epoch } = this.log(room);
    const seq = entries.length + 1;
    const id = `${epoch}-${seq}` as EntryId;
    const entry: Entry = { seq, id, kind: 'message', user, at: this.#clock.wall(), cid, body };
    entries.push(entry);
    return entry;
  }

  #fanOut(room: string, entry: Entry): void {
    for (const session of this.live) {
      if (!session.rooms.has(room as RoomId)) continue;
      session.say({ op: 'entries', room: room as RoomId, entries: [entry] });
    }
  }

  #page(
    session: FakeSession,
    op: { room: RoomId; before: number; limit: number; re: number },
  ): void {
    const { entries, floor } = this.log(op.room);
    const older = entries.filter(({ seq }) => seq < op.before && seq >= floor) as Message[];
    const { room, re } = op;
    const messages = older.slice(-op.limit);
    session.say({ op: 'page', re, room, messages, asOf: entries.length, floor });
  }

  #mintEpoch(): Epoch {
    this.#epochs += 1;
    return `epoch${this.#epochs}` as Epoch;
  }
}
