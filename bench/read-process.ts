/**
 * A process with one store that is filled once and then read: what a page costs, without sockets.
 * Rooms: `long` has many messages; `loved` has 50 messages and very many reactions to them.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cid, Entry, EntryId, Kind, UserId } from 'mini-chat/protocol';
import type { RoomKey, Store } from '../server/store.ts';
import { type Command, serve } from './rpc.ts';
import { Histogram, type HistogramSummary, seeded } from './stats.ts';
import { openStore, type StoreChoice } from './stores.ts';

interface Filling {
  readonly messages: number;
  readonly reactions: number;
}

export interface ReadCommands {
  /** Makes the store; answers with entries written a second. */
  fill: Command<Filling & { readonly store: StoreChoice }, { readonly perSecond: number }>;
  /** Times single reads, one after another, in µs. */
  newest: Command<{ readonly times: number }, HistogramSummary>;
  anywhere: Command<{ readonly times: number; readonly seed: number }, HistogramSummary>;
  loved: Command<{ readonly times: number }, HistogramSummary>;
  /** The 200 entries after a random seq, as a resuming reader asks for them. */
  range: Command<{ readonly times: number; readonly seed: number }, HistogramSummary>;
  close: Command<null, null>;
}

const LONG = 'bench/long' as RoomKey;
const LOVED = 'bench/loved' as RoomKey;
const BATCH = 256;
/** Inserts under way at once while filling. */
const FILLING = 8;
const PAGE = 50;
const RANGE = 200;
const TEXT = 'm'.repeat(200);

let store: Store | undefined;
let messages = 0;
let reactions = 0;
const dir = mkdtempSync(join(tmpdir(), 'mini-chat-bench-'));

function opened(): Store {
  if (store === undefined) throw new Error('fill the store first');
  return store;
}

async function fill(args: Filling & { store: StoreChoice }): Promise<{ perSecond: number }> {
  store = await openStore(args.store, dir);
  ({ messages, reactions } = args);
  const began = performance.now();
  await fillRoom(store, LONG, messages, () => 'message');
  const perSecond = (messages / (performance.now() - began)) * 1000;
  await fillRoom(store, LOVED, PAGE + reactions, (seq) => (seq <= PAGE ? 'message' : 'react'));
  return { perSecond };
}

/** Batches follow each other: a store may refuse one whose predecessor is not there. */
async function fillRoom(
  into: Store,
  room: RoomKey,
  entries: number,
  kindAt: (seq: number) => 'message' | 'react',
): Promise<void> {
  const underWay: Promise<void>[] = [];
  for (let first = 1; first <= entries; first += BATCH) {
    const count = Math.min(BATCH, entries - first + 1);
    const batch = Array.from({ length: count }, (_, at) => entryAt(first + at, kindAt(first + at)));
    underWay.push(into.insert(room, batch));
    if (underWay.length >= FILLING) await underWay.shift();
  }
  await Promise.all(underWay);
}

function entryAt(seq: number, kind: Kind & ('message' | 'react')): Entry {
  const user = { id: `g_${seq % 500}` as UserId, name: 'Member 1', role: 'guest' as const };
  const common = { seq, id: `id${seq}` as EntryId, user, at: 1_700_000_000_000 + seq };
  const cid = `cid-${String(seq).padStart(8, '0')}` as Cid;
  if (kind === 'message') return { ...common, cid, kind, body: { text: TEXT } };
  return { ...common, cid, kind, body: { target: (seq % PAGE) + 1, emoji: '👍', on: true } };
}

async function timed(times: number, read: () => Promise<number>): Promise<HistogramSummary> {
  const histogram = new Histogram();
  for (let n = 0; n < times; n += 1) {
    const began = process.hrtime.bigint();
    const count = await read();
    histogram.record(Number(process.hrtime.bigint() - began));
    if (count === 0) throw new Error('a page came back empty');
  }
  return histogram.summary(1 / 1000);
}

async function page(room: RoomKey, before: number): Promise<number> {
  return (await opened().lines(room, { before, limit: PAGE })).length;
}

serve<ReadCommands>({
  fill,
  newest: ({ times }) => timed(times, () => page(LONG, messages + 1)),
  anywhere({ times, seed }) {
    const random = seeded(seed);
    return timed(times, () => page(LONG, 2 + Math.floor(random() * messages)));
  },
  loved: ({ times }) => timed(times, () => page(LOVED, PAGE + reactions + 1)),
  range({ times, seed }) {
    const random = seeded(seed);
    return timed(times, async () => {
      const after = Math.floor(random() * (messages - 1));
      const range = { after, upTo: after + RANGE, limit: RANGE };
      return (await opened().read(LONG, range)).length;
    });
  },
  async close() {
    await store?.close();
    rmSync(dir, { recursive: true, force: true });
    return null;
  },
});
