/**
 * A message's text → Lit templates. There is no HTML string anywhere on the way: what a user typed
 * only ever becomes text nodes, `href` (checked in markup-address.ts), `title` and numbers.
 * The stylesheet keeps spaces and line breaks (`white-space: pre-wrap`) and hangs on these tags:
 * p, pre > code, blockquote, ul, ol > li, strong, em, code, a.
 */

import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Piece, Tag } from './markup-inline.ts';
import { tokenize } from './markup-tokens.ts';

/** What a renderer of lists may be given as a part. */
type Part = TemplateResult | string;

const REL = 'noopener noreferrer nofollow ugc';

type Draw = (inside: readonly Part[], value: string | undefined) => Part;

// The formatter would put blanks around what is inside, and they would be seen.
// prettier-ignore
const drawings: Readonly<Record<Tag, Draw>> = {
  p: (inside) => html`<p>${inside}</p>`,
  pre: (inside) => html`<pre><code>${inside}</code></pre>`,
  blockquote: (inside) => html`<blockquote>${inside}</blockquote>`,
  ul: (inside) => html`<ul>${inside}</ul>`,
  ol: (inside) => html`<ol>${inside}</ol>`,
  li: (inside, number) => html`<li value=${number ?? nothing}>${inside}</li>`,
  strong: (inside) => html`<strong>${inside}</strong>`,
  em: (inside) => html`<em>${inside}</em>`,
  code: (inside) => html`<code>${inside}</code>`,
  // The title shows where a link really goes, also when its words are in another alphabet.
  a: (inside, href) => html`<a href=${href} title=${href} target="_blank" rel=${REL}>${inside}</a>`,
};

/** Templates for a text. Pure: equal texts give equal templates. */
export function renderMarkup(source: string): readonly Part[] {
  return tokenize(source).map(draw);
}

function draw(piece: Piece): Part {
  if (typeof piece === 'string') return piece;
  return drawings[piece.tag](piece.inside.map(draw), piece.value);
}
