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

/** The pieces of a paragraph. */
export function inlineOf(source: string): Piece[] {
  const root: Frame = { mark: '', from: -1, inside: [] };
  const stack = [root];
  /** Up to where the source has become pieces. */
  let at = 0;
  /** Where the last piece with a letter began: marks around none are a smiley. */
  let letterAt = -1;

  function add(piece: Piece): void {
    const { inside } = stack.at(-1) ?? root;
    const last = inside.at(-1);
    if (typeof piece !== 'string' || typeof last !== 'string') inside.push(piece);
    else inside[inside.length - 1] = last + piece;
  }

  /** Takes the source up to `to`, whose last part, from `from` on, became a piece. */
  function take(from: number, to: number, piece?: Piece): void {
    const text = source.slice(at, from);
    if (LETTER.test(text)) letterAt = at;
    if (text !== '') add(text);
    if (piece !== undefined) {
      letterAt = from;
      add(piece);
    }
    at = to;
  }

  /** What is open from here up has no end: it becomes text, each piece moved once per level. */
  function unwind(index: number): void {
    for (const { mark, inside } of stack.splice(index)) {
      add(mark);
      inside.forEach(add);
    }
  }

  /** Closes what a run of marks can close, and opens what is left of it. */
  function takeMarks(run: string, from: number): void {
    if (run.length > (run < '_' ? 3 : 1)) return;
    const end = from + run.length;
    const before = source[from - 1] ?? ' ';
    const after = source[end] ?? ' ';
    take(from, from);
    // A double mark may also close inside a word.
    while (at < end && !/[\s([{]/.test(before) && (run[1] || AFTER_WORD.test(after))) {
      const left = run.slice(at - from);
      const index = stack.findLastIndex(({ mark }) => mark !== '' && left.startsWith(mark));
      const { mark, from: start, inside } = stack[index] ?? root;
      if (mark === '' || start > letterAt) break;
      unwind(index + 1);
      stack.pop();
      add({ tag: mark === '**' ? 'strong' : 'em', inside });
      at += mark.length;
    }
    const mayOpen = /\s/.test(before)
      ? !/[\s.,;:!?)\]}/~]/.test(after)
      : BEFORE_WORD.test(before) && /[\w[`\u0080-\uffff]/.test(after);
    while (at < end && mayOpen) {
      const mark = run.slice(at - from, at - from + 2);
      // One that is open already becomes text: the later one is nearer to what will close it.
      const index = stack.findIndex((frame) => frame.mark === mark);
      if (index > 0) unwind(index);
      stack.push({ mark, from: at, inside: [] });
      at += mark.length;
    }
  }

  for (const match of source.matchAll(TOKEN)) {
    const [run, code, words = '', address, bare] = match;
    const from = match.index;
    const to = from + run.length;
    const href = hrefOf(address ?? bare ?? '');
    if (code) {
      const text = code.startsWith('``') ? code.slice(2, -2).trim() : code.slice(1, -1);
      take(from, to, { tag: 'code', inside: [text] });
    } else if (href && (bare || isHonest(words, href))) {
      // Words that hold an address would become a link in a link.
      const inside = bare || hrefOf(words) ? [bare ?? words] : inlineOf(words);
      take(from, to, { tag: 'a', inside, value: href });
    } else if (/^[*_]/.test(run)) takeMarks(run, from);
  }
  take(source.length, source.length);
  unwind(1);
  return root.inside;
}
