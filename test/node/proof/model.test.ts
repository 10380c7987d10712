/**
 * The real room log, room and fan-out under thousands of seeded schedules of a bad database. A
 * failure names its schedule: SEED=that runs it alone.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { describeViolations } from '../../proof/checker.ts';
import type { History } from '../../proof/history.ts';
import { explore, type Failure } from '../../proof/model/explore.ts';
import { mutants } from '../../proof/model/mutants.ts';
import { World } from '../../proof/model/world.ts';
import { seedOfRun } from '../../support/seed.ts';

/** About 20 s of one core. */
const SCHEDULES = 20_000;

/** A mutant that survives this many schedules is one that the model does not see. */
const SEEDS_PER_MUTANT = 2000;

describe('model', () => {
  it(`keeps the contract in ${SCHEDULES} schedules`, async (t) => {
    const firstSeed = seedOfRun();
    const count = process.env['SEED'] === undefined ? SCHEDULES : 1;
    t.diagnostic(`schedules from SEED=${firstSeed}`);

    const { failures, schedules, acked, faults } = await explore({ firstSeed, count });

    assert.equal(words(failures), '');
    assert.equal(schedules, count);
    t.diagnostic(`${acked} acknowledged drafts, ${faults} faults`);
    if (count > 1) assert.ok(acked > 5 * count, `only ${acked} drafts were acknowledged`);
  });

  for (const [name, mutant] of Object.entries(mutants)) {
    it(`catches the mutant "${name}"`, async (t) => {
      const options = { firstSeed: 1, count: SEEDS_PER_MUTANT, mutant, stopsEarly: true };

      const { failures } = await explore(options);

      const [first] = failures;
      assert.ok(first !== undefined, `it survived ${SEEDS_PER_MUTANT} schedules`);
      const rules = new Set(first.violations.map(({ rule }) => rule));
      t.diagnostic(`by schedule ${first.seed}: ${[...rules].join(', ')}`);
    });
  }

  it('runs a schedule the same way again, alone or beside others', async () => {
    const seeds = [11, 12, 13];

    const together = await historiesOf(seeds);
    const alone = [];
    for (const seed of seeds) alone.push(...(await historiesOf([seed])));

    assert.deepEqual(alone, together);
  });
});

function words(failures: readonly Failure[]): string {
  return failures
    .slice(0, 5)
    .map(({ seed, violations }) => `SEED=${seed}\n${describeViolations(violations)}`)
    .join('\n');
}

async function historiesOf(seeds: readonly number[]): Promise<readonly History[]> {
  const worlds = seeds.map((seed) => new World(seed));
  while (worlds.some((world) => !world.isOver)) {
    for (const world of worlds) if (!world.isOver) world.step();
    await turn();
  }
  return worlds.map((world) => world.history());
}
