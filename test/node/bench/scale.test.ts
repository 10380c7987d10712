import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { scalePage } from '../../../bench/report.ts';
import { billFor } from '../../../bench/scale/arithmetic.ts';
import { simulateContention } from '../../../bench/scale/contention.ts';
import { simulateStorm } from '../../../bench/scale/storm.ts';
import { Timeline } from '../../../bench/scale/timeline.ts';

const costs = {
  deliveryUs: 10,
  beatUs: 25,
  acceptUs: 500,
  memberBytes: 10_000,
  hintUs: 50,
  sqlitePerSecond: 30_000,
};
const habits = { messagesPerHour: 36, roomSize: 100, heartbeatSeconds: 25 };

describe('Timeline', () => {
  test('runs what is due in order of time, then of planning', () => {
    const time = new Timeline();
    const ran: string[] = [];
    time.after(5, () => ran.push('c'));
    time.after(1, () => {
      ran.push('a');
      time.after(4, () => ran.push('d'));
      time.after(1, () => ran.push('b'));
    });
    time.after(9, () => ran.push('never'));

    time.run(8);

    assert.deepEqual(ran, ['a', 'b', 'c', 'd']);
  });
});

describe('billFor', () => {
  test('adds up what 10 000 members cost', () => {
    const bill = billFor(10_000, habits, costs);

    assert.equal(bill.messagesPerSecond, 100);
    assert.equal(bill.deliveriesPerSecond, 10_000);
    assert.equal(bill.deliveryCores, 0.1);
    assert.equal(bill.beatCores, 0.01);
    assert.equal(bill.nodes, 1);
    assert.equal(bill.hintShare, 0, 'one node needs no hints');
  });

  test('gives every node the hints of the whole chat', () => {
    // 10 000 entries a second at 50 µs are half of each core; a tenth is left for 11 cores of work.
    const bill = billFor(1_000_000, habits, costs);

    assert.equal(bill.hintShare, 0.5);
    assert.ok(Math.abs(bill.nodes - 110) <= 1, `${bill.nodes}`);
  });

  test('knows when no number of nodes is enough', () => {
    assert.equal(billFor(10_000_000, habits, costs).nodes, Number.POSITIVE_INFINITY);
  });

  test('counts no more readers than there are members', () => {
    assert.equal(billFor(10, habits, costs).deliveriesPerSecond, 1);
  });
});

describe('simulateContention', () => {
  const base = { insertMs: 5, readMs: 2, hintMs: 3, jitterMs: 10, seconds: 5, seed: 3 };

  test('a node alone never tries twice', () => {
    assert.equal(simulateContention({ ...base, nodes: 1, rate: 10 }).tries < 1.1, true);
  });

  test('rivals try more often, and still store all that comes', () => {
    const rivals = simulateContention({ ...base, nodes: 4, rate: 500 });

    assert.ok(rivals.tries > 1.5);
    assert.ok(Math.abs(rivals.perSecond - 500) < 50, `${rivals.perSecond}`);
  });

  test('the same seed gives the same result', () => {
    const [one, two] = [1, 2].map(() => simulateContention({ ...base, nodes: 2, rate: 100 }));

    assert.deepEqual(one, two);
  });
});

describe('simulateStorm', () => {
  test('lets all in as fast as the nodes can when they can', () => {
    const { all, vain } = simulateStorm({ members: 2000, acceptPerSecond: 10_000, seed: 1 });

    assert.ok(all < 1, `${all} s`);
    assert.equal(vain, 0);
  });

  test('ends even when most give up waiting at first', () => {
    const { all, vain } = simulateStorm({ members: 2000, acceptPerSecond: 50, seed: 1 });

    assert.ok(vain > 0);
    assert.ok(all >= 40, `${all} s is faster than they can be let in`);
  });
});

test('docs/scale.md has a place for each table', async () => {
  const page = await readFile(new URL('../../../docs/scale.md', import.meta.url), 'utf8');

  const filled = scalePage(page, new Map());

  for (const place of ['costs', 'members', 'contention', 'storm']) {
    const from = filled.indexOf(`<!-- begin scale ${place} -->`);
    assert.ok(from >= 0, place);
    const table = filled.slice(from, filled.indexOf(`<!-- end scale ${place} -->`));
    assert.match(table, /\| ---/, place);
  }
});
