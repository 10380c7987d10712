/** Icons as templates: no file to fetch, no font, and they take the colour of their text. */

import { html, type TemplateResult } from 'lit/html.js';

/** 24 by 24, strokes of the text's colour, hidden from screen readers: a label stands beside. */
const icon = (path: string): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;

/** Named by what they show. */
export const sendIcon = icon('M12 19V5M6 11l6-6 6 6');
export const checkIcon = icon('M5 13l4.5 4.5L19 7');
export const offlineIcon = icon('M3 9a14 14 0 0 1 18 0M8 15a6 6 0 0 1 8 0M12 20v.1M4 4l16 16');
export const lockIcon = icon('M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3');
export const closeIcon = icon('M6 6l12 12M18 6L6 18');
export const talkIcon = icon('M4 5h16v11H9l-5 4z');
