/** Where the reader writes, chooses a name, or learns why they cannot. */

import { css } from './css.ts';

/** Rules of the forms and notices below the log. */
export const composerStyles = css`
  .composer {
    flex: none;
    padding: 0.2em 0.8em 0.5em;
  }
  .composer:has(label) {
    padding-top: 0.7em;
  }
  .composer:has(label),
  .notice {
    border-top: 1px solid var(--_line);
  }
  label {
    flex: 1;
    margin: 0.3em 1.1em;
  }
  .field {
    align-items: flex-end;
    margin-bottom: 0.2em;
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
    border: 0;
    min-width: 0;
    max-height: min(12em, 35cqb);
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
    width: 2.3em;
    height: 2.3em;
    border-radius: 99em;
  }
  .send:disabled {
    background: none;
    color: var(--_muted);
  }
  .note {
    margin: 0 1.3em;
  }
  .notice {
    flex: none;
    flex-wrap: wrap;
    justify-content: end;
    padding: 0.8em 1.1em;
    background: var(--_fill);
    color: var(--_muted);
  }
  .notice p {
    flex: 1 12em;
  }
  .notice .button {
    color: var(--_ink);
  }
  .void .notice p {
    flex: none;
    max-width: 22em;
    margin-bottom: 0.6em;
  }
`;
