/** A room log whose time stands still until a test moves it. */

import { ChatError, type Entry, type EntryId } from 'mini-chat/protocol';

import { RoomLog, type RoomLogLimits } from '../../server/room-log.ts';
import type { Store } from '../../server/store.ts';
import { FakeClock } from './clock.ts';
import { roomKey, sampleLimits } from './log-samples.ts';

export const ROOM = roomKey('a');

interface ClockedLog {
  readonly log: RoomLog;
  readonly clock: FakeClock;
  readonly released: Entry[];
  /** How many entries each call of `release` had. */
  readonly releases: number[];
}

/** Opens the log of `ROOM`, with limits of the server unless told otherwise. */
export async function openClockedLog(
  store: Store,
  limits: Partial<RoomLogLimits> = {},
): Promise<ClockedLog> {
  const clock = new FakeClock();
  const released: Entry[] = [];
  const releases: number[] = [];
  let ids = 0;
  const log = await RoomLog.open({
    store,
    room: ROOM,
    release: (entries) => {
      released.push(...entries);
      releases.push(entries.length);
    },
    now: () => clock.wall(),
    wait: (ms, signal) =>
      new Promise<void>((resolve) => {
        const cancel = clock.after(ms, resolve);
        signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
      }),
    random: () => 0.5,
    mintId: () => `id${++ids}` as EntryId,
    limits: { ...sampleLimits, ...limits },
  });
  return { log, clock, released, releases };
}

/** Watches a promise; the function says what became of it by now: a seq, a code, or nothing yet. */
export function watch(appended: Promise<Entry>): () => unknown {
  let state: unknown = 'waiting';
  appended.then(
    ({ seq }) => (state = seq),
    (error: unknown) => (state = error instanceof ChatError ? [error.code, error.maybe] : error),
  );
  return () => state;
}
