import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bound, Figures, inTurn, shown } from '../../../bench/bench.ts';
import { fanOutPlot } from '../../../bench/plot.ts';
import { report } from '../../../bench/report.ts';
import type { Run } from '../../../bench/results.ts';

const machine = { cpu: 'Abacus 9', cores: 2, memoryGb: 4, system: 'Linux 6.1 x64', load: 0.1 };

function runOf(samples: Record<string, number[]>): Run {
  const facts = { bench: 'fan-out', date: '2026-01-02T03:04', commit: 'abc', node: 'v24' };
  const result = { figures: new Figures(samples), skipped: ['tornado: is not installed'] };
  return { ...facts, machine, args: [], seed: 7, result };
}

const samples = {
  'closed/mini-chat/N=1000/W=1': [90, 100, 110],
  'closed/mini-chat/N=1000/W=16': [1600],
  'closed/ws/N=1000/W=1': [200],
  'closed/ws/N=1000/W=16': [100],
  'busy/ws/N=1000/W=16': [0.95],
};

describe('report', () => {
  const page = report(new Map([['fan-out', runOf(samples)]]));

  test('names machine, date and commit', () => {
    assert.match(page, /2026-01-02T03:04 UTC · commit abc · Node v24 · Abacus 9, 2 cores/);
  });

  test('says how far the rounds lie apart', () => {
    assert.match(page, /rounds of one figure differ by 20 %/);
  });

  test('says of each goal whether it holds, fails or is unknown', () => {
    assert.match(page, /1000 members, W=16, against ws \| ≥ 12 × \| 16 × \| yes/);
    assert.match(page, /1000 members, W=1, against ws \| ≥ 1.25 × \| 0.5 × \| \*\*no\*\*/);
    assert.match(page, /against tornado \| ≥ 40 × \| not measured \| \?/);
  });

  test('says where we lose', () => {
    assert.match(page, /- fan-out: members: 1000, in flight: 1: 0.5 of plain `ws` loop/);
    assert.doesNotMatch(page, /in flight: 16: /);
  });

  test('marks what the load client limited', () => {
    assert.match(page, /100 \(16×\) †/);
  });

  test('says what was not measured', () => {
    assert.match(page, /note: tornado: is not installed/);
    assert.match(page, /Not run yet: .*idle/);
  });
});

test('the plot has a line and a label for each server measured', () => {
  const plot = fanOutPlot(new Figures(samples));

  assert.equal(plot.match(/fill="none"/g)?.length, 2);
  assert.match(plot, />plain ws loop</);
  assert.doesNotMatch(plot, /NaN|undefined/);
});

describe('bound', () => {
  test('holds at its edge, from both sides', () => {
    assert.equal(bound('', 12, { atLeast: 12 }).holds, true);
    assert.equal(bound('', 11.9, { atLeast: 12 }).holds, false);
    assert.equal(bound('', 25, { atMost: 25 }).holds, true);
    assert.equal(bound('', 25.1, { atMost: 25 }).holds, false);
  });

  test('is unknown without a figure', () => {
    assert.equal(bound('', Number.NaN, { atLeast: 1 }).holds, undefined);
  });
});

test('shown keeps three digits, or the whole part of large numbers', () => {
  assert.deepEqual([0.012345, 12.345, 1234.5].map(shown), ['0.0123', '12.3', '1 235']);
});

test('inTurn lets each go first', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((round) => inTurn(['a', 'b', 'c'], round).join('')),
    ['abc', 'bca', 'cab', 'abc'],
  );
});
