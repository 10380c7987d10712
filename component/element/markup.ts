/**
 * A message's text → Lit templates. There is no HTML string anywhere on the way: what a user typed
 * only ever becomes text nodes, `href` (checked in markup-address.ts), `title` and data attributes.
 * The stylesheet keeps spaces and line breaks (`white-space: pre-wrap`) and hangs on these tags:
 * p, pre > code, blockquote, ul, ol > li, strong, em, s, code, a.
 */

import { html, nothing, type TemplateResult } from 'lit';
import type { Inline } from './markup-inline.ts';
import { type Block, type Item, tokenize } from './markup-tokens.ts';

/** What a renderer of lists may be given as a part. */
type Part = TemplateResult | string;

/** Templates for a text. Pure: equal texts give equal templates. */
export function renderMarkup(source: string): readonly Part[] {
  return tokenize(source).map(renderBlock);
}

function renderBlock(block: Block): Part {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${block.inline.map(renderInline)}</p>`;
    case 'code':
      return html`<pre data-language=${block.language || nothing}><code>${block.text}</code></pre>`;
    case 'quote':
      return html`<blockquote>${block.blocks.map(renderBlock)}</blockquote>`;
    case 'list':
      return renderList(block.isOrdered, block.items.map(renderItem));
  }
}

function renderList(isOrdered: boolean, items: readonly Part[]): Part {
  // The formatter would put blanks around the items, and they would be seen.
  // prettier-ignore
  return isOrdered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
}

function renderItem({ number, blocks }: Item): Part {
  return html`<li value=${number ?? nothing}>${blocks.map(renderBlock)}</li>`;
}

function renderInline(inline: Inline): Part {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'code':
      return html`<code>${inline.text}</code>`;
    case 'strong':
      return html`<strong>${inline.inline.map(renderInline)}</strong>`;
    case 'em':
      return html`<em>${inline.inline.map(renderInline)}</em>`;
    case 'strike':
      return html`<s>${inline.inline.map(renderInline)}</s>`;
    case 'link':
      // The title shows where a link really goes, also when its words are in another alphabet.
      return html`<a
        href=${inline.href}
        title=${inline.href}
        target="_blank"
        rel="noopener noreferrer nofollow ugc"
        >${inline.inline.map(renderInline)}</a
      >`;
  }
}
