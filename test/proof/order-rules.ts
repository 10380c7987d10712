/** In which order the log holds what was sent: real time across senders, FIFO for each. */

import type { Report } from './checker.ts';
import { nameOf } from './log-rules.ts';
import { draftKey, type RunIndex } from './run-index.ts';

/** Rules real-time and fifo. A room whose log was replaced is left out: its order is another's. */
export function checkOrder(index: RunIndex, report: Report): void {
  for (const log of index.logs.values()) {
    if (index.renewals.has(log.room)) continue;
    const reached = new Map<string, number>();
    for (const entry of log.entries) {
      const draft = index.drafts.get(draftKey(log.room, entry.user, entry.cid));
      if (draft === undefined) continue;
      if (entry.seq <= draft.above) {
        report('real-time', log.room, `${nameOf(entry)} was sent when ${draft.above} was known`);
      }
      // The lowest place it can have that is not below its predecessor's: if even the highest is
      // below, no assignment of places exists.
      const place = Math.max(reached.get(draft.sender) ?? 0, draft.first);
      // A change may have been refused by an answer that was lost, and be right when sent again.
      const isChange = entry.body?.['target'] !== undefined;
      const last = isChange ? Math.max(draft.last, draft.newest) : draft.last;
      if (place > last) report('fifo', log.room, `${nameOf(entry)} of ${draft.sender}`);
      else reached.set(draft.sender, place);
    }
  }
}
