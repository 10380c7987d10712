/** Speaks one language: words with their facts and plurals, times and days. Knows no DOM. */

import {
  type ActionKey,
  type ActionStrings,
  stringsFor,
  type StringKey,
  type Strings,
  type Words,
} from './strings.ts';
import { en } from './strings-en.ts';

/** Written from the right. With English words the ends of sentences would be on the wrong side. */
const RTL = /^(ar|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)\b/;

/** What a text's `{…}` are filled with. */
type Facts = Readonly<Record<string, string | number>>;

/** Words of the page that replace the element's own, each by its key. */
export type Overrides = Partial<Strings & ActionStrings>;

/** One language with the page's own words on top. */
export interface Language {
  /** Whether these settings would still give the same words: a file with more may have come. */
  isFor(asked: string, overrides: Overrides | undefined): boolean;
  /**
   * The words of this key with the facts filled in. Those of the second file come with their
   * English, which is not in this one. English on a page from the right is kept together by marks.
   */
  say(key: StringKey | ActionKey, facts?: Facts, english?: Words): string;
  /** Words for an error code; those of the server when this version has none of its own. */
  error(refusal: { readonly code: string; readonly message: string }): string;
  /** Some by name, and how many more: “Ada, Bo and 3 others”. */
  list(names: readonly string[], more?: number): string;
  /** One after the other, with the pause that the language has between them. */
  join(...all: readonly string[]): string;
  /** The time of day, short. */
  time(at: number): string;
  /** Day and time in full, for tooltips. */
  moment(at: number): string;
  /** The day as a reader would say it at `now`. */
  day(at: number, now: number): string;
}

/** The language of a page; `asked` may be none at all. Formatters are slow to make: see `once`. */
export function languageOf(asked: string, overrides?: Overrides): Language {
  const tag = knownTag(asked);
  const source = stringsFor(tag);
  const strings: Overrides = { ...source, ...overrides };
  const isTurned = source === en && RTL.test(tag);
  const plurals = once(() => new Intl.PluralRules(tag));
  const formatOf = (options: Intl.DateTimeFormatOptions): ((at: number) => string) => {
    const formatter = once(() => new Intl.DateTimeFormat(tag, options));
    return (at) => formatter().format(at);
  };
  const fullDay = formatOf({ dateStyle: 'full' });
  const time = formatOf({ timeStyle: 'short' });
  const moment = formatOf({ dateStyle: 'full', timeStyle: 'medium' });
  const lists = once(() => new Intl.ListFormat(tag));
  const say: Language['say'] = (key, facts = {}, english = '') => {
    const words = strings[key] ?? english;
    const text =
      typeof words === 'string'
        ? words
        : (words[plurals().select(Number(facts['count']))] ?? words.other);
    const filled = text.replace(/\{(\w+)\}/g, (hole, name: string) =>
      Object.hasOwn(facts, name) ? String(facts[name]) : hole,
    );
    return isTurned && !overrides?.[key] ? `\u2066${filled}\u2069` : filled;
  };
  return {
    isFor: (tagNow, wordsNow) =>
      tagNow === asked && wordsNow === overrides && stringsFor(tag) === source,
    say,
    error: ({ code, message }) =>
      Object.hasOwn(strings, `error_${code}`)
        ? say(`error_${code}` as StringKey)
        : say('error', { message }),
    list: (names, more = 0) =>
      lists().format(more > 0 ? [...names, say('others', { count: more })] : names),
    join: (...all) => all.join(say('also')),
    time,
    moment,
    day: (at, now) => {
      const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
      if (daysAgo === 0) return say('today');
      return daysAgo === 1 ? say('yesterday') : fullDay(at);
    },
  };
}

/** Made when it is first used: each of the formatters takes a slow phone tens of milliseconds. */
function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

/** Local midnight before a moment. Days are not all 24 hours long, so differences are rounded. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Milliseconds from `now` to the next local midnight. */
export function untilMidnight(now: number): number {
  return new Date(now).setHours(24, 0, 0, 0) - now;
}

/** A page may say anything in `lang`; what Intl does not take would throw in every formatter. */
function knownTag(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en';
  } catch {
    // Not a language tag: English is the stated fallback, nothing is lost.
    return 'en';
  }
}
