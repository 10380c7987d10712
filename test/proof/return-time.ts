/** How soon real clients are live again after their server was ended without warning. */

import { setTimeout as wait } from 'node:timers/promises';
import { Dice } from './dice.ts';
import { leadElsewhere } from './faults.ts';
import { Recorder } from './history.ts';
import { meetMembers } from './meet.ts';
import type { Stage } from './stage.ts';

const CLIENTS = 12;
const PATIENCE_MS = 20_000;

/**
 * Ends one server of a calm stage and starts it again at once; where there is another, clients are
 * led there. Resolves with the time from the end to live, for each client it had.
 */
export async function timeReturn(stage: Stage, seed: number): Promise<readonly number[]> {
  stage.spread();
  const dice = new Dice(seed);
  const recorder = new Recorder(() => performance.now());
  const rooms = [`t${seed}`];
  const members = await meetMembers({
    ...{ stage, seed, rooms, recorder, dice },
    ...{ chats: CLIENTS, raws: 0 },
  });
  try {
    await until(() => members.every(({ isLive }) => isLive));
    const { process } = dice.pick(stage.servers);
    const began = performance.now();
    await process.crash();
    await wait(20);
    const missing = new Set(members.filter(({ isLive }) => !isLive));
    leadElsewhere(stage, process);
    const starting = process.startAgain();
    const times: number[] = [];
    await until(() => {
      for (const member of missing) {
        if (!member.isLive) continue;
        missing.delete(member);
        times.push(performance.now() - began);
      }
      return missing.size === 0;
    });
    await starting;
    return times;
  } finally {
    for (const member of members) member.close();
  }
}

async function until(isIt: () => boolean): Promise<void> {
  const started = performance.now();
  while (!isIt()) {
    if (performance.now() - started > PATIENCE_MS) throw new Error('clients did not become live');
    await wait(5);
  }
}
