/**
 * A process with a store and room logs and nothing else: what making drafts durable costs when no
 * socket is in the way. Also does the same work without them, for comparison: one commit for each
 * message in SQLite, bare ordered insertMany calls with MongoDB's own driver.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Cid, Entry, EntryId, UserId } from 'mini-chat/protocol';
import { RoomLog } from '../server/room-log.ts';
import { settings } from '../server/settings.ts';
import type { RoomKey, Store } from '../server/store.ts';
import { methodsOf } from '../test/support/gated-store.ts';
import { bareInsertMany, type BareMany, oneCommitEach } from './bare-writes.ts';
import { type Command, serve } from './rpc.ts';
import { Histogram, type HistogramSummary } from './stats.ts';
import { openStore, type StoreChoice } from './stores.ts';

interface AppendLoad {
  readonly rooms: number;
  /** Beginning with the time, as the element mints them, or without any order. */
  readonly cids: 'timed' | 'random';
  /** Drafts under way in each room. */
  readonly inFlight: number;
  readonly warmupMs: number;
  readonly windowMs: number;
}

export interface Written {
  readonly perSecond: number;
  /** Append → durable and released, in ms. */
  readonly latency: HistogramSummary;
  /** Entries in one insert, on average. */
  readonly batch: number;
}

export interface WriteCommands {
  append: Command<AppendLoad & { readonly store: StoreChoice }, Written>;
  oneCommitEach: Command<{ readonly windowMs: number }, { readonly perSecond: number }>;
  bareInsertMany: Command<BareMany, { readonly perSecond: number }>;
}

const TEXT = 'm'.repeat(200);
/** Drafts of one load at least. */
const DONE_MIN = 10;
let runs = 0;

async function append(args: AppendLoad & { readonly store: StoreChoice }): Promise<Written> {
  const dir = mkdtempSync(join(tmpdir(), 'mini-chat-bench-'));
  const store = await openStore(args.store, dir);
  try {
    return await load(counted(store), args);
  } finally {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Counted {
  readonly store: Store;
  readonly counts: { entries: number; inserts: number };
}

function counted(store: Store): Counted {
  const counts = { entries: 0, inserts: 0 };
  const insert = (room: RoomKey, entries: readonly Entry[]): Promise<void> => {
    counts.entries += entries.length;
    counts.inserts += 1;
    return store.insert(room, entries);
  };
  return { counts, store: { ...methodsOf(store), insert } };
}

async function load({ store, counts }: Counted, args: AppendLoad): Promise<Written> {
  const latency = new Histogram();
  const from = performance.now() + args.warmupMs;
  const until = from + args.windowMs;
  let last = until;
  const run = (runs += 1);
  // A window in which nothing was done has no figure: it grows until something was.
  const isOpen = (): boolean => performance.now() < until || latency.count < DONE_MIN;
  const oneAfterAnother = async (log: RoomLog, sender: string): Promise<void> => {
    const user = { id: sender as UserId, name: 'Member 1', role: 'guest' as const };
    for (let n = 0; isOpen(); n += 1) {
      const began = performance.now();
      const count = `b${run}-${String(n).padStart(8, '0')}`;
      const cid = (args.cids === 'timed' ? count : crypto.randomUUID()) as Cid;
      await log.append({ user, cid, kind: 'message', body: { text: TEXT } });
      const now = performance.now();
      // What is done after the window is not counted: the last ones had the store for themselves.
      if (now < from || !isOpen()) continue;
      latency.record((now - began) * 1000);
      last = Math.max(until, now);
    }
  };
  const logs = await Promise.all(
    Array.from({ length: args.rooms }, (_, room) => openLog(store, `bench/r${room}` as RoomKey)),
  );
  await Promise.all(
    logs.flatMap((log, room) =>
      Array.from({ length: args.inFlight }, (_, sender) =>
        oneAfterAnother(log, `g_${room}_${sender}`),
      ),
    ),
  );
  await Promise.all(logs.map((log) => log.close()));
  return {
    perSecond: (latency.count / (last - from)) * 1000,
    latency: latency.summary(1 / 1000),
    batch: counts.entries / counts.inserts,
  };
}

let ids = 0;

function openLog(store: Store, room: RoomKey): Promise<RoomLog> {
  return RoomLog.open({
    store,
    room,
    release: () => undefined,
    now: Date.now,
    wait: (ms, signal) => wait(ms, undefined, { signal }),
    random: Math.random,
    mintId: () => `id${(ids += 1)}` as EntryId,
    limits: {
      batchEntriesMax: 256,
      batchBytesMax: 256 * 1024,
      queueMax: settings.roomQueueMax.fallback,
      deadlineMs: settings.appendMs.fallback,
    },
  });
}

serve<WriteCommands>({ append, oneCommitEach, bareInsertMany });
