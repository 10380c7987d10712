/** Speaks one language: words with their facts and plurals, times and days. Knows no DOM. */

import { stringsFor, type StringKey, type Strings } from './strings.ts';

/** What a text's `{…}` are filled with. */
type Facts = Readonly<Record<string, string | number>>;

/** Words of the page that replace the element's own, each by its key. */
export type Overrides = Partial<Strings>;

/** One language with the page's own words on top. Formatters are slow to make: once each. */
export class Language {
  /** What the page asked for, which may be no language at all. */
  readonly asked: string;
  readonly #strings: Strings;
  readonly #plurals: Intl.PluralRules;
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;

  constructor(asked: string, overrides: Overrides = {}) {
    const tag = knownTag(asked);
    this.asked = asked;
    this.#strings = { ...stringsFor(tag), ...overrides };
    this.#plurals = new Intl.PluralRules(tag);
    this.#time = new Intl.DateTimeFormat(tag, { timeStyle: 'short' });
    this.#day = new Intl.DateTimeFormat(tag, { dateStyle: 'full' });
    this.#moment = new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'medium' });
  }

  /** The words of this key with the facts filled in. */
  say(key: StringKey, facts: Facts = {}): string {
    const words = this.#strings[key];
    const text =
      typeof words === 'string'
        ? words
        : (words[this.#plurals.select(Number(facts['count']))] ?? words.other);
    return text.replace(/\{(\w+)\}/g, (hole, name: string) =>
      Object.hasOwn(facts, name) ? String(facts[name]) : hole,
    );
  }

  /** Words for an error code; those of the server when this version has none of its own. */
  error({ code, message }: { readonly code: string; readonly message: string }): string {
    const key = `error_${code}`;
    return Object.hasOwn(this.#strings, key)
      ? this.say(key as StringKey)
      : this.say('error', { message });
  }

  /** The time of day, short. */
  time(at: number): string {
    return this.#time.format(at);
  }

  /** Day and time in full, for tooltips. */
  moment(at: number): string {
    return this.#moment.format(at);
  }

  /** The day as a reader would say it at `now`. */
  day(at: number, now: number): string {
    const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
    if (daysAgo === 0) return this.say('today');
    return daysAgo === 1 ? this.say('yesterday') : this.#day.format(at);
  }
}

const DAY_MS = 86_400_000;

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
