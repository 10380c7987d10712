/**
 * One room in one tab: its log as far as it is known here, and its members. Reads and writes the
 * store, one after the other; knows other tabs only by what it tells and is told.
 */

import type { Environment } from '../client/environment.ts';
import { ChatError } from '../protocol/chat-error.ts';
import { FIRST_PAGE } from '../protocol/limits.ts';
import type {
  Cursor,
  Entry,
  EntryId,
  Epoch,
  Operation,
  PageOp,
  RoomId,
  Seq,
  ServerOp,
  TypingNowOp,
  User,
  UserId,
} from '../protocol/ops.ts';
import { type Addition, type DemoDraft, DemoLog } from './demo-log.ts';
import type { DemoStore, News } from './demo-store.ts';

/** A connection, as a room sees it. */
export interface Member {
  readonly user: User;
  readonly can: readonly Operation[];
  say(op: ServerOp): void;
  /** Ends the connection: it comes back by itself, and starts from what is true then. */
  end(): void;
}

/** What one tab added to a room's log, as it tells the others. */
export interface Added {
  readonly epoch: Epoch;
  readonly entry: Entry;
}

/** What a room needs. */
export interface DemoRoomOptions {
  readonly id: RoomId;
  readonly store: DemoStore;
  readonly world: Pick<Environment, 'mintId' | 'wall'>;
  /** Something was added here, and is durable: to be told to other tabs. */
  readonly added: (addition: Added) => void;
}

/** Invariant: every member was told everything up to `head`. */
export class DemoRoom {
  readonly id: RoomId;
  /** And what each was told last of who is here and who writes, as text, by op. */
  readonly #members = new Map<Member, Map<string, string>>();
  readonly #options: DemoRoomOptions;
  #log: DemoLog | undefined;
  /** What is under way in the store: the next one waits for it. */
  #turn: Promise<unknown> = Promise.resolve();
  /** It will read the store: whatever is added there until then comes along. */
  #isLooking = false;

  constructor(options: DemoRoomOptions) {
    this.id = options.id;
    this.#options = options;
  }

