/**
 * Decides whether a history keeps the contract of docs/GUARANTEES.md. One pass over each list and
 * hash look-ups only, so its time grows with the history and no faster. Written apart from the
 * server and the client, and knows neither.
 */

import { checkFolds } from './fold-rules.ts';
import type { History } from './history.ts';
import { checkLogs } from './log-rules.ts';
import { checkOrder } from './order-rules.ts';
import { checkReaders } from './reader-rules.ts';
import { RunIndex } from './run-index.ts';

/** Every way to break the contract, with the promise it breaks. */
export const rules = {
  breach: { promise: 'method', words: 'the run saw a promise of an interface broken' },
  clock: { promise: 'method', words: 'the observations are not in the order of one clock' },
  epoch: { promise: 'G8', words: 'the epoch changed though nothing replaced the log' },
  hole: { promise: 'G2', words: 'a log is not 1, 2, 3 … in order' },
  disagree: { promise: 'G1', words: 'two final reads, or a reader and the log, differ' },
  lost: { promise: 'G3', words: 'an acknowledged draft is not in the log' },
  moved: { promise: 'G4', words: 'an acknowledged draft is at another seq than was said' },
  altered: { promise: 'G3', words: 'an entry has another text than was sent' },
  emptied: { promise: 'G3', words: 'a text is gone though nobody deleted it' },
  unscrubbed: { promise: 'deletion', words: 'a deleted text is still stored after calm' },
  doubled: { promise: 'G4', words: 'one draft is in the log twice' },
  refused: { promise: 'G9', words: 'a draft that was refused for certain is in the log' },
  foreign: { promise: 'G1', words: 'the log has an entry that nobody sent' },
  unanswered: { promise: 'G9', words: 'a draft never got an answer that is certain' },
  gap: { promise: 'G7', words: 'a reader skipped an entry without a reset' },
  repeat: { promise: 'G7', words: 'a reader took an entry again' },
  'false-reset': { promise: 'G7', words: 'a reader was reset for a reason that was not there' },
  behind: { promise: 'G7', words: 'a reader did not reach the head after calm' },
  invalid: { promise: 'G1', words: 'a change in the log cannot stand on what is before it' },
  view: { promise: 'G1', words: 'what a reader shows at the end is not what the log says' },
  'real-time': { promise: 'G5', words: 'a draft sent after an ack stands before that entry' },
  fifo: { promise: 'G6', words: "one sender's drafts are not in the order they were sent" },
} as const;

export type Rule = keyof typeof rules;

/** One breach of the contract. */
export interface Violation {
  readonly rule: Rule;
  readonly room: string;
  readonly detail: string;
}

/** How much a history holds; a proof of nothing is worth nothing. */
export interface Figures {
  readonly sends: number;
  readonly acked: number;
  readonly nacks: number;
  readonly applied: number;
  readonly entries: number;
  /** Messages that were deleted. */
  readonly deleted: number;
  readonly readers: number;
  readonly resets: number;
  readonly resumes: number;
  readonly faults: number;
}

export interface Verdict {
  readonly violations: readonly Violation[];
  readonly figures: Figures;
}

/** More of one rule say nothing new, and would bury the others. */
const SAME_RULE_MAX = 20;

/** Judges a history. Never throws for a bad one: what is wrong with it is in the verdict. */
export function checkHistory(history: History): Verdict {
  const perRule = new Map<Rule, number>();
  const violations: Violation[] = [];
  const report = (rule: Rule, room: string, detail: string): void => {
    const count = (perRule.get(rule) ?? 0) + 1;
    perRule.set(rule, count);
    if (count <= SAME_RULE_MAX) violations.push({ rule, room, detail });
  };
  checkRun(history, report);
  const index = new RunIndex(history);
  checkLogs(index, report);
  checkOrder(index, report);
  const readers = checkReaders(index, checkFolds(index, report), report);
  return { violations, figures: figuresOf(history, index, readers) };
}

/** One line per violation, for a failing test's message. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations
    .map(({ rule, room, detail }) => {
      const { promise, words } = rules[rule];
      return `${promise} ${rule} in ${room}: ${words}: ${detail}`;
    })
    .join('\n');
}

/** Rules clock and breach. */
function checkRun(history: History, report: Report): void {
  let last = -Infinity;
  for (const seen of history.observations) {
    const { at, what } = seen;
    if (at < last) report('clock', '-', `${what} at ${at} stands after ${last}`);
    if (seen.what === 'breach') report('breach', seen.room, seen.words);
    last = at;
  }
}

function figuresOf(history: History, index: RunIndex, readers: number): Figures {
  const counts = new Map<string, number>();
  for (const { what } of history.observations) counts.set(what, (counts.get(what) ?? 0) + 1);
  let acked = 0;
  for (const draft of index.drafts.values()) if (draft.acks.length > 0) acked += 1;
  let entries = 0;
  for (const log of index.logs.values()) entries += log.entries.length;
  let deleted = 0;
  for (const { count } of index.deletions.values()) deleted += count;
  return {
    sends: counts.get('send') ?? 0,
    acked,
    nacks: counts.get('nack') ?? 0,
    applied: counts.get('apply') ?? 0,
    entries,
    deleted,
    readers,
    resets: counts.get('reset') ?? 0,
    resumes: counts.get('resume') ?? 0,
    faults: counts.get('fault') ?? 0,
  };
}

/** How a rule says that it was broken. */
export type Report = (rule: Rule, room: string, detail: string) => void;
