import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';

import { Dice } from '../../proof/dice.ts';
import { cutPower, type PowerCutResult } from '../../proof/power-cut.ts';
import { seedOfRun } from '../../support/seed.ts';

async function cut(t: TestContext, liesAboutSync: boolean): Promise<PowerCutResult | undefined> {
  const seed = seedOfRun();
  t.diagnostic(`SEED=${seed}`);
  const result = await cutPower({
    dice: new Dice(seed),
    batches: 300,
    cuts: liesAboutSync ? 12 : 40,
    liesAboutSync,
  });
  if (result === undefined) t.skip('power cuts need strace, which is not here');
  return result;
}

describe('cutPower', () => {
  it('G3 › loses nothing that SQLite said is durable, whatever the cut leaves', async (t) => {
    const result = await cut(t, false);
    if (result === undefined) return;

    assert.deepEqual(result.losses, []);
    assert.ok(result.cuts > 15 && result.checked > 1000, JSON.stringify(result));
  });

  it('finds what a disk that lies about syncs has lost', async (t) => {
    const result = await cut(t, true);
    if (result === undefined) return;

    assert.ok(result.losses.length > 0, `${result.cuts} cuts, and nothing was missed`);
  });
});
