/** Icons as templates: no file to fetch, no font, and they take the colour of their text. */

import { html, svg, type TemplateResult } from 'lit';

/** 24 by 24, strokes of the text's colour, hidden from screen readers: a label stands beside. */
function icon(shape: TemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;
}

export const sendIcon = icon(svg`<path d="M12 19V5M6 11l6-6 6 6" />`);
export const downIcon = icon(svg`<path d="M12 5v14M6 13l6 6 6-6" />`);
export const checkIcon = icon(svg`<path d="M5 13l4.5 4.5L19 7" />`);
export const copyIcon = icon(
  svg`<rect x="9" y="9" width="11" height="11" rx="2.5" /><path
    d="M5.5 15H5a1 1 0 0 1-1-1V6a2 2 0 0 1 2-2h8a1 1 0 0 1 1 1v.5" />`,
);
export const shieldIcon = icon(
  svg`<path d="M12 3l7 3v5c0 4.6-2.9 8.2-7 10-4.1-1.8-7-5.4-7-10V6z" />`,
);
export const clockIcon = icon(svg`<circle cx="12" cy="12" r="8" /><path d="M12 8v4l2.5 2" />`);
export const alertIcon = icon(
  svg`<circle cx="12" cy="12" r="9" /><path d="M12 7.5v5.5M12 16.4v.1" />`,
);
export const offlineIcon = icon(
  svg`<path d="M2 8.5a15 15 0 0 1 20 0M5.5 12.5a10 10 0 0 1 13 0M9 16.3a5 5 0 0 1 6 0M12 20v.1M4
    4l16 16" />`,
);
export const lockIcon = icon(
  svg`<rect x="5" y="11" width="14" height="9" rx="2.5" /><path d="M8 11V8a4 4 0 0 1 8 0v3" />`,
);
export const editIcon = icon(svg`<path d="M4 20l1-4L16 5a2.1 2.1 0 0 1 3 3L8 19zM14 7l3 3" />`);
export const talkIcon = icon(
  svg`<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h7A2.5 2.5 0 0 1 16 6.5v4a2.5 2.5 0 0 1-2.5 2.5H9l-3.5
    3v-3.2A2.5 2.5 0 0 1 4 10.5z" /><path d="M19 9.3a2.4 2.4 0 0 1 1.5 2.2v4a2.5 2.5 0 0 1-2
    2.4V20.500l-3-2.500H11.500a2.500 2.500 0 0 1-2.200-1.300" />`,
);
