/**
 * Where the logs of `server="demo:"` are kept: in this browser's IndexedDB, which all tabs of an
 * origin share, else in this tab's memory. A transaction is the only thing that orders entries, so
 * tabs need no leader, and one that is closed or crashes takes nothing along that was acknowledged.
 */

import type { Entry, Epoch, RoomId, Seq, UserId } from '../protocol/ops.ts';
import { type Addition, ENTRIES_MAX } from './demo-log.ts';

/** Rooms that are kept; the one that was written to longest ago is forgotten first. */
export const ROOMS_MAX = 50;

/** Changed together with what is in it, since tabs may run different versions of this file. */
const NAME = 'mini-chat-demo-1';

/** What a tab knows of a room's log. */
export interface Known {
  readonly epoch: Epoch | undefined;
  readonly head: Seq;
}

/** What is in the store beyond that: after `head`, or all of it under another epoch. */
export interface News {
  readonly epoch: Epoch;
  readonly entries: readonly Entry[];
}

/** Both kinds. Methods reject when nothing was written. */
export interface DemoStore {
  /** Other tabs have the same one. */
  readonly isShared: boolean;
  /**
   * In one transaction: reads the news, lets `decide` look at them, and writes what it returns.
   * Resolves when that is durable. A room that is not there begins with the epoch `fresh`.
   */
  update(
    room: RoomId,
    fresh: Epoch,
    known: Known,
    decide: (news: News) => Addition | undefined,
  ): Promise<void>;
  /** How far a user has read; 0 when that was never told. */
  readMark(room: RoomId, user: UserId): Promise<Seq>;
  /** A lower mark than before changes nothing. */
  markRead(room: RoomId, user: UserId, seq: Seq): Promise<void>;
  close(): void;
}

/** The browser's, where the page may use it. `ended`: it was closed from outside. */
export async function openDemoStore(ended: () => void, name = NAME): Promise<DemoStore> {
  try {
    const database = await openDatabase(name);
    database.onversionchange = () => {
      database.close();
      ended();
    };
    database.onclose = ended;
    return new SharedStore(database);
  } catch {
    // Not a browser, or its reader forbids storage to this page: memory does for the visit.
    return new MemoryStore();
  }
}

/** For one tab, until it is closed. */
export class MemoryStore implements DemoStore {
  readonly isShared: boolean = false;
  readonly #rooms = new Map<RoomId, { readonly epoch: Epoch; readonly entries: Entry[] }>();
  readonly #marks = new Map<string, Seq>();

  async update(...[id, fresh, known, decide]: Parameters<DemoStore['update']>): Promise<void> {
    const room = this.#rooms.get(id) ?? { epoch: fresh, entries: [] };
    this.#rooms.delete(id);
    this.#rooms.set(id, room);
    const [oldest] = this.#rooms.keys();
    if (this.#rooms.size > ROOMS_MAX && oldest !== undefined) this.#rooms.delete(oldest);
    const { epoch, entries } = room;
    const after = known.epoch === epoch ? known.head : 0;
    const addition = decide({ epoch, entries: entries.filter(({ seq }) => seq > after) });
    if (!addition) return;
    for (const one of addition.scrubbed)
      entries[entries.findIndex(({ seq }) => seq === one.seq)] = one;
    entries.push(addition.entry);
    entries.splice(0, entries.length - ENTRIES_MAX);
  }

  async readMark(room: RoomId, user: UserId): Promise<Seq> {
    return this.#marks.get(`${room} ${user}`) ?? 0;
  }

  async markRead(room: RoomId, user: UserId, seq: Seq): Promise<void> {
    this.#marks.set(`${room} ${user}`, Math.max(seq, await this.readMark(room, user)));
  }

  close(): void {
    // Memory needs no closing.
  }
}

/** One record for each. */
interface Records {
  readonly rooms: { readonly room: RoomId; readonly epoch: Epoch; readonly at: number };
  readonly entries: { readonly room: RoomId; readonly seq: Seq; readonly entry: Entry };
  readonly marks: { readonly room: RoomId; readonly user: UserId; readonly seq: Seq };
}

class SharedStore implements DemoStore {
  readonly isShared: boolean = true;
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  update(...[room, fresh, known, decide]: Parameters<DemoStore['update']>): Promise<void> {
    return this.#work(['rooms', 'entries', 'marks'], async (work) => {
      const rooms = work.objectStore('rooms');
      const kept = await answer<Records['rooms'] | undefined>(rooms.get(room));
      if (!kept) await forgetOldest(work);
      const epoch = kept?.epoch ?? fresh;
      const after = known.epoch === epoch ? known.head : 0;
      const entries = work.objectStore('entries');
      const range = IDBKeyRange.bound([room, after + 1], [room, Infinity]);
      const found = await answer<Records['entries'][]>(entries.getAll(range));
      const addition = decide({ epoch, entries: found.map(({ entry }) => entry) });
      if (!kept || addition) rooms.put({ room, epoch, at: Date.now() } satisfies Records['rooms']);
      if (!addition) return;
      const { entry, scrubbed } = addition;
      for (const one of scrubbed) entries.put({ room, seq: one.seq, entry: one });
      // `add`, not `put`: what is there already is never overwritten, whatever went wrong.
      entries.add({ room, seq: entry.seq, entry } satisfies Records['entries']);
      entries.delete(IDBKeyRange.bound([room], [room, entry.seq - ENTRIES_MAX]));
    });
  }

  async readMark(room: RoomId, user: UserId): Promise<Seq> {
    let seq = 0;
    await this.#work(['marks'], async (work) => {
      const request = work.objectStore('marks').get([room, user]);
      seq = (await answer<Records['marks'] | undefined>(request))?.seq ?? 0;
    });
    return seq;
  }

  markRead(room: RoomId, user: UserId, seq: Seq): Promise<void> {
    return this.#work(['marks'], async (work) => {
      const marks = work.objectStore('marks');
      const kept = await answer<Records['marks'] | undefined>(marks.get([room, user]));
      if (seq > (kept?.seq ?? 0)) marks.put({ room, user, seq } satisfies Records['marks']);
    });
  }

  close(): void {
    this.#database.close();
  }

  /** Resolves when it is durable. While `steps` wait for a request, its transaction lives on. */
  #work(
    names: readonly (keyof Records)[],
    steps: (work: IDBTransaction) => Promise<void>,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const work = this.#database.transaction(names, 'readwrite');
      work.oncomplete = () => resolve();
      work.onabort = () => reject(work.error ?? new Error('the transaction was given up'));
      steps(work).catch((error: unknown) => {
        reject(error);
        // Unless that is why it failed.
        if (!work.error) work.abort();
      });
    });
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('rooms', { keyPath: 'room' });
    request.result.createObjectStore('entries', { keyPath: ['room', 'seq'] });
    request.result.createObjectStore('marks', { keyPath: ['room', 'user'] });
  };
  return answer(request);
}

/** Makes room for one more. */
async function forgetOldest(work: IDBTransaction): Promise<void> {
  const rooms = work.objectStore('rooms');
  const kept = await answer<Records['rooms'][]>(rooms.getAll());
  if (kept.length < ROOMS_MAX) return;
  const { room } = kept.reduce((one, other) => (other.at < one.at ? other : one));
  rooms.delete(room);
  const all = IDBKeyRange.bound([room], [room, []]);
  for (const name of ['entries', 'marks']) work.objectStore(name).delete(all);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no answer'));
  });
}
