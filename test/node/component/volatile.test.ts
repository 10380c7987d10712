import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import {
  emptyVolatile,
  stepVolatile,
  volatileDueAt,
  type VolatileEffect,
  type VolatileInput,
} from '../../../component/client/volatile.ts';
import type { RoomId, UserId } from '../../../component/protocol/ops.ts';
import { seedOfRun } from '../../support/seed.ts';

const room = 'lobby' as RoomId;
const me = 'u_me' as UserId;
const ada = { id: 'u_ada' as UserId, name: 'Ada' };

function joined(head: number, read?: number, isOther = false): VolatileInput {
  return ['joined', { head, isOther, ...(read === undefined ? {} : { read }) }];
}

const readElsewhere = (seq: number): VolatileInput => ['read', { op: 'read', room, seq }];

/** Inputs one after another, and all that they had said. */
class Run {
  state = emptyVolatile;
  now = 1000;
  readonly said: VolatileEffect[] = [];

  do(...inputs: readonly VolatileInput[]): this {
    for (const input of inputs) {
      const [next, ...effects] = stepVolatile(this.state, input, { now: this.now, me });
      this.state = next;
      this.said.push(...effects);
    }
    return this;
  }

  /** Time passes until the timeout is due, and it comes. */
  wait(): this {
    this.now = volatileDueAt(this.state);
    return this.do(['timeout']);
  }
}

describe('volatile: read marks', () => {
  test('who was never here has missed nothing; who was here has missed what came after', () => {
    assert.equal(new Run().do(joined(50)).state.read, 50);
    assert.equal(new Run().do(joined(50, 40)).state.read, 40);
    assert.deepEqual(new Run().do(joined(50)).said, [{ op: 'read', seq: 50 }]);
    assert.deepEqual(new Run().do(joined(50, 40)).said, []);
  });

  test('a mark is told at once, and later ones once in a second', () => {
    const run = new Run().do(joined(50, 40), ['mark', 45], ['mark', 46], ['mark', 47]);
    assert.deepEqual(run.said, [{ op: 'read', seq: 45 }]);
    assert.equal(run.state.read, 47);

    run.wait();

    assert.equal(run.now, 2000);
    assert.deepEqual(run.said[1], { op: 'read', seq: 47 });
    assert.equal(volatileDueAt(run.state), Infinity);
  });

  test('a lower mark, here or from elsewhere, changes nothing', () => {
    const run = new Run().do(joined(50, 40), ['mark', 30], readElsewhere(35));

    assert.deepEqual(run.said, []);
    assert.equal(run.state.read, 40);
  });

  test('a mark of another connection moves this one, and is not told back', () => {
    const run = new Run().do(joined(50, 40), readElsewhere(48), ['mark', 48]);

    assert.deepEqual(run.said, []);
    assert.equal(run.state.read, 48);
  });

  test('what was marked while away, or lost on the way, is told after the next joining', () => {
    const away = new Run().do(joined(50, 40), ['gone'], ['mark', 45]);
    assert.deepEqual(away.said, []);
    assert.equal(volatileDueAt(away.state), Infinity);
    assert.deepEqual(away.do(joined(50, 40)).said, [{ op: 'read', seq: 45 }]);

    const lost = new Run().do(joined(50, 40), ['mark', 45], ['gone']);
    lost.now += 5000;
    assert.equal(lost.do(joined(50, 40)).said.length, 2);
  });

  test('another log has other marks', () => {
    const run = new Run().do(joined(50, 40), ['mark', 45], ['gone'], joined(3, undefined, true));
    assert.equal(run.state.read, 3);
    assert.equal(run.do(['gone'], joined(9, 2, true)).state.read, 2);
    assert.deepEqual(
      run.said.map((one) => one.op === 'read' && one.seq),
      [45, 3],
    );
  });

  test('whatever comes, the mark never goes back, and the server is not told too often', () => {
    const seq = fc.nat(100);
    const input = fc.oneof(
      seq.map((read): VolatileInput => joined(100, read)),
      seq.map((one): VolatileInput => ['mark', one]),
      seq.map(readElsewhere),
      fc.constantFrom<VolatileInput>(['gone'], ['timeout'], ['sent'], ['write', true]),
    );
    const steps = fc.array(fc.tuple(input, fc.nat(900)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (inputs) => {
        const run = new Run();
        const told: number[] = [];
        for (const [one, ms] of inputs) {
          const { read = 0, isLive } = run.state;
          const before = run.said.length;
          run.now += ms;
          run.do(one);
          assert.ok(run.state.read === undefined || run.state.read >= read);
          if (!isLive && one[0] !== 'joined') assert.equal(run.said.length, before);
          if (one[0] === 'gone') told.length = 0;
          if (run.said.slice(before).some(({ op }) => op === 'read')) told.push(run.now);
        }
        for (const [i, at] of told.entries()) assert.ok(i === 0 || at - told[i - 1]! >= 1000);
      }),
      { seed: seedOfRun() },
    );
  });
});

describe('volatile: who writes, who is here', () => {
  test('shows others alone, and how many more; the newest word wins', () => {
    const users = [ada, { id: me, name: 'Me' }];
    const run = new Run().do(joined(0), ['typing', { op: 'typing', room, users, more: 3 }]);
    assert.deepEqual([run.state.typing, run.state.typingMore], [[ada], 3]);

    run.do(['typing', { op: 'typing', room, users: [] }]);
    assert.deepEqual([run.state.typing, run.state.typingMore], [[], 0]);
  });

  test('what it was told is gone with the connection', () => {
    const run = new Run().do(joined(0), ['typing', { op: 'typing', room, users: [ada] }]);
    run.do(['presence', { op: 'presence', room, count: 70 }]);
    assert.deepEqual(run.state.people, { count: 70, users: undefined });

    run.do(['gone']);

    assert.deepEqual([run.state.typing, run.state.people], [[], undefined]);
  });

  test('says that it writes at most every three seconds, and once that it stopped', () => {
    const run = new Run().do(joined(0), ['write', true], ['write', true]);
    run.now += 2999;
    run.do(['write', true]);
    assert.deepEqual(run.said, [{ op: 'typing', on: true }]);
    run.now += 1;
    run.do(['write', true], ['write', false], ['write', false]);

    assert.deepEqual(
      run.said.map((one) => one.op === 'typing' && one.on),
      [true, true, false],
    );
  });

  test('sending ends the writing for the server: the next key says it again', () => {
    const run = new Run().do(joined(0), ['write', true], ['sent'], ['write', false]);
    assert.equal(run.said.length, 1);
    assert.equal(run.do(['write', true]).said.length, 2);
  });

  test('says nothing before it is live, and begins anew after it was away', () => {
    const run = new Run().do(['write', true]);
    assert.deepEqual(run.said, []);
    run.do(joined(0), ['write', true], ['gone'], joined(0), ['write', true]);
    assert.equal(run.said.length, 2);
  });
});
