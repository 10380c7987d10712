/** Which words exist. English is here; other languages are in files of their own (languages.ts). */

import type { actionsEn } from './strings-actions-en.ts';
import { en } from './strings-en.ts';

/** A text with `{facts}`, or one per plural category of the language; then `{count}` decides. */
export type Words = string | ({ readonly other: string } & PluralForms);

type PluralForms = { readonly [Rule in Intl.LDMLPluralRule]?: string };

/** The name of a text. */
export type StringKey = keyof typeof en;

/** The name of a text of the second file. */
export type ActionKey = keyof typeof actionsEn;

/** Every word of the second file in one language. */
export type ActionStrings = Readonly<Record<ActionKey, Words>>;

/** Every word of the element in one language. A missing translation does not compile. */
export type Strings = Readonly<Record<StringKey, Words>> & {
  /** For codes that the server's own words will do for in English. */
  readonly [code: `error_${string}`]: Words | undefined;
};

/** A language other than English: one file has the words of both. */
export type Translation = Strings & ActionStrings;

declare global {
  /** Languages by lower-case tag, for every copy of the element on the page. */
  var miniChatLanguages: Map<string, Strings & Partial<ActionStrings>> | undefined;
}

/** The words for a language tag: its own, else its language's, else English. */
export function stringsFor(tag: string): Strings & Partial<ActionStrings> {
  const languages = globalThis.miniChatLanguages;
  const wanted = tag.toLowerCase();
  return languages?.get(wanted) ?? languages?.get(wanted.replace(/-.*/, '')) ?? en;
}
