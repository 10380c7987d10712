import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Pace, systemClock } from '../../../server/pace.ts';
import { FakeClock } from '../../support/clock.ts';

const newPace = (everyMs = 500): { clock: FakeClock; pace: Pace; ranAt: number[] } => {
  const clock = new FakeClock();
  const ranAt: number[] = [];
  const began = clock.now();
  const run = (): void => void ranAt.push(clock.now() - began);
  return { clock, pace: new Pace({ clock, everyMs: () => everyMs, run }), ranAt };
};

describe('Pace', () => {
  it('runs at once after a quiet time, and the touches that follow are one later run', async () => {
    const { clock, pace, ranAt } = newPace();

    for (let i = 0; i < 3; i += 1) pace.touch();
    await clock.advance(100);
    for (let i = 0; i < 3; i += 1) pace.touch();
    await clock.advance(1000);
    pace.touch();
    await clock.advance(0);

    assert.deepEqual(ranAt, [0, 500, 1100]);
  });

  it('flushes what was asked for, and only that', () => {
    const { clock, pace, ranAt } = newPace();

    pace.flush();
    pace.touch();
    pace.flush();

    assert.deepEqual([ranAt.length, clock.timers], [1, 0]);
  });

  it('forgets what was asked for when it stops', async () => {
    const { clock, pace, ranAt } = newPace();

    pace.touch();
    pace.stop();
    await clock.advance(1000);

    assert.deepEqual([ranAt, clock.timers], [[], 0]);
  });

  it("goes by the machine's clock in life", async () => {
    const before = systemClock.now();
    await new Promise<void>((resolve) => {
      systemClock.after(1, resolve);
    });
    const giveUp = systemClock.after(0, () => assert.fail('was given up'));
    giveUp();

    assert.ok(systemClock.now() > before);
  });
});
