/**
 * Two minutes of what `npm run prove` does for an hour: real servers, a real database process, real
 * clients, and everything that can break between them. SEED= brings the same faults back, though
 * not the same microseconds; the history of a failed run is kept for another look.
 */

import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { describeViolations } from '../proof/checker.ts';
import { Dice } from '../proof/dice.ts';
import { saveHistory } from '../proof/history.ts';
import { Round } from '../proof/round.ts';
import { Stage } from '../proof/stage.ts';
import { seedOfRun } from '../support/seed.ts';

const STORM_MS = { sqlite: 25_000, mongodb: 35_000 };

type Open = (dice: Dice) => Promise<Stage>;

async function storm(t: TestContext, open: Open): Promise<void> {
  const seed = seedOfRun();
  t.diagnostic(`SEED=${seed}`);
  const stage = await open(new Dice(seed));
  t.after(() => stage.close());
  const { kind } = stage;

  const options = { stage, seed, stormMs: STORM_MS[kind], draftsPerSecond: 150, changes: true };
  const { verdict, history, complaints, faults } = await new Round(options).run();

  const { acked, applied, deleted, resumes, faults: count } = verdict.figures;
  const figures = `${acked} acked, ${applied} read, ${deleted} deleted, ${resumes} resumes`;
  t.diagnostic(`${stage.store}: ${figures}`);
  t.diagnostic([...faults].map(([name, times]) => `${name} ${times}`).join('; '));
  const words = [describeViolations(verdict.violations), ...complaints].join('\n').trim();
  if (words !== '') {
    const file = path.join(tmpdir(), `mini-chat-${kind}-${seed}.json`);
    await saveHistory(file, history);
    assert.fail(`${words}\nThe history is in ${file}`);
  }
  // A run in which nothing happened proves nothing.
  assert.ok(acked > 300, `only ${acked} drafts were acknowledged`);
  assert.ok(deleted > 8, `only ${deleted} messages were deleted`);
  assert.ok(count > 8, `only ${count} faults happened`);
  assert.ok(resumes > 8, `only ${resumes} readers came back`);
}

/** A real set of three or more is needed for this, and no machine of ours has one. */
const given = process.env['MONGO_URL'] ?? '';
const isSet = /^mongodb(\+srv)?:/.test(given) && /replicaSet=|\+srv/.test(given);

describe('Faults', () => {
  it('lose, double and reorder nothing on one server with SQLite', (t) =>
    storm(t, (dice) => Stage.open('sqlite', dice)));

  it('lose, double and reorder nothing on two servers with one MongoDB', async (t) => {
    if (!isSet) t.diagnostic('elections are not shown: MONGO_URL names no replica set');
    await storm(t, (dice) => Stage.open('mongodb', dice));
  });

  if (isSet) {
    it('lose, double and reorder nothing through elections of a replica set', (t) =>
      storm(t, (dice) => Stage.openOnSet(given, dice)));
  }
});
