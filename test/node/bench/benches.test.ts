/** Every bench runs at toy size, so that none can rot. What it measures is not looked at here. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Context } from '../../../bench/bench.ts';
import { benches } from '../../../bench/benches.ts';
import { findMongod, findStandIn } from '../../support/mongo-programs.ts';

/** What needs nothing but this repository. */
const ours = new Set(['mini-chat', 'mini-chat-memory', 'raw', 'ws', 'sqlite', 'memory']);
// A database is used where it is there already; other tests are the ones to fetch it.
if (findMongod() !== undefined || findStandIn() !== undefined) ours.add('mongodb');

const context: Context = {
  size: 'toy',
  rounds: 1,
  seed: 1,
  wants: (target) => ours.has(target),
  say: () => undefined,
};

describe('benches', () => {
  for (const bench of benches) {
    test(`${bench.name} measures what its tables show`, async () => {
      const { figures, skipped } = await bench.run(context);

      assert.deepEqual(skipped.filter(isFault), []);
      assert.ok(figures.names('').length > 0 || skipped.length > 0);
      for (const name of figures.names('')) assert.ok(Number.isFinite(figures.at(name)), name);
      for (const { rows, columns } of bench.tables(figures)) {
        for (const row of rows) assert.equal(row.length, columns.length);
      }
      for (const goal of bench.goals(figures)) assert.notEqual(goal.what, '');
    });
  }
});

/** Something that is not installed may be skipped; something that failed may not. */
function isFault(line: string): boolean {
  return !/^(MongoDB|Chromium): |is not there$/.test(line);
}
