/** Where the chat can be in its page, as scenes. They fill the window, whatever their place is. */

import type { Mode } from '../component/element/element.ts';
import { userOf } from '../test/support/fake-room.ts';
import { arabicTalk, talk } from './scenes-talk.ts';
import type { Scene, Stage } from './scenes.ts';

/** A launcher of the same room that was open would be open again. */
const closed = { room: 'quay' };

/** In an order that a person may look through. */
export const modeScenes: readonly Scene[] = [
  { name: 'launcher', ...closed, before: (stage) => stand(stage, 'launcher') },
  {
    name: 'launcher-unread',
    ...closed,
    before: (stage) => stand(stage, 'launcher'),
    async after({ element, room, drawn }) {
      element.open();
      await drawn();
      element.close();
      await drawn();
      for (let i = 0; i < 12; i += 1) room.receive(userOf('Grace Hopper'), 'Are you there?');
    },
  },
  {
    name: 'launcher-open',
    before: (stage) => stand(stage, 'launcher'),
    after: ({ element }) => element.open(),
  },
  {
    name: 'launcher-open-rtl',
    lang: 'ar',
    dir: 'rtl',
    before: (stage) => stand(stage, 'launcher', arabicTalk()),
    after: ({ element }) => element.open(),
  },
  { name: 'page', before: (stage) => stand(stage, 'page') },
  {
    name: 'page-rtl',
    lang: 'ar',
    dir: 'rtl',
    before: (stage) => stand(stage, 'page', arabicTalk()),
  },
];

function stand({ element, room }: Stage, mode: Mode, lines = talk()): void {
  element.mode = mode;
  room.fill(lines);
  room.set({ read: room.snapshot.head, unread: 0 });
}
