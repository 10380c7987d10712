import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Row } from '../../../component/client/client.ts';
import {
  BATCH_ROWS,
  BEHIND_ROWS_MAX,
  followEnd,
  growDown,
  growUp,
  newestWindow,
  rangeOf,
  WINDOW_ROWS_MAX,
  WINDOW_ROWS_START,
  WINDOW_ROWS_STEP,
  windowAround,
} from '../../../component/element/log-window.ts';
import { chatter, rowOf, userOf } from '../../support/fake-room.ts';

function sent(count: number): readonly Row[] {
  return chatter(count).map((line, i) => rowOf(line, 1 + i));
}

function draft(): Row {
  const { seq: _, ...row } = rowOf({ by: userOf('Ada'), text: 'x', at: 0 }, 1);
  return { ...row, state: 'sending' };
}

function edges(rows: readonly Row[], window: Parameters<typeof rangeOf>[1]): [number, number] {
  const { start, end } = rangeOf(rows, window);
  return [start, end];
}

describe('log window', () => {
  it('is on the newest rows at first, drafts included', () => {
    const rows = [...sent(1000), draft()];

    assert.deepEqual(edges(rows, newestWindow(rows)), [1001 - WINDOW_ROWS_START, 1001]);
  });

  it('holds all of a short log, and of one of drafts alone', () => {
    assert.deepEqual(edges(sent(3), newestWindow(sent(3))), [0, 3]);
    assert.deepEqual(edges([draft()], newestWindow([draft()])), [0, 1]);
    assert.deepEqual(edges([], newestWindow([])), [0, 0]);
  });

  it('stays on its rows when older ones come in above', () => {
    const all = sent(300);
    const window = newestWindow(all.slice(100));

    const [start, end] = edges(all, window);

    assert.deepEqual([start, end], [300 - WINDOW_ROWS_START, 300]);
  });

  it('takes new rows in below, up to its limit', () => {
    const window = newestWindow(sent(WINDOW_ROWS_START));

    assert.deepEqual(edges(sent(200), window), [0, 200]);
    assert.deepEqual(edges(sent(1000), window), [0, WINDOW_ROWS_MAX]);
  });

  it('follows the end a few rows at a time, without a hole', () => {
    const rows = sent(200);
    const range = { rows, start: 50, end: 200 };

    const next = followEnd(range, rows[179]?.key);

    assert.deepEqual(next, { rows, start: 50, end: 180 + BATCH_ROWS });
    assert.deepEqual(followEnd(range, rows[198]?.key).end, 200);
    assert.deepEqual(followEnd(range, undefined), range);
  });

  it('lets rows go above one by one as it follows', () => {
    const rows = sent(WINDOW_ROWS_MAX + 2);

    const { start, end } = followEnd({ rows, start: 0, end: 250 }, rows.at(-3)?.key);

    assert.deepEqual([start, end], [2, WINDOW_ROWS_MAX + 2]);
  });

  it('goes to the end, with few rows, when it is too far behind', () => {
    const rows = sent(200);
    const shown = rows[200 - BEHIND_ROWS_MAX - 2];

    const { start, end } = followEnd({ rows, start: 0, end: 200 }, shown?.key);

    assert.deepEqual([start, end], [200 - 2 * BATCH_ROWS, 200]);
  });

  it('goes around a row, and follows the end only where it reaches it', () => {
    const rows = sent(1000);
    const around = (at: number): [number, number] =>
      edges(rows, windowAround(rows, rows[at]?.key ?? ''));

    assert.deepEqual(around(500), [500 - WINDOW_ROWS_STEP, 500 + WINDOW_ROWS_STEP]);
    assert.deepEqual(around(0), [0, WINDOW_ROWS_STEP]);
    assert.deepEqual(around(999), [999 - WINDOW_ROWS_STEP, 1000]);
  });

  it('grows up, and gives way below', () => {
    const rows = sent(1000);
    let range = rangeOf(rows, newestWindow(rows));

    const first = rangeOf(rows, growUp(range));
    for (let i = 0; i < 6; i += 1) range = rangeOf(rows, growUp(range));

    assert.equal(first.start, 1000 - WINDOW_ROWS_START - WINDOW_ROWS_STEP);
    assert.equal(first.end, 1000);
    assert.deepEqual([range.start, range.end - range.start], [600, WINDOW_ROWS_MAX]);
  });

  it('grows down again to the end, and follows it from there', () => {
    const rows = sent(1000);
    let range = rangeOf(rows, { first: rows[0]?.key, last: rows[99]?.key });

    let window = growDown(range);
    while (range.end < 1000) {
      window = growDown(range);
      range = rangeOf(rows, window);
    }

    assert.equal(window.last, undefined);
    assert.equal(range.end - range.start, WINDOW_ROWS_MAX);
  });
});
