/** Several servers on one store, as far as a log can tell. A part of store-conformance.ts. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';

import type { Entry } from 'mini-chat/protocol';

import type { RoomKey, Store } from '../../server/store.ts';
import { freshName, freshRoom, openLog, sampleDraft, sampleEntries } from './log-samples.ts';
import type { OpenStore } from './stores-under-test.ts';

const DRAFTS = 40;

/** Which seq each draft was acknowledged with. */
type Acks = ReadonlyMap<number, number>;

interface Writer {
  readonly child: ChildProcess;
  readonly acks: Map<number, number>;
  /** Resolves once so many are acknowledged. */
  readonly acked: (count: number) => Promise<void>;
  readonly ended: Promise<unknown>;
}

/** Declares this part of the suite, inside a `describe`. */
export function processesConformance(open: OpenStore, urlOf: (data: string) => string): void {
  it('G1, G2, G4 › processes that write at once share one dense log', async () => {
    const [data, room] = [freshName(), freshRoom()];
    const store = await open(data);
    const { log, released } = await openLog(store, room);
    const users = ['p1', 'p2', 'p3'];

    const writers = users.map((user) => startWriter(urlOf(data), room, user));
    const own = Array.from({ length: DRAFTS }, (_, n) => log.append(sampleDraft('me', `me ${n}`)));
    await Promise.all([...own, ...writers.map(({ ended }) => ended)]);
    await log.repair();

    const entries = await everything(store, room);
    assert.deepEqual(seqsOf(entries), seqsOf(sampleEntries(1, 4 * DRAFTS)));
    assert.deepEqual(released, entries);
    for (const [place, { acks }] of writers.entries()) {
      assert.deepEqual([...acks].sort(byNumber), [...seqsByDraft(entries, users[place])]);
    }
    await log.close();
    await store.close();
  });

  it('G4, G9 › what a killed process left unanswered can be sent again elsewhere', async () => {
    const [data, room] = [freshName(), freshRoom()];
    const store = await open(data);
    const writer = startWriter(urlOf(data), room, 'p1');
    await writer.acked(5);
    writer.child.kill('SIGKILL');
    await writer.ended;

    const { log } = await openLog(store, room);
    const drafts = Array.from({ length: DRAFTS }, (_, n) => sampleDraft('p1', `p1 ${n}`, `c${n}`));
    const sent = await Promise.all(drafts.map((draft) => log.append(draft)));

    const entries = await everything(store, room);
    assert.deepEqual(seqsOf(entries), seqsOf(sampleEntries(1, DRAFTS)));
    assert.ok(writer.acks.size >= 5);
    for (const [n, seq] of writer.acks) assert.equal(sent[n]?.seq, seq);
    await log.close();
    await store.close();
  });

  it('hints carry what another process wrote, or ask for a repair', async () => {
    const [data, room] = [freshName(), freshRoom()];
    const store = await open(data);
    const { log, released } = await openLog(store, room);
    const { promise: heardAll, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (released.length === DRAFTS) resolve();
    };
    const stop = store.hints?.watch({
      entry: (key, entry) => {
        if (key === room) log.take(entry);
        look();
      },
      repair: () => void log.repair().then(look),
      news: () => {},
    });

    const writer = startWriter(urlOf(data), room, 'p1');
    await Promise.all([writer.ended, heardAll]);

    assert.deepEqual(released, await everything(store, room));
    stop?.();
    await log.close();
    await store.close();
  });
}

function startWriter(url: string, room: RoomKey, user: string): Writer {
  const script = path.join(import.meta.dirname, 'log-writer.ts');
  const args = ['--conditions=source', script, url, room, user, String(DRAFTS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const acks = new Map<number, number>();
  const waiting: { count: number; resolve: () => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [n = -1, seq = -1] = line.split(' ').map(Number);
    acks.set(n, seq);
    for (const { count, resolve } of waiting) if (acks.size >= count) resolve();
  });
  const acked = (count: number): Promise<void> =>
    new Promise((resolve) => waiting.push({ count, resolve }));
  return { child, acks, acked, ended: once(child, 'close') };
}

const everything = (store: Store, room: RoomKey): Promise<readonly Entry[]> =>
  store.read(room, { after: 0, upTo: 1_000_000, limit: 1_000_000 });

const seqsOf = (entries: readonly Entry[]): readonly number[] => entries.map(({ seq }) => seq);

function seqsByDraft(entries: readonly Entry[], user: string | undefined): Acks {
  const own = entries.filter((entry) => entry.user.id === user);
  const pairs = own.map(({ cid, seq }): [number, number] => [Number(cid.slice(1)), seq]);
  return new Map(pairs.sort(byNumber));
}

const byNumber = ([a]: readonly [number, number], [b]: readonly [number, number]): number => a - b;
