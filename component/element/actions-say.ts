/** Words and icons of the second file. */

import type { Kit } from './kit.ts';
import type { ActionKey } from './strings.ts';
import { actionsEn } from './strings-actions-en.ts';

/** In the reader's language, else in English. */
export function say(
  { language }: Kit,
  key: ActionKey,
  facts?: Readonly<Record<string, string | number>>,
): string {
  return language.say(key, facts, actionsEn[key]);
}

/** Drawn as in views-icons.ts, by what each is for. */
const PATHS = {
  react: 'M12 21a9 9 0 1 1 9-9M9 10v.1M15 10v.1M8 14.5a4.5 4.5 0 0 0 6 1M19 16v6M16 19h6',
  reply: 'M9 7l-5 5 5 5M4 12h9a7 7 0 0 1 7 7',
  toQuote: 'M12 20V5M6 11l6-6 6 6M5 3h14',
  openLink: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  more: 'M4.5 11.5h1v1h-1zM11.5 11.5h1v1h-1zM18.5 11.5h1v1h-1z',
  edit: 'M4 20l1-5L16 4l4 4L9 19zM13 7l4 4',
  copyText: 'M9 9h11v11H9zM5 15V4h11',
  copyLink:
    'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  pin: 'M9 4h6l-1 6 4 4H6l4-4zM12 14v6',
  unpin: 'M9 4h6l-1 6 4 4H6l4-4zM12 14v6M4 4l16 16',
  remove: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
  cancel: 'M6 6l12 12M18 6L6 18',
} as const;

/** 24 by 24, in the colour of the text beside it. */
export function icon({ html }: Kit, name: keyof typeof PATHS): unknown {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${PATHS[name]} />
  </svg>`;
}
