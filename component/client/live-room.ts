/**
 * One room at work: wires its session, its log and its outbox, and owns the one timer they share.
 * Decides nothing itself; what it shows is a snapshot, made when somebody looks.
 */

import { ChatError } from '../protocol/chat-error.ts';
import type {
  AckOp,
  Cid,
  ClientOp,
  EntriesOp,
  Entry,
  ErrorOp,
  JoinedOp,
  Limits,
  Message,
  Ms,
  NackOp,
  Operation,
  PageOp,
  ResetOp,
  RoomId,
  Seq,
  User,
} from '../protocol/ops.ts';
import { checkText } from '../protocol/parse.ts';
import { Alarm, type Environment, type Release } from './environment.ts';
import type { StorageFault } from './keeper.ts';
import { Listeners } from './listeners.ts';
import { dueAt } from './machine.ts';
import type { Draft } from './outbox.ts';
import { PageRequest } from './page-request.ts';
import { RoomOutbox } from './room-outbox.ts';
import { type RoomInput, type RoomSession, stepRoom } from './room-session.ts';
import { statusOf } from './room-status.ts';
import type { Room, RoomSnapshot } from './room.ts';
import type { Session } from './session.ts';
import {
  type Applied,
  applyEntries,
  cursorOf,
  emptyTimeline,
  forgetEpoch,
  prependPage,
  startFrom,
  startOver,
  type Timeline,
} from './timeline.ts';

/** What a room needs of the client it belongs to. */
export interface RoomHost {
  readonly environment: Environment;
  /** As it is at this moment. */
  connection(): ConnectionFacts;
  /** Lost unless the connection is live. */
  say(op: ClientOp): void;
  /** Somebody wants this room: connect, if that was not done yet. */
  start(): void;
  /** The server does not answer on this connection. */
  giveUp(): void;
}

/** What is true of all rooms of a client at once. */
export interface ConnectionFacts {
  readonly session: Session;
  readonly user: User | undefined;
  /** Who a draft is by, also before the server has said it. */
  readonly author: User;
  readonly limits: Limits;
  readonly storageFault: StorageFault | undefined;
  /** How much the server's wall clock is ahead of ours. */
  readonly serverAheadMs: Ms;
}

/** The drafts of all rooms together. */
export interface AllDrafts {
  readonly count: number;
  save(): void;
}

/** Everything a server says about one room. */
export type RoomOp = JoinedOp | ResetOp | EntriesOp | AckOp | NackOp | PageOp | ErrorOp;

/** Drafts of all rooms together that one tab holds. */
const DRAFTS_MAX = 200;
/** Messages in one page of history. */
const PAGE_LIMIT = 50;
/** The reader may ask again after this. */
const PAGE_MS_MAX = 15_000;

/** Invariant: what listeners see is the state after a whole call, never one half-way. */
export class LiveRoom implements Room {
  readonly id: RoomId;
  readonly #host: RoomHost;
  readonly #allDrafts: AllDrafts;
  readonly #outbox: RoomOutbox;
  readonly #alarm: Alarm;
  readonly #listeners = new Listeners<[]>();
  readonly #messageListeners = new Listeners<[Message]>();
  #holders = 0;
  #session: RoomSession = { state: 'idle' };
  #timeline: Timeline = emptyTimeline;
  #can: readonly Operation[] = [];
  #head: Seq = 0;
  #request: PageRequest | undefined;
  #requests = 0;
  #snapshot: RoomSnapshot | undefined;
  /** Messages to be told when the snapshot has them. */
  #heard: readonly Message[] = [];
  #depth = 0;

