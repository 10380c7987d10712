/** What could be meant by what is being written: people after `@`, emoji after `:`. Pure. */

import type { RoomSnapshot } from '../client/client.ts';
import { emojiNamed, findEmoji } from './actions-emoji.ts';

/** One way to go on. */
export interface Suggestion {
  /** What the list shows, after `face` when there is one. */
  readonly label: string;
  /** An emoji. */
  readonly face?: string;
  /** What takes the place of the word. */
  readonly text: string;
}

/** A word that could become another one. */
export interface Completion {
  /** Where the word begins in the text, its sign included. */
  readonly start: number;
  readonly end: number;
  readonly suggestions: readonly Suggestion[];
}

/** Rows in the list at most: what a small chat shows without scrolling. */
const SUGGESTIONS_MAX = 6;

/** One letter after a colon is more often a face such as `:D` than the begin of a name. */
const EMOJI_LETTERS_MIN = 2;

/** Of a name at most this much is looked for, so that a lone `@` far back stays cheap. */
const NAME_LETTERS_MAX = 40;

/** What may follow the word before the caret. Undefined: it is not a word of that sort. */
export function completionAt(
  text: string,
  caret: number,
  people: readonly string[],
): Completion | undefined {
  const before = text.slice(0, caret);
  return emojiAt(before) ?? personAt(before, people);
}

/** The text with `:name:` before the caret said by its emoji; undefined when there is none. */
export function emojiTyped(text: string, caret: number): Completion | undefined {
  const [word = '', name = ''] = /(?:^|(?<=[\s(]))[:]([\w+-]+):$/.exec(text.slice(0, caret)) ?? [];
  const emoji = emojiNamed(name);
  if (word === '' || emoji === undefined) return undefined;
  const suggestions = [{ label: `:${name}:`, face: emoji, text: emoji }];
  return { start: caret - word.length, end: caret, suggestions };
}

function emojiAt(before: string): Completion | undefined {
  const [word = '', name = ''] = /(?:^|(?<=[\s(]))[:]([\w+-]+)$/.exec(before) ?? [];
  if (name.length < EMOJI_LETTERS_MIN) return undefined;
  const found = findEmoji(name).slice(0, SUGGESTIONS_MAX);
  if (found.length === 0) return undefined;
  return {
    start: before.length - word.length,
    end: before.length,
    suggestions: found.map(({ emoji, names }) => ({
      face: emoji,
      label: `:${names.find((one) => one.startsWith(name.toLowerCase())) ?? names[0] ?? ''}:`,
      text: `${emoji} `,
    })),
  };
}

/** Names may have blanks, so the longest piece after an `@` that begins a name counts. */
function personAt(before: string, people: readonly string[]): Completion | undefined {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const tail = line.slice(-NAME_LETTERS_MAX - 1);
  const at = tail.search(/(?:^|(?<=[\s(]))@[^@]*$/);
  if (at < 0) return undefined;
  const asked = plain(tail.slice(at + 1));
  const found = people.filter((name) => beginsWith(name, asked)).slice(0, SUGGESTIONS_MAX);
  if (found.length === 0) return undefined;
  return {
    start: before.length - (tail.length - at),
    end: before.length,
    suggestions: found.map((name) => ({ label: name, text: `@${name} ` })),
  };
}

/** The whole name or, for one word, any part of it: people are known by their last names, too. */
function beginsWith(name: string, asked: string): boolean {
  const known = plain(name);
  if (known === asked.trimEnd() && asked !== '') return asked === known;
  return known.startsWith(asked) || known.split(' ').some((part) => part.startsWith(asked));
}

/** Without case and accents: people type what their keyboard has. */
function plain(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Who may be meant in a room: who is there and who wrote, the last writer first; not oneself. */
export function peopleOf({ rows, people, user }: RoomSnapshot): readonly string[] {
  const names = new Map<string, string>();
  const authors = rows.map((row) => row.user).reverse();
  for (const { id, name } of [...authors, ...(people?.users ?? [])]) {
    if (name !== '' && id !== user?.id && !names.has(id)) names.set(id, name);
  }
  return [...new Set(names.values())];
}
