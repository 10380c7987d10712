import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  alarmOn as alarmIn,
  type Environment,
  platform,
} from '../../../component/client/environment.ts';
import { FakeClock } from '../../support/clock.ts';

/** An alarm that notes when it rings, on timers that run this much too early. */
function alarmOn(clock: FakeClock, { earlyMs = 0 } = {}) {
  const rings: number[] = [];
  const environment: Environment = {
    ...platform(),
    now: () => clock.now(),
    after: (ms, run) => clock.after(Math.max(0.01, ms - earlyMs), run),
  };
  const set = alarmIn(environment, () => rings.push(clock.now()));
  return { alarm: { set }, rings };
}

describe('alarm', () => {
  test('rings once, at its time, however often that is set', async () => {
    const clock = new FakeClock();
    const { alarm, rings } = alarmOn(clock);
    const at = clock.now() + 100;

    alarm.set(at + 50);
    alarm.set(at);
    alarm.set(at);
    assert.equal(clock.timers, 1);
    await clock.advance(1000);

    assert.deepEqual(rings, [at]);
    assert.equal(clock.timers, 0);
  });

  test('Infinity is never, and holds no timer', async () => {
    const clock = new FakeClock();
    const { alarm, rings } = alarmOn(clock);
    alarm.set(clock.now() + 100);

    alarm.set(Infinity);
    assert.equal(clock.timers, 0);
    await clock.advance(1000);

    assert.deepEqual(rings, []);
  });

  test('a time that is over rings soon, and can be set again', async () => {
    const clock = new FakeClock();
    const { alarm, rings } = alarmOn(clock);
    const past = clock.now() - 100;

    alarm.set(past);
    await clock.advance(1);
    alarm.set(past);
    await clock.advance(1);

    assert.equal(rings.length, 2);
  });

  test('a timer that runs a little too early does not lose the ring', async () => {
    const clock = new FakeClock();
    const { alarm, rings } = alarmOn(clock, { earlyMs: 0.7 });
    const at = clock.now() + 100;

    alarm.set(at);
    await clock.advance(200);

    assert.equal(rings.length, 1);
    assert.ok(rings[0]! >= at);
  });
});

describe('platform', () => {
  test('mints ids that can be cids, and no two alike', () => {
    const { mintId } = platform();
    const ids = new Set(Array.from({ length: 1000 }, () => mintId()));

    assert.equal(ids.size, 1000);
    for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{32}$/);
  });

  test('mints ids that sort by the time', () => {
    const { mintId, wall } = platform();
    const before = mintId();
    for (const then = wall(); wall() === then;);

    assert.ok(before < mintId());
  });

  test('has a clock that goes on, timers that can be given back, and no page in Node', async () => {
    const { now, wall, after, random, events } = platform();
    const ran = await new Promise((resolve) => {
      after(1, () => resolve('first'))();
      after(2, () => resolve('second'));
    });

    assert.equal(ran, 'second');
    assert.ok(now() > 0 && Math.abs(wall() - Date.now()) < 1000);
    assert.ok(random() < 1);
    assert.equal(events, undefined);
  });

  test('a wait longer than timers can do does not fire at once', async () => {
    let fired = false;
    const { after } = platform();
    const release = after(2 ** 40, () => (fired = true));
    await new Promise<void>((resolve) => after(3, resolve));
    release();

    assert.equal(fired, false);
  });
});
