/** A reconnect storm at toy size; `npm run prove` makes the one of five thousand. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeStorm } from '../../proof/storm.ts';

describe('G7 › a reconnect storm', () => {
  it('brings everybody back with everything, without a reset', async (t) => {
    const options = { clients: 120, rooms: 6, behind: 100 };

    const { wrong, liveAgainMs, downMs, peakMb } = await makeStorm(options);

    t.diagnostic(`all live after ${Math.round(liveAgainMs.at(-1) ?? 0)} ms`);
    t.diagnostic(`of which without a server ${Math.round(downMs)} ms; at most ${peakMb} MB`);
    assert.deepEqual(wrong, []);
    assert.equal(liveAgainMs.length, options.clients);
  });
});
