/**
 * The log: scroller, days, messages, what their markup becomes, and what shows when there are none.
 * Code wraps: a box that scrolls sideways inside the log would trap the keyboard.
 */

import { css } from './css.ts';

/** Rules of the log and of all that is in it. */
export const logStyles = css`
  .frame {
    flex: 1;
    position: relative;
    display: flex;
    min-height: 0;
  }
  .log {
    flex: 1;
    display: flex;
    flex-direction: column;
    min-width: 0;
    padding-bottom: 1.5em;
    overflow: hidden auto;
    overflow-anchor: none;
    scroll-padding: 2em 0 1em;
    scrollbar-width: thin;
  }
  /* A log with nothing to scroll lets the page scroll instead. */
  .log[data-scrolls] {
    overscroll-behavior: none;
  }
  .top,
  .day,
  .typing,
  .quote,
  .marks,
  .people,
  .from-room,
  .note,
  i {
    color: var(--_muted);
    font-size: 0.85em;
  }
  .top,
  .day,
  .typing {
    justify-content: center;
    padding: 0 1.3em;
  }
  .top {
    min-height: 3.2em;
    margin-top: auto;
  }
  .day {
    margin-top: 1.2em;
    font-weight: 600;
  }
  .list > * {
    display: contents;
  }
  .list > :first-child .day {
    margin: 0;
  }
  .unread {
    color: var(--_accent);
  }
  .typing {
    position: absolute;
    inset: auto 0 0;
    background: var(--_surface);
  }
  .day::before,
  .day::after {
    content: '';
    flex: 1;
    border-top: 1px solid var(--_line);
  }

  .row {
    position: relative;
    display: grid;
    grid-template-columns: 2.5em minmax(0, 1fr);
    column-gap: min(0.8em, 2cqi);
    margin: 0 min(0.5em, 1cqi);
    padding: 0.12em 0.6em;
    outline-offset: -2px;
  }
  .row > * {
    grid-column: 2;
  }
  .first {
    margin-top: 0.7em;
    padding-top: 0.3em;
    border-radius: 12px 12px 0 0;
  }
  .last {
    padding-bottom: 0.3em;
    border-radius: 0 0 12px 12px;
  }
  .first.last {
    border-radius: 12px;
  }
  .row:hover,
  .row:focus-within {
    background: var(--_fill);
  }
  .row.own {
    background: var(--_own);
  }
  /* Forced colours paint what is transparent here: they take own messages their background. */
  .own::before,
  .mention::before {
    content: '';
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    border-inline-start: 3px solid transparent;
  }
  .mention::before {
    border-color: var(--_accent);
  }
  .mention {
    background: color-mix(in oklab, var(--_accent) 14%, var(--_surface));
  }
  .from-room {
    justify-content: center;
    grid-template-columns: 0 auto;
    text-align: center;
  }
  .quote {
    width: fit-content;
    max-width: 100%;
    min-height: 24px;
    padding: 0 0.6em;
  }
  .quote,
  blockquote {
    border-inline-start: 3px solid var(--_line);
  }
  .marks {
    flex-wrap: wrap;
    gap: 0.3em 0.5em;
  }
  .quote bdi {
    font-weight: 600;
  }
  button.quote:hover {
    color: var(--_ink);
  }
  .chip,
  .pill {
    min-height: 26px;
    padding: 0 0.6em;
    border-color: var(--_line);
    border-radius: 99em;
    background: var(--_surface);
    color: var(--_ink);
  }
  .chip[aria-pressed='true'] {
    /* Thicker for those who see no colour. */
    border: 2px solid var(--_accent);
    background: var(--_own);
    color: var(--_accent);
    font-weight: 600;
  }
  .row.failed {
    background: color-mix(in oklab, var(--_danger) 9%, var(--_surface));
  }

  .avatar,
  .name {
    color: light-dark(oklch(0.42 0.11 var(--_hue)), oklch(0.9 0.06 var(--_hue)));
  }
  .avatar {
    position: relative;
    flex: none;
    grid-area: 1 / 1 / span 9;
    width: 2.75em;
    height: 2.75em;
    overflow: hidden;
    border-radius: 32%;
    background: light-dark(oklch(0.92 0.05 var(--_hue)), oklch(0.37 0.07 var(--_hue)));
    font-size: 0.9em;
    font-weight: 600;
    line-height: 1;
    user-select: none;
  }
  .avatar,
  .action,
  .blob,
  .send {
    display: grid;
    place-items: center;
  }
  img {
    position: absolute;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }
  time,
  .tag {
    flex: none;
    color: var(--_muted);
    font-size: 0.8em;
  }
  .tag {
    padding: 0 0.5em;
    border: 1px solid var(--_line);
    border-radius: 99em;
    line-height: 1.35;
  }
  [data-role='you'],
  [data-role='member'] {
    border: 0;
    padding: 0;
  }
  [data-role='moderator'],
  [data-role='admin'] {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .wait {
    position: absolute;
    inset-inline-start: -1.15em; /* the end may be where a text of the other way is */
    bottom: 0.2em;
    scale: 0.6;
  }
  .wait,
  .waiting {
    color: var(--_muted);
    animation:
      appear 0.3s 0.5s backwards,
      turn 0.8s linear infinite;
  }
  .byline,
  .failure {
    flex-wrap: wrap;
    gap: 0 0.4em;
  }
  .failure,
  .fault {
    color: var(--_danger);
    font-size: 0.85em;
  }
  .actions {
    position: absolute;
    top: -0.6em;
    inset-inline-end: 0.6em;
    padding: 0 1px;
    border: 1px solid var(--_line);
    border-radius: 8px;
    background: var(--_surface);
    opacity: 0;
    pointer-events: none;
  }
  .row:hover .actions,
  .row:focus-within .actions {
    opacity: 1;
    pointer-events: auto;
  }
  .actions time {
    margin-inline-start: 0.5em;
  }
  .action {
    width: 28px;
    height: 24px;
    border-radius: 8px;
    color: var(--_muted);
  }

  .text {
    max-width: 46em;
    overflow-wrap: anywhere;
  }
  /* Beside its author. Not for all: a width by the text costs its layout twice. */
  .row:dir(ltr) > .text:dir(rtl),
  .row:dir(rtl) > .text:dir(ltr) {
    justify-self: start;
  }
  p,
  li,
  pre {
    white-space: pre-wrap;
  }
  .text * + :is(p, pre, blockquote) {
    margin-top: 0.4em;
  }
  a {
    color: var(--_accent);
  }
  pre,
  code {
    padding: 0.1em 0.3em;
    border: 1px solid var(--_line);
    border-radius: 8px;
    background: var(--_fill);
    font:
      0.93em ui-monospace,
      monospace;
  }
  pre {
    padding: 0.5em 0.8em;
    direction: ltr;
    text-align: left;
    line-height: 1.45;
  }
  pre code {
    all: unset;
  }
  pre,
  blockquote,
  ul,
  ol {
    margin: 0.3em 0;
  }
  blockquote {
    padding-inline-start: 0.8em;
    color: var(--_muted);
  }
  ul,
  ol {
    padding-inline-start: 1.6em;
  }

  .void,
  .void .notice {
    flex: 1 0 auto;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 0.3em;
    padding: 0 1em;
    border: 0;
    background: none;
    color: var(--_muted);
    text-align: center;
    text-wrap: balance;
  }
  b {
    display: block;
    color: var(--_ink);
  }
  .blob {
    width: 2.2em;
    height: 2.2em;
    margin-bottom: 0.3em;
    border-radius: 32%;
    background: var(--_own);
    color: var(--_accent);
    font-size: 1.6em;
  }

  .pill:not(.up) .icon {
    rotate: 180deg;
  }
  .pill {
    position: absolute;
    inset: auto 0 0.8em;
    justify-content: center;
    width: fit-content;
    min-width: 2.5em;
    min-height: 2.5em;
    margin: 0 auto;
    box-shadow: 0 2px 10px #0003;
    font-size: 0.9em;
    font-weight: 600;
    animation: appear 0.15s;
  }
  .up {
    inset: 0.8em 0 auto;
  }

  @container chat (max-height: 320px) {
    .blob {
      display: none;
    }
  }
`;
