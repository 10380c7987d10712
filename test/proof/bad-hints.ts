/**
 * News between nodes at its worst: some of it is lost, comes twice, comes late, or after what came
 * later. Nothing but the latency of messages may depend on it.
 */

import type { HintListener } from '../../server/store.ts';
import type { Dice } from './dice.ts';

/** What may happen to a hint. */
export const hintFaults = ['lost', 'doubled', 'late', 'overtaken'] as const;
type HintFault = (typeof hintFaults)[number];

export interface BadHintsOptions {
  readonly dice: Dice;
  /** The share of hints to which something happens. */
  readonly share: number;
  /** Runs something after that long. */
  readonly later: (ms: number, run: () => void) => void;
  /** Told of each hint to which something happens. */
  readonly count: (fault: HintFault) => void;
}

const LATE_MS_MAX = 3000;

/** Mistreats a share of what the listener hears. */
export function badHints(listener: HintListener, options: BadHintsOptions): HintListener {
  const { dice, share, later, count } = options;
  let overtaken: Parameters<HintListener['entry']> | undefined;
  const pass = (...hint: Parameters<HintListener['entry']>): void => {
    listener.entry(...hint);
    const held = overtaken;
    overtaken = undefined;
    if (held !== undefined) listener.entry(...held);
  };
  const entry: HintListener['entry'] = (...hint) => {
    if (!dice.chance(share)) return pass(...hint);
    const fault = dice.pick(hintFaults);
    count(fault);
    if (fault === 'lost') return;
    if (fault === 'overtaken' && overtaken === undefined) overtaken = hint;
    else if (fault === 'late') later(dice.between(1, LATE_MS_MAX), () => pass(...hint));
    else {
      pass(...hint);
      pass(...hint);
    }
  };
  return { ...listener, entry };
}
