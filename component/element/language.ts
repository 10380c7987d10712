/** Speaks one language: words with their facts and plurals, times and days. Knows no DOM. */

import { stringsFor, type StringKey, type Strings } from './strings.ts';

/** What a text's `{…}` are filled with. */
export type Facts = Readonly<Record<string, string | number>>;

/** Words of the page that replace the element's own, each by its key. */
export type Overrides = Partial<Strings>;

/** One language with the page's own words on top. Formatters are made once: they are slow to make. */
export class Language {
  /** What the page asked for, which may be no language at all. */
  readonly asked: string;
  /** What the formatters use. */
  readonly tag: string;
  readonly #strings: Strings;
  readonly #overrides: Overrides;
  readonly #plurals: Intl.PluralRules;
  readonly #numbers: Intl.NumberFormat;
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #dayOfYear: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;

  constructor(tag: string, overrides: Overrides = {}) {
    this.asked = tag;
    this.tag = knownTag(tag);
    this.#strings = stringsFor(this.tag);
    this.#overrides = overrides;
    this.#plurals = new Intl.PluralRules(this.tag);
    this.#numbers = new Intl.NumberFormat(this.tag);
    this.#time = new Intl.DateTimeFormat(this.tag, { timeStyle: 'short' });
    this.#day = new Intl.DateTimeFormat(this.tag, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
    });
    this.#dayOfYear = new Intl.DateTimeFormat(this.tag, { dateStyle: 'long' });
    this.#moment = new Intl.DateTimeFormat(this.tag, { dateStyle: 'full', timeStyle: 'medium' });
  }

  /** The words of this key with the facts filled in. */
  say(key: StringKey, facts: Facts = {}): string {
    const words = this.#overrides[key] ?? this.#strings[key];
    const count = facts['count'];
    const text =
      typeof words === 'string'
        ? words
        : (words[this.#plurals.select(Number(count ?? 0))] ?? words.other);
    return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
      const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
      return typeof fact === 'number' ? this.#numbers.format(fact) : (fact ?? hole);
    });
  }

  /** Words for an error code; those of the server when this version has none of its own. */
  error(code: string, message: string): string {
    const key = `error_${code}`;
    const isKnown = Object.hasOwn(this.#strings, key) || Object.hasOwn(this.#overrides, key);
    return isKnown ? this.say(key as StringKey) : this.say('error', { message });
  }

  /** The time of day, short. */
  time(at: number): string {
    return this.#time.format(at);
  }

  /** The time of day without "AM" or its like, for narrow places where a neighbour says it. */
  bareTime(at: number): string {
    const parts = this.#time.formatToParts(at).filter(({ type }) => type !== 'dayPeriod');
    return parts
      .map(({ value }) => value)
      .join('')
      .trim();
  }

  /** Day and time in full, for tooltips. */
  moment(at: number): string {
    return this.#moment.format(at);
  }

  /** The day as a reader would say it at `now`. */
  day(at: number, now: number): string {
    const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
    if (daysAgo === 0) return this.say('today');
    if (daysAgo === 1) return this.say('yesterday');
    const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
    return (isThisYear ? this.#day : this.#dayOfYear).format(at);
  }
}

const DAY_MS = 86_400_000;

/** Local midnight before a moment. Days are not all 24 hours long, so differences are rounded. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Milliseconds from `now` to the next local midnight. */
export function untilMidnight(now: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime() - now;
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
