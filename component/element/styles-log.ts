/**
 * The log: scroller, days, messages, what their markup becomes, and what shows when there are none.
 * Code wraps: a box that scrolls sideways inside the log would trap the keyboard.
 */

import { css } from 'lit';

/** Rules of the log and of all that is in it. */
export const logStyles = css`
  .frame {
    flex: 1;
    position: relative;
    display: flex;
    min-block-size: 0;
  }
  .log {
    flex: 1;
    display: flex;
    flex-direction: column;
    min-inline-size: 0;
    padding-block-end: 0.7em;
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
  .day {
    justify-content: center;
    padding-inline: 1.2em;
    color: var(--_muted);
    font-size: 0.84em;
  }
  .top {
    min-block-size: 3.2em;
    margin-block-start: auto;
  }
  .day {
    margin-block-start: 1.2em;
    font-weight: 600;
  }
  .day:first-child {
    margin: 0;
  }
  .day::before,
  .day::after {
    content: '';
    flex: 1;
    border-block-start: 1px solid var(--_line);
  }

  .row {
    position: relative;
    display: grid;
    grid-template-columns: 2.5em minmax(0, 1fr);
    column-gap: 0.8em;
    margin-inline: min(0.5em, 1cqi);
    padding: 0.12em 0.6em;
    outline-offset: -2px;
  }
  .row > * {
    grid-column: 2;
  }
  .first {
    margin-block-start: 0.7em;
    padding-block-start: 0.3em;
    border-start-start-radius: 12px;
    border-start-end-radius: 12px;
  }
  .last {
    padding-block-end: 0.3em;
    border-end-start-radius: 12px;
    border-end-end-radius: 12px;
  }
  .row:hover,
  .row:focus-within {
    background: var(--_fill);
  }
  .row.own {
    background: var(--_own);
  }
  .row.failed {
    background: color-mix(in oklab, var(--_danger) 9%, var(--_surface));
  }

  .avatar {
    position: relative;
    flex: none;
    grid-area: 1 / 1 / span 9;
    display: grid;
    place-items: center;
    inline-size: 2.75em;
    block-size: 2.75em;
    overflow: hidden;
    border: 1px solid transparent;
    border-radius: 32%;
    background: light-dark(oklch(0.92 0.05 var(--_hue)), oklch(0.37 0.07 var(--_hue)));
    color: light-dark(oklch(0.4 0.12 var(--_hue)), oklch(0.92 0.05 var(--_hue)));
    font-size: 0.91em;
    font-weight: 650;
    line-height: 1;
    user-select: none;
  }
  img {
    position: absolute;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .name {
    color: light-dark(oklch(0.42 0.11 var(--_hue)), oklch(0.86 0.08 var(--_hue)));
  }
  time,
  .tag {
    flex: none;
    color: var(--_muted);
    font-size: 0.78em;
  }
  .tag {
    gap: 0.2em;
    padding-inline: 0.5em;
    border: 1px solid var(--_line);
    border-radius: 99em;
    line-height: 1.35;
  }
  [data-role='you'],
  [data-role='member'] {
    border: 0;
    padding: 0;
  }
  [data-role='member'] {
    inline-size: 1.2em;
    overflow: hidden;
  }
  [data-role='moderator'],
  [data-role='admin'] {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .wait {
    position: absolute;
    inset: auto 0.7em 0.2em auto;
    color: var(--_muted);
    font-size: 0.8em;
  }
  .wait:dir(rtl) {
    inset: auto auto 0.2em 0.7em;
  }
  .wait,
  .late,
  .sending .text {
    animation: appear 0.3s 0.5s backwards;
  }
  .sending .text {
    animation-name: dim;
    animation-fill-mode: forwards;
  }
  @keyframes dim {
    to {
      color: var(--_muted);
    }
  }
  .failure,
  .fault {
    color: var(--_danger);
    font-size: 0.87em;
    flex-wrap: wrap;
  }
  .failure span {
    flex: 0 1 auto;
    max-inline-size: calc(100% - 2em);
  }
  .actions {
    position: absolute;
    inset-block-start: -0.6em;
    inset-inline-end: 0.6em;
    padding-inline: 0.5em 1px;
    border: 1px solid var(--_line);
    border-radius: 8px;
    background: var(--_surface);
    opacity: 0;
    pointer-events: none;
  }
  .first .actions {
    padding-inline-start: 1px;
  }
  .row:hover .actions,
  .row:focus-within .actions {
    opacity: 1;
    pointer-events: auto;
  }
  .action {
    display: grid;
    place-items: center;
    inline-size: 28px;
    block-size: 24px;
    border-radius: 7px;
    color: var(--_muted);
  }

  .text {
    max-inline-size: 46em;
    overflow-wrap: anywhere;
  }
  .text[data-size] {
    font-size: 2.1em;
    line-height: 1.25;
  }
  p,
  li,
  pre {
    white-space: pre-wrap;
  }
  .text * + :is(p, pre, blockquote) {
    margin-block-start: 0.4em;
  }
  a {
    color: var(--_accent);
    text-underline-offset: 0.15em;
  }
  pre,
  code {
    padding: 0.1em 0.3em;
    border: 1px solid var(--_line);
    border-radius: 6px;
    background: color-mix(in srgb, var(--_muted) 8%, var(--_surface));
    font-family: ui-monospace, Menlo, Consolas, monospace;
    font-size: 0.93em;
  }
  pre {
    margin: 0.3em 0;
    padding: 0.5em 0.8em;
    direction: ltr;
    text-align: left;
  }
  pre code {
    all: unset;
  }
  blockquote {
    margin: 0.3em 0;
    padding-inline-start: 0.8em;
    border-inline-start: 3px solid var(--_line);
    color: var(--_muted);
  }
  ul,
  ol {
    margin: 0.2em 0;
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
  }
  .log:has(.void) .top {
    display: none;
  }
  b {
    display: block;
    color: var(--_ink);
  }
  .blob {
    display: grid;
    place-items: center;
    inline-size: 2.2em;
    block-size: 2.2em;
    margin-block-end: 0.3em;
    border: 1px solid transparent;
    border-radius: 38%;
    background: var(--_own);
    color: var(--_accent);
    font-size: 1.6em;
  }
  .pill {
    position: absolute;
    inset: auto 0 0.8em;
    justify-content: center;
    inline-size: fit-content;
    min-inline-size: 2.5em;
    min-block-size: 2.5em;
    margin-inline: auto;
    padding-inline: 0.6em;
    border-color: var(--_line);
    border-radius: 99em;
    background: var(--_surface);
    box-shadow: 0 2px 10px rgb(0 0 0 / 0.2);
    font-size: 0.9em;
    font-weight: 600;
    animation: appear 0.15s;
  }

  [data-hue='0'] {
    --_hue: 20;
  }
  [data-hue='1'] {
    --_hue: 50;
  }
  [data-hue='2'] {
    --_hue: 80;
  }
  [data-hue='3'] {
    --_hue: 110;
  }
  [data-hue='4'] {
    --_hue: 140;
  }
  [data-hue='5'] {
    --_hue: 170;
  }
  [data-hue='6'] {
    --_hue: 200;
  }
  [data-hue='7'] {
    --_hue: 240;
  }
  [data-hue='8'] {
    --_hue: 280;
  }
  [data-hue='9'] {
    --_hue: 330;
  }

  @container chat (max-height: 320px) {
    .blob {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .own {
      border-inline-start: 3px solid Highlight;
    }
  }
`;
