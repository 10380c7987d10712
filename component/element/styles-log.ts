/** The log around its rows: scroller, days, what shows when it is empty, the way back down. */

import { css } from 'lit';

export const logStyles = css`
  .log-frame {
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
    overflow: hidden auto;
    overflow-anchor: none;
    padding-block-end: 0.7em;
    scroll-padding-block: 2.5em 0.7em;
    scrollbar-width: thin;
    scrollbar-color: color-mix(in srgb, var(--_muted) 45%, transparent) transparent;
  }
  /* A log with nothing to scroll lets the page scroll instead. */
  .log[data-scrolls] {
    overscroll-behavior: none;
  }
  .top {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-block-size: 3em;
    margin-block-start: auto;
    padding: 0.6em 1.2em;
    color: var(--_muted);
    font-size: 0.87em;
    text-align: center;
  }

  .day {
    display: flex;
    align-items: center;
    gap: 0.9em;
    margin-block: 1em 0.3em;
    padding-inline: 1.2em;
    color: var(--_muted);
    font-size: 0.8em;
    font-weight: 600;
  }
  .day::before,
  .day::after {
    content: '';
    flex: 1;
    border-block-start: 1px solid var(--_line);
  }
  .day:first-child {
    margin-block-start: 0;
  }

  .void {
    flex: 1 0 auto;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 0.2em;
    padding: 1.2em;
    text-align: center;
  }
  .void + * {
    display: none;
  }
  .log:has(.void) .top {
    display: none;
  }
  .blob {
    display: grid;
    place-items: center;
    inline-size: 3.6em;
    block-size: 3.6em;
    margin-block-end: 0.7em;
    border: 1px solid transparent;
    border-radius: 38%;
    background: var(--_own);
    color: var(--_accent);
  }
  .blob .icon {
    inline-size: 1.9em;
    block-size: 1.9em;
    stroke-width: 1.6;
  }
  .void-title {
    font-size: 1.1em;
    font-weight: 650;
  }
  .void-text {
    max-inline-size: 26em;
    color: var(--_muted);
  }

  .skeleton {
    align-self: stretch;
    margin-block-start: auto;
    animation: appear 0.3s 0.4s backwards;
  }
  .bone-row {
    display: grid;
    grid-template-columns: 2.5em 1fr;
    gap: 0.45em 0.8em;
    margin-block-start: 1.3em;
  }
  .bone {
    block-size: 0.75em;
    border-radius: 99em;
    background: var(--_line);
    max-inline-size: 16em;
  }
  .bone.face {
    grid-row: span 2;
    block-size: 2.5em;
    border-radius: 32%;
  }
  .bone-row .bone:nth-child(2) {
    inline-size: 30%;
    margin-block-start: 0.4em;
  }
  .bone-row:nth-child(2) .bone:last-child {
    inline-size: 55%;
  }

  .pill {
    position: absolute;
    inset-block-end: 0.8em;
    inset-inline: 0;
    inline-size: fit-content;
    max-inline-size: calc(100% - 2em);
    margin-inline: auto;
    display: flex;
    align-items: center;
    gap: 0.4em;
    min-inline-size: 2.5em;
    min-block-size: 2.5em;
    justify-content: center;
    border: 1px solid var(--_line);
    border-radius: 99em;
    background: var(--_surface);
    color: var(--_ink);
    font-size: 0.9em;
    font-weight: 600;
    box-shadow: 0 2px 10px rgb(0 0 0 / 0.16);
    animation: appear 0.15s;
  }
  .pill.new {
    padding-inline: 0.9em 1.1em;
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .pill:hover {
    box-shadow: 0 3px 14px rgb(0 0 0 / 0.26);
  }
`;
