import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TokenBucket, TokenBuckets } from '../../../server/token-bucket.ts';

const rate = { perSecond: 5, burst: 10 };

describe('TokenBucket', () => {
  it('gives a burst at once, then says how long to wait', () => {
    const bucket = new TokenBucket(rate, 0);

    for (let i = 0; i < 10; i += 1) assert.equal(bucket.take(0), 0);

    assert.equal(bucket.take(0), 200);
    assert.equal(bucket.take(199), 1);
    assert.equal(bucket.take(200), 0);
  });

  it('gives no more than its rate over a long time', () => {
    const bucket = new TokenBucket(rate, 0);
    let taken = 0;

    for (let now = 0; now <= 60_000; now += 7) if (bucket.take(now) === 0) taken += 1;

    assert.ok(taken <= 10 + 5 * 60, String(taken));
    assert.ok(taken >= 5 * 60, String(taken));
  });

  it('takes nothing away when the clock is set back', () => {
    const bucket = new TokenBucket(rate, 10_000);

    assert.equal(bucket.take(0), 0);
    assert.equal(bucket.take(200), 0);
  });
});

describe('TokenBuckets', () => {
  it('keeps users apart and forgets who has been quiet', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 });

    assert.equal(buckets.take('ann', 0), 0);
    assert.equal(buckets.take('bob', 0), 0);
    assert.ok(buckets.take('ann', 0) > 0);
    buckets.sweep(500);
    assert.equal(buckets.size, 2);
    buckets.sweep(1000);

    assert.equal(buckets.size, 0);
  });
});
