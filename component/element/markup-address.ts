/** Which addresses become links: http, https and mailto, with nothing hidden in them. Pure. */

/** Ends an address: spaces, quotes, brackets, what cannot be seen, punctuation of CJK texts. */
const END = '\\s\\p{C}<>"`[\\]{}|\\\\^、。，！？：；（）「」『』【】《》';
const BARE = new RegExp(`(?:https?://|www\\.)[^${END}]+`, 'iuy');
/** No brackets in the words: so no text is looked through twice for the end of a link. */
const LINK = new RegExp(`\\[([^[\\]]+)\\]\\(([^${END}]+\\))`, 'uy');
const SCHEME = /^(?:https?:\/\/|mailto:|www\.)/i;
const PROTOCOL = /^(?:https?|mailto):$/;
/** Words that claim to be an address themselves: over a link to elsewhere they would be a lie. */
const CLAIM = /:\/\/|www\.|@/i;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** The address as a link may use it, or undefined when it must stay text. */
export function hrefOf(address: string): string | undefined {
  if (!SCHEME.test(address)) return undefined;
  try {
    const url = new URL(/^w/i.test(address) ? `https://${address}` : address);
    // `https://bank.example@evil.example` shows one host and opens another.
    const isHonest = url.username === '' && url.password === '';
    return isHonest && PROTOCOL.test(url.protocol) ? url.href : undefined;
  } catch {
    // Not an address: nothing is lost, it stays text.
    return undefined;
  }
}

/** The bare address that starts here, or '', without the punctuation of the sentence around it. */
export function bareAddress(source: string, at: number): string {
  BARE.lastIndex = at;
  const address = BARE.exec(source)?.[0] ?? '';
  let depth = 0;
  for (const char of address) depth += depthOf(char);
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1);
    if (last === ')' && depth < 0) depth += 1;
    else if (!/[.,;:!?'*_~…’”»]/.test(last)) break;
  }
  return address.slice(0, end);
}

/** The `[words](address)` that starts here, or undefined when it is none or no honest one. */
export function linkAt(source: string, at: number): Link | undefined {
  LINK.lastIndex = at;
  const [, words = '', run = ''] = LINK.exec(source) ?? [];
  let depth = 1;
  let end = 0;
  for (; depth > 0 && end < run.length; end += 1) depth += depthOf(run.charAt(end));
  const href = hrefOf(run.slice(0, end - 1));
  const isHonest = VISIBLE.test(words) && (!CLAIM.test(words) || hrefOf(words) === href);
  if (href === undefined || depth > 0 || !isHonest) return undefined;
  return { href, words, length: words.length + end + 3 };
}

interface Link {
  readonly href: string;
  readonly words: string;
  /** Of all of it, in the source. */
  readonly length: number;
}

function depthOf(char: string): number {
  if (char === '(') return 1;
  return char === ')' ? -1 : 0;
}
