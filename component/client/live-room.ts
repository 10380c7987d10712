/**
 * One room at work: wires its session, its log and its outbox, and owns the one timer they share.
 * Decides nothing itself; what it shows is a snapshot, made when somebody looks.
 */

import { ChatError, toldError } from '../protocol/chat-error.ts';
import type {
  AckOp,
  Cid,
  ClientOp,
  EntriesOp,
  Entry,
  ErrorOp,
  JoinedOp,
  Limits,
  Line,
  Message,
  Ms,
  NackOp,
  Operation,
  PageOp,
  PresenceOp,
  ReadNowOp,
  ResetOp,
  RoomId,
  Seq,
  TypingNowOp,
  User,
} from '../protocol/ops.ts';
import { checkText } from '../protocol/parse.ts';
import { alarmOn, type Environment, type Release } from './environment.ts';
import type { Keeper } from './keeper.ts';
import { dueAt } from './machine.ts';
import { type Draft, emptyOutbox, isUnsent, type OutboxInput, stepOutbox } from './outbox.ts';
import { type RoomInput, type RoomSession, stepRoom } from './room-session.ts';
import { statusOf } from './room-status.ts';
import type { Room, RoomSnapshot } from './room.ts';
import type { Session } from './session.ts';
import {
  applyEntries,
  cursorOf,
  draftRow,
  emptyTimeline,
  forgetEpoch,
  prependPage,
  startFrom,
  startOver,
} from './timeline.ts';

/** What is true of all rooms of a client at once, and what a room needs of its client. */
export interface RoomHost {
  readonly environment: Environment;
  readonly keeper: Keeper;
  session: Session;
  user: User | undefined;
  /** Who a draft is by, also before the server has said it. */
  author: User;
  limits: Limits;
  /** Those of all rooms together. */
  drafts(): readonly Draft[];
  save(): void;
  /** Lost unless the connection is live. */
  say(op: ClientOp): void;
  /** Somebody wants this room: connect, if that was not done yet. */
  start(): void;
  /** The server does not answer on this connection. */
  giveUp(): void;
}

/** Everything a server says about one room. */
export type RoomOp =
  | JoinedOp
  | ResetOp
  | EntriesOp
  | AckOp
  | NackOp
  | PageOp
  | ErrorOp
  | TypingNowOp
  | PresenceOp
  | ReadNowOp;

/** A page of history that was asked for, until it comes or cannot come any more. */
interface PageRequest extends PromiseWithResolvers<void> {
  /** Comes back with the page. */
  readonly re: number;
  /** The reader may ask again after this. */
  readonly until: Ms;
}

/** Drafts of all rooms together that one tab holds. */
const DRAFTS_MAX = 200;
/** Messages in one page of history. */
const PAGE_LIMIT = 50;
const PAGE_MS_MAX = 15_000;

/** Invariant: listeners are told after a whole call, each time with the state as it is then. */
export class LiveRoom implements Room {
  readonly id: RoomId;
  readonly #host: RoomHost;
  readonly #wakeAt: (at: Ms) => void;
  readonly #listeners = new Set<() => void>();
  readonly #messageListeners = new Set<(message: Message) => void>();
  #holders = 0;
  #session: RoomSession = { state: 'idle' };
  #outbox = emptyOutbox;
  #timeline = emptyTimeline;
  #can: readonly Operation[] = [];
  #head: Seq = 0;
  #request: PageRequest | undefined;
  #requests = 0;
  #snapshot: RoomSnapshot | undefined;
  /** Messages to be told with the next change. */
  #heard: readonly Message[] = [];
  #isToldSoon = false;

  constructor(id: RoomId, host: RoomHost) {
    this.id = id;
    this.#host = host;
    this.#wakeAt = alarmOn(host.environment, () => this.#due());
  }

