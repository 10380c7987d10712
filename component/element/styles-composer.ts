/** Where the reader writes, chooses a name, or learns why they cannot. */

import { css } from 'lit';

/** Rules of the forms and notices below the log. */
export const composerStyles = css`
  .composer {
    flex: none;
    padding: 0.2em 0.8em 0.75em;
  }
  .status[data-word] + .composer,
  .composer:has(label) {
    padding-block-start: 0.7em;
  }
  .composer:has(label) {
    border-block-start: 1px solid var(--_line);
  }
  label {
    display: block;
    margin: 0 0.9em 0.5em;
  }
  .field {
    align-items: flex-end;
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
  .field:has([aria-invalid='true']) {
    border-color: var(--_danger);
    outline-color: var(--_danger);
  }
  .input {
    flex: 1;
    min-inline-size: 0;
    max-block-size: min(12em, 35cqb);
    padding: 0.4em 0.75em;
    outline: 0;
    /* Below 16 px a phone zooms the page in when the field is tapped. */
    font-size: max(16px, 1em);
    line-height: 1.4;
    resize: none;
    field-sizing: content;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  ::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .send {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 2.3em;
    block-size: 2.3em;
    border-radius: 99em;
  }
  .send:disabled {
    background: none;
    color: var(--_muted);
  }
  .note {
    margin-inline: 1em;
    color: var(--_muted);
    font-size: 0.85em;
  }
  .note.fault {
    color: var(--_danger);
  }
  .notice {
    flex: none;
    padding: 0.8em 1.1em;
    gap: 0.5em 0.8em;
    border-block-start: 1px solid var(--_line);
    background: var(--_fill);
    color: var(--_muted);
  }
  .notice p {
    flex: 1 0 12em;
  }
  .notice .button {
    color: var(--_ink);
  }
  .void .notice p {
    flex: none;
    max-inline-size: 22em;
    margin-block-end: 0.6em;
  }
`;
