/**
 * How the chat looks. A page changes it by the custom properties read here, each with its comment
 * (the README's table is made from them), and by parts. Everything is a constructed style sheet:
 * no style element and no style attribute, so the strictest policy has nothing to refuse.
 *
 * Lengths are `em` of one font size, in px: a page with another root size changes nothing.
 */

import { css } from './css.ts';
import { composerStyles } from './styles-composer.ts';
import { logStyles } from './styles-log.ts';
import { modeStyles } from './styles-modes.ts';

const frameStyles = css`
  :host {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-height: 160px;
    max-width: 100%;
  }

  /* Around the chat and its launcher, so that no mode takes the chat out of the document. */
  .base {
    all: initial;
    display: contents;
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
    --_own: var(--mini-chat-own, color-mix(in oklab, var(--_accent) 9%, var(--_surface)));
    /* Colour of what went wrong. */
    --_danger: var(--mini-chat-danger, light-dark(#b3261e, #ffa49c));

    color: var(--_ink);
    /* Size of a message's text; everything else is in proportion. */
    font-size: var(--mini-chat-font-size, 15px);
    /* Font of everything; theme="auto" takes that of the page. */
    font-family: var(--mini-chat-font, system-ui, sans-serif);
    line-height: 1.45;
    -webkit-text-size-adjust: 100%;
  }
  .chat {
    container: chat / size;
    /* Height of the chat; a height set on the element itself does as well. */
    height: var(--mini-chat-height, 520px);
    /* That of the element, where it has one. A reset like “* { all: unset }” takes away the box. */
    min-height: 100%;
    max-height: 100%;
    display: flex;
    flex-direction: column;
    overflow: hidden;
    border: 1px solid var(--_line);
    /* Roundness of the chat's corners. */
    border-radius: var(--mini-chat-radius, 14px);
    background: var(--_surface);
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  button,
  input,
  textarea {
    margin: 0;
    padding: 0;
    border: 1px solid transparent;
    background: none;
    color: inherit;
    font: inherit;
  }
  button:enabled,
  summary {
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  p {
    margin: 0;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 0.5em;
    min-width: 0;
  }
  .link,
  .button {
    min-height: 24px;
    padding: 0 0.3em;
    border-radius: 99em;
    color: var(--_accent);
    font-weight: 600;
    white-space: nowrap;
  }
  .link:not(.me):hover,
  .link:hover bdi {
    text-decoration: underline;
  }
  .button {
    min-height: 2.4em;
    padding: 0 1em;
    border-color: var(--_line);
    color: inherit;
  }
  .button:hover,
  .action:hover {
    background: var(--_fill);
    color: var(--_ink);
  }
  .main.button,
  .send,
  .pill.new {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .main.button:hover,
  .send:enabled:hover {
    background: color-mix(in oklab, var(--_accent) 88%, var(--_ink));
  }
  .icon,
  .spinner {
    flex: none;
    width: 1.2em;
    height: 1.2em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .spinner {
    scale: 0.8;
    border: 2px solid;
    border-top-color: transparent;
    /* Forced colours would close the ring, which then seems to stand still. */
    forced-color-adjust: none;
    border-radius: 99em;
    animation: turn 0.8s linear infinite;
  }
  .hidden {
    position: absolute;
    width: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .header {
    flex: none;
    justify-content: space-between;
    min-height: min(3.4em, 16cqb);
    padding: 0 1.1em;
    border-bottom: 1px solid var(--_line);
  }
  .heading,
  .me bdi,
  .name,
  .quote,
  .typing,
  .input:placeholder-shown {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .heading,
  .name,
  b,
  label {
    font-weight: 650;
  }
  /* As long as it is, or shorter, before what is beside it goes to another line. */
  .name {
    flex: 1 4em;
    max-width: max-content;
  }
  .heading,
  b {
    font-size: 1.08em;
  }
  .people {
    white-space: nowrap;
  }
  .me {
    flex-shrink: 999;
    min-width: 2.2em;
    max-width: 55%;
    color: var(--_muted);
    font-size: 0.9em;
  }
  .me .avatar {
    font-size: 0.66em;
  }
  .hue0 {
    --_hue: 20;
  }
  .hue1 {
    --_hue: 70;
  }
  .hue2 {
    --_hue: 130;
  }
  .hue3 {
    --_hue: 190;
  }
  .hue4 {
    --_hue: 250;
  }
  .hue5 {
    --_hue: 320;
  }

  .status {
    flex: none;
    justify-content: center;
    background: var(--_fill);
    color: var(--_muted);
    font-size: 0.9em;
  }
  .status[data-word] {
    margin-bottom: 0.5em;
    padding: 0.3em 1em;
    border-top: 1px solid var(--_line);
  }
  .status[data-word='offline'] {
    color: light-dark(#7a4b00, #f2c46d);
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
    }
  }
`;

/** Every rule of the element, in order. */
export const styles = [frameStyles, logStyles, composerStyles, modeStyles];
