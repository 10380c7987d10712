/** Icons as templates: no file to fetch, no font, and they take the colour of their text. */

import { html, type TemplateResult } from 'lit/html.js';

/** 24 by 24, strokes of the text's colour, hidden from screen readers: a label stands beside. */
const icon = (path: string): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;

/** Named by what they show. */
export const sendIcon = icon('M12 19V5M6 11l6-6 6 6');
export const checkIcon = icon('M5 13l4.5 4.5L19 7');
export const copyIcon = icon('M9 9h11v11H9zM5 15V4h11');
export const offlineIcon = icon(
  'M2 9a15 15 0 0 1 20 0M5.5 13a10 10 0 0 1 13 0M9 16.5a5 5 0 0 1 6 0M12 20v.1M4 4l16 16',
);
export const lockIcon = icon('M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3');
export const talkIcon = icon('M4 4h12v9H9l-3.5 3v-3H4zM19 9h2v9h-2v2.5L16 18h-5v-2');
