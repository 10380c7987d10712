import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Deadlines } from '../../../server/deadlines.ts';
import { FakeClock } from '../../support/clock.ts';

function openDeadlines(): { deadlines: Deadlines; clock: FakeClock } {
  const clock = new FakeClock();
  const wait = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(ms, resolve);
      signal.addEventListener('abort', () => (cancel(), reject(new Error('aborted'))));
    });
  return { deadlines: new Deadlines({ deadlineMs: 1000, wait }), clock };
}

describe('Deadlines', () => {
  it('end what waits after 1 to 1.1 times their length, each once', async () => {
    const { deadlines, clock } = openDeadlines();
    const ended: string[] = [];
    deadlines.add({ expire: () => ended.push('first') });
    await clock.advance(550);
    deadlines.add({ expire: () => ended.push('second') });

    await clock.advance(449);
    assert.deepEqual(ended, []);
    await clock.advance(101);
    assert.deepEqual(ended, ['first']);
    await clock.advance(449);
    assert.deepEqual(ended, ['first']);
    await clock.advance(101);

    assert.deepEqual(ended, ['first', 'second']);
  });

  it('leave alone what was removed', async () => {
    const { deadlines, clock } = openDeadlines();
    const waiting = { expire: () => assert.fail('it was removed') };
    deadlines.add(waiting);

    deadlines.remove(waiting);
    await clock.advance(5000);
  });

  it('have one timer for all, and none when nothing waits', async () => {
    const { deadlines, clock } = openDeadlines();
    const all = Array.from({ length: 50 }, () => ({ expire: () => {} }));
    for (const waiting of all) deadlines.add(waiting);
    await clock.settle();
    assert.equal(clock.timers, 1);

    for (const waiting of all) deadlines.remove(waiting);
    await clock.advance(100);

    assert.equal(clock.timers, 0);
  });

  it('give the outcome of work that ends in time, whichever it is', async () => {
    const { deadlines } = openDeadlines();

    assert.equal(await deadlines.ask(Promise.resolve(7)), 7);
    await assert.rejects(deadlines.ask(Promise.reject(new Error('no'))), /^Error: no$/);
  });

  it('reject work that takes too long', async () => {
    const { deadlines, clock } = openDeadlines();

    const asked = assert.rejects(deadlines.ask(new Promise(() => {})), /did not answer in time/);
    await clock.advance(1200);

    await asked;
  });

  it('end a pause when they close, and have no timer then', async () => {
    const { deadlines, clock } = openDeadlines();
    deadlines.add({ expire: () => {} });
    const paused = deadlines.pause(60_000);
    await clock.settle();

    deadlines.close();
    await paused;
    await deadlines.pause(60_000);

    assert.equal(clock.timers, 0);
  });
});
