/** Which words exist, and in which languages. A missing translation does not compile. */

import { en } from './strings-en.ts';
import { ptBr } from './strings-pt-br.ts';

/** A text with `{facts}`, or one per plural category of the language; then `{count}` decides. */
export type Words = string | ({ readonly other: string } & PluralForms);

type PluralForms = { readonly [Rule in Intl.LDMLPluralRule]?: string };

/** The name of a text. */
export type StringKey = keyof typeof en;

/** Every word of the element in one language. */
export type Strings = Readonly<Record<StringKey, Words>>;

/** By lower-case language tag. A region's words serve its language when there is no better. */
const languages: ReadonlyMap<string, Strings> = new Map<string, Strings>([
  ['en', en],
  ['pt-br', ptBr],
  ['pt', ptBr],
]);

/** The words for a language tag: its own, else its language's, else English. */
export function stringsFor(tag: string): Strings {
  const wanted = tag.toLowerCase();
  return languages.get(wanted) ?? languages.get(wanted.split('-', 1)[0] ?? '') ?? en;
}
