/** Small makers of what logs are made of, so that a test names only what it is about. */

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import type { Cid, Entry, EntryId, Kind, User, UserId } from 'mini-chat/protocol';

import type { Draft } from '../../server/draft.ts';
import { RoomLog, type RoomLogOptions } from '../../server/room-log.ts';
import type { DraftKey, RoomKey, Store } from '../../server/store.ts';

export const roomKey = (name: string): RoomKey => `test/${name}` as RoomKey;

/** A name of data, or of a room, that nothing else uses. */
export const freshName = (): string => `n${randomUUID().slice(0, 13)}`;

export const freshRoom = (): RoomKey => roomKey(freshName());

export const sampleUser = (name: string): User => ({ id: name as UserId, name, role: 'member' });

export const draftKeyOf = (user: string, cid: string): DraftKey => ({
  user: user as UserId,
  cid: cid as Cid,
});

/** A draft whose cid is its text unless told otherwise. */
export const sampleDraft = (user: string, text: string, cid = text): Draft => ({
  user: sampleUser(user),
  cid: cid as Cid,
  kind: 'message',
  body: { text },
});

/** A draft of another kind; each has a cid of its own unless told otherwise. */
export const changeDraft = (user: string, kind: string, body: object, cid?: string): Draft =>
  ({
    ...{ user: sampleUser(user), kind, body },
    cid: (cid ?? freshName()) as Cid,
  }) as Draft;

interface SampleEntry {
  readonly kind?: Kind;
  readonly user?: User;
  readonly cid?: string;
  readonly at?: number;
  readonly body?: unknown;
}

/** An entry that says its own seq, unless told otherwise. */
export function sampleEntry(seq: number, sample: SampleEntry = {}): Entry {
  const { kind = 'message', user = sampleUser('ada'), at = 1000 + seq } = sample;
  const cid = (sample.cid ?? `cid-${seq}`) as Cid;
  const body = sample.body ?? { text: `line ${seq}` };
  // Bodies of kinds that this version does not write are not typed yet.
  return { seq, id: `id-${seq}-${cid}` as EntryId, kind, user, at, cid, body } as Entry;
}

/** An edit that says its own seq. */
export const sampleEdit = (seq: number, target: number): Entry =>
  sampleEntry(seq, { kind: 'edit', body: { target, text: `edit ${seq}` } });

/** A reaction, on unless told otherwise. */
export function sampleReaction(
  seq: number,
  target: number,
  emoji: string,
  { on = true, user = sampleUser('ada') }: { readonly on?: boolean; readonly user?: User } = {},
): Entry {
  return sampleEntry(seq, { kind: 'react', user, body: { target, emoji, on } });
}

/** Entries `first` to `last`. */
export const sampleEntries = (first: number, last: number): readonly Entry[] =>
  Array.from({ length: last - first + 1 }, (_, place) => sampleEntry(first + place));

/** A room log in real time, with what it released. Its limits are the server's own. */
interface LogUnderTest {
  readonly log: RoomLog;
  readonly released: Entry[];
}

export async function openLog(
  store: Store,
  room: RoomKey,
  options: Partial<RoomLogOptions> = {},
): Promise<LogUnderTest> {
  const released: Entry[] = [];
  const log = await RoomLog.open({
    store,
    room,
    release: (entries) => released.push(...entries),
    now: Date.now,
    wait: (ms, signal) => wait(ms, undefined, { signal }),
    random: Math.random,
    mintId: () => randomUUID() as EntryId,
    limits: sampleLimits,
    ...options,
  });
  return { log, released };
}

export const sampleLimits = {
  batchEntriesMax: 256,
  batchBytesMax: 256 * 1024,
  queueMax: 10_000,
  deadlineMs: 30_000,
};
