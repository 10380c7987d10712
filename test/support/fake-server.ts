/**
 * A server of protocol v1 inside the test: real logs, no network, no port. It answers at once and
 * in order, unless a test takes an op away by `intercept`. To extend: add the op to `#answer`, say
 * it with `session.say`, and keep what section 4 of the protocol promises about order.
 */

import type { Socket } from '../../component/client/environment.ts';
import type {
  Cid,
  ClientOp,
  Content,
  Cursor,
  Entry,
  Epoch,
  HistoryOp,
  Message,
  Operation,
  ReadOp,
  ResetReason,
  Role,
  RoomId,
  SendOp,
  Seq,
  ServerOp,
  TypingOp,
  User,
  UserId,
} from '../../component/protocol/ops.ts';
import { parseClientOp } from '../../component/protocol/parse.ts';
import type { ChatError } from '../../component/protocol/codes.ts';
import type { FakeClock } from './clock.ts';
import { FakeLog } from './fake-log.ts';

const PAGE = 50;
const ALL: readonly Operation[] = [
  'join',
  'history',
  'message',
  'edit',
  'delete',
  'react',
  'pin',
  'notice',
];

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

export class FakeServer {
  readonly #clock: FakeClock;
  readonly sessions: FakeSession[] = [];
  /** Everything that clients said, in order. */
  readonly heard: ClientOp[] = [];
  readonly #logs = new Map<string, FakeLog>();
  readonly #reads = new Map<string, Seq>();
  readonly #guests = new Map<string, User>();
  #minted = 0;
  #epochs = 0;
  /** False: connections are refused, as by a machine that is off. */
  isUp = true;
  /** Accepts connections and says nothing, ever. */
  isSilent = false;
  guests: 'on' | 'off' = 'on';
  can: readonly Operation[] = ALL;
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

  log(room: string): FakeLog {
    const log = this.#logs.get(room) ?? new FakeLog(this.#mintEpoch());
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

  /** Somebody's entry, as of now; a text is a message. `isHidden`: stored, but told to nobody. */
  post(
    room: string,
    given: string | Content,
    { by = 'u_ada', cid = `cid-of-${this.#cidPart(room, given)}-x`, isHidden = false } = {},
  ) {
    const user = { id: by as UserId, name: by.slice(2), role: 'member' as Role };
    const content = typeof given === 'string' ? textOf(given) : given;
    const entry = this.#append(room, { user, cid: cid as Cid, ...content });
    if (!isHidden) this.#fanOut(room, entry);
    return entry;
  }

  #cidPart(room: string, given: string | Content): string {
    return typeof given === 'string' ? given : `${given.kind}-${this.log(room).head + 1}`;
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
      case 'read':
        return this.#read(session, op);
      case 'typing':
        return this.#typing(session, op);
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

  /** `guest.ID`, `host.NAME` and JWTs are tokens; `expired` and all else are refused. */
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
    if (kind === 'e30') {
      const { sub } = JSON.parse(atob(id)) as { sub: string };
      return { id: `u_${sub}` as UserId, name: sub, role: 'member' };
    }
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

  #facts(session: FakeSession, room: string) {
    const { epoch, head, headId, floor } = this.log(room);
    const read = this.#reads.get(`${room} ${session.user?.id}`);
    const marks = read === undefined ? {} : { read };
    return { room: room as RoomId, epoch, head, headId, floor, can: this.can, ...marks };
  }

  #join(session: FakeSession, room: RoomId, cursor?: Cursor): void {
    session.rooms.add(room);
    const log = this.log(room);
    const { entries } = log;
    const facts = this.#facts(session, room);
    if (cursor === undefined) {
      return session.say({ op: 'joined', ...facts, ...log.page({ limit: PAGE }, session.user) });
    }
    const reason = log.misfit(cursor);
    if (reason !== undefined) return this.reset(session, room, reason);
    const missed = entries.slice(cursor.seq, cursor.seq + PAGE);
    const isMore = cursor.seq + missed.length < entries.length;
    const more = isMore ? { more: true as const } : {};
    session.say({ op: 'joined', ...facts, entries: missed, ...more });
    for (let at = cursor.seq + PAGE; at < entries.length; at += PAGE) {
      session.say({ op: 'entries', room, entries: entries.slice(at, at + PAGE) });
    }
  }

  /** Says that the room's log is not the one that the client knows. */
  reset(session: FakeSession, room: RoomId, reason: ResetReason): void {
    const facts = this.#facts(session, room);
    const page = this.log(room).page({ limit: PAGE }, session.user);
    session.say({ op: 'reset', reason, ...facts, ...page });
  }

  #store(session: FakeSession, { op: _op, room, cid, ...content }: SendOp): void {
    const user = session.user!;
    const log = this.log(room);
    const known = log.entries.find((one) => one.user.id === user.id && one.cid === cid);
    const code = known ? undefined : log.refusalOf(content as Content, user);
    if (code !== undefined) {
      const message = `The test says ${code}.`;
      return session.say({ op: 'nack', room, cid, code, message, retry: false });
    }
    const entry = known ?? this.#append(room, { user, cid, ...(content as Content) });
    if (known === undefined) this.#fanOut(room, entry);
    session.say({ op: 'ack', room, cid, seq: entry.seq, at: entry.at });
  }

  #append(room: string, draft: Content & Pick<Entry, 'user' | 'cid'>): Entry {
    return this.log(room).append({ ...draft, at: this.#clock.wall() });
  }

  #fanOut(room: string, entry: Entry): void {
    for (const session of this.live) {
      if (!session.rooms.has(room as RoomId)) continue;
      session.say({ op: 'entries', room: room as RoomId, entries: [entry] });
    }
  }

  /** Kept, and told to the same user's other connections. */
  #read(session: FakeSession, { room, seq }: ReadOp): void {
    const key = `${room} ${session.user!.id}`;
    if (seq <= (this.#reads.get(key) ?? 0)) return;
    this.#reads.set(key, seq);
    for (const other of this.live) {
      const isTold = other !== session && other.user?.id === session.user!.id;
      if (isTold && other.rooms.has(room)) other.say({ op: 'read', room, seq });
    }
  }

  /** Told to everybody in the room, the writer included. */
  #typing(session: FakeSession, { room, on }: TypingOp): void {
    const { id, name } = session.user!;
    const users = on ? [{ id, name }] : [];
    for (const one of this.live) {
      if (one.rooms.has(room)) one.say({ op: 'typing', room, users });
    }
  }

  #page(session: FakeSession, { room, re, before, limit }: HistoryOp): void {
    const log = this.log(room);
    const page = log.page({ before, limit }, session.user);
    session.say({ op: 'page', re, room, ...page, asOf: log.head, floor: log.floor });
  }

  #mintEpoch(): Epoch {
    this.#epochs += 1;
    return `epoch${this.#epochs}` as Epoch;
  }
}

function textOf(text: string): Content<'message'> {
  return { kind: 'message', body: { text } };
}
