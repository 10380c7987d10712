/** What a name may look like. Shared, so that the form and the server refuse the same names. */

/** Graphemes, as a reader counts them. */
export const NAME_GRAPHEMES_MAX = 40;

/** Marks stacked on one letter beyond this are decoration that covers the neighbours ("zalgo"). */
const MARKS_ON_ONE_LETTER_MAX = 4;

/** Controls, line and paragraph separators, bidi controls, lone surrogates, unassigned. */
const FORBIDDEN =
  /[\p{Cc}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Characters that draw nothing: a name of these alone would be invisible. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

const STACKED = new RegExp(`\\p{M}{${MARKS_ON_ONE_LETTER_MAX + 1},}`, 'u');

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A name as it will be shown, or why there is none. */
export type NameVerdict =
  | { readonly name: string }
  | { readonly why: 'empty' | 'too long' | 'has characters that cannot be shown' };

/** The name in NFC with single spaces and trimmed, or why it cannot be used. */
export function parseName(given: string): NameVerdict {
  if (given.length > NAME_GRAPHEMES_MAX * 32) return { why: 'too long' };
  if (FORBIDDEN.test(given)) return { why: 'has characters that cannot be shown' };
  const name = given.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (name === '') return { why: 'empty' };
  if (!VISIBLE.test(name)) return { why: 'has characters that cannot be shown' };
  if (STACKED.test(name)) return { why: 'has characters that cannot be shown' };
  if ([...graphemes.segment(name)].length > NAME_GRAPHEMES_MAX) return { why: 'too long' };
  return { name };
}
