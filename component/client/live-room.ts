/**
 * One room at work: wires its session, its log and its outbox, and owns the one timer they share.
 * Decides nothing itself; what it shows is a snapshot, made when somebody looks.
 */

import { ChatError } from '../protocol/chat-error.ts';
import type {
  Cid,
  ClientOp,
  Content,
  Entry,
  JoinedOp,
  Line,
  Message,
  Ms,
  Operation,
  ResetOp,
  RoomId,
  Seq,
  User,
} from '../protocol/ops.ts';
import { checkText } from '../protocol/parse.ts';
import { type Draft, isUnsent } from './draft.ts';
import { alarmOn, listen, type Release } from './environment.ts';
import { encodeLog, type KeptLog } from './kept-log.ts';
import { dueAt } from './machine.ts';
import { emptyOutbox, type OutboxInput, stepOutbox } from './outbox.ts';
import type { RoomHost, RoomOp } from './room-host.ts';
import { RoomPages } from './room-pages.ts';
import { type RoomInput, type RoomSession, stepRoom } from './room-session.ts';
import { isHeard, isRefused, statusOf } from './room-status.ts';
import type { Room, RoomSnapshot } from './room.ts';
import { messagesIn } from './row.ts';
import { shownDrafts, shownRows, unreadCount } from './shown-rows.ts';
import {
  applyEntries,
  cursorOf,
  cutRead,
  emptyTimeline,
  forgetEpoch,
  isMoot,
  startFrom,
  startOver,
} from './timeline.ts';
import { emptyVolatile, stepVolatile, volatileDueAt, type VolatileInput } from './volatile.ts';

