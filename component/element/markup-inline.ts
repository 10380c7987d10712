/**
 * A paragraph → text, emphasis, code and links, in one pass that only goes forward. What is open
 * is a stack that holds each mark once at most, so depth is bounded and time is linear.
 *
 * Stricter than Markdown where chat needs it: a mark opens only at the start of a word, closes only
 * at the end of one, and must enclose a letter, so that snake_case, `^_^`, globs and `¯\_(ツ)_/¯`
 * stay as they were typed.
 */

import { BARE, hrefOf, isHonest, LINK } from './markup-address.ts';

/** Names of the elements that a text may become. */
export type Tag = 'p' | 'pre' | 'blockquote' | 'ul' | 'ol' | 'li' | 'strong' | 'em' | 'code' | 'a';

/** A piece of a text: as it is, or with what it was marked as. */
export type Piece = string | Marked;

/** Marked text. */
export interface Marked {
  readonly tag: Tag;
  readonly inside: Piece[];
  /** Where a link goes, or the number typed before an item. */
  readonly value?: string | undefined;
}

interface Frame {
  /** `*`, `**` or `_`; empty at the bottom of the stack. */
  readonly mark: string;
  readonly from: number;
  readonly inside: Piece[];
}

/** Longer runs of backticks than two are decoration, and none may begin inside of them. */
const TOKEN = new RegExp(
  `\`{3,}|(\`\`[^]+?\`\`|(?<!\`)\`[^\`]+\`)|${LINK}|(${BARE})|\\*+|_+`,
  'giu',
);
/** A letter, digit or symbol: what emphasis must enclose. All of ASCII's punctuation is none. */
const LETTER = /[^\s!-/:-@[-`{-~]/;
/** From U+0E00 on are scripts without spaces between words, punctuation of all scripts, emoji. */
const BEFORE_WORD = /[([{"'*_\u0e00-\uffff]/;
const AFTER_WORD = /[\s.,;:!?)\]}"'*_~/>|\u0e00-\uffff-]/;

interface Reader {
  readonly source: string;
  readonly stack: Frame[];
  /** Up to where the source has become pieces. */
  at: number;
  /** Where the last piece with a letter began: marks around none are a smiley. */
  letterAt: number;
}

/** The pieces of a paragraph. */
export function inlineOf(source: string): Piece[] {
  const inside: Piece[] = [];
  const reader: Reader = { source, stack: [{ mark: '', from: -1, inside }], at: 0, letterAt: -1 };
  for (const match of source.matchAll(TOKEN)) {
    const [run, code, words = '', address, bare] = match;
    const from = match.index;
    const href = hrefOf(address ?? bare ?? '');
    if (code) {
      const text = code.startsWith('``') ? code.slice(2, -2).trim() : code.slice(1, -1);
      take(reader, from, run, { tag: 'code', inside: [text] });
    } else if (href && (bare || isHonest(words, href))) {
      // Words that are an address would become a link in a link.
      const shown = bare || hrefOf(words) ? [bare ?? words] : inlineOf(words);
      take(reader, from, run, { tag: 'a', inside: shown, value: href });
    } else if (/^[*_]/.test(run)) takeMarks(reader, from, run);
  }
  take(reader, source.length);
  unwind(reader, 1);
  return inside;
}

/** Takes the text up to `from`, and the run that became a piece. */
function take(reader: Reader, from: number, run = '', piece?: Piece): void {
  const text = reader.source.slice(reader.at, from);
  if (LETTER.test(text)) reader.letterAt = reader.at;
  if (text !== '') add(reader, text);
  if (piece !== undefined) {
    reader.letterAt = from;
    add(reader, piece);
  }
  reader.at = from + run.length;
}

/** Closes what a run of marks can close, and opens what is left of it. */
function takeMarks(reader: Reader, from: number, run: string): void {
  if (run.length > (run < '_' ? 3 : 1)) return;
  const { source, stack } = reader;
  const before = source[from - 1] ?? ' ';
  const after = source[from + run.length] ?? ' ';
  // A double mark may also close inside a word.
  const mayClose = !/[\s([{]/.test(before) && (run.length > 1 || AFTER_WORD.test(after));
  const mayOpen = /\s/.test(before)
    ? !/[\s.,;:!?)\]}/~]/.test(after)
    : BEFORE_WORD.test(before) && /[\w[`\u0080-\uffff]/.test(after);
  let left = run;
  take(reader, from);
  while (mayClose) {
    const index = stack.findLastIndex(({ mark }) => mark !== '' && left.startsWith(mark));
    const frame = stack[index];
    if (!frame || frame.from > reader.letterAt) break;
    unwind(reader, index + 1);
    stack.pop();
    add(reader, { tag: frame.mark === '**' ? 'strong' : 'em', inside: frame.inside });
    left = left.slice(frame.mark.length);
  }
  while (mayOpen && left !== '') {
    const mark = left.slice(0, 2);
    // One that is open already becomes text: the later one is nearer to what will close it.
    const index = stack.findIndex((frame) => frame.mark === mark);
    if (index > 0) unwind(reader, index);
    stack.push({ mark, from, inside: [] });
    left = left.slice(mark.length);
  }
  reader.at = from + run.length - left.length;
}

/** What is open from here up has no end: it becomes text, each piece moved once per level. */
function unwind(reader: Reader, index: number): void {
  for (const { mark, inside } of reader.stack.splice(index)) {
    for (const piece of [mark, ...inside]) add(reader, piece);
  }
}

/** Neighbouring texts are one piece. */
function add({ stack }: Reader, piece: Piece): void {
  const inside = stack.at(-1)?.inside ?? [];
  const last = inside.at(-1);
  if (typeof piece !== 'string' || typeof last !== 'string') inside.push(piece);
  else inside[inside.length - 1] = last + piece;
}
