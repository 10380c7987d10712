import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';

import { copyCuts } from '../../proof/copy-cuts.ts';
import { Dice } from '../../proof/dice.ts';
import { cutPower } from '../../proof/power-cut.ts';
import { seedOfRun } from '../../support/seed.ts';

describe('cutPower', () => {
  it('G3 › loses nothing that SQLite said is durable, whatever the cut leaves', async (t) => {
    const seed = seedOfRun();

    const result = await cutPower({ dice: new Dice(seed), batches: 300, cuts: 40 });

    t.diagnostic(`SEED=${seed}: ${result.cuts} cuts by ${result.how}`);
    assert.deepEqual(result.losses, []);
    assert.ok(result.cuts > 15 && result.checked > 1000, JSON.stringify(result));
  });

  it('finds what a disk that lies about syncs has lost', async (t) => {
    const seed = seedOfRun();
    const options = { dice: new Dice(seed), batches: 200, cuts: 30, liesAboutSync: true };

    const result = await cutPower(options);

    t.diagnostic(`SEED=${seed}: ${result.losses.length} of ${result.cuts} by ${result.how}`);
    // A copy holds what was written, synced or not: there a lie makes no difference.
    if (result.how === 'trace') assert.ok(result.losses.length > 0, 'nothing was missed');
  });
});

describe('copyCuts', () => {
  it('G3 › finds everything durable in copies of a writer that was stopped', async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mini-chat-copies-'));
    t.after(() => rm(folder, { recursive: true, force: true }));

    const result = await copyCuts({ dice: new Dice(1), batches: 0, cuts: 8 }, folder);

    assert.deepEqual(result.losses, []);
    assert.ok(result.checked > 100, JSON.stringify(result));
  });
});
