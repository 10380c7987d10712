/**
 * A database as bad as the contract of `Store` allows: replication that lags, elections that roll
 * back what no majority has, replies that are lost or come late, commands that run long after
 * their sender gave up, or twice. Every flaw beyond that is switched on by name: a mutant.
 */

import type { Entry, Epoch } from 'mini-chat/protocol';
import type { DraftKey, LogFacts, Store } from '../../../server/store.ts';
import { draftKey } from '../../../server/draft.ts';
import { isChange, isLine } from '../../../server/store-entry.ts';
import type { Dice } from '../dice.ts';
import type { Agenda } from './agenda.ts';
import { emojiIn, withoutViews } from './without-views.ts';

/** How often things go wrong, 0 to 1. */
export interface Hostility {
  /** A command's reply never comes, or comes as an error; the command itself may still run. */
  readonly lostReply: number;
  /** A command runs a second time, much later. */
  readonly lateTwin: number;
  /** A command never arrives, and nobody says so. */
  readonly swallowed: number;
  /** A batch is interrupted between two of its entries. */
  readonly pausedBatch: number;
  /** An election: a running command is tried again on the new primary, as drivers do. */
  readonly retried: number;
}

export const calm: Hostility = {
  lostReply: 0,
  lateTwin: 0,
  swallowed: 0,
  pausedBatch: 0,
  retried: 0,
};

/** What a correct database never does. */
export interface Flaws {
  readonly noUniqueCid?: boolean;
  readonly unordered?: boolean;
  readonly ackBelowMajority?: boolean;
  readonly readsUncommitted?: boolean;
  readonly readsStale?: boolean;
}

export interface DatabaseOptions {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly flaws: Flaws;
  /** Called once per entry that became committed, in order. */
  readonly onCommit: (entry: Entry) => void;
}

interface Command {
  readonly entries: readonly Entry[];
  readonly settle: (error?: Error) => void;
  isAnswered: boolean;
  /** How many of its entries are in. */
  done: number;
  /** The election in which it runs; a later one ends it. */
  term: number;
}

/** A node's connection: what it asked is answered only while it stands. */
export interface Link {
  readonly store: Store;
  /** The node is gone: nobody hears the replies any more. */
  sever(): void;
  /** Nothing passes until `heal`; what is sent meanwhile is lost, or arrives late. */
  cut(): void;
  heal(): void;
}

export const EPOCH = 'epoch-of-the-model' as Epoch;

/** One primary's view; the other members exist as the point up to which they have its entries. */
export class Database {
  readonly #agenda: Agenda;
  readonly #dice: Dice;
  readonly #flaws: Flaws;
  readonly #onCommit: (entry: Entry) => void;
  /** In the order in which the primary applied them. */
  #applied: Entry[] = [];
  #committed = 0;
  #bySeq = new Map<number, number>();
  #byDraft = new Map<string, number>();
  #term = 0;
  /** Raised when a backup takes its place: what was sent before never arrives. */
  #life = 0;
  #lagMs = 0;
  readonly #running = new Set<Command>();
  hostility: Hostility = calm;

  constructor({ agenda, dice, flaws, onCommit }: DatabaseOptions) {
    this.#agenda = agenda;
    this.#dice = dice;
    this.#flaws = flaws;
    this.#onCommit = onCommit;
  }

  /** What a majority has, by seq. */
  get log(): readonly Entry[] {
    return this.#applied.slice(0, this.#committed).sort((a, b) => a.seq - b.seq);
  }

  get life(): number {
    return this.#life;
  }

