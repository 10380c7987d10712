/**
 * What the client's state machines have in common. Each is a table of pure cells: an input without
 * a cell means nothing in that state, and says so in a type; what is to be done is data, not deeds.
 */

import type { Ms } from '../protocol/ops.ts';

/** What comes next, and what is to be done about it, in order. */
export type Step<Machine, Effect> = readonly [next: Machine, ...effects: Effect[]];

/** An input, and what comes with it. */
export type Input<Inputs> = {
  [I in keyof Inputs]: Inputs[I] extends undefined
    ? readonly [I] | readonly [I, undefined]
    : readonly [I, Inputs[I]];
}[keyof Inputs];

/** For each state of a machine, the inputs that mean nothing in it. */
type Silence<Machine extends { readonly state: string }, Inputs> = {
  readonly [S in Machine['state']]: keyof Inputs;
};

/**
 * Cells by state and input: what an input, with its value, means in a state at a moment. Total: an
 * input that has no cell in a state, and is not said to mean nothing there, does not compile.
 */
export type Table<
  Machine extends { readonly state: string },
  Effect,
  Inputs,
  Moment,
  Silent extends Silence<Machine, Inputs>,
> = {
  readonly [S in Machine as S['state']]: {
    readonly [I in Exclude<keyof Inputs, Silent[S['state']]>]: (
      machine: S,
      value: Inputs[I],
      moment: Moment,
    ) => Step<Machine, Effect>;
  } & { readonly [I in Silent[S['state']]]?: never };
};

/** Takes one step. An input that means nothing in a state leaves the same object. */
export function step<
  Machine extends { readonly state: string },
  Effect,
  Inputs,
  Moment,
  Silent extends Silence<Machine, Inputs>,
>(
  table: Table<Machine, Effect, Inputs, Moment, Silent>,
  machine: Machine,
  [input, value]: Input<Inputs>,
  moment: Moment,
): Step<Machine, Effect> {
  // That a row belongs to its state, and a column to its input, is what TypeScript cannot see.
  type Cell = (machine: Machine, value: unknown, moment: Moment) => Step<Machine, Effect>;
  type Rows = Readonly<Record<string, { readonly [K in keyof Inputs]?: Cell }>>;
  return (table as unknown as Rows)[machine.state]?.[input]?.(machine, value, moment) ?? [machine];
}

/** When the input `timeout` is due for a machine that has it due at all. */
export function dueAt(machine: object | undefined): Ms {
  return (machine as { readonly until?: Ms } | undefined)?.until ?? Infinity;
}

/** Half of the wait is certain, the rest is drawn; it doubles with each try, up to a limit. */
export function backoff(
  { now, random }: { readonly now: Ms; readonly random: number },
  minMs: Ms,
  maxMs: Ms,
  tries: number,
): Ms {
  return now + Math.min(maxMs, minMs * 2 ** tries) * (0.5 + random / 2);
}
