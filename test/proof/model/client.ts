/** A user of the model: sends its drafts until each has an answer, and reads by the book. */

import {
  type Content,
  type Cursor,
  type Entry,
  type EntryId,
  fold,
  type Line,
  type ServerOp,
  type User,
  type UserId,
} from 'mini-chat/protocol';
import { isChange, isLine } from '../../../server/store-entry.ts';
import type { Dice } from '../dice.ts';
import type { Recorder } from '../history.ts';
import { rowOf, seenOf, textOf } from '../seen.ts';
import type { Agenda } from './agenda.ts';
import { ROOM, type SimNode } from './node.ts';
import { Wire } from './wire.ts';

export interface ClientOptions {
  readonly name: string;
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly nodes: readonly SimNode[];
  readonly recorder: Recorder;
}

/** Invariant: `cursor` is the last entry applied; `lines` is what a page would show. */
export class SimClient {
  readonly #options: ClientOptions;
  readonly #user: User;
  /** Drafts without an answer, in the order in which they were written. */
  readonly #outbox = new Map<string, Content>();
  #lives = 1;
  #cursor: Cursor | undefined;
  #lines = new Map<number, Line>();
  #wire: Wire | undefined;
  #isLive = false;
  #hasJoinedAgain = false;
  #written = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#user = { id: `u_${options.name}` as UserId, name: options.name, role: 'member' };
    this.#connectLater();
  }

  /** Nothing left to send, and at that head. */
  isAtRest(head: number): boolean {
    return this.#outbox.size === 0 && this.#isLive && (this.#cursor?.seq ?? 0) === head;
  }

  write(): void {
    const cid = `${this.#options.name}-${(this.#written += 1)}`;
    this.#outbox.set(cid, this.#content(cid));
    if (this.#isLive) this.#send(cid);
  }

  /** Sends something again that was sent already, for no reason. */
  stutter(): void {
    const cids = [...this.#outbox.keys()];
    if (this.#isLive && cids.length > 0) this.#send(this.#options.dice.pick(cids));
  }

  /** Joins where it is joined: its place moves to its cursor. */
  rejoin(): void {
    if (!this.#isLive) return;
    this.#hasJoinedAgain = true;
    this.#join();
  }

  /** Loses its connection. */
  drop(): void {
    this.#wire?.close();
  }

  /** A page is loaded anew: the outbox is kept, what was read is not. */
  reload(): void {
    this.#lives += 1;
    this.#cursor = undefined;
    this.#lines = new Map();
    this.#wire?.close();
    this.#leave();
    this.#connectLater();
  }

  /** Says what it shows. */
  rest(): void {
    const view = [...this.#lines.values()].map(rowOf);
    this.#options.recorder.note({ what: 'rest', room: ROOM, reader: this.#reader, view });
  }

  get #reader(): string {
    return `${this.#options.name}.${this.#lives}`;
  }

  #connectLater(): void {
    const { agenda, dice } = this.#options;
    const life = this.#lives;
    agenda.after(dice.between(1, 25), () => {
      if (life === this.#lives && this.#wire === undefined) this.#connect();
    });
  }

  #connect(): void {
    const { agenda, dice, nodes } = this.#options;
    const node = dice.pick(nodes);
    if (!node.isUp) return this.#connectLater();
    const wire = new Wire(agenda, dice);
    this.#wire = wire;
    wire.attach('client', {
      take: (op) => {
        if (this.#wire === wire) this.#take(op as ServerOp);
      },
      gone: () => {
        if (this.#wire !== wire) return;
        this.#leave();
        this.#connectLater();
      },
    });
    node.accept(wire, this.#user);
    this.#hasJoinedAgain = false;
    this.#join();
  }

  #leave(): void {
    this.#wire = undefined;
    this.#isLive = false;
  }

  #join(): void {
    this.#isLive = false;
    const cursor = this.#cursor === undefined ? {} : { cursor: this.#cursor };
    this.#say({ op: 'join', room: ROOM, ...cursor });
  }

  #say(op: object): void {
    this.#wire?.say('node', op);
  }

  /** Mostly something new; else something about a line that is here, valid or not. */
  #content(cid: string): Content {
    const { dice } = this.#options;
    const text = `text of ${cid}`;
    const kind = dice.weighted({ message: 8, react: 5, edit: 2, pin: 2, delete: 1, notice: 0.3 });
    const lines = [...this.#lines.keys()];
    if (kind === 'message' || kind === 'notice' || lines.length === 0) {
      return { kind: kind === 'notice' ? kind : 'message', body: { text } };
    }
    const target = dice.pick(lines.slice(-3));
    const on = dice.chance(0.6);
    if (kind === 'edit') return { kind, body: { target, text } };
    if (kind === 'delete') return { kind, body: { target } };
    if (kind === 'pin') return { kind, body: { target, on } };
    return { kind, body: { target, emoji: dice.pick(['👍', '🎉']), on } };
  }

  #send(cid: string): void {
    const { recorder, name } = this.#options;
    const content = this.#outbox.get(cid);
    if (content === undefined) return;
    const sent = { room: ROOM, user: this.#user.id, cid, text: textOf(content) };
    recorder.note({ what: 'send', sender: name, ...sent });
    this.#say({ op: 'send', room: ROOM, cid, ...content });
  }

  #take(op: ServerOp): void {
    switch (op.op) {
      case 'joined':
      case 'reset':
        return this.#joined(op);
      case 'entries':
        return this.#apply(op.entries);
      case 'ack':
        this.#options.recorder.note({
          ...{ what: 'ack', room: ROOM, user: this.#user.id, cid: op.cid, seq: op.seq },
        });
        return void this.#outbox.delete(op.cid);
      case 'nack':
        return this.#nacked(op);
      default:
    }
  }

  #joined(op: Extract<ServerOp, { op: 'joined' | 'reset' }>): void {
    const { recorder } = this.#options;
    const { epoch, head, headId } = op;
    const told = { room: ROOM, reader: this.#reader, epoch, head };
    if ('entries' in op) {
      recorder.note({ what: 'resume', ...told });
      this.#apply(op.entries);
    } else {
      const { reason } = { reason: undefined, ...op };
      recorder.note(
        reason === undefined ? { what: 'begin', ...told } : { what: 'reset', reason, ...told },
      );
      const view = op.messages.map(rowOf);
      recorder.note({ what: 'page', room: ROOM, reader: this.#reader, view });
      this.#lines = new Map(op.messages.map((line) => [line.seq, line]));
      this.#cursor = { epoch, seq: head, id: headId };
    }
    this.#isLive = true;
    for (const cid of this.#outbox.keys()) this.#send(cid);
  }

  /**
   * Strict: what a server says twice, or with a gap, is taken as it comes and judged. Only around a
   * second join on one connection may the two answers overlap.
   */
  #apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const cursor = this.#cursor;
      if (cursor === undefined) continue;
      if (this.#hasJoinedAgain && entry.seq <= cursor.seq) continue;
      this.#accept(cursor.epoch, entry);
    }
  }

  #accept(epoch: Cursor['epoch'], entry: Entry): void {
    const seen = seenOf(entry);
    this.#options.recorder.note({ what: 'apply', room: ROOM, reader: this.#reader, entry: seen });
    this.#cursor = { epoch, seq: entry.seq, id: entry.id as EntryId };
    if (isLine(entry)) this.#lines.set(entry.seq, entry);
    if (!isChange(entry)) return;
    const line = this.#lines.get(entry.body.target);
    if (line?.kind === 'message') this.#lines.set(line.seq, fold(line, entry));
  }

  #nacked(op: Extract<ServerOp, { op: 'nack' }>): void {
    const { agenda, dice } = this.#options;
    const { cid } = op;
    // Not so because of the state of things: it would be refused again, or is done already.
    if (op.code !== 'unavailable') return void this.#outbox.delete(cid);
    agenda.after(dice.between(5, 50), () => {
      if (this.#isLive && this.#outbox.has(cid)) this.#send(cid);
    });
  }
}
