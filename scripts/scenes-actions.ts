/** What a reader does with messages, as scenes: menus, the picker, the banner, completion. */

import type { MiniChat } from '../component/element/element.ts';
import { arabicTalk, talk } from './scenes-talk.ts';
import type { Scene, Stage } from './scenes.ts';

/** A row from the end, and what is done with it. */
interface Deed {
  readonly row: number;
  /** `data-act` of a button in the row. */
  readonly act: 'more' | 'react' | 'reply';
  /** `data-deed` of an item in the menu. */
  readonly next?: string;
}

/** In an order that a person may look through. */
export const actionScenes: readonly Scene[] = [
  { name: 'menu', before, after: (stage) => act(stage, { row: 2, act: 'more' }) },
  { name: 'menu-own', before, after: (stage) => act(stage, { row: 1, act: 'more' }) },
  {
    name: 'menu-moderator',
    before(stage) {
      before(stage);
      const { room } = stage;
      room.set({ can: [...room.snapshot.can, 'pin', 'moderate'] });
    },
    after: (stage) => act(stage, { row: 3, act: 'more' }),
  },
  {
    name: 'menu-arabic',
    lang: 'ar',
    dir: 'rtl',
    before: ({ room }) => room.fill(arabicTalk()),
    after: (stage) => act(stage, { row: 2, act: 'more' }),
  },
  {
    name: 'delete-sure',
    before,
    after: (stage) => act(stage, { row: 1, act: 'more', next: 'remove' }),
  },
  { name: 'picker', before, after: (stage) => act(stage, { row: 2, act: 'react' }) },
  {
    name: 'picker-arabic',
    lang: 'ar',
    dir: 'rtl',
    before: ({ room }) => room.fill(arabicTalk()),
    after: (stage) => act(stage, { row: 2, act: 'react' }),
  },
  { name: 'replying', before, after: (stage) => act(stage, { row: 2, act: 'reply' }) },
  {
    name: 'editing',
    before,
    after: (stage) => act(stage, { row: 1, act: 'more', next: 'edit' }),
  },
  { name: 'complete-name', before, after: (stage) => write(stage, 'I asked @') },
  { name: 'complete-emoji', before, after: (stage) => write(stage, 'Well done :ha') },
];

function before({ room }: Stage): void {
  room.fill(talk());
  const own = room.send('I have the numbers ready.');
  room.ack(own);
}

async function act({ element, drawn }: Stage, deed: Deed): Promise<void> {
  await load(element);
  const rows = element.renderRoot.querySelectorAll<HTMLElement>('.row');
  const row = rows[rows.length - deed.row];
  row?.querySelector<HTMLElement>(`[data-act=${deed.act}]`)?.click();
  if (deed.act !== 'reply') await until(element, '.over:popover-open');
  if (deed.next !== undefined) {
    element.renderRoot.querySelector<HTMLElement>(`[data-deed=${deed.next}]`)?.click();
  }
  await drawn();
}

async function write({ element, drawn }: Stage, text: string): Promise<void> {
  await load(element);
  const input = element.renderRoot.querySelector('textarea');
  input?.focus();
  if (input) input.value = text;
  input?.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await until(element, '.over:popover-open');
  await drawn();
}

/** As the first act of a reader does. */
async function load(element: MiniChat): Promise<void> {
  const rows = element.renderRoot.querySelectorAll<HTMLElement>('.row');
  rows[rows.length - 1]?.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
  await until(element, '[data-act]');
}

async function until(element: MiniChat, selector: string): Promise<void> {
  while (element.renderRoot.querySelector(selector) === null) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}
