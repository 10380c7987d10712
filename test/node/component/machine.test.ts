import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { dueAt, stay, type Step, step, type Table, to } from '../../../component/client/machine.ts';

type Door = { readonly state: 'open' } | { readonly state: 'shut'; readonly until: number };
type Push = { readonly input: 'push' | 'wait' };
type Sound = { readonly effect: 'creak' };

const table: Table<Door, Sound, Push, number> = {
  open: { push: (_door, _input, now) => to({ state: 'shut', until: now + 5 }), wait: stay },
  shut: { push: () => to({ state: 'open' }, { effect: 'creak' }), wait: stay },
};

const push = (door: Door): Step<Door, Sound> => step(table, door, { input: 'push' }, 10);

describe('machine', () => {
  test('takes the cell of its state and input', () => {
    assert.deepEqual(push({ state: 'open' }), { next: { state: 'shut', until: 15 }, effects: [] });
    assert.deepEqual(push({ state: 'shut', until: 5 }), {
      next: { state: 'open' },
      effects: [{ effect: 'creak' }],
    });
  });

  test('an input that means nothing leaves the same object', () => {
    const door: Door = { state: 'open' };

    assert.equal(step(table, door, { input: 'wait' }, 10).next, door);
  });

  test('is due when it says so, else never', () => {
    assert.equal(dueAt({ state: 'shut', until: 5 }), 5);
    assert.equal(dueAt({ state: 'open' }), Infinity);
  });

  test('a table with a missing cell does not compile', () => {
    // @ts-expect-error: `wait` has no cell in `shut`.
    const withHole: Table<Door, Sound, Push, number> = { ...table, shut: { push: stay } };

    assert.ok(withHole);
  });
});