  /** Answers `joined` or `reset`, and tells everything from there on. Rejects `ChatError`. */
  async join(member: Member, cursor: Cursor | undefined): Promise<void> {
    const read = await this.#ask(this.#options.store.readMark(this.id, member.user.id));
    const log = await this.sync();
    // From here to the end nothing is awaited: no entry can slip in between.
    const found = cursor && log.after(cursor);
    const facts = { ...this.#facts(log, member), read };
    if (!found) member.say({ op: 'joined', ...facts, ...this.#page(log, member) });
    else if (typeof found !== 'string') member.say({ op: 'joined', ...facts, entries: found });
    else member.say({ op: 'reset', reason: found, ...facts, ...this.#page(log, member) });
    // Nobody writes, until it is told that somebody does.
    const nobody = JSON.stringify({ op: 'typing', room: this.id, users: [] } satisfies TypingNowOp);
    this.#members.set(member, new Map([['typing', nobody]]));
  }

  /** What a member may do is other than before; its place stays. */
  allow(member: Member): void {
    if (this.#log) member.say({ op: 'joined', ...this.#facts(this.#log, member), entries: [] });
  }

  /** Idempotent. */
  leave(member: Member): void {
    this.#members.delete(member);
  }

  /** Adds a draft, unless it is there already. Resolves when it is durable. Rejects `ChatError`. */
  async append(draft: DemoDraft): Promise<Entry> {
    const { world, added } = this.#options;
    let outcome: Entry | Error = new ChatError('unavailable', {});
    const { epoch } = await this.#update((log) => {
      try {
        const stored = log.find(draft);
        const addition = stored
          ? undefined
          : log.next(draft, world.mintId() as EntryId, world.wall());
        outcome = stored ?? addition?.entry ?? outcome;
        return addition;
      } catch (error) {
        // Told once the store has answered: what it had to say may be why.
        outcome = error as Error;
        return undefined;
      }
    });
    if (outcome instanceof Error) throw outcome;
    added({ epoch, entry: outcome });
    return outcome;
  }

  /**
   * Another tab added this. What follows on what is known here needs no look at the store: one
   * transaction waits for another, and whoever reads would hold up who writes.
   */
  hear({ epoch, entry }: Added): void {
    this.#turn = this.#turn.then(() => {
      const log = this.#log;
      if (log?.epoch !== epoch || entry.seq > log.head + 1) this.look();
      else if (entry.seq === log.head + 1 && log.take([entry])) this.#tell([entry]);
    });
  }

  /** Other tabs may have added something, which is read together. */
  look(): void {
    if (this.#isLooking || this.#members.size === 0) return;
    this.#isLooking = true;
    const looked = (): undefined => void (this.#isLooking = false);
    // Nothing is lost: it is looked at again soon.
    this.#update(looked).catch(looked);
  }

  /** Reads what other tabs have added, and tells it. Rejects `ChatError` unavailable. */
  sync(): Promise<DemoLog> {
    return this.#update(() => undefined);
  }

  /** A page of older lines. Rejects `ChatError` unavailable. */
  async page(member: Member, before: Seq, limit: number): Promise<Omit<PageOp, 'op' | 're'>> {
    const log = await this.sync();
    const { head: asOf, floor } = log;
    return { room: this.id, ...this.#page(log, member, before, limit), asOf, floor };
  }

  /** A mark is kept; other connections of the user hear of it. Rejects `ChatError` unavailable. */
  async mark(member: Member, given: Seq): Promise<Seq> {
    // Nobody has read what is not there yet.
    const seq = Math.min(given, this.#log?.head ?? 0);
    await this.#ask(this.#options.store.markRead(this.id, member.user.id, seq));
    return seq;
  }

  /** A user has read so far, on another connection or `by` one of this room's. */
  tellRead(seq: Seq, user: UserId, by?: Member): void {
    for (const member of this.#members.keys()) {
      if (member === by || member.user.id !== user) continue;
      member.say({ op: 'read', room: this.id, seq });
    }
  }

  /** Who is here, and who writes. Says nothing to a member that was told so. */
  tellPeople(ops: readonly ServerOp[]): void {
    for (const [member, told] of this.#members) {
      for (const op of ops) {
        const text = JSON.stringify(op);
        if (told.get(op.op) === text) continue;
        told.set(op.op, text);
        member.say(op);
      }
    }
  }

  /** One turn with the store: first what others wrote, then what `decide` adds. */
  #update(decide: (log: DemoLog) => Addition | undefined): Promise<DemoLog> {
    const turn = this.#turn.then(() => this.#updateNow(decide));
    // Whoever comes next has a turn of its own.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #updateNow(decide: (log: DemoLog) => Addition | undefined): Promise<DemoLog> {
    const { store, world } = this.#options;
    const known = { epoch: this.#log?.epoch, head: this.#log?.head ?? 0 };
    const fresh = world.mintId() as Epoch;
    let log = this.#log ?? new DemoLog(fresh);
    let addition: Addition | undefined;
    const work = store.update(this.id, fresh, known, (news) => {
      log = this.#take(log, news);
      return (addition = decide(log));
    });
    await this.#ask(work);
    if (addition) {
      log.take([addition.entry]);
      this.#tell([addition.entry]);
    }
    return log;
  }

  #take(before: DemoLog, { epoch, entries }: News): DemoLog {
    if (before.epoch === epoch && before.take(entries)) {
      this.#log = before;
      this.#tell(entries);
      return before;
    }
    // Another log, or entries that are kept no more: whoever is here begins again.
    const log = (this.#log = new DemoLog(epoch));
    log.take(entries);
    for (const member of this.#members.keys()) member.end();
    return log;
  }

  #tell(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    for (const member of this.#members.keys())
      member.say({ op: 'entries', room: this.id, entries });
  }

  #facts(log: DemoLog, { can }: Member) {
    const { epoch, head, headId, floor } = log;
    return { room: this.id, epoch, head, headId, floor, can };
  }

  #page(log: DemoLog, { user }: Member, before = Infinity, limit = FIRST_PAGE) {
    const messages = log.page(before, limit);
    const mine = log.own(messages, user.id);
    return mine.length > 0 ? { messages, mine } : { messages };
  }

  async #ask<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (cause) {
      throw new ChatError('unavailable', {}, { cause });
    }
  }
}
