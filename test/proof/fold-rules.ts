/**
 * What people should read: the fold of a log, written apart from the product's own, and the rule
 * that every change could stand on what was before it. One pass over each log.
 */

import type { Report } from './checker.ts';
import type { FinalLog, Seen } from './history.ts';
import { nameOf } from './log-rules.ts';
import type { RunIndex } from './run-index.ts';

/** A message as somebody reads it, as one string that can be compared. */
export function shown(now: {
  readonly text: string;
  readonly isDeleted: boolean;
  readonly isPinned: boolean;
  /** In order of first use. */
  readonly reactions: readonly (readonly [string, number])[];
}): string {
  return JSON.stringify([now.text, now.isDeleted, now.isPinned, now.reactions]);
}

interface Told {
  readonly line: Seen;
  text: string;
  isDeleted: boolean;
  isPinned: boolean;
  readonly users: Map<string, Set<string>>;
  /** What it showed from which seq on. */
  readonly states: { readonly from: number; readonly shows: string }[];
}

/** What one room's log says, at any of its seqs. */
export class Fold {
  /** All that has a place of its own, in order. */
  readonly lines: Seen[] = [];
  readonly placeOf = new Map<number, number>();
  readonly #told = new Map<number, Told>();

  constructor(index: RunIndex, log: FinalLog, report: Report) {
    for (const stored of log.entries) {
      // What was shown before a deletion is judged, too.
      const entry = index.restored(log.room, stored);
      if (isLine(entry)) this.#add(entry);
      else this.#change(entry, log, report);
    }
  }

  /** What a line shows once everything up to a seq is known. */
  showsAt(seq: number, asOf: number): string | undefined {
    return this.#told.get(seq)?.states.findLast(({ from }) => from <= asOf)?.shows;
  }

  #add(line: Seen): void {
    this.placeOf.set(line.seq, this.lines.length);
    this.lines.push(line);
    const told: Told = {
      ...{ line, text: line.text, isDeleted: false, isPinned: false },
      ...{ users: new Map(), states: [] },
    };
    this.#told.set(line.seq, told);
    note(told, line.seq);
  }

  #change(entry: Seen, log: FinalLog, report: Report): void {
    const target = Number(entry.body?.['target']);
    // What retention took away can be judged no more.
    if (target < log.floor) return;
    const told = this.#told.get(target);
    const why = told === undefined ? 'there is no such line' : apply(told, entry);
    if (why !== undefined) report('invalid', log.room, `${nameOf(entry)} on ${target}: ${why}`);
    else if (told !== undefined) note(told, entry.seq);
  }
}

/** Rule invalid. Returns the fold of each room's log. */
export function checkFolds(index: RunIndex, report: Report): ReadonlyMap<string, Fold> {
  return new Map([...index.logs].map(([room, log]) => [room, new Fold(index, log, report)]));
}

const isLine = ({ kind = 'message' }: Seen): boolean => kind === 'message' || kind === 'notice';

/** Changes what is told; returns why that cannot be. */
function apply(told: Told, { kind, user, body = {} }: Seen): string | undefined {
  if (told.line.kind === 'notice') return 'it is a notice';
  if (told.isDeleted) return 'it was deleted';
  switch (kind) {
    case 'edit': {
      if (told.line.user !== user) return 'it is of somebody else';
      if (told.text === body['text']) return 'it says so already';
      told.text = String(body['text']);
      return undefined;
    }
    case 'delete':
      if (told.line.user !== user) return 'it is of somebody else';
      Object.assign(told, { text: '', isDeleted: true, isPinned: false });
      told.users.clear();
      return undefined;
    case 'pin':
      if (told.isPinned === body['on']) return 'it is so already';
      told.isPinned = body['on'] === true;
      return undefined;
    case 'react':
      return react(told.users, user, body);
    default:
      return `there is no kind ${String(kind)}`;
  }
}

function react(
  users: Map<string, Set<string>>,
  user: string,
  { emoji, on }: Readonly<Record<string, unknown>>,
): string | undefined {
  const name = String(emoji);
  const who = users.get(name) ?? new Set();
  if (who.has(user) === on) return 'it is so already';
  if (on === true) users.set(name, who.add(user));
  else who.delete(user);
  if (who.size === 0) users.delete(name);
  return undefined;
}

function note(told: Told, from: number): void {
  const reactions = [...told.users].map(([emoji, who]) => [emoji, who.size] as const);
  told.states.push({ from, shows: shown({ ...told, reactions }) });
}
