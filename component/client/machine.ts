/**
 * What the client's state machines have in common. Each is a total table of pure cells: a state or
 * an input without a cell does not compile, and what is to be done is data, not deeds.
 */

import type { Ms } from '../protocol/ops.ts';

/** What comes next, and what is to be done about it, in order. */
export interface Step<Machine, Effect> {
  readonly next: Machine;
  readonly effects: readonly Effect[];
}

/** One cell: what an input means in a state, at a moment. */
export type Cell<Machine, Effect, State, Input, Moment> = (
  machine: State,
  input: Input,
  moment: Moment,
) => Step<Machine, Effect>;

/** A cell for each state and input. */
export type Table<
  Machine extends { readonly state: string },
  Effect,
  Input extends { readonly input: string },
  Moment,
> = {
  readonly [S in Machine as S['state']]: {
    readonly [I in Input as I['input']]: Cell<Machine, Effect, S, I, Moment>;
  };
};

/** Takes one step. An input that means nothing in a state changes nothing. */
export function step<
  Machine extends { readonly state: string },
  Effect,
  Input extends { readonly input: string },
  Moment,
>(
  table: Table<Machine, Effect, Input, Moment>,
  machine: Machine,
  input: Input,
  moment: Moment,
): Step<Machine, Effect> {
  // The table is total; that a row and a column belong together is what TypeScript cannot see.
  type Rows = Record<string, Record<string, Cell<Machine, Effect, Machine, Input, Moment>>>;
  const cell = (table as unknown as Rows)[machine.state]?.[input.input];
  return cell === undefined ? stay(machine) : cell(machine, input, moment);
}

/** The cell of an input that means nothing. */
export function stay<Machine>(next: Machine): Step<Machine, never> {
  return { next, effects: [] };
}

/** A step to another state. */
export function to<Machine, Effect>(next: Machine, ...effects: Effect[]): Step<Machine, Effect> {
  return { next, effects };
}

/** When the input `timeout` is due for a machine that has it due at all. */
export function dueAt(machine: object): Ms {
  return 'until' in machine && typeof machine.until === 'number' ? machine.until : Infinity;
}
