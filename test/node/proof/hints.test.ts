/** Hints are hints: whatever becomes of them, only the latency changes. */

import assert from 'node:assert/strict';
import { describe, it, mock, type TestContext } from 'node:test';

import type { RoomId, UserId } from 'mini-chat/protocol';

import { configWith } from '../../../server/config.ts';
import { FanOut } from '../../../server/fan-out.ts';
import { Rooms } from '../../../server/rooms.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';
import type { HintListener, RoomKey, Store } from '../../../server/store.ts';
import { badHints, hintFaults } from '../../proof/bad-hints.ts';
import { checkHistory, describeViolations } from '../../proof/checker.ts';
import { Dice } from '../../proof/dice.ts';
import { runTwoNodes, type TwoNodesResult, WATCHDOG_MS } from '../../proof/two-nodes.ts';
import { methodsOf } from '../../support/gated-store.ts';
import { sampleEntries } from '../../support/log-samples.ts';
import { seedOfRun } from '../../support/seed.ts';

const DRAFTS = 1500;
const WRONG_SHARE = 0.2;
const ROOM_IDS = ['a', 'b', 'c', 'd', 'e'] as unknown as readonly RoomId[];

describe('G1, G7 › hints', () => {
  it('of which a fifth is lost, doubled, late or overtaken change nothing but latency', async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    const good = await runTwoNodes({ seed, drafts: DRAFTS, between: (listener) => listener });
    const dice = new Dice(seed + 1);
    const happened = new Map<string, number>();
    const bad = await runTwoNodes({
      seed,
      drafts: DRAFTS,
      between: (listener, clock) => {
        const later = (ms: number, run: () => void): void => void clock.after(ms, run);
        const count = (fault: string): void => {
          happened.set(fault, (happened.get(fault) ?? 0) + 1);
        };
        return badHints(listener, { dice, share: WRONG_SHARE, later, count });
      },
    });

    t.diagnostic([...happened].map(([name, count]) => `${name} ${count}`).join('; '));
    t.diagnostic(`good: ${wordsOf(good)}; bad: ${wordsOf(bad)}`);
    for (const { history } of [good, bad]) {
      const { violations, figures } = checkHistory(history);
      assert.equal(describeViolations(violations), '');
      assert.equal(figures.acked, DRAFTS);
    }
    assert.deepEqual([...happened.keys()].toSorted(), hintFaults.toSorted());
    assert.equal(Math.max(...good.latenciesMs), 0);
    assert.ok(Math.max(...bad.latenciesMs) > 0, 'the hints were bad');
    assert.ok(Math.max(...bad.latenciesMs) <= WATCHDOG_MS);
  });

  it('of a stream that ended are made good in every live room when it is open again', async (t) => {
    const { heads, listener } = await liveRooms(t);

    listener().repair();
    await settled();

    assert.deepEqual(await heads(), [7, 7, 7, 7, 7]);
  });

  it('of a stream that is silently dead are found missing within thirty seconds', async (t) => {
    mock.timers.enable({ apis: ['setInterval'] });
    t.after(() => mock.timers.reset());
    const { heads } = await liveRooms(t);

    mock.timers.tick(WATCHDOG_MS);
    await settled();

    assert.deepEqual(await heads(), [7, 7, 7, 7, 7]);
  });
});

interface LiveRooms {
  /** What each room has released. */
  readonly heads: () => Promise<readonly number[]>;
  readonly listener: () => HintListener;
}

/** Five live rooms of a server with its own settings, in which others wrote unheard. */
async function liveRooms(t: TestContext): Promise<LiveRooms> {
  let listener: HintListener | undefined;
  const inner = openMemoryStore();
  const watch = (given: HintListener): (() => void) => {
    listener = given;
    return () => undefined;
  };
  const store: Store = { ...methodsOf(inner), hints: { watch, tell: () => undefined } };
  const { roomQueueMax: queueMax, appendMs: deadlineMs, repairMs } = configWith({});
  const logLimits = { batchEntriesMax: 256, batchBytesMax: 1e6, queueMax, deadlineMs };
  const rooms = new Rooms({
    ...{ store, tenant: 'main', fanOut: new FanOut(1000), now: Date.now, logLimits },
    ...{ idleMs: 60_000, repairMs, onEntries: () => undefined },
  });
  t.after(() => rooms.close());
  const live = await Promise.all(ROOM_IDS.map((id) => rooms.acquire(id)));
  for (const id of ROOM_IDS) await inner.insert(`main/${id}` as RoomKey, sampleEntries(1, 7));
  const newest = { before: Number.MAX_SAFE_INTEGER, limit: 1 };
  const heads = async (): Promise<readonly number[]> => {
    const pages = await Promise.all(live.map((room) => room.page(newest, 'u_judge' as UserId)));
    return pages.map(({ asOf }) => asOf);
  };
  assert.deepEqual(await heads(), [0, 0, 0, 0, 0]);
  return {
    heads,
    listener: () => {
      assert.ok(listener !== undefined);
      return listener;
    },
  };
}

/** Lets everything happen that needs no time. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate);
}

function wordsOf({ latenciesMs }: TwoNodesResult): string {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return `latency of hints p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`;
}
