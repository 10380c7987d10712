/** One server process of the model: the real room, room log and fan-out; the rest is pretended. */

import {
  ChatError,
  type ClientOp,
  type Entry,
  type EntryId,
  type RoomId,
  type ServerOp,
  type User,
} from 'mini-chat/protocol';
import type { Draft } from '../../../server/draft.ts';
import { FanOut } from '../../../server/fan-out.ts';
import { type Reader, Room } from '../../../server/room.ts';
import { RoomLog, type RoomLogOptions } from '../../../server/room-log.ts';
import type { RoomKey } from '../../../server/store.ts';
import type { Dice } from '../dice.ts';
import type { Recorder } from '../history.ts';
import type { Agenda } from './agenda.ts';
import type { Database, Link } from './database.ts';
import type { Wire } from './wire.ts';

export const ROOM = 'model' as RoomId;
const KEY = 'tenant/model' as RoomKey;

/** A socket with more than this on its way counts as slow: small, so that it happens. */
const SLOW_IN_FLIGHT = 6;

const limits = { batchEntriesMax: 3, batchBytesMax: 4096, queueMax: 64, deadlineMs: 300 };

/** How a node opens its log; a mutant opens a worse one. */
export type OpenLog = (options: RoomLogOptions, database: Database) => Promise<RoomLog>;

export interface NodeOptions {
  readonly name: string;
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly database: Database;
  readonly recorder: Recorder;
  readonly openLog: OpenLog;
  /** How far this node's clock is off. */
  readonly clockMs: number;
}

interface Life {
  readonly link: Link;
  readonly fanOut: FanOut;
  readonly wires: Set<Wire>;
  readonly waitsForTurn: boolean;
  /** The seq up to which its log has released. */
  released: number;
  room?: Room;
  log?: RoomLog;
}

/** Invariant: what a crashed life still has running changes nothing but the database. */
export class SimNode {
  readonly name: string;
  readonly #options: NodeOptions;
  #life: Life | undefined;
  #minted = 0;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get isUp(): boolean {
    return this.#life?.room !== undefined;
  }

  /** Up, or on its way up. */
  get hasLife(): boolean {
    return this.#life !== undefined;
  }

  /** Starts a life; tries again until the room could be opened or the life ends. */
  async start(): Promise<void> {
    const { agenda, dice, database, openLog } = this.#options;
    const waitsForTurn = dice.chance(0.5);
    const fanOut = new FanOut(2);
    const life: Life = {
      link: database.connect(),
      fanOut,
      wires: new Set(),
      waitsForTurn,
      released: 0,
    };
    this.#life = life;
    while (this.#life === life && life.room === undefined) {
      try {
        life.log = await openLog(this.#logOptions(life), database);
        const { log } = life;
        life.released = log.facts.head;
        life.room = new Room({ id: ROOM, log, fanOut });
      } catch {
        // The database did not answer: this node stays out of the way until it does.
        await agenda.wait(20);
      }
    }
  }

  /** Ends at once: nothing is finished, nobody is told but by the silence. */
  crash(): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    life.link.sever();
    life.fanOut.close();
    for (const wire of life.wires) wire.close();
  }

  /** Loses sight of the database for a while. */
  partition(ms: number): void {
    const link = this.#life?.link;
    link?.cut();
    this.#options.agenda.after(ms, () => link?.heal());
  }

  heal(): void {
    this.#life?.link.heal();
  }

  take(entry: Entry): void {
    this.#life?.room?.take(entry);
  }

  repair(): void {
    void this.#life?.room?.repair();
  }

  /** Accepts a client that came in by this wire as this user. */
  accept(wire: Wire, user: User): void {
    const life = this.#life;
    if (life?.room === undefined) return wire.close();
    life.wires.add(wire);
    const reader = new WireReader(wire);
    const { room } = life;
    wire.attach('node', {
      take: (op) => {
        if (this.#life === life) this.#op(op as ClientOp, { life, reader, user });
      },
      gone: () => {
        reader.isOpen = false;
        life.wires.delete(wire);
        room.leave(reader);
      },
    });
  }

  #op(op: ClientOp, { life, reader, user }: { life: Life; reader: WireReader; user: User }): void {
    const { room, fanOut } = life;
    if (room === undefined) return;
    const reply = (answer: ServerOp): void => {
      if (this.#life === life) fanOut.reply(reader, answer);
    };
    if (op.op === 'join') {
      const cursor = op.cursor === undefined ? {} : { cursor: op.cursor };
      room.join(reader, { ...cursor, can: [] }).catch(() => reader.fail());
    } else if (op.op === 'send') {
      const { cid, kind, body } = op;
      room.append({ user, cid, kind, body } as Draft).then(
        ({ seq, at }) => {
          if (seq > life.released) this.#breach(`acked ${seq}, released up to ${life.released}`);
          reply({ op: 'ack', room: ROOM, cid, seq, at });
        },
        (error: unknown) => {
          if (!(error instanceof ChatError)) throw error;
          const { code, message, retry, maybe } = error;
          const unknown = maybe ? { maybe } : {};
          // Noted here and not where it arrives: a draft that was given up may be stored after
          // later ones of its sender, also when the sender never hears of it.
          const answered = { room: ROOM, user: user.id, cid, code, maybe };
          if (this.#life === life) this.#options.recorder.note({ what: 'nack', ...answered });
          reply({ op: 'nack', room: ROOM, cid, code, message, retry, ...unknown });
        },
      );
    }
  }

  /** The log promised its room something else. */
  #breach(words: string): void {
    this.#options.recorder.note({ what: 'breach', room: ROOM, words: `${this.name} ${words}` });
  }

  #logOptions(life: Life): RoomLogOptions {
    const { agenda, dice, name, clockMs } = this.#options;
    return {
      store: life.link.store,
      room: KEY,
      release: (entries) => {
        for (const { seq } of entries) {
          if (seq !== life.released + 1) this.#breach(`released ${seq} after ${life.released}`);
          life.released = seq;
        }
        if (this.#life === life) life.room?.release(entries);
      },
      now: () => agenda.now + clockMs,
      wait: (ms) => agenda.wait(ms),
      // As servers do it, or as the log does it by itself.
      ...(life.waitsForTurn ? { turn: () => agenda.wait(0) } : {}),
      random: dice.random,
      mintId: () => `${name}-${(this.#minted += 1)}` as EntryId,
      limits,
    };
  }
}

/** The node's end of a wire, as a room sees it. */
class WireReader implements Reader {
  readonly wire: Wire;
  isOpen = true;
  #queued: object[] = [];

  constructor(wire: Wire) {
    this.wire = wire;
  }

  get isSlow(): boolean {
    return this.wire.inFlight > SLOW_IN_FLIGHT;
  }

  queue(frame: Buffer): boolean {
    return this.#queued.push(opOf(frame)) === 1;
  }

  flush(): void {
    for (const op of this.#queued.splice(0)) this.wire.say('client', op);
  }

  /** As in life: a reader that cannot be served loses its connection and comes back. */
  fail(): void {
    this.wire.close();
  }

  drained(): Promise<void> {
    return this.wire.emptied();
  }
}

/** What one unmasked frame says. One frame goes to many members and is read once. */
function opOf(frame: Buffer): object {
  let op = read.get(frame);
  if (op === undefined) {
    const short = frame.readUInt8(1);
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    op = JSON.parse(frame.toString('utf8', head)) as object;
    read.set(frame, op);
  }
  return op;
}

const read = new WeakMap<Buffer, object>();

/** The log as the server has it. */
export const openRealLog: OpenLog = (options) => RoomLog.open(options);
