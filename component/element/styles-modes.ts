/** The modes outside of the page's flow: a launcher in a corner, its panel, and a whole page. */

import { css } from './css.ts';

/** Rules of `mode="launcher"` and `mode="page"`; the last of all, since they override. */
export const modeStyles = css`
  /* No box of its own: nothing invisible lies on the page. */
  :host([mode='launcher']),
  :host([mode='page']) {
    display: contents;
  }
  :host([hidden]),
  [hidden],
  .log:has(.void) .top,
  /* One is turning in the log. */
  .frame:has(.waiting) + .status .spinner {
    display: none;
  }
  .launcher {
    position: relative;
    box-shadow: 0 8px 40px #0005;
    font-size: 1.6em;
  }
  .heading {
    flex: auto;
  }
  .count {
    position: absolute;
    inset: -4px -4px auto auto;
    padding: 0 0.5em;
    border-radius: 99em;
    background: var(--_danger);
    color: var(--_surface);
    font-size: 0.5em;
  }

  :host([mode='page']) .chat,
  :host([mode='launcher']) .chat {
    position: fixed;
    min-height: 0;
    max-height: none;
    /* Layer of a launcher and of a whole page, among the page's own. */
    z-index: var(--mini-chat-z, 100);
    /* The visual viewport, as far as it was told: what a phone's keyboard leaves. */
    inset: var(--_top, 0) 0 auto;
    height: var(--_height, 100dvh);
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom)
      env(safe-area-inset-left);
    border-width: 0;
    border-radius: 0;
  }
  /* Without height: both of what may be in it grow upwards, and the page around them is free. */
  :host([mode='launcher']) .base {
    position: fixed;
    z-index: var(--mini-chat-z, 100);
    inset: auto 16px 16px;
    margin: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom)
      env(safe-area-inset-left);
    display: flex;
    align-items: end;
    /* Side of a launcher: start, end, left or right. */
    justify-content: var(--mini-chat-side, end);
    height: 0;
  }
  @media (min-width: 481px) and (min-height: 481px) {
    :host([mode='launcher']) .chat {
      position: static;
      width: 400px;
      height: min(var(--mini-chat-height, 520px), 100dvh - 32px);
      padding: 0;
      border-width: 1px;
      border-radius: var(--mini-chat-radius, 14px);
      box-shadow: 0 8px 40px #0005;
    }
  }
`;
