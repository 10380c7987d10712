/**
 * The people of one room on this node: who is there, who writes, how far each has read, and which
 * of this every connection was told last. Passing facts only: newest wins, nothing is stored here.
 */

import type { Ms, PresenceOp, Seq, TypingNowOp, User, UserId } from 'mini-chat/protocol';
import { PRESENCE_USERS_MAX } from 'mini-chat/protocol';
import type { RoomId } from 'mini-chat/protocol';
import { encode, type FanOut, type Sink } from './fan-out.ts';
import type { Fact } from './node-news.ts';
import { Pace, type Clock } from './pace.ts';
import { Presence, type PeopleFact } from './presence.ts';
import type { LimitSettings } from './settings.ts';
import type { RoomKey } from './store.ts';
import { Typing } from './typing.ts';

/** A connection as the people of a room see it. */
export interface Listener extends Sink {
  readonly isSlow: boolean;
  /** Resolves when it is slow no more, or closed. */
  drained(): Promise<void>;
}

/** The settings that volatile facts live by. */
export type VolatileLimits = Pick<
  LimitSettings,
  | 'typingMs'
  | 'typingEveryMs'
  | 'presenceEveryMs'
  | 'crowdEveryMs'
  | 'readEveryMs'
  | 'newsEveryMs'
  | 'retellMs'
  | 'forgetNodeMs'
>;

/** What the people of a room are made of. */
export interface RoomPeopleOptions {
  readonly id: RoomId;
  readonly key: RoomKey;
  readonly fanOut: FanOut;
  readonly clock: Clock;
  readonly limits: VolatileLimits;
  /** Tells the other nodes, sooner or later, if there can be any. */
  readonly tell: (fact: Fact) => void;
  /** Keeps how far a user has read. */
  readonly keep: (user: UserId, seq: Seq) => void;
}

/** How somebody comes in. */
export interface Arrival {
  readonly user: User;
  /** The mark that `joined` has told this connection; 0: none. */
  readonly read: Seq;
}

interface Person {
  readonly places: Set<Place>;
  user: User;
  read: Seq;
}

/** One connection, and the frames that it was told last. */
interface Place {
  readonly listener: Listener;
  readonly person: Person;
  typing: Buffer;
  presence: Buffer | undefined;
  read: Seq;
  /** Not counted in the newest frame yet: the next one will be its first. */
  isNew: boolean;
  isWaiting: boolean;
}

/**
 * Each fact is encoded when its pace allows, once for all; a connection is told the newest frame
 * unless it has it. So one that joined late, or was slow, is made whole by the same few lines, and
 * a room of N costs N small writes a tick, never N².
 */
export class RoomPeople {
  readonly #options: RoomPeopleOptions;
  readonly #typing = new Typing();
  readonly #presence = new Presence();
  readonly #people = new Map<UserId, Person>();
  readonly #places = new Map<Listener, Place>();
  readonly #paces: Readonly<Record<'typing' | 'presence' | 'read', Pace>>;
  readonly #nobody: Buffer;
  #typingFrame: Buffer;
  #presenceFrame: Buffer | undefined;
  #isCrowd = false;
  /** Whether the other nodes should hear who is here. */
  #isNews = true;
  #typingToldAt: Ms = -Infinity;
  #giveUpExpiry: (() => void) | undefined;
  /** Whose mark has risen: true when it did so here, and has to be kept and told to other nodes. */
  readonly #risen = new Map<Person, boolean>();

  constructor(options: RoomPeopleOptions) {
    const { clock, limits } = options;
    this.#options = options;
    this.#nobody = this.#typingFrame = this.#encode({ op: 'typing', users: [] });
    const pace = (everyMs: () => Ms, run: () => void): Pace => new Pace({ clock, everyMs, run });
    this.#paces = {
      typing: pace(
        () => limits.typingEveryMs,
        () => this.#tellTyping(),
      ),
      presence: pace(
        () => (this.#isCrowd ? limits.crowdEveryMs : limits.presenceEveryMs),
        () => this.#tellPresence(),
      ),
      read: pace(
        () => limits.readEveryMs,
        () => this.#tellRead(),
      ),
    };
  }

