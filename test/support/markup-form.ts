/** Markup in a short form to read in tests: `[em a]`, `{href: words}`, `<q …>`, `|` for blocks. */

import assert from 'node:assert/strict';

import type { Inline } from '../../component/element/markup-inline.ts';
import { type Block, tokenize } from '../../component/element/markup-tokens.ts';

/** A text, tokenized, in the short form. */
export function form(source: string): string {
  return tokenize(source).map(formBlock).join('|');
}

function formBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.inline.map(formInline).join('');
    case 'code':
      return `<pre:${block.language} ${block.text}>`;
    case 'quote':
      return `<q ${block.blocks.map(formBlock).join('|')}>`;
    case 'list': {
      const items = block.items.map(
        ({ number, blocks }) => `<${number ?? '-'} ${blocks.map(formBlock).join('|')}>`,
      );
      return `<${block.isOrdered ? 'ol' : 'ul'} ${items.join('')}>`;
    }
  }
}

function formInline(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'code':
      return `[code ${inline.text}]`;
    case 'link':
      return `{${inline.href}: ${inline.inline.map(formInline).join('')}}`;
    default:
      return `[${inline.kind} ${inline.inline.map(formInline).join('')}]`;
  }
}

/** Each source has this form. */
export function same(cases: Readonly<Record<string, string>>): void {
  for (const [source, wanted] of Object.entries(cases)) assert.equal(form(source), wanted, source);
}

/** Each source comes out as it went in. */
export function untouched(sources: readonly string[]): void {
  for (const source of sources) assert.equal(form(source), source);
}

/** What a reader sees of a text: its marks gone, the numbers of lists kept. */
export function shown(source: string): string {
  return tokenize(source).map(shownBlock).join('\n');
}

function shownBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.inline.map(shownInline).join('');
    case 'code':
      return (block.language === '' ? '' : `${block.language}\n`) + block.text;
    case 'quote':
      return block.blocks.map(shownBlock).join('\n');
    case 'list':
      return block.items
        .map(({ number = '', blocks }) => String(number) + blocks.map(shownBlock).join('\n'))
        .join('\n');
  }
}

function shownInline(inline: Inline): string {
  return 'text' in inline ? inline.text : inline.inline.map(shownInline).join('');
}

/** The `textContent` of what is drawn for a text, one line per block. */
export function contentOf(source: string): string {
  return tokenize(source).map(contentOfBlock).join('\n');
}

function contentOfBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.inline.map(shownInline).join('');
    case 'code':
      return block.text;
    case 'quote':
      return block.blocks.map(contentOfBlock).join('');
    case 'list':
      return block.items.flatMap(({ blocks }) => blocks.map(contentOfBlock)).join('');
  }
}