  get snapshot(): RoomSnapshot {
    return (this.#snapshot ??= this.#look());
  }

  subscribe(listener: () => void): Release {
    return listen(this.#listeners, () => listener());
  }

  onMessage(listener: (message: Message) => void): Release {
    return listen(this.#messageListeners, (message) => listener(message));
  }

  join(): Release {
    let held = 1;
    const hold = (change: number): void => {
      this.#holders += change;
      this.changed();
    };
    hold(held);
    return () => {
      hold(-held);
      held = 0;
    };
  }

  send(text: string, { replyTo }: { readonly replyTo?: Seq | undefined } = {}): Cid {
    const { limits, environment, drafts } = this.#host;
    const problem = checkText(text, limits.textMax);
    if (problem) throw problem;
    if (drafts().length >= DRAFTS_MAX) throw new ChatError('outbox_full', { max: DRAFTS_MAX });
    const cid = environment.mintId() as Cid;
    this.#write('add', { room: this.id, cid, at: environment.wall(), body: { text, replyTo } });
    return cid;
  }

  edit(): Cid {
    throw new ChatError('unsupported_kind', { kind: 'edit' });
  }

  remove = this.edit;
  react = this.edit;
  pin = this.edit;
  notice = this.edit;

  typing(): void {}

  markRead(): void {}

  seek(): Promise<boolean> {
    return Promise.resolve(false);
  }

  retry(cid: Cid): void {
    this.#write('retry', cid);
  }

  discard(cid: Cid): void {
    this.#write('discard', cid);
  }

  loadOlder(): Promise<void> {
    const { hasOlder, oldest } = this.#timeline;
    if (!this.#request && hasOlder && this.#session.state === 'live') {
      const re = (this.#requests += 1);
      const until = this.#host.environment.now() + PAGE_MS_MAX;
      this.#request = { ...Promise.withResolvers<void>(), re, until };
      this.#host.say({ op: 'history', room: this.id, before: oldest, limit: PAGE_LIMIT, re });
      this.changed();
    }
    return this.#request?.promise ?? Promise.resolve();
  }

  /** Drafts that no server has acknowledged, and those whose entry has not come yet. */
  get drafts(): readonly Draft[] {
    return this.#outbox.drafts;
  }

  /** Rights may have changed, or somebody asks to try again. */
  again(): void {
    this.#step('again');
    this.changed();
  }

  adopt(drafts: readonly Draft[]): void {
    const own = drafts.filter(({ room }) => room === this.id);
    this.#write('adopt', own);
  }

  /** Another user: what was here is not theirs. */
  startOver(drafts: readonly Draft[]): void {
    this.#endRequest();
    this.#can = [];
    this.#head = 0;
    this.#timeline = startOver(this.#timeline);
    this.#outbox = { ...emptyOutbox, drafts };
    this.changed();
  }

  receive(op: RoomOp): void {
    this.#take(op);
    this.changed();
  }

  /** Joins or leaves, and tells it. Called after whatever may have changed anything. */
  changed(): void {
    const { session, start, say } = this.#host;
    // A draft wants the room too: who writes and goes has still written.
    const isWanted = this.#holders > 0 || this.drafts.some(isUnsent);
    if (isWanted) start();
    if (isWanted && session.state === 'live') this.#step('enter');
    else if (this.#session.state !== 'idle') {
      say({ op: 'leave', room: this.id });
      this.#step('exit');
    }
    const waits = [this.#session, this.#outbox.flight, this.#request];
    this.#wakeAt(Math.min(...waits.map(dueAt)));
    this.#snapshot = undefined;
    if (!this.#isToldSoon) queueMicrotask(() => this.#tell());
    this.#isToldSoon = true;
  }

  #tell(): void {
    const heard = this.#heard;
    this.#heard = [];
    this.#isToldSoon = false;
    for (const listener of [...this.#listeners]) listener();
    for (const message of heard) for (const listener of this.#messageListeners) listener(message);
  }

  #take(op: RoomOp): void {
    switch (op.op) {
      case 'joined':
      case 'reset':
        return this.#joined(op);
      case 'entries':
        return this.#entries(op.entries);
      case 'ack':
        return this.#mail('ack', op);
      case 'nack':
        return this.#mail('nack', op);
      case 'page':
        if (op.re !== this.#request?.re) return;
        this.#timeline = prependPage(this.#timeline, op, { limit: PAGE_LIMIT, me: this.#me });
        return this.#endRequest();
      case 'error':
        if (op.re === undefined) return this.#step('error', op);
        if (op.re === this.#request?.re) this.#endRequest(op);
    }
  }

  #joined(op: JoinedOp | ResetOp): void {
    // An answer that was still on its way when we left.
    if (this.#session.state === 'idle') return;
    const { head } = op;
    this.#can = op.can;
    this.#head = head;
    if (op.op === 'reset' || !('entries' in op)) {
      this.#endRequest();
      this.#timeline = startFrom(this.#timeline, op, this.#me);
      this.#saw(op.messages);
      this.#step('joined', { head, last: head });
    } else if (op.epoch === this.#timeline.epoch) {
      this.#entries(op.entries, head);
    } else {
      // A continuation of what we do not have: only a whole page can help.
      this.#timeline = forgetEpoch(this.#timeline);
      this.#step('joined', { head, last: -1 });
      this.#step('gap');
    }
  }

  /** `head`: they are the answer to our cursor, in a room that ends there. */
  #entries(entries: readonly Entry[], head?: Seq): void {
    if (this.#session.state === 'idle') return;
    const before = this.#timeline;
    const { timeline, messages, isGap } = applyEntries(before, entries, this.#me);
    const { last } = timeline;
    this.#timeline = timeline;
    this.#saw(messages);
    if (head !== undefined) this.#step('joined', { head, last });
    else if (isGap) this.#step('gap');
    if (timeline !== before) this.#step('applied', last);
    this.#heard = [...this.#heard, ...messages];
  }

  #saw(messages: readonly Line[]): void {
    const own = messages.filter(({ user }) => user.id === this.#me);
    this.#mail('seen', new Set(own.map(({ cid }) => cid)));
  }

  get #me(): User['id'] | undefined {
    return this.#host.user?.id;
  }

  #step(...input: RoomInput): void {
    const { state } = this.#session;
    const [session, effect] = stepRoom(this.#session, input, this.#moment);
    this.#session = session;
    if (effect === 'giveUp') this.#host.giveUp();
    else if (effect) {
      this.#host.say({ op: 'join', room: this.id, cursor: cursorOf(this.#timeline) });
    }
    // While joining again, the server may still take what we send.
    if (session.state === state || session.state === 'joining') return;
    if (session.state === 'live') return this.#mail('live');
    this.#endRequest();
    this.#mail('gone');
  }

  #write(...input: OutboxInput): void {
    this.#mail(...input);
    this.changed();
  }

  #mail(...input: OutboxInput): void {
    const { drafts } = this.#outbox;
    const [outbox, effect] = stepOutbox(this.#outbox, input, this.#moment);
    this.#outbox = outbox;
    // Kept before it is sent: what is on the wire must be found again after a crash.
    if (outbox.drafts !== drafts) this.#host.save();
    if (effect === 'rejoin') this.#step('gap');
    else if (effect) {
      const { room, cid, body } = effect;
      this.#host.say({ op: 'send', room, cid, kind: 'message', body });
    }
  }

  get #moment(): { readonly now: Ms; readonly random: number; readonly last: Seq } {
    const { now, random } = this.#host.environment;
    return { now: now(), random: random(), last: this.#timeline.last };
  }

  #due(): void {
    const { now } = this.#moment;
    if (now >= dueAt(this.#session)) this.#step('timeout');
    if (now >= dueAt(this.#outbox.flight)) this.#mail('timeout');
    if (now >= dueAt(this.#request)) this.#endRequest();
    this.changed();
  }

  /** The page is there, or there will be none: the reader asks again if it still matters. */
  #endRequest(op?: ErrorOp): void {
    if (op) this.#request?.reject(toldError(op));
    this.#request?.resolve();
    this.#request = undefined;
  }

  #look(): RoomSnapshot {
    const { environment, session, user, author, limits, keeper } = this.#host;
    const { rows, hasOlder, last, resets } = this.#timeline;
    const wallOffset = environment.wall() - environment.now();
    return {
      ...(this.#holders > 0 ? statusOf(session, this.#session, wallOffset) : { status: 'closed' }),
      user,
      can: this.#can,
      limits,
      rows: [...rows, ...this.drafts.map((draft) => draftRow(draft, author))],
      hasOlder,
      isLoadingOlder: !!this.#request,
      storageFault: keeper.fault,
      head: Math.max(this.#head, last),
      resets,
      typing: [],
      typingMore: 0,
      read: 0,
      unread: 0,
    };
  }
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): Release {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
