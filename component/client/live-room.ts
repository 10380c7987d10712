/**
 * One room at work: wires its session, its log and its outbox, and owns the one timer they share.
 * Decides nothing itself; what it shows is a snapshot, made when somebody looks.
 */

import { ChatError } from '../protocol/codes.ts';
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
  MessageBody,
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
import {
  type Draft,
  emptyOutbox,
  isUnsent,
  type Outbox,
  outboxDueAt,
  type OutboxEffect,
  type OutboxInput,
  type OutboxMoment,
  stepOutbox,
} from './outbox.ts';
import { PageRequest } from './page-request.ts';
import {
  roomDueAt,
  type RoomEffect,
  type RoomInput,
  type RoomSession,
  stepRoom,
} from './room-session.ts';
import { type RoomSnapshot, RoomView } from './room-view.ts';
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
  readonly session: Session;
  readonly user: User | undefined;
  readonly author: User;
  readonly limits: Limits;
  readonly storageFault: StorageFault | undefined;
  /** The server's wall clock, as far as we know it. */
  serverNow(): Ms;
  mintRe(): number;
  say(op: ClientOp): void;
  /** Somebody wants this room: connect, if that was not done yet. */
  start(): void;
  /** The server does not answer on this connection. */
  giveUp(): void;
}

/** The drafts of all rooms together. */
export interface AllDrafts {
  readonly count: number;
  save(): void;
}

/** Everything a server says about one room. */
export type RoomOp = JoinedOp | ResetOp | EntriesOp | AckOp | NackOp | PageOp | ErrorOp;

/** Drafts of all rooms together that one tab holds. */
export const DRAFTS_MAX = 200;
export const PAGE_LIMIT = 50;
const PAGE_MS_MAX = 15_000;

export class LiveRoom {
  readonly id: RoomId;
  readonly #host: RoomHost;
  readonly #allDrafts: AllDrafts;
  readonly #alarm: Alarm;
  readonly #view = new RoomView();
  readonly #listeners = new Set<() => void>();
  readonly #messageListeners = new Set<(message: Message) => void>();
  #holders = 0;
  #session: RoomSession = { state: 'idle' };
  #timeline: Timeline = emptyTimeline;
  #outbox: Outbox = emptyOutbox;
  #can: readonly Operation[] = [];
  #head: Seq = 0;
  #request: PageRequest | undefined;
  #snapshot: RoomSnapshot | undefined;
  #depth = 0;
  #isChanged = false;

  constructor(id: RoomId, host: RoomHost, allDrafts: AllDrafts) {
    this.id = id;
    this.#host = host;
    this.#allDrafts = allDrafts;
    this.#alarm = new Alarm(host.environment, () => this.#due());
  }

  // ── for those who show it ─────────────────────────────────────────────────────────────────────

