/**
 * The live side of one room on this node: who is in it, and how far each has been sent its log.
 * Knows connections as things to write to, and no users.
 */

import type {
  Cursor,
  EntriesOp,
  Entry,
  JoinedOp,
  Operation,
  PageOp,
  ResetOp,
  ResetReason,
  RoomId,
  Seq,
  UserId,
} from 'mini-chat/protocol';
import { FIRST_PAGE } from 'mini-chat/protocol';
import type { Draft } from './draft.ts';
import { encode, type FanOut, type Sink, type Source } from './fan-out.ts';
import { RESUME_BEHIND_MAX } from './resume.ts';
import type { RoomLog } from './room-log.ts';
import type { Page } from './room-views.ts';
import type { LogFacts } from './store.ts';

/** Entries read at once for a member that is behind. */
const PUMP_PAGE = 100;

/** A connection as a room sees it. */
export interface Reader extends Sink {
  readonly isOpen: boolean;
  readonly isSlow: boolean;
  /** Resolves when the reader is slow no more, or closed. */
  drained(): Promise<void>;
  /** Told when the log cannot be read for it; it then ends, and comes back with its cursor. */
  fail(error: unknown): void;
}

/** What a room is made of. */
export interface RoomOptions {
  readonly id: RoomId;
  readonly log: RoomLog;
  readonly fanOut: FanOut;
}

/** How somebody comes in. */
export interface Joining {
  readonly cursor?: Cursor;
  readonly can: readonly Operation[];
  /** For whom pages are made; nobody in particular otherwise. */
  readonly user?: UserId | undefined;
  /** How far the user has read, where that is known. */
  readonly read?: Seq | undefined;
}

interface Member {
  readonly reader: Reader;
  readonly user: UserId | undefined;
  can: readonly Operation[];
  /** Everything up to this seq has been queued on the connection. */
  sent: Seq;
  /** True while entries are read from the log for it: the cursor mode. */
  isPumped: boolean;
}

/**
 * A member is pushed to while it stands right before the batch; else its cursor is pumped from the
 * log until it is there again. So a slow reader costs a cursor, not a queue. Invariant: every
 * member is sent 1 + `sent`, 2 + `sent` … or a reset, never a gap, never a repeat.
 */
export class Room implements Source {
  readonly id: RoomId;
  #log: RoomLog;
  readonly #fanOut: FanOut;
  readonly #members = new Map<Reader, Member>();
  /** Released by the log in this turn. */
  #batch: Entry[] = [];
  #firstPage: { readonly facts: LogFacts; readonly page: Promise<Page> } | undefined;

  constructor({ id, log, fanOut }: RoomOptions) {
    this.id = id;
    this.#log = log;
    this.#fanOut = fanOut;
  }

  get memberCount(): number {
    return this.#members.size;
  }

  /** The newest seq that members may know. */
  get head(): Seq {
    return this.#log.facts.head;
  }

  /** Appends a draft; see `RoomLog.append`. */
  append(draft: Draft): Promise<Entry> {
    return this.#log.append(draft);
  }

  /** Takes what the log released; it goes out at the end of this turn. */
  release(entries: readonly Entry[]): void {
    for (const entry of entries) this.#batch.push(entry);
    this.#fanOut.deliverLater(this);
  }

