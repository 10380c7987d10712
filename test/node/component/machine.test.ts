import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { backoff, dueAt, type Step, step, type Table } from '../../../component/client/machine.ts';

type Door = { readonly state: 'open' } | { readonly state: 'shut'; readonly until: number };
interface Inputs {
  readonly push: number;
  readonly wait: undefined;
}

/** Waiting means nothing to a door. */
interface Silent {
  readonly open: 'wait';
  readonly shut: 'wait';
}

const table: Table<Door, 'creak', Inputs, number, Silent> = {
  open: { push: (_door, force, now) => [{ state: 'shut', until: now + force }] },
  shut: { push: () => [{ state: 'open' }, 'creak'] },
};

const wait = (door: Door): Step<Door, 'creak'> => [door];
const push = (door: Door): Step<Door, 'creak'> => step(table, door, ['push', 5], 10);

describe('machine', () => {
  test('takes the cell of its state and input, with what comes with it', () => {
    assert.deepEqual(push({ state: 'open' }), [{ state: 'shut', until: 15 }]);
    assert.deepEqual(push({ state: 'shut', until: 5 }), [{ state: 'open' }, 'creak']);
  });

  test('an input without a cell leaves the same object, and does nothing', () => {
    const door: Door = { state: 'open' };
    const [next, ...effects] = step(table, door, ['wait', undefined], 10);

    assert.equal(next, door);
    assert.deepEqual(effects, []);
  });

  test('is due when it says so, else never', () => {
    assert.equal(dueAt({ state: 'shut', until: 5 }), 5);
    assert.equal(dueAt({ state: 'open' }), Infinity);
    assert.equal(dueAt(undefined), Infinity);
  });

  test('a table with a hole does not compile: a state, or an input in one', () => {
    const { open, shut } = table;
    // @ts-expect-error: `shut` has no row.
    const noRow: Table<Door, 'creak', Inputs, number, Silent> = { open };
    // @ts-expect-error: `push` has no cell in `shut`.
    const noCell: Table<Door, 'creak', Inputs, number, Silent> = { open, shut: {} };
    // @ts-expect-error: `wait` means nothing in `open`, it is said.
    const twice: Table<Door, 'creak', Inputs, number, Silent> = { open: { ...open, wait }, shut };

    assert.ok(noRow && noCell && twice);
  });

  test('a wait doubles up to its limit, and half of it is certain', () => {
    const at = (random: number, tries: number): number =>
      backoff({ now: 100, random }, 10, 70, tries) - 100;

    assert.deepEqual([at(0, 0), at(0.5, 0), at(1, 0)], [5, 7.5, 10]);
    assert.deepEqual([at(1, 1), at(1, 2), at(1, 3), at(1, 99)], [20, 40, 70, 70]);
  });
});
