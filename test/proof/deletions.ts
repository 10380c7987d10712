/**
 * Which texts a room's deletions take out of its log, and how an entry lies there with its text and
 * without. Judges nothing.
 */

import type { FinalLog, Seen } from './history.ts';

/** The deletions of one log, by what they are about. */
export class Deletions {
  readonly #byTarget = new Map<number, number>();

  constructor({ entries }: FinalLog) {
    for (const { kind, seq, body } of entries) {
      const target = Number(body?.['target']);
      if (kind === 'delete' && !this.#byTarget.has(target)) this.#byTarget.set(target, seq);
    }
  }

  /** How many messages were deleted. */
  get count(): number {
    return this.#byTarget.size;
  }

  /** The seq of the deletion that takes this entry's text; undefined when its text stays. */
  of({ kind = 'message', seq, body }: Seen): number | undefined {
    if (kind === 'message') return this.#byTarget.get(seq);
    return kind === 'edit' ? this.#byTarget.get(Number(body?.['target'])) : undefined;
  }
}

/** Whether it lies there without its text; nobody can send it so. */
export function isEmptied({ kind = 'message', text, body }: Seen): boolean {
  return kind === 'message' ? text === '' : kind === 'edit' && body?.['text'] === '';
}

/** What is left of what a message or an edit said, once its text is taken out. */
export function emptied(kind: string | undefined, said: string): string {
  return kind === 'edit' ? `edit ${JSON.stringify({ ...bodyOf(said), text: '' })}` : '';
}

/** The entry with the text that was sent, in place of the one that is there. */
export function withText(entry: Seen, said: string): Seen {
  if (entry.kind !== 'edit') return { ...entry, text: said };
  return { ...entry, text: said, body: { ...entry.body, ...bodyOf(said) } };
}

/** The body of an edit, out of all that it says; empty when it is something else. */
function bodyOf(said: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(said.replace(/^edit /, ''));
    return typeof body === 'object' ? { ...body } : {};
  } catch {
    // Nothing is lost: whoever compares it will see that it is no edit.
    return {};
  }
}
