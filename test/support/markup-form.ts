/** Markup in a short form to read in tests: `[em a]`, `{href: words}`, `<q …>`, `|` for blocks. */

import assert from 'node:assert/strict';

import type { Piece } from '../../component/element/markup-inline.ts';
import { tokenize } from '../../component/element/markup-tokens.ts';

/** A text, tokenized, in the short form. */
export function form(source: string): string {
  return tokenize(source).map(formOf).join('|');
}

function formOf(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  const { tag, inside, value } = piece;
  const words = (separator: string): string => inside.map(formOf).join(separator);
  switch (tag) {
    case 'p':
      return words('');
    case 'a':
      return `{${value}: ${words('')}}`;
    case 'pre':
      return `<pre ${words('')}>`;
    case 'blockquote':
      return `<q ${words('|')}>`;
    case 'ul':
    case 'ol':
      return `<${tag} ${words('')}>`;
    case 'li':
      return `<${value ?? '-'} ${words('|')}>`;
    default:
      return `[${tag} ${words('')}]`;
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
  return tokenize(source).map(shownOf).join('\n');
}

function shownOf(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  const number = piece.tag === 'li' ? (piece.value ?? '') : '';
  return number + piece.inside.map(shownOf).join(isOfBlocks(piece.tag) ? '\n' : '');
}

/** The `textContent` of what is drawn for a text, one line per block. */
export function contentOf(source: string): string {
  return tokenize(source).map(contentOfPiece).join('\n');
}

function contentOfPiece(piece: Piece): string {
  return typeof piece === 'string' ? piece : piece.inside.map(contentOfPiece).join('');
}

function isOfBlocks(tag: string): boolean {
  return ['blockquote', 'ul', 'ol', 'li'].includes(tag);
}
