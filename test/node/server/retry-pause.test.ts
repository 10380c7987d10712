import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { retryPauseMs } from '../../../server/retry-pause.ts';

describe('retry pause', () => {
  it('is at most 1 ms after a lost race', () => {
    assert.equal(retryPauseMs('race', 0), 0);
    assert.equal(retryPauseMs('race', 0.5), 0.5);
  });

  it('doubles with every failure, up to half a second', () => {
    const pauses = [0, 1, 2, 8, 9, 2000].map((tries) => retryPauseMs({ tries }, 0));

    assert.deepEqual(pauses, [1, 2, 4, 256, 500, 500]);
  });

  it('differs from node to node after failures', () => {
    assert.equal(retryPauseMs({ tries: 0 }, 0.5), 5.5);
  });
});
