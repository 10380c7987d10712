/** Logs kept in this process's memory, for tests and for trying: gone when the process ends. */

import { randomUUID } from 'node:crypto';
import type { Entry, Epoch, Message, Seq } from 'mini-chat/protocol';
import { draftKey } from './draft.ts';
import type { LogFacts, RoomKey, Store } from './store.ts';

interface MemoryLog {
  /** Invariant: the entry with seq n is at n - 1. */
  readonly entries: Entry[];
  readonly byDraft: Map<string, Entry>;
}

/** A store that forgets. Several room logs may share one, as several nodes share a database. */
export function openMemoryStore(): Store {
  const epoch = randomUUID() as Epoch;
  const logs = new Map<RoomKey, MemoryLog>();
  const facts = new Map<string, string>();
  const entriesOf = (room: RoomKey): readonly Entry[] => logs.get(room)?.entries ?? [];

  return {
    place: 'the memory of this process (gone when it ends)',
    facts: async (room) => factsOf(epoch, entriesOf(room)),
    insert: async (room, entries) => {
      const log = logs.get(room) ?? { entries: [], byDraft: new Map<string, Entry>() };
      logs.set(room, log);
      for (const entry of entries) insertOne(log, entry);
    },
    read: async (room, { after, upTo, limit }) =>
      entriesOf(room).slice(after, Math.min(upTo, after + limit)),
    find: async (room, drafts) => {
      const log = logs.get(room);
      return drafts.flatMap(({ user, cid }) => log?.byDraft.get(draftKey(user, cid)) ?? []);
    },
    messages: async (room, { before, limit }) => newestMessages(entriesOf(room), before, limit),
    swap: async (name, expected, next) => {
      if (facts.get(name) === expected) facts.set(name, next);
      const value = facts.get(name);
      if (value === undefined) throw new Error(`nothing is kept as "${name}"`);
      return value;
    },
    ping: async () => {},
    close: async () => {},
  };
}

function factsOf(epoch: Epoch, entries: readonly Entry[]): LogFacts {
  const newest = entries.at(-1);
  return {
    epoch,
    head: entries.length,
    headId: newest?.id ?? '',
    headAt: newest?.at ?? 0,
    floor: 1,
  };
}

/** Stops at the first entry that is refused; those before it stay, as the contract allows. */
function insertOne(log: MemoryLog, entry: Entry): void {
  const key = draftKey(entry.user.id, entry.cid);
  if (entry.seq <= log.entries.length) throw new Error(`seq ${entry.seq} is taken`);
  if (log.byDraft.has(key)) throw new Error(`draft "${key}" is stored already`);
  if (entry.seq !== log.entries.length + 1) throw new Error(`seq ${entry.seq} leaves a hole`);
  log.entries.push(entry);
  log.byDraft.set(key, entry);
}

function newestMessages(entries: readonly Entry[], before: Seq, limit: number): readonly Message[] {
  const found: Message[] = [];
  for (let at = Math.min(before - 1, entries.length) - 1; at >= 0 && found.length < limit; at--) {
    const entry = entries[at];
    if (entry?.kind === 'message') found.push(entry);
  }
  return found.reverse();
}
