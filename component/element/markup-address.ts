/** Which addresses become links: http, https and mailto, with nothing hidden in them. Pure. */

/** What no address holds: spaces, quotes, brackets, the unseen, the punctuation of CJK texts. */
const END = '\\s\\p{C}<>"`[\\]{}|\\\\^\\u3001-\\u3020\\uff01-\\uff1f';
/** Parentheses only in pairs, one deep: so no text is looked through twice for the end of one. */
const ADDRESS = `(?:[^()${END}]|\\([^()${END}]*\\))+`;

/** A bare address, without the punctuation of the sentence around it, nor inside a longer word. */
export const BARE = `(?<![/@.a-z\\d])(?:https?://|www\\.)${ADDRESS}(?<![.,;:!?'*_~…’”»])`;
/** `[words](address)`, as two groups. */
export const LINK = `\\[([^[\\]]+)\\]\\((${ADDRESS})\\)`;

/** The address as a link may use it, or undefined when it must stay text. */
export function hrefOf(address: string): string | undefined {
  const whole = address.replace(/^www\./i, 'https://$&');
  if (!/^(?:https?:\/\/|mailto:)/i.test(whole) || !URL.canParse(whole)) return undefined;
  const { href, username, password } = new URL(whole);
  // `https://bank.example@evil.example` shows one host and opens another.
  return username || password ? undefined : href;
}

/** Whether words over a link may be seen, and claim no address but the link's own. */
export function isHonest(words: string, href: string): boolean {
  return (
    /[\p{L}\p{N}\p{P}\p{S}]/u.test(words) &&
    (!/:\/\/|www\.|@/i.test(words) || hrefOf(words) === href)
  );
}
