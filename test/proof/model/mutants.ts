/**
 * The design with one rule broken, one mutant per rule. A check that does not catch these would
 * not catch the real thing either.
 */

import { type Entry, type EntryId } from 'mini-chat/protocol';
import { type Draft, entryOf } from '../../../server/draft.ts';
import { RoomLog, type RoomLogOptions } from '../../../server/room-log.ts';
import type { Store } from '../../../server/store.ts';
import type { Database, Flaws } from './database.ts';
import { type OpenLog, openRealLog } from './node.ts';

export interface Mutant {
  readonly flaws: Flaws;
  readonly openLog: OpenLog;
}

/** The design as it is. */
export const real: Mutant = { flaws: {}, openLog: openRealLog };

/** By the rule of the design that each breaks. */
export const mutants = {
  'counter, then insert': { flaws: {}, openLog: openCounterLog },
  'ack below majority': { flaws: { ackBelowMajority: true }, openLog: openRealLog },
  'no unique cid': { flaws: { noUniqueCid: true }, openLog: openRealLog },
  'unordered insert': { flaws: { unordered: true }, openLog: openRealLog },
  'numbering on an uncommitted head': { flaws: { readsUncommitted: true }, openLog: openRealLog },
  'delivering before durable': { flaws: {}, openLog: openHastyLog },
  'cursor off by one': { flaws: {}, openLog: openSkippingLog },
  'changes that nothing checks': { flaws: {}, openLog: openCarelessLog },
  'reads that are stale': { flaws: { readsStale: true }, openLog: openRealLog },
} as const satisfies Record<string, Mutant>;

/** A crash between count and insert leaves a hole for ever; two inserts may swap. */
async function openCounterLog(options: RoomLogOptions, database: Database): Promise<RoomLog> {
  const log = await RoomLog.open(options);
  const { store, room, now, wait, mintId } = options;
  const append = log.append.bind(log);
  log.append = async (draft: Draft): Promise<Entry> => {
    // Changes keep their check: this mutant is about numbers alone.
    if (draft.kind !== 'message') return append(draft);
    const { user, cid } = draft;
    const seq = database.count(1);
    const id: EntryId = mintId();
    const entry = entryOf(draft, { seq, id, at: now() });
    for (;;) {
      await wait(2, new AbortController().signal);
      try {
        await store.insert(room, [entry]);
        await log.repair();
        return entry;
      } catch {
        // Nothing is lost by this mutant here: it looks for its entry, and tries again.
        const [stored] = await store.find(room, [{ user: user.id, cid }]).catch(() => []);
        if (stored !== undefined) return stored;
      }
    }
  };
  return log;
}

/** Members see what may still be lost. */
function openHastyLog(options: RoomLogOptions): Promise<RoomLog> {
  const { store, release } = options;
  const hasty: Store = {
    ...store,
    insert: (room, entries) => {
      release(entries);
      return store.insert(room, entries);
    },
  };
  return RoomLog.open({ ...options, store: hasty });
}

/** Who comes back misses one entry. */
async function openSkippingLog(options: RoomLogOptions): Promise<RoomLog> {
  const log = await RoomLog.open(options);
  const resume = log.resume.bind(log);
  log.resume = async (cursor) => {
    const resumption = await resume(cursor);
    if ('reset' in resumption) return resumption;
    return { ...resumption, entries: resumption.entries.slice(1) };
  };
  return log;
}

/** Finds every change valid: to its check, nobody ever said anything about a message. */
function openCarelessLog(options: RoomLogOptions): Promise<RoomLog> {
  const { store } = options;
  const careless: Store = {
    ...store,
    reactionsOf: async (_room, asked) => asked.map((key) => ({ ...key, emoji: [] })),
    changes: async () => [],
  };
  return RoomLog.open({ ...options, store: careless });
}
