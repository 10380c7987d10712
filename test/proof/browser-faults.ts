/** What is done to pages themselves; to networks and servers, see faults.ts. */

import { setTimeout as wait } from 'node:timers/promises';

import type { BrowserPerson } from './browser-person.ts';
import type { Dice } from './dice.ts';

type PageFault = (person: BrowserPerson, dice: Dice) => Promise<void>;

/** By the name that a report gives them. Each has ended when it resolves. */
export const pageFaults = {
  'page: reload': (person) => person.reload(),
  'page: away and back': async (person, dice) => {
    await person.leave();
    await wait(dice.between(0, 1000));
    await person.comeBack();
  },
  'page: tab closed': (person, dice) => person.moveToNewTab(dice.between(0, 1500)),
  'page: frozen': async (person, dice) => {
    await person.freeze(true);
    await wait(dice.between(200, 4000));
    await person.freeze(false);
  },
  'page: offline': async ({ profile }, dice) => {
    for (let flaps = dice.between(1, 4); flaps > 0; flaps -= 1) {
      await profile.setOffline?.(true);
      await wait(dice.between(0, 700));
      await profile.setOffline?.(false);
      await wait(dice.between(0, 200));
    }
  },
} as const satisfies Record<string, PageFault>;

export type PageFaultName = keyof typeof pageFaults;

/** One that this person's browser can do. */
export function pickPageFault({ profile }: BrowserPerson, dice: Dice): PageFaultName {
  const names = Object.keys(pageFaults) as PageFaultName[];
  return dice.pick(
    names.filter((name) => {
      if (name === 'page: frozen') return profile.freeze !== undefined;
      return name !== 'page: offline' || profile.setOffline !== undefined;
    }),
  );
}
