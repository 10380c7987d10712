/** What a fault proxy does for a while; the same in front of a server and behind it. */

import type { Dice } from './dice.ts';
import type { FaultProxy } from './fault-proxy.ts';

/** Undoes a fault. */
export type End = () => Promise<void> | void;

export type NetworkFault = (proxy: FaultProxy, dice: Dice) => End;

/** How a write to MongoDB looks on the wire. */
const insert = (bytes: Buffer): boolean =>
  bytes.includes('insert\0') || bytes.includes('\x02insert');

export function reset(proxy: FaultProxy, dice: Dice): End {
  proxy.reset(dice.pick([1, 1, 0.5]));
  return () => undefined;
}

export function blackHole(proxy: FaultProxy, dice: Dice): End {
  proxy.set({ held: ['up', 'down'] });
  return heal(proxy, dice);
}

export function oneWay(proxy: FaultProxy, dice: Dice): End {
  proxy.set({ held: [dice.pick(['up', 'down'] as const)] });
  return heal(proxy, dice);
}

export function slow(proxy: FaultProxy, dice: Dice): End {
  proxy.set({ latencyMs: dice.between(5, 150), jitterMs: dice.between(0, 200) });
  return () => proxy.clear();
}

export function crumbs(proxy: FaultProxy, dice: Dice): End {
  proxy.set({ sliceBytes: dice.pick([1, 1, 7, 100]) });
  return () => proxy.clear();
}

export function cut(proxy: FaultProxy, dice: Dice): End {
  proxy.cutAfter(dice.between(0, 2000), dice.pick(['up', 'down'] as const));
  return () => undefined;
}

/** What goes up arrives; what comes back is lost with the connection. */
export function loseDown(proxy: FaultProxy): End {
  proxy.set({ held: ['down'] });
  return () => {
    proxy.reset();
    proxy.clear();
  };
}

export function loseReply(proxy: FaultProxy): End {
  proxy.loseReply(insert);
  return () => proxy.clear();
}

export function refuse(proxy: FaultProxy): End {
  proxy.set({ refuses: true });
  proxy.reset();
  return () => proxy.clear();
}

/** What was held arrives late, or never. */
function heal(proxy: FaultProxy, dice: Dice): End {
  return () => {
    if (dice.chance(0.5)) proxy.reset();
    proxy.clear();
  };
}
