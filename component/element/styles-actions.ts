/** How menus, the picker and the banner look. Added to the sheets of the root with the file. */

import { css } from './css.ts';

/** Uses the colours of styles.ts. */
export const actionStyles = css`
  .over {
    position: fixed;
    inset: auto;
    max-width: calc(100vw - 12px);
    max-height: calc(100dvh - 12px);
    margin: 0;
    padding: 0.3em;
    overflow: auto;
    border: 1px solid var(--_line);
    border-radius: 0.8em;
    background: var(--_surface);
    color: var(--_ink);
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.22);
  }
  .deed {
    width: 100%;
    min-height: 2.3em;
    padding: 0 0.7em;
    border-radius: 0.5em;
    text-align: start;
  }
  .deed .icon,
  kbd {
    color: var(--_muted);
  }
  kbd {
    margin-inline-start: auto;
    padding: 0 0.4em;
    border: 1px solid var(--_line);
    border-radius: 0.3em;
    font: inherit;
    font-size: 0.8em;
  }
  .deed:hover,
  .deed:focus-visible,
  .over .face:hover,
  .deed[aria-selected='true'],
  .face[aria-selected='true'] {
    background: var(--_fill);
  }
  .over :focus-visible,
  .over [aria-selected='true'] {
    outline: 2px solid var(--_accent);
    outline-offset: -2px;
  }
  .deed[data-deed='remove'],
  .deed[data-deed='remove'] .icon,
  .over .danger {
    color: var(--_danger);
  }
  .quick {
    gap: 0.1em;
    margin-bottom: 0.3em;
    padding-bottom: 0.3em;
    border-bottom: 1px solid var(--_line);
  }
  .over .face {
    display: inline-flex;
    flex: none;
    align-items: center;
    justify-content: center;
    width: 2em;
    height: 2em;
    border-radius: 0.5em;
    font-size: 1.15em;
    line-height: 1;
    cursor: pointer;
  }
  .quick .face {
    font-size: 1.2em;
  }
  .face[aria-checked='true'] {
    border-color: var(--_accent);
    background: color-mix(in oklab, var(--_accent) 14%, var(--_surface));
  }
  .sure {
    max-width: 18em;
    padding: 0.5em 0.6em;
  }
  .sure .line {
    margin-top: 0.7em;
  }

  .picker {
    display: flex;
    flex-direction: column;
    width: 19.5em;
    max-width: 100%;
  }
  .search {
    flex: none;
    min-height: 2.4em;
    padding: 0 0.7em;
    border-color: var(--_line);
    border-radius: 0.5em;
    background: var(--_fill);
  }
  .faces {
    height: 14em;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .group {
    display: grid;
    grid-template-columns: repeat(auto-fill, 2.3em);
    justify-content: space-between;
  }
  .group .title {
    grid-column: 1 / -1;
    padding: 0.6em 0.3em 0.2em;
    color: var(--_muted);
    font-size: 0.85em;
    font-weight: 600;
  }
  .none {
    padding: 0.6em;
    color: var(--_muted);
  }
  .deed .gist {
    max-width: 16em;
  }
  .deed .names {
    max-width: 16em;
    overflow-wrap: anywhere;
  }
  .hints {
    min-width: 11em;
  }
  .hints .deed {
    cursor: pointer;
  }
  .hints .face {
    width: auto;
    height: auto;
  }

  .header:has([open]) {
    position: relative;
    z-index: 1;
  }
  .over.who {
    position: absolute;
    inset: 100% 0.6em auto auto;
    max-width: calc(100cqi - 1.2em);
    max-height: 60cqb;
    padding: 0.3em 0.7em;
    list-style: none;
  }
  .who:dir(rtl) {
    inset: 100% auto auto 0.6em;
  }
  .who li {
    min-height: 1.9em;
  }
  .who bdi {
    color: var(--_ink);
  }

  .banner {
    flex: none;
    margin-block-end: 0.5em;
    padding-block: 0.35em;
    padding-inline: 1.1em 0.6em;
    border-top: 1px solid var(--_line);
    background: var(--_fill);
    font-size: 0.9em;
  }
  .banner .icon {
    color: var(--_accent);
  }
  .gist {
    flex: 1;
  }
  /* Each in its own direction: what is too long loses its end, not its beginning. */
  .gist > * {
    display: block;
    width: fit-content;
    max-width: 100%;
    font-size: 1em;
  }
  .gist,
  .gist > *,
  .hints bdi,
  .who bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  /* A long press opens the menu; what the platform does with one would come over it. */
  @media (hover: none) {
    kbd {
      display: none;
    }
    .row {
      -webkit-touch-callout: none;
      -webkit-user-select: none;
      user-select: none;
    }
  }
`;
