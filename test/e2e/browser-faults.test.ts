/**
 * Half a minute of what `npm run prove` does for longer: people in real browsers, whose pages,
 * network and server come and go. SEED= brings the same faults back, though not the same
 * microseconds; the history of a failed run is kept for another look.
 */

import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';

import { runBrowsers } from '../proof/browser-run.ts';
import { describeViolations } from '../proof/checker.ts';
import { saveHistory } from '../proof/history.ts';
import { seedOfRun } from '../support/seed.ts';

const STORM_MS = 20_000;

describe('Faults around real pages', () => {
  it('lose, double and reorder nothing of what their people wrote and read', async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);

    const result = await runBrowsers({ seed, stormMs: STORM_MS });

    const { verdict, history, complaints, faults, engines } = result;
    const { acked, applied, resumes, readers, faults: count } = verdict.figures;
    t.diagnostic(`${engines.join(', ')}: ${acked} acked, ${applied} read, ${resumes} resumes`);
    t.diagnostic([...faults].map(([name, times]) => `${name} ${times}`).join('; '));
    const words = [describeViolations(verdict.violations), ...complaints].join('\n').trim();
    if (words !== '') {
      const file = path.join(tmpdir(), `mini-chat-browsers-${seed}.json`);
      await saveHistory(file, history);
      assert.fail(`${words}\nThe history is in ${file}`);
    }
    // A run in which nothing happened proves nothing.
    assert.ok(acked > 50, `only ${acked} drafts were acknowledged`);
    assert.ok(count > 5, `only ${count} faults happened`);
    assert.ok(resumes + readers > 10, `only ${resumes} readers came back, ${readers} were there`);
  });
});
