/** What markup makes of a message's text. Code wraps: a box that scrolls sideways traps the keys. */

import { css } from 'lit';

export const textStyles = css`
  .text {
    overflow-wrap: anywhere;
  }
  .text p,
  .text li,
  .text pre {
    white-space: pre-wrap;
  }
  .text p + *,
  .text * + p,
  .text * + pre,
  .text * + blockquote {
    margin-block-start: 0.4em;
  }
  .text a {
    color: var(--_accent);
    text-underline-offset: 0.15em;
    text-decoration-thickness: 1px;
    border-radius: 3px;
  }
  .text a:hover {
    text-decoration-thickness: 2px;
  }
  .text code {
    padding: 0.1em 0.3em;
    border: 1px solid var(--_line);
    border-radius: 5px;
    background: var(--_fill);
    font:
      0.88em ui-monospace,
      SFMono-Regular,
      Menlo,
      Consolas,
      'Noto Sans Mono',
      monospace;
  }
  .text pre {
    margin: 0.3em 0;
    padding: 0.6em 0.8em;
    border: 1px solid var(--_line);
    border-radius: 8px;
    background: var(--_fill);
    line-height: 1.5;
    direction: ltr;
    text-align: left;
    tab-size: 4;
  }
  .text pre code {
    padding: 0;
    border: 0;
    background: none;
  }
  .row:hover :is(pre, code),
  .row.own :is(pre, code) {
    background: var(--_surface);
  }
  .row pre code {
    background: none !important;
  }
  .text blockquote {
    margin: 0.3em 0;
    padding-inline-start: 0.8em;
    border-inline-start: 3px solid var(--_line);
    color: var(--_muted);
  }
  .text ul,
  .text ol {
    margin: 0.2em 0;
    padding-inline-start: 1.6em;
  }
  .text[data-size='jumbo'] {
    font-size: 2.1em;
    line-height: 1.25;
  }
`;
