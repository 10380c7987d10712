/** One message: face, byline, text, and what can be done with it. */

import { css } from 'lit';

export const rowStyles = css`
  .row {
    position: relative;
    display: grid;
    grid-template-columns: 2.5em minmax(0, 1fr);
    column-gap: 0.8em;
    margin-inline: 0.5em;
    padding: 0.12em 0.6em;
    border-radius: 4px;
    outline-offset: -2px;
  }
  .row.first {
    margin-block-start: 0.75em;
    padding-block-start: 0.3em;
    border-start-start-radius: 12px;
    border-start-end-radius: 12px;
  }
  .row.last {
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
  .day + .row.first {
    margin-block-start: 0.2em;
  }

  .side {
    display: flex;
    justify-content: center;
  }
  .avatar {
    position: relative;
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 2.75em;
    block-size: 2.75em;
    margin-block-start: 0.12em;
    overflow: hidden;
    border: 1px solid transparent;
    border-radius: 32%;
    background: light-dark(oklch(0.92 0.05 var(--_hue)), oklch(0.37 0.07 var(--_hue)));
    color: light-dark(oklch(0.4 0.12 var(--_hue)), oklch(0.92 0.05 var(--_hue)));
    font-size: 0.91em;
    font-weight: 650;
    line-height: 1;
    user-select: none;
    -webkit-user-select: none;
  }
  .avatar img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .bare {
    color: var(--_muted);
    font-size: 0.72em;
    line-height: 2.05;
    opacity: 0;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .row:hover .bare,
  .row:focus-within .bare {
    opacity: 1;
  }

  .byline {
    display: flex;
    align-items: baseline;
    flex-wrap: wrap;
    gap: 0 0.5em;
    line-height: 1.35;
  }
  .name {
    min-inline-size: 0;
    overflow-wrap: anywhere;
    color: light-dark(oklch(0.42 0.11 var(--_hue)), oklch(0.86 0.08 var(--_hue)));
    font-weight: 650;
  }
  .time {
    color: var(--_muted);
    font-size: 0.78em;
    white-space: nowrap;
  }
  .tag,
  .member {
    display: inline-flex;
    align-items: center;
    gap: 0.25em;
    align-self: center;
    font-size: 0.72em;
    line-height: 1.5;
  }
  .tag {
    padding-inline: 0.55em;
    border: 1px solid var(--_line);
    border-radius: 99em;
    color: var(--_muted);
  }
  .tag[data-role='you'] {
    border-color: transparent;
    padding-inline: 0;
  }
  .tag[data-role='moderator'],
  .tag[data-role='admin'] {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 600;
  }
  .member {
    color: var(--_accent);
  }
  .member .icon {
    stroke-width: 3;
  }

  .text {
    max-inline-size: 46em;
  }
  .sending .text {
    animation: dim 0.2s 0.5s both;
  }
  @keyframes dim {
    to {
      color: var(--_muted);
    }
  }
  .wait {
    position: absolute;
    inset-block-end: 0.3em;
    inset-inline-end: 0.7em;
    color: var(--_muted);
    font-size: 0.8em;
    animation: appear 0.2s 0.5s backwards;
  }
  .failure {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 0.4em;
    margin-block: 0.1em 0.2em;
    font-size: 0.87em;
  }
  .why {
    display: inline-flex;
    align-items: center;
    gap: 0.4em;
    color: var(--_danger);
  }
  .failed.own {
    background: color-mix(in oklab, var(--_danger) 9%, var(--_surface));
  }

  .actions {
    position: absolute;
    inset-block-start: -0.55em;
    inset-inline-end: 0.6em;
    display: flex;
    border: 1px solid var(--_line);
    border-radius: 8px;
    background: var(--_surface);
    box-shadow: 0 1px 4px rgb(0 0 0 / 0.1);
    opacity: 0;
    pointer-events: none;
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
    block-size: 26px;
    border-radius: 7px;
    color: var(--_muted);
  }
  .action:hover {
    background: var(--_fill);
    color: var(--_ink);
  }

  [data-hue='0'] {
    --_hue: 20;
  }
  [data-hue='1'] {
    --_hue: 50;
  }
  [data-hue='2'] {
    --_hue: 75;
  }
  [data-hue='3'] {
    --_hue: 105;
  }
  [data-hue='4'] {
    --_hue: 135;
  }
  [data-hue='5'] {
    --_hue: 160;
  }
  [data-hue='6'] {
    --_hue: 190;
  }
  [data-hue='7'] {
    --_hue: 220;
  }
  [data-hue='8'] {
    --_hue: 250;
  }
  [data-hue='9'] {
    --_hue: 280;
  }
  [data-hue='10'] {
    --_hue: 310;
  }
  [data-hue='11'] {
    --_hue: 345;
  }

  @container chat (max-width: 380px) {
    .row {
      column-gap: 0.6em;
      margin-inline: 0.2em;
      padding-inline: 0.5em;
    }
  }
  @media (forced-colors: active) {
    .row.own {
      border-inline-start: 3px solid Highlight;
    }
    .avatar,
    .blob {
      border-color: CanvasText;
    }
  }
`;
