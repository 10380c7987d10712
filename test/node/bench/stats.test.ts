import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Histogram, median, seeded, spread } from '../../../bench/stats.ts';

describe('median', () => {
  test('is the middle one of an odd number, whatever the order', () => {
    assert.equal(median([9, 1, 5]), 5);
  });

  test('is between the two in the middle of an even number', () => {
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });

  test('of nothing is no number', () => {
    assert.equal(median([]), Number.NaN);
  });
});

test('spread is the width of the rounds over their median', () => {
  assert.equal(spread([90, 100, 120]), 0.3);
});

describe('Histogram', () => {
  test('finds percentiles of any size within 4 %', () => {
    const histogram = new Histogram();
    const random = seeded(7);
    const values = Array.from({ length: 10_000 }, () => Math.floor(10 ** (random() * 9)));
    for (const value of values) histogram.record(value);

    const sorted = values.toSorted((a, b) => a - b);
    for (const share of [0.01, 0.5, 0.9, 0.99, 1]) {
      const exact = sorted[Math.ceil(share * sorted.length) - 1]!;
      const found = histogram.percentile(share);
      assert.ok(Math.abs(found - exact) <= exact * 0.04 + 1, `${share}: ${found} for ${exact}`);
    }
  });

  test('counts one value many times at once', () => {
    const histogram = new Histogram();
    histogram.record(10, 99);
    histogram.record(1000);

    assert.equal(histogram.count, 100);
    assert.equal(histogram.percentile(0.99), 10);
    assert.equal(histogram.summary().max, 1000);
  });

  test('has no percentile of nothing', () => {
    assert.equal(new Histogram().percentile(0.5), Number.NaN);
  });
});

test('seeded gives the same numbers for the same seed only', () => {
  const [a, b, c] = [seeded(1), seeded(1), seeded(2)];
  const first = [a(), a(), a()];

  assert.deepEqual([b(), b(), b()], first);
  assert.notDeepEqual([c(), c(), c()], first);
});
