/**
 * Typing, presence and read marks of all rooms on this node, and the news of them between nodes.
 * Nothing here is promised: a fact may be dropped, and the newest one wins.
 */

import { randomBytes } from 'node:crypto';
import type { Ms, RoomId, Seq, User, UserId } from 'mini-chat/protocol';
import type { FanOut } from './fan-out.ts';
import type { Metrics } from './metrics.ts';
import { encodeNews, parseNews, type Fact } from './node-news.ts';
import { Pace, type Clock } from './pace.ts';
import { ReadMarks } from './read-marks.ts';
import { RoomPeople, type Arrival, type Listener, type VolatileLimits } from './room-people.ts';
import type { RoomKey, Store } from './store.ts';

/** What the registry needs. */
export interface VolatileOptions {
  readonly store: Store;
  readonly fanOut: FanOut;
  readonly clock: Clock;
  readonly limits: VolatileLimits;
  readonly metrics: Pick<Metrics, 'told' | 'heard'>;
  readonly keyOf: (room: RoomId) => RoomKey;
}

/** Facts that wait to be told; those of more rooms and users than that are dropped. */
const WAITING_MAX = 10_000;
/** Who joins does not wait longer than this for a mark. */
const MARK_MS: Ms = 1000;

/** Invariant: a room is here exactly while a connection of this node is in it. */
export class Volatile {
  /** This life of this node: one that comes back is another one. */
  readonly node = randomBytes(9).toString('base64url');
  readonly #options: VolatileOptions;
  readonly #rooms = new Map<RoomKey, RoomPeople>();
  readonly #marks: ReadMarks;
  readonly #news: Pace;
  /** What the other nodes should hear: the newest of each kind, room and user. */
  readonly #waiting = new Map<string, Fact>();
  #n = 0;
  #giveUpRetelling: (() => void) | undefined;

  constructor(options: VolatileOptions) {
    const { store, clock, limits } = options;
    this.#options = options;
    this.#marks = new ReadMarks({ store, clock, everyMs: limits.readEveryMs });
    this.#news = new Pace({
      clock,
      everyMs: () => limits.newsEveryMs,
      run: () => this.#tellWaiting(),
    });
    if (store.hints !== undefined) this.#retellLater();
  }

  /** The mark of a user who is about to join; undefined: there is none, or nobody can say now. */
  async readBy(room: RoomId, user: UserId): Promise<Seq | undefined> {
    const { clock, keyOf } = this.#options;
    const late = Promise.withResolvers<undefined>();
    const giveUp = clock.after(MARK_MS, () => late.resolve(undefined));
    // A join must not fail for the sake of a mark.
    const mark = this.#marks.of(keyOf(room), user).catch(() => undefined);
    const seq = await Promise.race([mark, late.promise]).finally(giveUp);
    return seq === 0 ? undefined : seq;
  }

  /** A connection has joined, or joined again. */
  enter(id: RoomId, listener: Listener, arrival: Arrival): void {
    const key = this.#options.keyOf(id);
    let room = this.#rooms.get(key);
    if (room === undefined) {
      room = this.#open(id, key);
      this.#rooms.set(key, room);
    }
    room.enter(listener, arrival);
  }

  /** Idempotent. */
  leave(id: RoomId, listener: Listener): void {
    const key = this.#options.keyOf(id);
    const room = this.#rooms.get(key);
    room?.leave(listener);
    if (room?.isEmpty !== true) return;
    this.#rooms.delete(key);
    room.close();
  }

  /** The user of a connection has another name, or other rights to be seen with. */
  rename(id: RoomId, listener: Listener, user: User): void {
    this.#at(id)?.rename(listener, user);
  }

  /** The user of a connection writes, or stopped. */
  type(id: RoomId, listener: Listener, isOn: boolean): void {
    this.#at(id)?.type(listener, isOn);
  }

  /** The user of a connection has read up to here. */
  mark(id: RoomId, listener: Listener, seq: Seq): void {
    this.#at(id)?.mark(listener, seq);
  }

  /** The room has another log: how far the one before was read is of no use. */
  forgetRead(room: RoomKey): void {
    this.#marks.forget(room);
    this.#rooms.get(room)?.forgetRead();
  }

  /** Takes what another node told. */
  hear(text: string): void {
    const news = parseNews(text);
    if (news === undefined || news.node === this.node) return;
    this.#options.metrics.heard();
    for (const fact of news.facts) {
      if (fact.about === 'gone') for (const room of this.#rooms.values()) room.forget(news.node);
      else this.#rooms.get(fact.room)?.hear(news.node, news.n, fact);
    }
  }

  /** Tells the other nodes that this one ends, and writes the marks that wait. */
  async close(): Promise<void> {
    this.#giveUpRetelling?.();
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
    this.#tell({ about: 'gone' });
    this.#news.flush();
    await this.#marks.close();
  }

  #at(id: RoomId): RoomPeople | undefined {
    return this.#rooms.get(this.#options.keyOf(id));
  }

  #open(id: RoomId, key: RoomKey): RoomPeople {
    const { fanOut, clock, limits } = this.#options;
    return new RoomPeople({
      id,
      key,
      fanOut,
      clock,
      limits,
      tell: (fact) => this.#tell(fact),
      keep: (user, seq) => this.#marks.mark(key, user, seq),
    });
  }

  #tell(fact: Fact): void {
    if (this.#options.store.hints === undefined || this.#waiting.size >= WAITING_MAX) return;
    this.#waiting.set(nameOf(fact), fact);
    this.#news.touch();
  }

  #tellWaiting(): void {
    const facts = [...this.#waiting.values()];
    this.#waiting.clear();
    const { store, metrics } = this.#options;
    for (const text of encodeNews(this.node, () => (this.#n += 1), facts)) {
      store.hints?.tell(text);
      metrics.told();
    }
  }

  #retellLater(): void {
    const { clock, limits } = this.#options;
    this.#giveUpRetelling = clock.after(limits.retellMs, () => {
      for (const room of this.#rooms.values()) room.retell();
      this.#retellLater();
    });
  }
}

/** Under the same name, a newer fact takes the place of an older one. */
function nameOf(fact: Fact): string {
  if (fact.about === 'gone') return fact.about;
  const { about, room } = fact;
  return about === 'read' ? `${about} ${room} ${fact.user}` : `${about} ${room}`;
}