  /** The highest seq that a majority has. */
  get head(): number {
    let head = 0;
    for (let place = 0; place < this.#committed; place += 1) {
      head = Math.max(head, this.#applied[place]?.seq ?? 0);
    }
    return head;
  }

  /** Whether nothing is on its way to a majority. */
  get isSettled(): boolean {
    return this.#committed === this.#applied.length && this.#running.size === 0;
  }

  /** From now on an entry takes up to that much longer to reach a majority. */
  lag(ms: number): void {
    this.#lagMs = ms;
  }

  /** Another member becomes primary: it has all that a majority has, and some of the rest. */
  elect(): void {
    this.#term += 1;
    const kept = this.#dice.between(this.#committed, this.#applied.length);
    for (const entry of this.#applied.splice(kept)) {
      this.#bySeq.delete(entry.seq);
      this.#byDraft.delete(keyOf(entry));
    }
    this.#replicate();
    for (const command of [...this.#running]) this.#interrupt(command);
  }

  /** An older copy of everything a majority had; what was on its way is gone. */
  restore(): void {
    this.#life += 1;
    this.#term += 1;
    this.#running.clear();
    this.#committed = this.#dice.between(0, this.#committed);
    for (const entry of this.#applied.splice(this.#committed)) {
      this.#bySeq.delete(entry.seq);
      this.#byDraft.delete(keyOf(entry));
    }
  }

  /** Takes the next number of a counter document: what the counter mutant does. */
  count(by: number): number {
    this.#counter += by;
    return this.#counter;
  }
  #counter = 0;

  connect(): Link {
    let isSevered = false;
    let isCut = false;
    const heard = (): boolean => !isSevered && !isCut;
    // The code of a process that has crashed still runs in here: it can ask, but nothing happens.
    const ask = <T>(answer: () => T): Promise<T> =>
      isSevered ? new Promise(() => undefined) : this.#ask(answer, heard);
    const store: Store = {
      place: 'the model',
      facts: () => ask(() => this.#facts()),
      // A linearizable read: whatever a stale one would hide is there.
      holds: (_room, seq) => ask(() => seq <= this.#committed),
      read: (_room, { after, upTo, limit }) =>
        ask(() =>
          this.#seen()
            .filter(({ seq }) => seq > after && seq <= upTo)
            .slice(0, limit),
        ),
      find: (_room, drafts) => ask(() => this.#find(drafts)),
      lines: (_room, { before, limit }) =>
        ask(() =>
          this.#seen()
            .filter(isLine)
            .filter(({ seq }) => seq < before)
            .slice(-limit),
        ),
      changes: (_room, { after, upTo, limit }) =>
        ask(() =>
          this.#seen()
            .filter(isChange)
            .filter(({ seq }) => seq > after && seq <= upTo)
            .slice(0, limit),
        ),
      reactionsOf: (_room, asked, upTo) =>
        ask(() => asked.map((key) => ({ ...key, emoji: emojiIn(this.#seen(), key, upTo) }))),
      ...withoutViews,
      insert: (_room, entries) =>
        isSevered ? new Promise(() => undefined) : this.#insert(entries, heard),
      swap: async (_name, _expected, next) => next,
      ping: async () => {},
      close: async () => {},
    };
    return {
      store,
      sever: () => void (isSevered = true),
      cut: () => void (isCut = true),
      heal: () => void (isCut = false),
    };
  }

  /** Asks at one moment, hears the answer at a later one, or never. */
  #ask<T>(answer: () => T, heard: () => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#dice.chance(this.hostility.swallowed)) return;
      const isLost = this.#dice.chance(this.hostility.lostReply);
      this.#agenda.after(this.#dice.between(0, 6), () => {
        if (!heard()) return;
        const value = answer();
        this.#agenda.after(this.#dice.between(0, 6), () => {
          if (!heard()) return;
          if (isLost) reject(new Error('connection closed'));
          else resolve(value);
        });
      });
    });
  }

  #insert(entries: readonly Entry[], heard: () => boolean): Promise<void> {
    const { hostility } = this;
    return new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        if (!heard()) return;
        if (error === undefined) resolve();
        else reject(error);
      };
      const isCut = !heard();
      if (this.#dice.chance(hostility.lateTwin)) this.#later(entries, 400);
      if (isCut || this.#dice.chance(hostility.swallowed)) {
        if (this.#dice.chance(0.5)) this.#later(entries, 600);
        return;
      }
      if (this.#dice.chance(hostility.lostReply)) {
        this.#later(entries, 120);
        const ms = this.#dice.between(0, 60);
        this.#agenda.after(ms, () => settle(new Error('connection closed')));
        return;
      }
      const life = this.#life;
      this.#agenda.after(this.#dice.between(0, 8), () => this.#start(entries, settle, life));
    });
  }

  /** The command runs some time or other; nobody waits for its answer. */
  #later(entries: readonly Entry[], withinMs: number): void {
    const ms = this.#dice.between(0, withinMs);
    const life = this.#life;
    this.#agenda.after(ms, () => this.#start(entries, () => undefined, life));
  }

  #start(entries: readonly Entry[], settle: (error?: Error) => void, life: number): void {
    if (life !== this.#life) return;
    const command = { entries, settle, isAnswered: false, done: 0, term: this.#term };
    this.#running.add(command);
    this.#run(command, command.term);
  }

  #run(command: Command, term: number): void {
    while (this.#running.has(command) && command.term === term) {
      const entry = command.entries[command.done];
      if (entry === undefined) return this.#applyDone(command);
      const isTaken = this.#isTaken(entry);
      if (isTaken && this.#flaws.unordered !== true) return this.#end(command, duplicate(entry));
      command.done += 1;
      if (!isTaken) this.#apply(entry);
      if (!this.#dice.chance(this.hostility.pausedBatch)) continue;
      this.#agenda.after(this.#dice.between(1, 20), () => this.#run(command, term));
      return;
    }
  }

  #isTaken(entry: Entry): boolean {
    if (this.#bySeq.has(entry.seq)) return true;
    return this.#flaws.noUniqueCid !== true && this.#byDraft.has(keyOf(entry));
  }

  #apply(entry: Entry): void {
    this.#bySeq.set(entry.seq, this.#applied.length);
    this.#byDraft.set(keyOf(entry), this.#applied.length);
    this.#applied.push(entry);
    this.#replicate();
  }

  /** All entries were tried; the answer waits for a majority. */
  #applyDone(command: Command): void {
    const refused = command.entries.find((entry) => !this.#holds(entry));
    if (refused !== undefined) return this.#end(command, duplicate(refused));
    if (this.#flaws.ackBelowMajority === true) this.#end(command);
    else this.#endCommitted();
  }

  /** By identity: a twin under the same cid is not this entry. */
  #holds(entry: Entry): boolean {
    const place = this.#bySeq.get(entry.seq);
    return place !== undefined && this.#applied[place]?.id === entry.id;
  }

  #replicate(): void {
    const { length } = this.#applied;
    const term = this.#term;
    if (length === this.#committed) return;
    this.#agenda.after(this.#dice.between(1, 10 + this.#lagMs), () => {
      if (this.#term === term) this.#commit(length);
    });
  }

  #commit(upTo: number): void {
    while (this.#committed < upTo) {
      const entry = this.#applied[this.#committed];
      if (entry === undefined) return;
      this.#committed += 1;
      this.#onCommit(entry);
    }
    this.#endCommitted();
  }

