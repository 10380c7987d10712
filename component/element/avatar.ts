/** A face for a user without a picture: initials and one of a fixed set of hues. Pure. */

/** Hues in the style sheet; style attributes are not an option under a strict policy. */
const HUES = 10;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One or two graphemes: of the first and the last word that begin with a letter or a digit. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = words[0] ?? name.trim();
  const last = words.length > 1 ? words.at(-1) : undefined;
  return (firstGrapheme(first) + firstGrapheme(last ?? '')).toLocaleUpperCase();
}

/** The same user has the same hue everywhere, whatever the name. FNV-1a: tiny and well spread. */
export function hueOf(userId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < userId.length; i += 1) {
    hash = Math.imul(hash ^ userId.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % HUES;
}

function firstGrapheme(word: string): string {
  for (const { segment } of graphemes.segment(word)) return segment;
  return '';
}