  /**
   * Answers `joined` or `reset` and makes the reader a member from there on; a member that joins
   * again moves to its new cursor. Rejects with `unavailable` and then changes nothing.
   */
  async join(reader: Reader, joining: Joining): Promise<void> {
    const { cursor, can, user, read } = joining;
    const log = this.#log;
    const op = await this.#greeting(joining);
    if (log !== this.#log) return this.join(reader, joining);
    if (!reader.isOpen) return;
    // From here to the end nothing is awaited: no entry can slip in between.
    this.#fanOut.send(reader, read === undefined ? op : { ...op, read });
    const member = { reader, user, can, sent: sentWith(op, cursor), isPumped: false };
    this.#members.set(reader, member);
    if (member.sent < this.#log.facts.head) void this.#pump(member);
  }

  /** Tells a member what it may do from now on; its place stays. */
  allow(reader: Reader, can: readonly Operation[]): void {
    const member = this.#members.get(reader);
    if (member === undefined) return;
    member.can = can;
    const { facts } = this.#log;
    const more = member.sent < facts.head ? { more: true as const } : {};
    this.#fanOut.send(reader, { op: 'joined', ...this.#facts(can, facts), entries: [], ...more });
  }

  /** Idempotent. */
  leave(reader: Reader): void {
    this.#members.delete(reader);
  }

  /** A page of older lines, for a user where one asks. Rejects with `unavailable`. */
  async page(
    range: { readonly before: Seq; readonly limit: number },
    user?: UserId,
  ): Promise<Pick<PageOp, 'messages' | 'mine' | 'asOf' | 'floor'>> {
    const page = await this.#log.page(range);
    const { head, floor } = page.facts;
    return { ...(await this.#pageFor(page, user)), asOf: head, floor };
  }

  /**
   * Goes on with another log under the same name, and closes the one before: drafts that wait in it
   * get their answer, and every member starts again.
   */
  async replace(log: RoomLog): Promise<void> {
    const before = this.#log;
    this.#log = log;
    this.#batch = [];
    for (const [reader, member] of this.#members) {
      // Another object: what is read for the old one from the old log is dropped.
      const next = { ...member };
      this.#members.set(reader, next);
      void this.#pump(next, 'epoch');
    }
    await before.close();
  }

  /** Hands this turn's batch to everybody who stands right before it. */
  deliver(): void {
    const batch = this.#batch;
    this.#batch = [];
    const [first, last] = [batch[0], batch.at(-1)];
    if (first === undefined || last === undefined) return;
    const frames = new Map<Seq, Buffer>();
    // Nearly always everybody stands right before the batch.
    const whole = this.#frameAfter(first.seq - 1, batch, frames);
    for (const member of this.#members.values()) {
      if (member.isPumped || member.sent >= last.seq) continue;
      if (member.reader.isSlow || member.sent + 1 < first.seq) {
        void this.#pump(member);
        continue;
      }
      const isWhole = member.sent + 1 === first.seq;
      const frame = isWhole ? whole : this.#frameAfter(member.sent, batch, frames);
      this.#fanOut.queue(member.reader, frame);
      member.sent = last.seq;
    }
  }

  /** A hint from another node; see `RoomLog.take`. */
  take(entry: Entry): void {
    this.#log.take(entry);
  }

  /** Compares with the store; see `RoomLog.repair`. */
  repair(): Promise<void> {
    return this.#log.repair();
  }

  /** Waits for the write under way. Members are their sessions' to end. */
  close(): Promise<void> {
    return this.#log.close();
  }

  /** Encoded once for all who stand at the same seq: nearly always everybody. */
  #frameAfter(sent: Seq, batch: readonly Entry[], frames: Map<Seq, Buffer>): Buffer {
    let frame = frames.get(sent);
    if (frame === undefined) {
      // Who joined in this turn may have been sent the batch's beginning in its first page.
      const entries = batch.filter((entry) => entry.seq > sent);
      frame = encode(this.#entriesOp(entries));
      frames.set(sent, frame);
    }
    return frame;
  }

  #entriesOp(entries: readonly Entry[]): EntriesOp {
    return { op: 'entries', room: this.id, entries };
  }

  async #greeting({ cursor, can, user }: Joining): Promise<JoinedOp | ResetOp> {
    if (cursor === undefined) return { op: 'joined', ...(await this.#snapshot(can, user)) };
    const resumption = await this.#log.resume(cursor);
    if ('reset' in resumption) return this.#resetOp(resumption.reset, { can, user });
    const { entries, more } = resumption;
    return {
      op: 'joined',
      ...this.#facts(can, this.#log.facts),
      entries,
      ...(more ? { more: true } : {}),
    };
  }

  async #resetOp(
    reason: ResetReason,
    { can, user }: Pick<Member, 'can' | 'user'>,
  ): Promise<ResetOp> {
    return { op: 'reset', reason, ...(await this.#snapshot(can, user)) };
  }

  async #snapshot(
    can: readonly Operation[],
    user: UserId | undefined,
  ): Promise<Omit<ResetOp, 'op' | 'reason'>> {
    const page = await this.#firstPageNow();
    return { ...this.#facts(can, page.facts), ...(await this.#pageFor(page, user)) };
  }

  async #pageFor(page: Page, user: UserId | undefined): Promise<Pick<PageOp, 'messages' | 'mine'>> {
    const mine = user === undefined ? [] : await this.#log.own(page, user);
    return { messages: page.messages, ...(mine.length > 0 ? { mine } : {}) };
  }

  /** Many join at once after a restart: they share one read. */
  #firstPageNow(): Promise<Page> {
    const { facts } = this.#log;
    if (this.#firstPage?.facts !== facts) {
      const page = this.#log.page({ before: facts.head + 1, limit: FIRST_PAGE });
      this.#firstPage = { facts, page };
      // Who waits for the page is told; the next one to ask must not get the same failure.
      page.catch(() => {
        if (this.#firstPage?.page === page) this.#firstPage = undefined;
      });
    }
    return this.#firstPage.page;
  }

  #facts(can: readonly Operation[], facts: LogFacts): Omit<ResetOp, 'op' | 'reason' | 'messages'> {
    const { epoch, head, headId, floor } = facts;
    return { room: this.id, epoch, head, headId, floor, can };
  }

  /** Reads from the log for a member until it stands at the head, at the pace of its socket. */
  async #pump(member: Member, reset?: ResetReason): Promise<void> {
    member.isPumped = true;
    try {
      if (reset !== undefined) this.#restart(member, await this.#resetOp(reset, member));
      while (this.#isIn(member) && member.sent < this.#log.facts.head) {
        await this.#pumpOnce(member);
      }
    } catch (error) {
      member.reader.fail(error);
    } finally {
      member.isPumped = false;
    }
  }

  async #pumpOnce(member: Member): Promise<void> {
    const { reader, sent } = member;
    if (reader.isSlow) return reader.drained();
    const isFarBehind = this.#log.facts.head - sent > RESUME_BEHIND_MAX;
    if (isFarBehind) return this.#restart(member, await this.#resetOp('too_far_behind', member));
    const entries = await this.#log.read({ after: sent, limit: PUMP_PAGE });
    const last = entries.at(-1);
    // What comes next may be kept no more.
    if (last === undefined || entries[0]?.seq !== sent + 1)
      return this.#restart(member, await this.#resetOp('below_floor', member));
    if (!this.#isIn(member)) return;
    this.#fanOut.send(reader, this.#entriesOp(entries));
    member.sent = last.seq;
  }

  #restart(member: Member, op: ResetOp): void {
    if (!this.#isIn(member)) return;
    this.#fanOut.send(member.reader, op);
    member.sent = op.head;
  }

  /** False once it left, or joined again and is another member now. */
  #isIn(member: Member): boolean {
    return this.#members.get(member.reader) === member;
  }
}

/** The seq up to which a reader has everything once it was sent this op. */
function sentWith(op: JoinedOp | ResetOp, cursor: Cursor | undefined): Seq {
  if ('messages' in op) return op.head;
  return op.entries.at(-1)?.seq ?? cursor?.seq ?? op.head;
}
