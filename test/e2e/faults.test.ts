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
import { Stage, type StoreKind } from '../proof/stage.ts';
import { seedOfRun } from '../support/seed.ts';

const STORM_MS = { sqlite: 25_000, mongodb: 35_000 };

async function storm(t: TestContext, kind: StoreKind): Promise<void> {
  const seed = seedOfRun();
  t.diagnostic(`SEED=${seed}`);
  const stage = await Stage.open(kind, new Dice(seed));
  t.after(() => stage.close());

  const options = { stage, seed, stormMs: STORM_MS[kind], draftsPerSecond: 150 };
  const { verdict, history, complaints, faults } = await new Round(options).run();

  const { acked, applied, resumes, faults: count } = verdict.figures;
  t.diagnostic(`${stage.store}: ${acked} acked, ${applied} read, ${resumes} resumes`);
  t.diagnostic([...faults].map(([name, times]) => `${name} ${times}`).join('; '));
  const words = [describeViolations(verdict.violations), ...complaints].join('\n').trim();
  if (words !== '') {
    const file = path.join(tmpdir(), `mini-chat-${kind}-${seed}.json`);
    await saveHistory(file, history);
    assert.fail(`${words}\nThe history is in ${file}`);
  }
  // A run in which nothing happened proves nothing.
  assert.ok(acked > 300, `only ${acked} drafts were acknowledged`);
  assert.ok(count > 8, `only ${count} faults happened`);
  assert.ok(resumes > 8, `only ${resumes} readers came back`);
}

describe('Faults', () => {
  it('lose, double and reorder nothing on one server with SQLite', (t) => storm(t, 'sqlite'));

  it('lose, double and reorder nothing on two servers with one MongoDB', (t) =>
    storm(t, 'mongodb'));
});
