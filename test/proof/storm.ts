/**
 * A reconnect storm: the server of thousands of real clients is killed, each misses a hundred
 * messages meanwhile, and all come back at once. Nothing holds them back but their own jitter.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ChatClient, type Room } from '../../component/client/client.ts';
import type { RoomKey } from '../../server/store.ts';
import { openSqliteStore } from '../../server/store-sqlite.ts';
import { sampleEntries } from '../support/log-samples.ts';
import { ProofProcess } from './processes.ts';
import { serverProgram } from './programs.ts';

export interface StormOptions {
  readonly clients: number;
  /** They are spread over so many rooms. */
  readonly rooms: number;
  /** Messages that each of them misses. */
  readonly behind: number;
}

export interface StormResult extends StormOptions {
  /** From the server's end until each client was live again and had everything, sorted. */
  readonly liveAgainMs: readonly number[];
  /** Of them, until the server was there again. */
  readonly downMs: number;
  readonly heapMb: number;
  readonly peakMb: number | undefined;
  /** Clients whose log was replaced, or that do not have what they should: none, one hopes. */
  readonly wrong: readonly string[];
}

const HEAP_MB = 512;
/** Clients that greet at once before the storm; after it, nobody counts. */
const ENTERING_MAX = 100;
const PATIENCE_MS = 120_000;
/** What a process has open besides its clients. */
const SPARE_FILES = 300;

/** As many clients as wanted, or as this process may have open. */
export async function stormSize(wanted: number): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const hard = /^Max open files\s+\d+\s+(\d+)/m.exec(limits)?.[1];
  // Node itself raises the soft limit to the hard one, in our servers, too.
  return hard === undefined ? wanted : Math.min(wanted, Number(hard) - SPARE_FILES);
}

/** Makes one storm on a server with SQLite. */
export async function makeStorm(options: StormOptions): Promise<StormResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mini-chat-storm-'));
  const flags = ['--heartbeat-ms', '25000', '--waiting-per-address-max', '100000'];
  const store = ['--data', folder] as const;
  const server = await ProofProcess.start(
    serverProgram({ name: 'server', store, heapMb: HEAP_MB, flags }),
  );
  const crowd: Room[] = [];
  const closes: (() => void)[] = [];
  try {
    for (let count = 0; count < options.clients; count += 1) {
      const client = new ChatClient({
        ...{ server: `http://127.0.0.1:${server.port}`, name: `n${count}`, storage: null },
      });
      closes.push(() => client.close());
      const room = client.room(roomName(count % options.rooms));
      room.join();
      crowd.push(room);
      const entered = count + 1;
      await until(() => crowd.filter(isLive).length > entered - ENTERING_MAX);
    }
    await until(() => crowd.every(isLive));
    return await storm(server, crowd, { ...options, folder });
  } finally {
    for (const close of closes) close();
    await server.crash();
    await rm(folder, { recursive: true, force: true });
  }
}

async function storm(
  server: ProofProcess,
  crowd: readonly Room[],
  { folder, ...options }: StormOptions & { readonly folder: string },
): Promise<StormResult> {
  const { behind, rooms } = options;
  const began = performance.now();
  await server.crash();
  await writeUnheard(folder, rooms, behind);
  await server.startAgain();
  const downMs = performance.now() - began;
  const missing = new Set(crowd);
  const liveAgainMs: number[] = [];
  await until(() => {
    for (const room of missing) {
      if (!isLive(room) || room.snapshot.head !== behind) continue;
      missing.delete(room);
      liveAgainMs.push(performance.now() - began);
    }
    return missing.size === 0;
  });
  const wrong = crowd.flatMap(({ snapshot: { rows, resets } }, place) => {
    const isWhole = rows.length === behind && rows.every(({ seq }, i) => seq === i + 1);
    return isWhole && resets === 0
      ? []
      : [`client ${place}: ${rows.length} rows, ${resets} resets`];
  });
  const peakMb = await server.peakMb();
  return { ...options, liveAgainMs, downMs, heapMb: HEAP_MB, peakMb, wrong };
}

/** While nobody serves: into the files themselves. */
async function writeUnheard(folder: string, rooms: number, behind: number): Promise<void> {
  const store = await openSqliteStore({ dir: folder });
  for (let room = 0; room < rooms; room += 1) {
    await store.insert(`main/${roomName(room)}` as RoomKey, sampleEntries(1, behind));
  }
  await store.close();
}

const roomName = (place: number): string => `storm-${place}`;

const isLive = ({ snapshot }: Room): boolean => snapshot.status === 'live';

async function until(isIt: () => boolean): Promise<void> {
  const started = performance.now();
  while (!isIt()) {
    if (performance.now() - started > PATIENCE_MS) throw new Error('clients did not become live');
    await wait(10);
  }
}
