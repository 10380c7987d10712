/** What the final logs must be: dense, agreed on, and exactly what was sent and acknowledged. */

import type { Report, Rule } from './checker.ts';
import { isEmptied } from './deletions.ts';
import type { FinalLog, Seen } from './history.ts';
import { type Draft, draftKey, type RunIndex } from './run-index.ts';

/**
 * Rules hole, disagree, epoch (of the finals), doubled, foreign, altered, emptied, unscrubbed,
 * lost, moved, refused.
 */
export function checkLogs(index: RunIndex, report: Report): void {
  for (const log of index.history.finals) checkDense(log, report);
  checkAgreement(index, report);
  for (const log of index.logs.values()) checkOrigins(index, log, report);
  for (const draft of index.drafts.values()) checkDraft(index, draft, report);
}

/** Two entries are the same when every fact in them is. */
export function isSame(a: Seen, b: Seen): boolean {
  return (
    a.seq === b.seq && a.id === b.id && a.user === b.user && a.cid === b.cid && a.text === b.text
  );
}

/** An entry in few words. */
export function nameOf(entry: Seen): string {
  return `${entry.seq}:${entry.user}/${entry.cid}`;
}

function checkDense(log: FinalLog, report: Report): void {
  let expected = log.floor;
  for (const entry of log.entries) {
    if (entry.seq !== expected) {
      report('hole', log.room, `${log.source} has ${nameOf(entry)} where ${expected} belongs`);
    }
    expected = entry.seq + 1;
  }
  if (log.head !== expected - 1) {
    report('hole', log.room, `${log.source} says head ${log.head}, its entries end before it`);
  }
}

function checkAgreement(index: RunIndex, report: Report): void {
  for (const log of index.history.finals) {
    const first = index.logs.get(log.room);
    if (first === undefined || first === log) continue;
    const names = `${first.source} and ${log.source}`;
    if (first.epoch !== log.epoch) report('epoch', log.room, `${names} have two epochs`);
    if (first.entries.length !== log.entries.length) {
      report('disagree', log.room, `${names}: ${first.entries.length}, ${log.entries.length}`);
    }
    log.entries.forEach((entry, place) => {
      const other = first.entries[place];
      if (other === undefined || isSame(other, entry)) return;
      report('disagree', log.room, `${names}: ${nameOf(other)} and ${nameOf(entry)}`);
    });
  }
}

function checkOrigins(index: RunIndex, log: FinalLog, report: Report): void {
  const taken = new Map<string, number>();
  for (const entry of log.entries) {
    const key = draftKey(log.room, entry.user, entry.cid);
    const draft = index.drafts.get(key);
    const before = taken.get(key);
    if (before !== undefined) report('doubled', log.room, `${nameOf(entry)} is also at ${before}`);
    taken.set(key, entry.seq);
    if (draft === undefined) report('foreign', log.room, nameOf(entry));
    else {
      const rule = textFault(index, log, entry);
      if (rule !== undefined) report(rule, log.room, nameOf(entry));
      else if (draft.refusals === draft.sends) report('refused', log.room, nameOf(entry));
    }
  }
}

/** Its text is there until a deletion of it is in the log, and at rest it is nowhere after that. */
function textFault(index: RunIndex, log: FinalLog, entry: Seen): Rule | undefined {
  const isEmpty = isEmptied(entry);
  const isDeleted = index.deletionOf(log.room, entry) !== undefined;
  if (isEmpty && !isDeleted) return 'emptied';
  if (isDeleted && !isEmpty && log.keepsTexts !== true) return 'unscrubbed';
  return index.isAsSent(log.room, entry, !isEmpty) ? undefined : 'altered';
}

function checkDraft(index: RunIndex, draft: Draft, report: Report): void {
  const { room, user, cid } = draft;
  const log = index.entries.get(room);
  if (log === undefined) return;
  for (const { seq, place } of draft.acks) {
    if (index.isExcused(room, place) || seq < (index.logs.get(room)?.floor ?? 1)) continue;
    const entry = log.get(seq);
    if (entry?.user === user && entry.cid === cid) continue;
    const rule = index.stored.has(draftKey(room, user, cid)) ? 'moved' : 'lost';
    report(rule, room, `${user}/${cid} was acknowledged at ${seq}`);
  }
  // A sender goes on until it knows: an ack, or a refusal that is certain.
  if (draft.acks.length + draft.refusals === 0)
    report('unanswered', room, `${user}/${cid} was sent ${draft.sends} times`);
}