  get snapshot(): RoomSnapshot {
    return (this.#snapshot ??= this.#look());
  }

  subscribe(listener: () => void): Release {
    return subscribe(this.#listeners, listener);
  }

  onMessage(listener: (message: Message) => void): Release {
    return subscribe(this.#messageListeners, listener);
  }

  join(): Release {
    this.#holders += 1;
    if (this.#holders === 1) this.#want();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holders -= 1;
      this.#leaveWhenDone();
      this.#changed();
    };
  }

  send(body: MessageBody): Cid {
    const problem = checkText(body.text, this.#host.limits.textMax);
    if (problem !== undefined) throw problem;
    if (this.#allDrafts.count >= DRAFTS_MAX) {
      throw new ChatError('outbox_full', { max: DRAFTS_MAX });
    }
    const cid = this.#host.environment.mintId() as Cid;
    const draft = { cid, body, at: this.#host.serverNow() };
    this.#atOnce(() => {
      this.#stepOutbox({ input: 'add', draft });
      this.#want();
    });
    return cid;
  }

  retry(cid: Cid): void {
    this.#atOnce(() => {
      this.#stepOutbox({ input: 'retry', cid });
      this.#want();
    });
  }

  discard(cid: Cid): void {
    this.#stepOutbox({ input: 'discard', cid });
    this.#leaveWhenDone();
  }

  loadOlder(): Promise<void> {
    if (this.#request !== undefined) return this.#request.done;
    if (!this.#timeline.hasOlder || this.#session.state !== 'live') return Promise.resolve();
    const until = this.#host.environment.now() + PAGE_MS_MAX;
    const request = new PageRequest(this.#host.mintRe(), until);
    this.#request = request;
    const before = this.#timeline.oldest;
    this.#say({ op: 'history', room: this.id, before, limit: PAGE_LIMIT, re: request.re });
    this.#changed();
    return request.done;
  }

  // ── for the client ────────────────────────────────────────────────────────────────────────────

  get drafts(): readonly Draft[] {
    return this.#outbox.drafts;
  }

  /** What the snapshot is made of has changed elsewhere: status, user, limits. */
  connectionChanged(): void {
    this.#changed();
  }

  /** The connection is live. */
  enter(): void {
    if (this.#isWanted) this.#atOnce(() => this.#stepRoom({ input: 'enter' }));
  }

  /** The connection is gone. */
  exit(): void {
    this.#atOnce(() => this.#stepRoom({ input: 'exit' }));
  }

  /** Rights may have changed, or somebody asks to try again. */
  again(): void {
    this.#stepRoom({ input: 'again' });
  }

  adopt(drafts: readonly Draft[]): void {
    this.#atOnce(() => {
      this.#stepOutbox({ input: 'adopt', drafts });
      if (this.#isWanted) this.#want();
    });
  }

  /** Another user: what was here is not theirs. */
  startOver(drafts: readonly Draft[]): void {
    this.#endRequest();
    this.#can = [];
    this.#head = 0;
    this.#timeline = startOver(this.#timeline);
    this.#outbox = { state: 'idle', drafts };
    this.#changed();
  }

  hasAsked(re: number): boolean {
    return this.#request?.re === re;
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
        return this.#stepOutbox({ input: 'ack', cid: op.cid, seq: op.seq, at: op.at });
      case 'nack':
        return this.#stepOutbox({ input: 'nack', op });
      case 'page':
        return this.#page(op);
      case 'error':
        return this.#error(op);
    }
  }

  // ── what came in ──────────────────────────────────────────────────────────────────────────────

  #joined(op: JoinedOp | ResetOp): void {
    // An answer that was still on its way when we left.
    if (this.#session.state === 'idle') return;
    this.#can = op.can;
    this.#head = op.head;
    if ('messages' in op) {
      this.#endRequest();
      this.#timeline = startFrom(this.#timeline, op, this.#host.user?.id);
      this.#sawOwn(op.messages);
      this.#stepRoom({ input: 'joined', head: op.head, last: op.head });
      return;
    }
    if (op.epoch !== this.#timeline.epoch) {
      // A continuation of what we do not have: only a whole page can help.
      this.#timeline = forgetEpoch(this.#timeline);
      this.#stepRoom({ input: 'gap' });
      return;
    }
    const applied = this.#apply(op.entries);
    this.#stepRoom({ input: 'joined', head: op.head, last: this.#timeline.last });
    this.#tell(applied);
  }

  #entries(op: EntriesOp): void {
    if (this.#session.state === 'idle') return;
    const applied = this.#apply(op.entries);
    // While joining, what is missing has been asked for already.
    if (applied.isGap && this.#session.state !== 'joining') this.#stepRoom({ input: 'gap' });
    this.#tell(applied);
  }

  #apply(entries: readonly Entry[]): Applied {
    const applied = applyEntries(this.#timeline, entries, this.#host.user?.id);
    this.#timeline = applied.timeline;
    this.#sawOwn(applied.messages);
    return applied;
  }

  #tell({ messages, timeline }: Applied): void {
    this.#stepRoom({ input: 'applied', last: timeline.last });
    for (const message of messages) {
      for (const listener of [...this.#messageListeners]) guard(() => listener(message));
    }
  }

  #sawOwn(messages: readonly Message[]): void {
    const me = this.#host.user?.id;
    const cids = new Set(messages.filter(({ user }) => user.id === me).map(({ cid }) => cid));
    this.#stepOutbox({ input: 'seen', cids, last: this.#timeline.last });
  }

  #page(op: PageOp): void {
    if (op.re !== this.#request?.re) return;
    const page = { limit: PAGE_LIMIT, me: this.#host.user?.id };
    this.#timeline = prependPage(this.#timeline, op, page);
    this.#endRequest();
    this.#changed();
  }

  #error(op: ErrorOp): void {
    if (op.re === undefined) return this.#stepRoom({ input: 'error', op });
    if (op.re !== this.#request?.re) return;
    this.#request.refuse(op);
    this.#endRequest();
    this.#changed();
  }

  // ── steps and effects ─────────────────────────────────────────────────────────────────────────

  #stepRoom(input: RoomInput): void {
    const before = this.#session;
    const { session, effects } = stepRoom(before, input, this.#moment());
    this.#session = session;
    for (const effect of effects) this.#runRoom(effect);
    if (session.state !== before.state) this.#entered(session);
    if (session !== before) this.#changed();
  }

  #runRoom({ effect }: RoomEffect): void {
    if (effect === 'giveUp') return this.#host.giveUp();
    const cursor = cursorOf(this.#timeline);
    this.#say({ op: 'join', room: this.id, ...(cursor === undefined ? {} : { cursor }) });
  }

  #entered({ state }: RoomSession): void {
    if (state === 'live') return this.#stepOutbox({ input: 'live' });
    // While joining again, the server may still take what we send.
    if (state === 'joining' || state === 'syncing') return;
    this.#endRequest();
    this.#stepOutbox({ input: 'gone' });
  }

  #stepOutbox(input: OutboxInput): void {
    const before = this.#outbox;
    const { outbox, effects } = stepOutbox(before, input, this.#moment());
    this.#outbox = outbox;
    // Kept before it is sent: what is on the wire must be found again after a crash.
    if (outbox.drafts !== before.drafts) this.#allDrafts.save();
    for (const effect of effects) this.#runOutbox(effect);
    if (outbox !== before) this.#changed();
    if (input.input !== 'gone') this.#leaveWhenDone();
  }

  #runOutbox(effect: OutboxEffect): void {
    if (effect.effect === 'rejoin') return this.#stepRoom({ input: 'gap' });
    const { cid, body } = effect.draft;
    this.#say({ op: 'send', room: this.id, cid, kind: 'message', body });
  }

  #moment(): OutboxMoment {
    const { environment } = this.#host;
    return { now: environment.now(), random: environment.random(), last: this.#timeline.last };
  }

  #say(op: ClientOp): void {
    this.#host.say(op);
  }

  #due(): void {
    const now = this.#host.environment.now();
    this.#atOnce(() => {
      if (now >= roomDueAt(this.#session)) this.#stepRoom({ input: 'timeout' });
      if (now >= outboxDueAt(this.#outbox)) this.#stepOutbox({ input: 'timeout' });
      if (this.#request !== undefined && now >= this.#request.until) this.#endRequest();
      this.#changed();
    });
  }

  #endRequest(): void {
    this.#request?.end();
    this.#request = undefined;
  }

  // ── joining and leaving ───────────────────────────────────────────────────────────────────────

  /** Also without a holder, as long as a draft waits: who writes and goes has still written. */
  get #isWanted(): boolean {
    return this.#holders > 0 || this.#outbox.drafts.some(isUnsent);
  }

  #want(): void {
    this.#host.start();
    if (this.#host.session.state === 'live') this.enter();
    this.#changed();
  }

  #leaveWhenDone(): void {
    if (this.#session.state === 'idle' || this.#isWanted) return;
    this.#say({ op: 'leave', room: this.id });
    this.exit();
  }

  /** What one call changes is told once, when all of it is in place. */
  #atOnce(run: () => void): void {
    this.#depth += 1;
    run();
    this.#depth -= 1;
    if (this.#depth === 0 && this.#isChanged) this.#changed();
  }

  #changed(): void {
    this.#isChanged = this.#depth > 0;
    if (this.#isChanged) return;
    const due = Math.min(roomDueAt(this.#session), outboxDueAt(this.#outbox));
    this.#alarm.set(Math.min(due, this.#request?.until ?? Infinity));
    this.#snapshot = undefined;
    for (const listener of [...this.#listeners]) guard(listener);
  }

  #look(): RoomSnapshot {
    const { environment, session, user, author, limits, storageFault } = this.#host;
    return this.#view.look({
      isJoined: this.#holders > 0,
      connection: session,
      session: this.#session,
      timeline: this.#timeline,
      drafts: this.#outbox.drafts,
      user,
      author,
      can: this.#can,
      limits,
      head: this.#head,
      isLoadingOlder: this.#request !== undefined,
      storageFault,
      wallOffset: environment.wall() - environment.now(),
    });
  }
}

/** Each call has its own place, also when one function listens twice. */
function subscribe<Args extends unknown[]>(
  listeners: Set<(...args: Args) => void>,
  listener: (...args: Args) => void,
): Release {
  const own = (...args: Args): void => listener(...args);
  listeners.add(own);
  return () => listeners.delete(own);
}

/** A listener's own failure is reported as its own, and stops nobody else. */
function guard(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