/** Drafts of all rooms together that one tab holds. */
const DRAFTS_MAX = 200;

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
  #volatile = emptyVolatile;
  readonly #pages: RoomPages;
  #snapshot: RoomSnapshot | undefined;
  /** Messages to be told with the next change. */
  #heard: Message[] = [];
  #isToldSoon = false;
  /** It shows what was kept: what comes until it is live was said before this visit. */
  #isRecalled = false;

  constructor(id: RoomId, host: RoomHost) {
    this.id = id;
    this.#host = host;
    this.#wakeAt = alarmOn(host.environment, () => this.#due());
    this.#pages = new RoomPages((page) => host.say({ op: 'history', room: id, ...page }));
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
    const cid = this.#draft({ kind: 'message', body: { text, replyTo } });
    this.#note('sent');
    return cid;
  }

  edit(target: Seq, text: string): Cid {
    return this.#draft({ kind: 'edit', body: { target, text } });
  }

  remove(target: Seq): Cid {
    return this.#draft({ kind: 'delete', body: { target } });
  }

  react(target: Seq, emoji: string, on: boolean): Cid {
    return this.#draft({ kind: 'react', body: { target, emoji, on } });
  }

  pin(target: Seq, on: boolean): Cid {
    return this.#draft({ kind: 'pin', body: { target, on } });
  }

  notice(text: string): Cid {
    return this.#draft({ kind: 'notice', body: { text } });
  }

  typing(on: boolean): void {
    // The server would refuse, and a refusal is of the room.
    if (this.#host.author.name !== '' && this.#can.includes('message')) this.#note('write', on);
  }

  markRead(seq: Seq): void {
    this.#note('mark', seq);
    this.#timeline = cutRead(this.#timeline, seq);
    this.changed();
  }

  retry(cid: Cid): void {
    this.#write('retry', cid);
  }

  discard(cid: Cid): void {
    this.#write('discard', cid);
  }

  loadOlder(): Promise<void> {
    const { hasOlder, oldest } = this.#timeline;
    if (hasOlder && this.#session.state === 'live') this.#pages.load(oldest, this.#moment.now);
    this.changed();
    return this.#pages.loaded ?? Promise.resolve();
  }

  async seek(seq: Seq): Promise<boolean> {
    for (let before = Infinity; seq < this.#timeline.oldest && this.#timeline.oldest < before;) {
      before = this.#timeline.oldest;
      await this.loadOlder();
    }
    return this.#timeline.rows.some((row) => row.seq === seq);
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

  /** To be kept for the next visit, if anything is known; who is not let in finds nothing. */
  get kept(): string | undefined {
    return isRefused(this.#host.session, this.#session)
      ? ''
      : encodeLog(this.#timeline, this.#host.user);
  }

  /** Shows what was kept, until the server tells what it has missed. */
  recall(log: KeptLog): void {
    if (this.#timeline.epoch !== undefined) return;
    this.#isRecalled = true;
    this.#timeline = startFrom(this.#timeline, log, this.#me);
    this.#saw(log.messages);
    this.changed();
  }

  adopt(drafts: readonly Draft[]): void {
    const own = drafts.filter(({ room }) => room === this.id);
    this.#write('adopt', own);
  }

  /** Another user: what was here is not theirs. */
  startOver(drafts: readonly Draft[]): void {
    this.#pages.endAll();
    this.#volatile = emptyVolatile;
    [this.#can, this.#head] = [[], 0];
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
    if (isWanted && isHeard(session)) this.#step('enter');
    else if (this.#session.state !== 'idle') {
      say({ op: 'leave', room: this.id });
      this.#step('exit');
    }
    if (this.#isRecalled && this.kept === '') this.#timeline = startOver(this.#timeline);
    if (this.#session.state === 'live') this.#pages.loadQuote(this.#timeline, this.#moment.now);
    const waits = [this.#session, this.#outbox.flight, ...this.#pages.waits];
    this.#wakeAt(Math.min(volatileDueAt(this.#volatile), ...waits.map(dueAt)));
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
      case 'nack':
        return this.#mail(...([op.op, op] as OutboxInput));
      case 'page':
        return void (this.#timeline = this.#pages.take(this.#timeline, op, this.#moment));
      case 'typing':
      case 'presence':
      case 'read':
        return this.#note(...([op.op, op] as VolatileInput));
      case 'error':
        if (op.re === undefined) return this.#step('error', op);
        this.#pages.refuse(op);
    }
  }

  #joined(op: JoinedOp | ResetOp): void {
    // An answer that was still on its way when we left.
    if (this.#session.state === 'idle') return;
    const { head } = op;
    const isOther = op.epoch !== this.#timeline.epoch;
    this.#can = op.can;
    this.#head = head;
    if (op.op === 'reset' || !('entries' in op)) {
      this.#pages.endAll();
      this.#timeline = startFrom(this.#timeline, op, this.#me);
      this.#note('joined', { ...op, isOther });
      this.#saw(op.messages, isOther);
      this.#step('joined', { head, last: head });
      if (op.op === 'reset') this.#host.keep();
    } else if (!isOther) {
      this.#note('joined', { ...op, isOther });
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
    const { timeline, taken, isGap } = applyEntries(this.#timeline, entries, this.#me);
    const { last } = (this.#timeline = timeline);
    if (!this.#isRecalled) this.#heard.push(...messagesIn(taken));
    this.#saw(taken);
    if (head !== undefined) this.#step('joined', { head, last });
    else if (isGap) this.#step('gap');
    if (taken[0]) this.#step('applied', last);
  }

  #saw(entries: readonly (Entry | Line)[], isOther = false): void {
    const own = entries.filter(({ user }) => user.id === this.#me);
    this.#mail('seen', { cids: new Set(own.map(({ cid }) => cid)), isOther });
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
    this.#isRecalled &&= session.state !== 'live';
    if (session.state === 'live') return this.#mail('live');
    this.#pages.endAll();
    this.#note('gone');
    this.#mail('gone');
  }

  #draft(content: Content): Cid {
    const { limits, environment, drafts } = this.#host;
    const problem = 'text' in content.body && checkText(content.body.text, limits.textMax);
    if (problem) throw problem;
    if (drafts().length >= DRAFTS_MAX) throw new ChatError('outbox_full', { max: DRAFTS_MAX });
    const cid = environment.mintId() as Cid;
    const { epoch } = this.#timeline;
    this.#write('add', { room: this.id, cid, at: environment.wall(), epoch, ...content });
    return cid;
  }

  #note(...input: VolatileInput): void {
    const [next, effect] = stepVolatile(this.#volatile, input, this.#moment);
    this.#volatile = next;
    if (effect) this.#host.say({ ...effect, room: this.id });
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
      const { room, cid, kind, body } = effect;
      this.#host.say({ op: 'send', room, cid, kind, body } as ClientOp);
    }
  }

  get #moment() {
    const { now, random } = this.#host.environment;
    const timeline = this.#timeline;
    const common = { now: now(), random: random(), me: this.#me, last: timeline.last };
    return { ...common, isMoot: (draft: Draft) => isMoot(timeline, draft) };
  }

  #due(): void {
    const { now } = this.#moment;
    if (now >= dueAt(this.#session)) this.#step('timeout');
    if (now >= dueAt(this.#outbox.flight)) this.#mail('timeout');
    this.#pages.due(now);
    this.#note('timeout');
    this.changed();
  }

  #look(): RoomSnapshot {
    const { environment, session, user, author, limits, keeper } = this.#host;
    const { hasOlder, last, resets } = this.#timeline;
    // Until the server says it, nothing is unread.
    const { typing, typingMore, people, read = last } = this.#volatile;
    const drafts = shownDrafts(this.#timeline, this.drafts, this.#host.elsewhere(this.id));
    const wallOffset = environment.wall() - environment.now();
    return {
      ...(this.#holders > 0 ? statusOf(session, this.#session, wallOffset) : { status: 'closed' }),
      user,
      can: this.#can,
      limits,
      rows: shownRows(this.#timeline, drafts, author),
      hasOlder,
      isLoadingOlder: this.#pages.isLoading,
      storageFault: keeper.fault,
      head: Math.max(this.#head, last),
      resets,
      typing,
      typingMore,
      people,
      read,
      unread: unreadCount(this.#timeline, read, this.#me),
    };
  }
}
