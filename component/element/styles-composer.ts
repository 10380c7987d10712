/** Where the reader writes, chooses a name, or learns why they cannot. */

import { css } from 'lit';

export const composerStyles = css`
  .composer,
  .name-form {
    flex: none;
    padding: 0.1em 0.8em 0.75em;
  }
  .status[data-word] + .composer,
  .status[data-word] + .name-form {
    padding-block-start: 0.7em;
  }
  .name-form {
    padding-block-start: 0.8em;
    border-block-start: 1px solid var(--_line);
  }
  .name-title {
    display: block;
    margin: 0 0.3em 0.5em;
    font-weight: 650;
  }
  .field {
    display: flex;
    align-items: flex-end;
    gap: 0.4em;
    padding: 0.25em;
    border: 1px solid light-dark(#c3c7d2, #484c59);
    border-radius: 1.5em;
    background: var(--_fill);
  }
  .field:focus-within {
    border-color: var(--_accent);
    outline: 1px solid var(--_accent);
    background: var(--_surface);
  }
  .field:has([aria-invalid]) {
    border-color: var(--_danger);
    outline-color: var(--_danger);
  }
  .input {
    flex: 1;
    min-inline-size: 0;
    margin: 0;
    padding: 0.4em 0.75em;
    border: 0;
    outline: 0;
    background: none;
    color: inherit;
    font: inherit;
    /* Below 16 px a phone zooms the page in when the field is tapped. */
    font-size: max(16px, 1em);
    line-height: 1.4;
    resize: none;
  }
  textarea.input {
    display: block;
    field-sizing: content;
    min-block-size: 2.2em;
    max-block-size: min(12em, 35cqb);
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  .input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .send {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 2.3em;
    block-size: 2.3em;
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_on-accent);
    transition: background 0.15s;
  }
  .send:hover {
    background: color-mix(in oklab, var(--_accent) 88%, var(--_ink));
  }
  .send:disabled {
    background: none;
    color: var(--_muted);
  }
  .note {
    display: flex;
    align-items: center;
    gap: 0.4em;
    min-block-size: 0;
    margin: 0.3em 0.9em 0;
    color: var(--_muted);
    font-size: 0.85em;
  }
  .note:not(:has(*)):empty {
    display: none;
  }
  .note.fault {
    color: var(--_danger);
  }

  .notice {
    flex: none;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6em 0.8em;
    padding: 0.8em 1.1em;
    border-block-start: 1px solid var(--_line);
    background: var(--_fill);
  }
  .notice-icon {
    display: grid;
    color: var(--_muted);
  }
  .notice-words {
    flex: 1;
    min-inline-size: 12em;
    color: var(--_muted);
    font-size: 0.93em;
  }
  .notice-words strong {
    display: block;
    color: var(--_ink);
    font-weight: 650;
  }
  .void .notice {
    flex-direction: column;
    max-inline-size: 24em;
    border: 0;
    background: none;
  }
  .void .notice-icon {
    inline-size: 3.6em;
    block-size: 3.6em;
    place-items: center;
    border-radius: 38%;
    background: var(--_fill);
  }
  .void .notice-icon .icon {
    inline-size: 1.7em;
    block-size: 1.7em;
  }
  .void .notice-words {
    flex: none;
    min-inline-size: 0;
    font-size: 1em;
  }
  .void .notice-words strong {
    margin-block-end: 0.2em;
    font-size: 1.1em;
  }
`;
