/** A store that does what it is asked and says something else, once, on demand. */

import type { Entry } from 'mini-chat/protocol';

import type { RoomKey, Store } from '../../server/store.ts';
import { methodsOf } from './gated-store.ts';

/** How the next insert fails, though the store below is sound. */
export type InsertFault =
  | { readonly fault: 'refused' }
  | { readonly fault: 'prefix'; readonly stored: number }
  | { readonly fault: 'reply lost' }
  /** Carried out when the promise resolves, and never answered. */
  | { readonly fault: 'hangs'; readonly until: Promise<unknown> };

interface FaultyStore extends Store {
  /** The next inserts fail like this, one each. */
  fail(...faults: readonly InsertFault[]): void;
  /** The next calls of this name reject, so many of them. */
  reject(call: 'facts' | 'read' | 'find' | 'lines', times: number): void;
  /** Every insert that was asked for, failed ones too. */
  readonly inserts: readonly (readonly Entry[])[];
}

export function faultyStore(store: Store): FaultyStore {
  const faults: InsertFault[] = [];
  const inserts: (readonly Entry[])[] = [];
  const rejections = new Map<string, number>();
  const sound = (call: string): void => {
    const left = rejections.get(call) ?? 0;
    rejections.set(call, Math.max(0, left - 1));
    if (left > 0) throw new Error(`${call} fails on demand`);
  };
  const insert = async (room: RoomKey, entries: readonly Entry[]): Promise<void> => {
    inserts.push(entries);
    const next = faults.shift();
    if (next?.fault === 'refused') throw new Error('refused on demand');
    if (next?.fault === 'hangs') {
      await next.until;
      await store.insert(room, entries).catch(() => {});
      return new Promise(() => {});
    }
    const stored = next?.fault === 'prefix' ? next.stored : entries.length;
    if (stored > 0) await store.insert(room, entries.slice(0, stored));
    if (next !== undefined) throw new Error(`${next.fault} on demand`);
  };
  return {
    ...methodsOf(store),
    inserts,
    fail: (...next) => void faults.push(...next),
    reject: (call, times) => void rejections.set(call, times),
    insert,
    facts: async (room) => (sound('facts'), store.facts(room)),
    read: async (room, range) => (sound('read'), store.read(room, range)),
    find: async (room, drafts) => (sound('find'), store.find(room, drafts)),
    lines: async (room, range) => (sound('lines'), store.lines(room, range)),
  };
}