  /** Whether nobody is here. */
  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  /** A connection has joined, or joined again: it is told everything from now on. */
  enter(listener: Listener, { user, read }: Arrival): void {
    const person = this.#personOf(user);
    person.read = Math.max(person.read, read);
    const known = this.#places.get(listener);
    if (known === undefined) {
      // A crowd is told seldom; who comes in between need not wait for what is known anyway.
      const told = { typing: this.#nobody, presence: undefined, read, isNew: !this.#isCrowd };
      const place = { listener, person, ...told, isWaiting: false };
      this.#places.set(listener, place);
      person.places.add(place);
      if (this.#isCrowd) this.#makeWhole(place);
    } else Object.assign(known, { typing: this.#nobody, presence: undefined, read });
    if (person.read > read) this.#rise(person, false);
    if (this.#typingFrame !== this.#nobody) this.#paces.typing.touch();
    this.#paces.presence.touch();
  }

  /** The user of a connection has another name now. */
  rename(listener: Listener, user: User): void {
    if (!this.#places.has(listener)) return;
    this.#personOf(user);
    this.#paces.presence.touch();
  }

  /** Idempotent. */
  leave(listener: Listener): void {
    const place = this.#places.get(listener);
    if (place === undefined) return;
    const { person } = place;
    const { id } = person.user;
    this.#places.delete(listener);
    person.places.delete(place);
    if (this.#typing.stop(id, listener)) this.#paces.typing.touch();
    if (person.places.size > 0) return;
    this.#people.delete(id);
    this.#presence.leave(id);
    this.#isNews = true;
    this.#paces.presence.touch();
  }

  /** The user of a connection writes, or stopped. */
  type(listener: Listener, isOn: boolean): void {
    const user = this.#places.get(listener)?.person.user;
    if (user === undefined) return;
    const { clock, limits } = this.#options;
    if (isOn) this.#typing.start(user, listener, clock.now() + limits.typingMs);
    else if (!this.#typing.stop(user.id)) return;
    this.#paces.typing.touch();
  }

  /** The user of a connection has read up to here. */
  mark(listener: Listener, seq: Seq): void {
    const place = this.#places.get(listener);
    if (place === undefined) return;
    place.read = Math.max(place.read, seq);
    if (seq <= place.person.read) return;
    place.person.read = seq;
    this.#rise(place.person, true);
  }

  /** The room has another log: everybody begins to read it. */
  forgetRead(): void {
    this.#risen.clear();
    for (const person of this.#people.values()) person.read = 0;
    for (const place of this.#places.values()) place.read = 0;
  }

  /** Another node told something about this room. */
  hear(node: string, n: number, fact: Fact): void {
    if (fact.about === 'presence') this.#hearPeople(node, n, fact);
    else if (fact.about === 'typing') {
      const until = this.#options.clock.now() + this.#options.limits.typingMs;
      this.#typing.hear(node, { n, users: fact.users, until });
      this.#paces.typing.touch();
    } else if (fact.about === 'read') {
      const person = this.#people.get(fact.user);
      if (person === undefined || fact.seq <= person.read) return;
      person.read = fact.seq;
      this.#rise(person, false);
    } else this.forget(node);
  }

  /** A node has ended. */
  forget(node: string): void {
    this.#typing.forget(node);
    this.#paces.typing.touch();
    if (this.#presence.forget(node)) this.#paces.presence.touch();
  }

  /** Tells the other nodes again who is here, and forgets those that have long said nothing. */
  retell(): void {
    const { clock, limits } = this.#options;
    const isLess = this.#presence.forgetBefore(clock.now() - limits.forgetNodeMs);
    if (isLess) this.#paces.presence.touch();
    this.#tellPeople();
  }

  /** Keeps what has to be kept, tells the other nodes that nobody is here, and ends its timers. */
  close(): void {
    this.#paces.read.flush();
    for (const pace of Object.values(this.#paces)) pace.stop();
    this.#giveUpExpiry?.();
    if (this.#presence.hasOthers) this.#tellPeople();
  }

  #personOf(user: User): Person {
    let person = this.#people.get(user.id);
    if (person === undefined) {
      person = { user, places: new Set(), read: 0 };
      this.#people.set(user.id, person);
      this.#isNews = true;
    } else if (!isSameUser(person.user, user)) this.#isNews = true;
    person.user = user;
    this.#presence.enter(user);
    return person;
  }

  #hearPeople(node: string, n: number, fact: PeopleFact): void {
    const at = this.#options.clock.now();
    const { taken, isNew } = this.#presence.hear(node, fact, { n, at });
    // It has just come to this room, and knows nothing of who is here.
    if (isNew) {
      this.#isNews = true;
      this.#typingToldAt = -Infinity;
      this.#paces.typing.touch();
    }
    if (taken) this.#paces.presence.touch();
  }

  #tellTyping(): void {
    const { clock, limits, key, tell } = this.#options;
    const now = clock.now();
    this.#typing.expire(now);
    const { users, more } = this.#typing.now;
    const next = this.#encode({ op: 'typing', users, ...(more === undefined ? {} : { more }) });
    const isSame = next.equals(this.#typingFrame);
    if (!isSame) this.#typingFrame = next.equals(this.#nobody) ? this.#nobody : next;
    // Others forget it after `typingMs`; while it lasts they hear of it again before that.
    const isDue = now - this.#typingToldAt >= limits.typingMs / 2;
    if (this.#presence.hasOthers && (!isSame || (isDue && this.#typing.here.length > 0))) {
      this.#typingToldAt = now;
      tell({ about: 'typing', room: key, users: this.#typing.here });
    }
    for (const place of this.#places.values()) this.#makeWhole(place);
    this.#expireLater();
  }

  #expireLater(): void {
    if (this.#giveUpExpiry !== undefined || this.#typing.dueAt === Infinity) return;
    const { clock } = this.#options;
    this.#giveUpExpiry = clock.after(Math.max(0, this.#typing.dueAt - clock.now()), () => {
      this.#giveUpExpiry = undefined;
      this.#paces.typing.touch();
    });
  }

  #tellPresence(): void {
    const now = this.#presence.now;
    this.#isCrowd = now.count > PRESENCE_USERS_MAX;
    const next = this.#encode({ op: 'presence', ...now });
    if (this.#presenceFrame?.equals(next) !== true) this.#presenceFrame = next;
    if (this.#isNews) this.#tellPeople();
    for (const place of this.#places.values()) {
      place.isNew = false;
      this.#makeWhole(place);
    }
  }

  #tellPeople(): void {
    this.#isNews = false;
    this.#options.tell({ about: 'presence', room: this.#options.key, ...this.#presence.here });
  }

  #rise(person: Person, isHere: boolean): void {
    this.#risen.set(person, isHere || (this.#risen.get(person) ?? false));
    this.#paces.read.touch();
  }

  #tellRead(): void {
    const { key, tell, keep } = this.#options;
    for (const [person, isHere] of this.#risen) {
      const { places, read: seq, user } = person;
      for (const place of places) this.#makeWhole(place);
      if (!isHere) continue;
      keep(user.id, seq);
      const isElsewhere = this.#presence.isElsewhere(user.id);
      if (isElsewhere) tell({ about: 'read', room: key, user: user.id, seq });
    }
    this.#risen.clear();
  }

  /** Tells a connection what it was not told yet; a slow one, as soon as it is slow no more. */
  #makeWhole(place: Place): void {
    const { listener, person } = place;
    const { fanOut } = this.#options;
    const presence = place.isNew ? place.presence : this.#presenceFrame;
    const isTold = place.typing === this.#typingFrame && place.presence === presence;
    if (isTold && place.read >= person.read) return;
    if (listener.isSlow) return this.#waitFor(place);
    if (place.typing !== this.#typingFrame) fanOut.queue(listener, this.#typingFrame);
    if (place.presence !== presence && presence !== undefined) fanOut.queue(listener, presence);
    if (place.read < person.read) {
      fanOut.send(listener, { op: 'read', room: this.#options.id, seq: person.read });
    }
    place.typing = this.#typingFrame;
    place.presence = presence;
    place.read = person.read;
  }

  #waitFor(place: Place): void {
    if (place.isWaiting) return;
    place.isWaiting = true;
    void place.listener.drained().then(() => {
      place.isWaiting = false;
      if (this.#places.get(place.listener) === place) this.#makeWhole(place);
    });
  }

  #encode(op: Omit<TypingNowOp, 'room'> | Omit<PresenceOp, 'room'>): Buffer {
    return encode({ ...op, room: this.#options.id });
  }
}

function isSameUser(one: User, other: User): boolean {
  return one.name === other.name && one.role === other.role && one.avatar === other.avatar;
}
