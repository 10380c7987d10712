/**
 * A tab's own server: its sessions, its rooms, and what it tells the other tabs of the browser.
 * Each tab is a node, as in a cluster of the real server: they meet in the store, and news between
 * them only saves a look there, or is about what passes.
 */

import type { Release } from '../client/environment.ts';
import type { RoomId, Seq, UserId } from '../protocol/ops.ts';
import { type Attendance, DemoPeople } from './demo-people.ts';
import { type Added, DemoRoom, type Member } from './demo-room.ts';
import {
  type DemoConnection,
  type DemoServer,
  DemoSession,
  type DemoWorld,
} from './demo-session.ts';
import type { DemoStore } from './demo-store.ts';

/** What tabs tell each other. */
export type TabNews =
  /** All who are in this tab; with `isAsking`, the others are to answer with theirs. */
  | {
      readonly about: 'people';
      readonly tab: string;
      readonly people: readonly Attendance[];
      readonly isAsking: boolean;
    }
  | ({ readonly about: 'added'; readonly room: RoomId } & Added)
  | {
      readonly about: 'read';
      readonly room: RoomId;
      readonly user: UserId;
      readonly seq: Seq;
    };

/** What a node is made of. */
export interface DemoNodeOptions {
  readonly store: DemoStore;
  readonly world: DemoWorld;
  /** Tells the other tabs. */
  readonly tell: (news: TabNews) => void;
  /** It has closed, with all its sessions. */
  readonly onEnd: () => void;
}

/** Tabs are asked whether they are still there, and the store whether it has more than was told. */
export const SWEEP_MS = 10_000;

/** Ends with its last session. */
export class DemoNode implements DemoServer {
  readonly world: DemoWorld;
  readonly #id: string;
  readonly #options: DemoNodeOptions;
  readonly #people = new DemoPeople();
  readonly #rooms = new Map<RoomId, DemoRoom>();
  readonly #sessions = new Set<DemoSession>();
  #stopSweeping: Release | undefined;
  #isEnded = false;

  constructor(options: DemoNodeOptions) {
    const { world } = options;
    this.world = world;
    this.#id = world.mintId();
    this.#options = options;
    this.#sweep();
  }

  /** A connection to this server, from the page that it is in. */
  open(connection: DemoConnection): DemoSession {
    const session = new DemoSession(this, connection);
    this.#sessions.add(session);
    return session;
  }

  /** Another tab told something. */
  hear(news: TabNews): void {
    switch (news.about) {
      case 'people':
        this.#people.hear(news.tab, news.people);
        if (news.isAsking) this.#tellPeople(false);
        return this.#tellMembers();
      case 'added':
        return this.#rooms.get(news.room)?.hear(news);
      case 'read':
        return this.#rooms.get(news.room)?.tellRead(news.seq, news.user);
    }
  }

  /** Ends all sessions; they come back to another node. Idempotent. */
  close(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#stopSweeping?.();
    for (const session of this.#sessions) session.end();
    this.#tellPeople(false);
    this.#options.store.close();
    this.#options.onEnd();
  }

  room(id: RoomId): DemoRoom {
    const { store, tell } = this.#options;
    const added = (addition: Added): void => tell({ about: 'added', room: id, ...addition });
    const room = this.#rooms.get(id) ?? new DemoRoom({ id, store, world: this.world, added });
    this.#rooms.set(id, room);
    return room;
  }

  peopleChanged(): void {
    if (this.#isEnded) return;
    this.#tellPeople(false);
    this.#tellMembers();
  }

  ended(session: DemoSession): void {
    this.#sessions.delete(session);
    if (this.#sessions.size === 0) this.close();
  }

  marked(room: RoomId, seq: Seq, by: Member): void {
    const { id: user } = by.user;
    this.#rooms.get(room)?.tellRead(seq, user, by);
    this.#options.tell({ about: 'read', room, user, seq });
  }

  get #here(): readonly Attendance[] {
    return [...this.#sessions].flatMap(({ attendance }) => attendance);
  }

  #sweep(): void {
    this.#people.ask();
    this.#tellPeople(true);
    this.#tellMembers();
    for (const room of this.#rooms.values()) room.look();
    this.#stopSweeping = this.world.after(SWEEP_MS, () => this.#sweep());
  }

  #tellPeople(isAsking: boolean): void {
    const people = this.#here;
    this.#options.tell({ about: 'people', tab: this.#id, people, isAsking });
  }

  #tellMembers(): void {
    const here = this.#here;
    for (const [id, room] of this.#rooms) room.tellPeople(this.#people.of(id, here));
  }
}
