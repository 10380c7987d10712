/** A store whose inserts wait until they are let through, fail, or lose their reply, on demand. */

import { openMemoryStore } from '../../server/store-memory.ts';
import type { Store } from '../../server/store.ts';

export interface GatedStore extends Store {
  /** From now on inserts wait at the gate. */
  shut(): void;
  /** Lets through what waits, and everything after it. */
  open(): void;
  /** Resolves once this many inserts wait at the gate. */
  waiting(count: number): Promise<void>;
  /** Whether `ping` resolves. */
  isUp: boolean;
}

/** A memory store behind a gate. */
export function openGatedStore(): GatedStore {
  const inner = openMemoryStore();
  let gate: PromiseWithResolvers<void> | undefined;
  let waiting = 0;
  const watchers: { count: number; resolve: () => void }[] = [];
  const store: GatedStore = {
    ...methodsOf(inner),
    isUp: true,
    async insert(room, entries) {
      waiting += 1;
      for (const { count, resolve } of watchers) if (waiting >= count) resolve();
      await gate?.promise;
      waiting -= 1;
      return inner.insert(room, entries);
    },
    async ping() {
      if (!store.isUp) throw new Error('down');
      return inner.ping();
    },
    shut() {
      gate ??= Promise.withResolvers<void>();
    },
    open() {
      gate?.resolve();
      gate = undefined;
    },
    waiting(count) {
      if (waiting >= count) return Promise.resolve();
      return new Promise((resolve) => watchers.push({ count, resolve }));
    },
  };
  return store;
}

/** A store's methods as functions that can be called from another object. */
export function methodsOf(inner: Store): Store {
  return {
    place: inner.place,
    facts: (room) => inner.facts(room),
    holds: (room, seq) => inner.holds(room, seq),
    insert: (room, entries) => inner.insert(room, entries),
    read: (room, range) => inner.read(room, range),
    find: (room, drafts) => inner.find(room, drafts),
    lines: (room, range) => inner.lines(room, range),
    changes: (room, range) => inner.changes(room, range),
    reactionsOf: (room, asked, upTo) => inner.reactionsOf(room, asked, upTo),
    views: (room, range) => inner.views(room, range),
    saveViews: (room, views, upTo) => inner.saveViews(room, views, upTo),
    scrub: (room, target) => inner.scrub(room, target),
    unscrubbed: () => inner.unscrubbed(),
    trim: (room, floor) => inner.trim(room, floor),
    firstSince: (room, from) => inner.firstSince(room, from),
    rooms: (range) => inner.rooms(range),
    readMark: (room, user) => inner.readMark(room, user),
    markRead: (room, user, seq) => inner.markRead(room, user, seq),
    swap: (name, expected, next) => inner.swap(name, expected, next),
    ping: () => inner.ping(),
    close: () => inner.close(),
  };
}
