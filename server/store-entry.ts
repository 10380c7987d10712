/** What stores have to know of entries: which are lines, which are changes, and what to empty. */

import type { Change, Content, Entry, Line, Ms, Seq } from 'mini-chat/protocol';

/** Deletions told at once by `unscrubbed`. */
export const UNSCRUBBED_MAX = 1000;

/** Whether it has a place of its own in the conversation. */
export const isLine = (entry: Entry): entry is Entry<'message' | 'notice'> =>
  entry.kind === 'message' || entry.kind === 'notice';

/** Whether it says something about an earlier message. */
export const isChange = <Given extends Content>(
  given: Given,
): given is Extract<Given, Content<Change['kind']>> =>
  given.kind === 'edit' ||
  given.kind === 'delete' ||
  given.kind === 'react' ||
  given.kind === 'pin';

/** The seq of the message that a change is about; undefined of anything else. */
export const targetOf = (entry: Entry): Seq | undefined =>
  isChange(entry) ? entry.body.target : undefined;

/** Whether its text was taken out. No text is stored empty. */
export const isScrubbed = (entry: Entry): boolean =>
  entry.kind === 'message' && entry.body.text === '';

/** The entry without its text. Everything else of it stays, so that a resend finds it. */
export function withoutText(entry: Entry): Entry {
  switch (entry.kind) {
    case 'message':
      return { ...entry, body: { ...entry.body, text: '' } };
    case 'edit':
      return { ...entry, body: { ...entry.body, text: '' } };
    default:
      return entry;
  }
}

/** The emoji that are on after one user's reactions on one message, given in order. */
export function emojiAfter(
  reactions: readonly { readonly emoji: string; readonly on: boolean }[],
): readonly string[] {
  const now = new Set<string>();
  for (const { emoji, on } of reactions) {
    if (on) now.add(emoji);
    else now.delete(emoji);
  }
  return [...now];
}

/** Lines of entries that were asked for by kind. */
export const linesOf = (entries: readonly Entry[]): readonly Line[] => entries.filter(isLine);

/** Changes of entries that were asked for by kind. */
export const changesOf = (entries: readonly Entry[]): readonly Change[] => entries.filter(isChange);

/** A stretch of a log in which `at` can be asked for. */
interface Stretch {
  readonly floor: Seq;
  readonly head: Seq;
  /** Undefined of an entry that is gone by now. */
  atOf(seq: Seq): Promise<Ms | undefined>;
}

/** The first seq with `at ≥ from`: `at` never falls, so halving finds it without an index. */
export async function firstSince(
  { floor, head, atOf }: Stretch,
  from: Ms,
): Promise<Seq | undefined> {
  let [low, high] = [floor, head + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = await atOf(middle);
    if (at !== undefined && at >= from) high = middle;
    else low = middle + 1;
  }
  return low > head ? undefined : low;
}

/** Rejects a floor that would take the head's row with it: it carries the head. */
export function checkFloor(floor: Seq, head: Seq): void {
  if (floor > head) throw new Error(`the floor ${floor} would be above the head ${head}`);
}
