/** Small statistics: medians of rounds, and a histogram that never grows. Pure. */

/** The middle of the samples; of an even number, the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  if (sorted.length % 2 === 1) return upper;
  return (upper + (sorted[(sorted.length >> 1) - 1] ?? Number.NaN)) / 2;
}

/** How far the rounds lie apart, as a share of their median: what the last digits are worth. */
export function spread(samples: readonly number[]): number {
  if (samples.length < 2) return 0;
  return (Math.max(...samples) - Math.min(...samples)) / median(samples);
}

/** A repeatable stream of numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Exact below this; above, a value is off by at most 2 / STEPS, about 3 %. */
const STEPS = 64;
const DOUBLINGS = 32;

export interface HistogramSummary {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Counts values from 0 to 2^32 within 3 %, in 17 KB whatever is recorded. */
export class Histogram {
  readonly #counts = new Float64Array(STEPS * (DOUBLINGS + 1));
  #count = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  record(value: number, times = 1): void {
    const bucket = bucketOf(value);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + times;
    this.#count += times;
    if (value > this.#max) this.#max = value;
  }

  /** The value below which this share of the values lies. NaN when nothing was recorded. */
  percentile(share: number): number {
    if (this.#count === 0) return Number.NaN;
    const wanted = Math.max(1, Math.ceil(this.#count * share));
    let passed = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      passed += count;
      if (passed >= wanted) return Math.min(topOf(bucket), this.#max);
    }
    return this.#max;
  }

  summary(scale = 1): HistogramSummary {
    return {
      count: this.#count,
      p50: this.percentile(0.5) * scale,
      p90: this.percentile(0.9) * scale,
      p99: this.percentile(0.99) * scale,
      p999: this.percentile(0.999) * scale,
      max: this.#max * scale,
    };
  }
}

/** The first STEPS buckets are one unit wide; each doubling after that has STEPS / 2 of its own. */
function bucketOf(value: number): number {
  const whole = Math.max(0, Math.min(Math.floor(value), 2 ** DOUBLINGS - 1));
  if (whole < STEPS) return whole;
  const doubling = 31 - Math.clz32(whole) - 5;
  return (doubling * STEPS) / 2 + (whole >>> doubling);
}

function topOf(bucket: number): number {
  if (bucket < STEPS) return bucket;
  const doubling = Math.floor(bucket / (STEPS / 2)) - 1;
  const step = bucket - (doubling * STEPS) / 2;
  return (step + 1) * 2 ** doubling - 1;
}
