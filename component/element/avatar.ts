/** A face for a user without a picture: initials and one of a fixed set of hues. Pure. */

/** Hues in the style sheet; style attributes are not an option under a strict policy. */
const HUES = 6;

/** One or two characters: of the first and of the last word. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''];
  // Spread, since a character may be two code units.
  return letters
    .map((word = '') => [...word][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}

/** The same user has the same hue everywhere, whatever the name. */
export function hueOf(userId: string): number {
  let hash = 0;
  for (const letter of userId) hash = (hash * 31 + letter.charCodeAt(0)) % 997;
  return hash % HUES;
}
