/** What the conformance suite is told about a store, and what it feeds to all of them. */

import type { Store } from '../../server/store.ts';

/** How one kind of store differs from another. */
export interface StoreTraits {
  /** Whether data outlives `close`, so that the same name opens the same logs again. */
  readonly isDurable: boolean;
  /** Where other processes open the same data, when they may: what log-writer.ts is given. */
  readonly urlOf?: (data: string) => string;
}

/** Opens the logs kept under that name, empty at first. Names are new in every run. */
export type OpenStore = (data: string) => Promise<Store>;

/** Texts that encodings, escapes and collations have been known to change. */
export const awkwardTexts: readonly string[] = [
  'plain',
  ' leading, trailing and  double spaces ',
  'line\nfeed, return\r\n, tab\t and bell\u0007 and \u001f and \u007f',
  'it\'s "quoted" `code` \\ back\\\\slash \' lone',
  '$ne {"$gt":""} %s %00 \\u0000 ; DROP TABLE entries; -- /* */',
  '👩🏽‍🚀 🇧🇷 ❤️ 𝒳 \u{10ffff} \ufffd \ufeff',
  'שלום، مرحبا \u202eabc\u202c \u200f',
  'e\u0301 versus \u00e9, ﬁ versus fi, ẞ, İ',
  '\u2028 and \u2029',
  '𝄞'.repeat(4000),
];
