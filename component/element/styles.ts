/**
 * How the chat looks. A page changes it by the custom properties read here, each with its comment
 * (the README's table is made from them), and by parts. Everything is a constructed style sheet:
 * no style element and no style attribute, so the strictest policy has nothing to refuse.
 *
 * Lengths are `em` of one font size, in px: a page with another root size changes nothing.
 */

import { css } from 'lit';
import { composerStyles } from './styles-composer.ts';
import { logStyles } from './styles-log.ts';
import { rowStyles } from './styles-row.ts';
import { textStyles } from './styles-text.ts';

const frameStyles = css`
  :host {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    /* Height of the chat; a height set on the element itself does as well. */
    block-size: var(--mini-chat-height, 520px);
    min-block-size: 160px;
    min-inline-size: 0;
    max-inline-size: 100%;
  }
  :host([hidden]) {
    display: none;
  }

  .chat {
    all: initial;
    color-scheme: inherit;
    visibility: inherit;
    pointer-events: inherit;

    /* Colour of links, buttons and focus rings. */
    --_accent: var(--mini-chat-accent, light-dark(#4650d4, #a3acff));
    /* Colour of text on the accent colour. */
    --_on-accent: var(--mini-chat-on-accent, light-dark(#fff, #14152b));
    /* Background of the chat. */
    --_surface: var(--mini-chat-surface, light-dark(#fff, #17181d));
    /* Colour of text. */
    --_ink: var(--mini-chat-ink, light-dark(#1b1d24, #e7e8ee));
    /* Colour of times, hints and other quiet text. */
    --_muted: var(--mini-chat-muted, light-dark(#5b6070, #a2a7b6));
    /* Colour of lines and borders. */
    --_line: var(--mini-chat-line, light-dark(#e3e5ec, #2e3039));
    /* Background of fields, code and hovered messages. */
    --_fill: var(--mini-chat-fill, light-dark(#f4f5f8, #21232a));
    /* Background of the reader's own messages. */
    --_own: var(
      --mini-chat-own,
      light-dark(
        color-mix(in oklab, var(--_accent) 8%, var(--_surface)),
        color-mix(in oklab, var(--_accent) 13%, var(--_surface))
      )
    );
    /* Colour of what went wrong. */
    --_danger: var(--mini-chat-danger, light-dark(#b3261e, #ffa49c));
    /* Roundness of the chat's corners. */
    --_radius: var(--mini-chat-radius, 14px);

    container: chat / size;
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    overflow: hidden;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_ink);
    /* Font of everything; \`inherit\` takes the page's. */
    font-family: var(
      --mini-chat-font,
      system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Noto Sans',
      'Helvetica Neue',
      Arial,
      sans-serif
    );
    /* Size of a message's text; everything else is in proportion. */
    font-size: var(--mini-chat-font-size, 15px);
    line-height: 1.45;
    text-size-adjust: 100%;
    -webkit-text-size-adjust: 100%;
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  p {
    margin: 0;
  }

  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 1px solid transparent;
    margin: 0;
    padding: 0;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button:disabled {
    cursor: default;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .link {
    min-block-size: 24px;
    padding-inline: 0.35em;
    border-radius: 6px;
    color: var(--_accent);
    font-weight: 600;
  }
  .link:hover {
    text-decoration: underline;
  }
  .link.quiet {
    color: var(--_muted);
  }
  .plain,
  .primary {
    flex: none;
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    min-block-size: 2.4em;
    padding-inline: 1em;
    border-radius: 99em;
    font-weight: 600;
  }
  .plain {
    border-color: var(--_line);
  }
  .plain:hover {
    background: var(--_fill);
  }
  .primary {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .primary:hover {
    background: color-mix(in oklab, var(--_accent) 88%, var(--_ink));
  }

  .icon {
    flex: none;
    inline-size: 1.2em;
    block-size: 1.2em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .spinner {
    flex: none;
    inline-size: 1em;
    block-size: 1em;
    border: 2px solid currentColor;
    border-inline-start-color: transparent;
    border-radius: 50%;
    animation: turn 0.8s linear infinite;
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .header {
    flex: none;
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1em;
    min-block-size: 3.4em;
    padding: 0.35em 1.1em;
    border-block-end: 1px solid var(--_line);
  }
  .heading {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 1.08em;
    font-weight: 650;
  }
  .hash {
    margin-inline-end: 0.15em;
    color: var(--_muted);
    font-weight: 400;
  }
  .me {
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    min-inline-size: 0;
    max-inline-size: 55%;
    min-block-size: 28px;
    padding: 0.2em 0.6em 0.2em 0.2em;
    border-radius: 99em;
    color: var(--_muted);
    font-size: 0.9em;
  }
  .me:dir(rtl) {
    padding: 0.2em 0.2em 0.2em 0.6em;
  }
  button.me:hover {
    background: var(--_fill);
    color: var(--_ink);
  }
  .me-name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .me .icon {
    inline-size: 1em;
    block-size: 1em;
  }
  .me .avatar {
    inline-size: 1.9em;
    block-size: 1.9em;
    font-size: 0.82em;
  }

  .status {
    flex: none;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.55em;
    font-size: 0.9em;
    color: var(--_muted);
    background: var(--_fill);
  }
  .status[data-word] {
    padding: 0.3em 1em;
    border-block-start: 1px solid var(--_line);
  }
  .status[data-word='reconnected'] {
    color: light-dark(#1a6b3c, #86d9a5);
  }
  .status[data-word='offline'] {
    color: light-dark(#7a4b00, #f2c46d);
    background: light-dark(#fff6e2, #2e2717);
  }

  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      transition: none !important;
    }
  }
  @container chat (max-height: 300px) {
    .header {
      min-block-size: 2.4em;
      padding-block: 0.1em;
    }
  }
  @container chat (max-width: 380px) {
    .header {
      padding-inline: 0.8em;
    }
  }
`;

/** Every rule of the element, in order. */
export const styles = [frameStyles, logStyles, rowStyles, textStyles, composerStyles];
