/**
 * Where a run of `*`, `_` or `~~` may open or close emphasis. Pure. Stricter than Markdown where
 * chat needs it: a mark opens only at the start of a word, and must enclose a letter, so that
 * snake_case, `^_^`, globs and `¯\_(ツ)_/¯` stay as they were typed.
 */

/** A letter, digit or symbol: what emphasis must enclose. All of ASCII's punctuation is none. */
export const LETTER = /[^\s!-/:-@[-`{-~]/;

const CLOSING = /[\s.,;:!?)\]}/]/;
/** ASCII's punctuation without the marks themselves. */
const PUNCTUATION = /[!-)+-/:-@[-^`{-}]/;
const LETTER_OR_DIGIT = /[\p{L}\p{M}\p{N}]/u;

/** Whether this is a letter or digit of a script that puts spaces between words: up to U+0E00. */
export function isWord(char: string): boolean {
  return char < '\u0e00' && LETTER_OR_DIGIT.test(char);
}

/** Whether a run between these two ('' at an end) stands at the start of a word. */
export function mayOpen(before: string, after: string): boolean {
  if (after === '' || CLOSING.test(after)) return false;
  if (before === '' || /\s/.test(before)) return true;
  return (/[([{"'*_~]/.test(before) || isBeyondAscii(before)) && !PUNCTUATION.test(after);
}

/** Whether it stands at the end of a word; a double mark may also close inside one. */
export function mayClose(run: string, before: string, after: string): boolean {
  if (before === '' || /[\s([{]/.test(before)) return false;
  if (run.length > 1 || after === '') return true;
  return /[\s.,;:!?)\]}"'*_~/>|-]/.test(after) || isBeyondAscii(after);
}

/** Scripts without spaces between words, and the punctuation and emoji of all scripts. */
function isBeyondAscii(char: string): boolean {
  return char > '\x7f' && !isWord(char);
}