  #endCommitted(): void {
    for (const command of [...this.#running]) {
      const isDone = command.done === command.entries.length;
      if (isDone && command.entries.every((entry) => this.#isCommitted(entry))) this.#end(command);
    }
  }

  #isCommitted(entry: Entry): boolean {
    const place = this.#bySeq.get(entry.seq);
    return place !== undefined && place < this.#committed && this.#applied[place]?.id === entry.id;
  }

  #end(command: Command, error?: Error): void {
    this.#running.delete(command);
    if (command.isAnswered) return;
    command.isAnswered = true;
    this.#agenda.after(this.#dice.between(0, 6), () => command.settle(error));
  }

  /** An election ends a running command; its driver may try it again, all of it. */
  #interrupt(command: Command): void {
    this.#running.delete(command);
    const isRetried = this.#dice.chance(this.hostility.retried);
    if (!isRetried) return this.#end(command, new Error('not the primary any more'));
    if (this.#dice.chance(0.3)) this.#end(command, new Error('not the primary any more'));
    const life = this.#life;
    this.#agenda.after(this.#dice.between(1, 40), () => {
      if (life !== this.#life) return;
      command.done = 0;
      command.term = this.#term;
      this.#running.add(command);
      this.#runAgain(command);
    });
  }

  /** What is in already counts as done: a retried write is told apart by its number. */
  #runAgain(command: Command): void {
    while (command.done < command.entries.length) {
      const entry = command.entries[command.done];
      if (entry === undefined || !this.#holds(entry)) break;
      command.done += 1;
    }
    this.#run(command, command.term);
  }

  /** What a read sees: by contract only what a majority has. */
  #seen(): readonly Entry[] {
    if (this.#flaws.readsUncommitted === true) {
      return [...this.#applied].sort((a, b) => a.seq - b.seq);
    }
    const hidden = this.#flaws.readsStale === true ? this.#dice.between(0, 3) : 0;
    return this.log.slice(0, Math.max(0, this.#committed - hidden));
  }

  #facts(): LogFacts {
    const newest = this.#seen().at(-1);
    return {
      epoch: EPOCH,
      head: newest?.seq ?? 0,
      headId: newest?.id ?? '',
      headAt: newest?.at ?? 0,
      floor: 1,
    };
  }

  #find(drafts: readonly DraftKey[]): readonly Entry[] {
    const wanted = new Set(drafts.map(({ user, cid }) => draftKey(user, cid)));
    return this.#seen().filter((entry) => wanted.has(keyOf(entry)));
  }
}

const keyOf = (entry: Entry): string => draftKey(entry.user.id, entry.cid);

const duplicate = (entry: Entry): Error => new Error(`duplicate key: seq ${entry.seq}`);
