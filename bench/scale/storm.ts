/**
 * A node is gone and all its members come back to the others at once. Each waits a random part of a
 * growing time (full jitter), as the client does, so that the storm spreads; what arithmetic does
 * not say is how many give up in the queue, come again, and whether it ever ends.
 */

import { seeded } from '../stats.ts';
import { Timeline } from './timeline.ts';

export interface Storm {
  readonly members: number;
  /** Members that the other nodes can greet and let in, a second, together. */
  readonly acceptPerSecond: number;
  readonly seed: number;
}

export interface StormResult {
  /** Seconds until half, 99 % and all of them are in. */
  readonly half: number;
  readonly most: number;
  readonly all: number;
  /** Tries that nobody waited for any more when their turn came, for each member. */
  readonly vain: number;
}

/** The client's own numbers: component/client/session-open.ts. */
const FIRST_MS = 500;
const LAST_MS = 30_000;
/** How long a client waits for a step to be answered before it tries again. */
const PATIENCE_MS = 10_000;
/** To find a connection closed costs this share of letting somebody in. */
const VAIN_COST = 0.1;

interface Knock {
  hasGivenUp: boolean;
  isServed: boolean;
}

export function simulateStorm(o: Storm): StormResult {
  const time = new Timeline();
  const random = seeded(o.seed);
  const serviceMs = 1000 / o.acceptPerSecond;
  const back: number[] = [];
  const queue: Knock[] = [];
  let next = 0;
  let isServing = false;
  let vain = 0;

  const comeLater = (tries: number): void => {
    const ceiling = Math.min(LAST_MS, FIRST_MS * 2 ** tries);
    time.after(random() * ceiling, () => come(tries + 1));
  };
  const come = (tries: number): void => {
    const knock: Knock = { hasGivenUp: false, isServed: false };
    queue.push(knock);
    time.after(PATIENCE_MS, () => {
      knock.hasGivenUp = !knock.isServed;
      if (knock.hasGivenUp) comeLater(tries);
    });
    if (!isServing) serve();
  };
  /** One after another, first come first served, as connections lie in a listening socket. */
  const serve = (): void => {
    const knock = queue[next];
    isServing = knock !== undefined;
    if (knock === undefined) return;
    next += 1;
    knock.isServed = true;
    if (knock.hasGivenUp) vain += 1;
    else back.push(time.now + serviceMs);
    time.after(knock.hasGivenUp ? serviceMs * VAIN_COST : serviceMs, serve);
  };
  for (let member = 0; member < o.members; member += 1) comeLater(0);
  time.run();
  const at = (share: number): number => (back[Math.ceil(share * back.length) - 1] ?? 0) / 1000;
  return { half: at(0.5), most: at(0.99), all: at(1), vain: vain / o.members };
}