  constructor(id: RoomId, host: RoomHost, allDrafts: AllDrafts) {
    this.id = id;
    this.#host = host;
    this.#allDrafts = allDrafts;
    this.#alarm = new Alarm(host.environment, () => this.#due());
    this.#outbox = new RoomOutbox(id, host, {
      last: () => this.#timeline.last,
      save: () => allDrafts.save(),
      rejoin: () => this.#step({ input: 'gap' }),
    });
  }

  get snapshot(): RoomSnapshot {
    return (this.#snapshot ??= this.#look());
  }

  subscribe(listener: () => void): Release {
    return this.#listeners.add(listener);
  }

  onMessage(listener: (message: Message) => void): Release {
    return this.#messageListeners.add(listener);
  }

  join(): Release {
    let isHeld = true;
    this.#atOnce(() => {
      this.#holders += 1;
    });
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#atOnce(() => {
        this.#holders -= 1;
      });
    };
  }

  send(text: string, { replyTo }: { readonly replyTo?: Seq | undefined } = {}): Cid {
    const { limits, serverAheadMs } = this.#host.connection();
    const { environment } = this.#host;
    const problem = checkText(text, limits.textMax);
    if (problem !== undefined) throw problem;
    if (this.#allDrafts.count >= DRAFTS_MAX)
      throw new ChatError('outbox_full', { max: DRAFTS_MAX });
    const cid = environment.mintId() as Cid;
    const body = replyTo === undefined ? { text } : { text, replyTo };
    const draft = { cid, body, at: environment.wall() + serverAheadMs };
    this.#atOnce(() => this.#outbox.step({ input: 'add', draft }));
    return cid;
  }

  retry(cid: Cid): void {
    this.#atOnce(() => this.#outbox.step({ input: 'retry', cid }));
  }

  discard(cid: Cid): void {
    this.#atOnce(() => this.#outbox.step({ input: 'discard', cid }));
  }

  loadOlder(): Promise<void> {
    if (this.#request !== undefined) return this.#request.done;
    const { hasOlder, oldest } = this.#timeline;
    if (!hasOlder || this.#session.state !== 'live') return Promise.resolve();
    const re = (this.#requests += 1);
    const request = new PageRequest(re, this.#host.environment.now() + PAGE_MS_MAX);
    this.#atOnce(() => {
      this.#request = request;
      this.#host.say({ op: 'history', room: this.id, before: oldest, limit: PAGE_LIMIT, re });
    });
    return request.done;
  }

  /** Drafts that no server has acknowledged, and those whose entry has not come yet. */
  get drafts(): readonly Draft[] {
    return this.#outbox.drafts;
  }

  /** Status, user or limits are not what they were. */
  connectionChanged(): void {
    this.#atOnce(() => undefined);
  }

  /** Rights may have changed, or somebody asks to try again. */
  again(): void {
    this.#atOnce(() => this.#step({ input: 'again' }));
  }

  adopt(drafts: readonly Draft[]): void {
    this.#atOnce(() => this.#outbox.step({ input: 'adopt', drafts }));
  }

  /** Another user: what was here is not theirs. */
  startOver(drafts: readonly Draft[]): void {
    this.#atOnce(() => {
      this.#endRequest();
      this.#can = [];
      this.#head = 0;
      this.#timeline = startOver(this.#timeline);
      this.#outbox.replace(drafts);
    });
  }

  receive(op: RoomOp): void {
    this.#atOnce(() => this.#take(op));
  }

  #take(op: RoomOp): void {
    switch (op.op) {
      case 'joined':
      case 'reset':
        return this.#joined(op);
      case 'entries':
        return this.#entries(op);
      case 'ack':
        return this.#outbox.step({ input: 'ack', cid: op.cid, seq: op.seq, at: op.at });
      case 'nack':
        return this.#outbox.step({ input: 'nack', op });
      case 'page':
        return this.#page(op);
      case 'error':
        return this.#error(op);
    }
  }

  #joined(op: JoinedOp | ResetOp): void {
    // An answer that was still on its way when we left.
    if (this.#session.state === 'idle') return;
    this.#can = op.can;
    this.#head = op.head;
    if (op.op === 'reset' || !('entries' in op)) {
      this.#endRequest();
      this.#timeline = startFrom(this.#timeline, op, this.#me);
      this.#sawOwn(op.messages);
      return this.#step({ input: 'joined', head: op.head, last: op.head });
    }
    if (op.epoch !== this.#timeline.epoch) {
      // A continuation of what we do not have: only a whole page can help.
      this.#timeline = forgetEpoch(this.#timeline);
      return this.#step({ input: 'gap' });
    }
    const applied = this.#apply(op.entries);
    this.#step({ input: 'joined', head: op.head, last: this.#timeline.last });
    this.#tell(applied);
  }

  #entries(op: EntriesOp): void {
    if (this.#session.state === 'idle') return;
    const applied = this.#apply(op.entries);
    // While joining, what is missing has been asked for already.
    if (applied.isGap && this.#session.state !== 'joining') this.#step({ input: 'gap' });
    this.#tell(applied);
  }

  #apply(entries: readonly Entry[]): Applied {
    const applied = applyEntries(this.#timeline, entries, this.#me);
    this.#timeline = applied.timeline;
    this.#sawOwn(applied.messages);
    return applied;
  }

  #tell({ messages, timeline, isProgress }: Applied): void {
    if (isProgress) this.#step({ input: 'applied', last: timeline.last });
    this.#heard = [...this.#heard, ...messages];
  }

  #sawOwn(messages: readonly Message[]): void {
    const own = messages.filter(({ user }) => user.id === this.#me);
    const cids = new Set(own.map(({ cid }) => cid));
    this.#outbox.step({ input: 'seen', cids, last: this.#timeline.last });
  }

  #page(op: PageOp): void {
    if (op.re !== this.#request?.re) return;
    this.#timeline = prependPage(this.#timeline, op, { limit: PAGE_LIMIT, me: this.#me });
    this.#endRequest();
  }

  #error(op: ErrorOp): void {
    if (op.re === undefined) return this.#step({ input: 'error', op });
    if (op.re !== this.#request?.re) return;
    this.#request.refuse(op);
    this.#endRequest();
  }

  get #me(): User['id'] | undefined {
    return this.#host.connection().user?.id;
  }

  #step(input: RoomInput): void {
    const { environment } = this.#host;
    const moment = { now: environment.now(), random: environment.random() };
    const { next: session, effects } = stepRoom(this.#session, input, moment);
    const isNew = session.state !== this.#session.state;
    this.#session = session;
    for (const { effect } of effects) {
      if (effect === 'giveUp') this.#host.giveUp();
      else this.#sayJoin();
    }
    if (isNew) this.#entered(session);
  }

  #sayJoin(): void {
    const cursor = cursorOf(this.#timeline);
    this.#host.say({ op: 'join', room: this.id, ...(cursor === undefined ? {} : { cursor }) });
  }

  #entered({ state }: RoomSession): void {
    if (state === 'live') return this.#outbox.step({ input: 'live' });
    // While joining again, the server may still take what we send.
    if (state === 'joining' || state === 'syncing') return;
    this.#endRequest();
    this.#outbox.step({ input: 'gone' });
  }

  #due(): void {
    const now = this.#host.environment.now();
    this.#atOnce(() => {
      if (now >= dueAt(this.#session)) this.#step({ input: 'timeout' });
      if (now >= this.#outbox.dueAt) this.#outbox.step({ input: 'timeout' });
      if (this.#request !== undefined && now >= this.#request.until) this.#endRequest();
    });
  }

  #endRequest(): void {
    this.#request?.end();
    this.#request = undefined;
  }

  /** What one call changes is told once, when all of it is in place. */
  #atOnce(run: () => void): void {
    this.#depth += 1;
    run();
    if (this.#depth === 1) this.#settle();
    this.#depth -= 1;
    if (this.#depth === 0) this.#changed();
  }

  /** Joins or leaves. A draft wants the room too: who writes and goes has still written. */
  #settle(): void {
    const isWanted = this.#holders > 0 || this.#outbox.hasUnsent;
    if (isWanted) this.#host.start();
    const isLive = this.#host.connection().session.state === 'live';
    if (isWanted && isLive) return this.#step({ input: 'enter' });
    if (this.#session.state === 'idle') return;
    this.#host.say({ op: 'leave', room: this.id });
    this.#step({ input: 'exit' });
  }

  #changed(): void {
    const due = Math.min(dueAt(this.#session), this.#outbox.dueAt);
    this.#alarm.set(Math.min(due, this.#request?.until ?? Infinity));
    this.#snapshot = undefined;
    this.#listeners.tell();
    const heard = this.#heard;
    this.#heard = [];
    for (const message of heard) this.#messageListeners.tell(message);
  }

  #look(): RoomSnapshot {
    const { environment } = this.#host;
    const { session, user, author, limits, storageFault } = this.#host.connection();
    const { rows, hasOlder, last, resets } = this.#timeline;
    const wallOffset = environment.wall() - environment.now();
    return {
      ...(this.#holders > 0 ? statusOf(session, this.#session, wallOffset) : { status: 'closed' }),
      user,
      can: this.#can,
      limits,
      rows: this.drafts.length > 0 ? [...rows, ...this.#outbox.rows(author)] : rows,
      hasOlder,
      isLoadingOlder: this.#request !== undefined,
      storageFault,
      head: Math.max(this.#head, last),
      resets,
    };
  }
}
