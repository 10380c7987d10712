import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import {
  type RoomEffect,
  type RoomInput,
  type RoomSession,
  stepRoom,
} from '../../../component/client/room-session.ts';
import { dueAt } from '../../../component/client/machine.ts';
import type { ErrorOp } from '../../../component/protocol/ops.ts';
import { seedOfRun } from '../../support/seed.ts';

function error(code: string, more: Partial<ErrorOp> = {}): RoomInput {
  return ['error', { op: 'error', code, message: `said ${code}`, ...more }];
}

const joined = (last: number, head = last): RoomInput => ['joined', { head, last }];

class Run {
  session: RoomSession = { state: 'idle' };
  now = 1000;
  readonly effects: RoomEffect[] = [];

  do(...inputs: readonly (RoomInput | 'enter' | 'exit' | 'again' | 'gap' | 'timeout')[]): this {
    for (const input of inputs) {
      const given: RoomInput = typeof input === 'string' ? [input, undefined] : input;
      const moment = { now: this.now, random: 0.5 };
      const [next, ...effects] = stepRoom(this.session, given, moment);
      this.session = next;
      this.effects.push(...effects);
    }
    return this;
  }

  wait(): this {
    this.now = dueAt(this.session);
    return this.do('timeout');
  }
}

describe('room session', () => {
  test('joins, and is live when all is here', () => {
    const run = new Run().do('enter');
    assert.deepEqual([run.session.state, run.effects], ['joining', ['join']]);

    assert.equal(run.do(joined(5)).session.state, 'live');
  });

  test('is joining until the head of the answer is here', () => {
    const run = new Run().do('enter', joined(3, 9));
    assert.equal(run.session.state, 'joining');
    run.do(['applied', 8]);
    assert.equal(run.session.state, 'joining');

    assert.equal(run.do(['applied', 9]).session.state, 'live');
  });

  test('a resumption that stands still gives the connection up', () => {
    const run = new Run().do('enter', joined(3, 9)).wait();

    assert.deepEqual(run.effects, ['join', 'giveUp']);
  });

  test('a gap before the answer asks for nothing, after it joins again', () => {
    const run = new Run().do('enter', 'gap');
    assert.deepEqual(run.effects, ['join']);

    run.do(joined(3, 9), 'gap');
    assert.deepEqual(run.effects, ['join', 'join']);
  });

  test('a join without an answer gives the connection up', () => {
    const run = new Run().do('enter');
    assert.equal(dueAt(run.session), run.now + 15_000);

    assert.deepEqual(run.wait().effects, ['join', 'giveUp']);
  });

  test('a gap joins again; a few without progress wait, longer and longer', () => {
    const run = new Run().do('enter', joined(1), 'gap', joined(1), 'gap', joined(1), 'gap');
    assert.deepEqual([run.session.state, run.effects.length], ['waiting', 3]);
    const first = dueAt(run.session) - run.now;
    run.wait().do(joined(1), 'gap');

    assert.ok(dueAt(run.session) - run.now > first);
  });

  test('progress makes the next gap a first one', () => {
    const run = new Run().do('enter', joined(1));
    for (let last = 2; last < 20; last += 1) {
      run.do('gap', joined(last), ['applied', last]);
      assert.equal(run.session.state, 'live');
    }
  });

  test('rights may change: asks again, and stays live meanwhile', () => {
    const run = new Run().do('enter', joined(1), 'again');

    assert.deepEqual([run.session.state, run.effects], ['live', ['join', 'join']]);
    assert.equal(run.do(error('forbidden')).session.state, 'refused');
  });

  test('a refusal stays until somebody asks again, or the connection is another one', () => {
    const run = new Run().do('enter', error('forbidden'), 'gap', 'enter');
    assert.deepEqual(run.session, {
      state: 'refused',
      refusal: { code: 'forbidden', message: 'said forbidden' },
    });
    assert.equal(dueAt(run.session), Infinity);

    assert.equal(run.do('again').session.state, 'joining');
    assert.equal(run.do(error('forbidden'), 'exit', 'enter').session.state, 'joining');
  });

  test('what passes is waited for, at least as long as the server says', () => {
    for (const code of ['unavailable', 'internal', 'rate_limited']) {
      const run = new Run().do('enter', error(code));
      assert.equal(run.session.state, 'waiting', code);
    }
    const run = new Run().do('enter', error('of_a_later_version', { afterMs: 7000 }));

    assert.ok(dueAt(run.session) - run.now >= 7000);
  });

  test('whatever comes in any order, it ends idle by exit, and waits for something finite', () => {
    const input = fc.oneof(
      fc.constantFrom<RoomInput>(
        ...(['enter', 'again', 'gap', 'timeout'] as const).map((one) => [one, undefined] as const),
      ),
      fc.tuple(fc.nat(9), fc.nat(9)).map(([last, head]) => joined(last, head)),
      fc.nat(9).map((last): RoomInput => ['applied', last]),
      fc.constantFrom('forbidden', 'unavailable').map((code) => error(code)),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
        const run = new Run();
        for (const one of inputs) {
          run.do(one);
          const isWaiting = ['joining', 'waiting'].includes(run.session.state);
          assert.equal(Number.isFinite(dueAt(run.session)), isWaiting);
        }
        assert.equal(run.do('exit').session.state, 'idle');
      }),
      { seed: seedOfRun() },
    );
  });
});
