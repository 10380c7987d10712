import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Cursor, EntryId, Epoch } from 'mini-chat/protocol';

import { firstRead, refuseCursor, RESUME_BEHIND_MAX, resumption } from '../../../server/resume.ts';
import type { LogFacts } from '../../../server/store.ts';
import { sampleEntries, sampleEntry } from '../../support/log-samples.ts';

const EPOCH = 'e1' as Epoch;
const facts = (head: number, floor = 1): LogFacts => ({
  ...{ epoch: EPOCH, head, floor },
  ...{ headId: 'h' as EntryId, headAt: 1 },
});
const cursor = (seq: number, change: Partial<Cursor> = {}): Cursor => ({
  ...{ epoch: EPOCH, seq, id: seq === 0 ? '' : sampleEntry(seq).id },
  ...change,
});

describe('resume', () => {
  it('G8 › only the same epoch is the same log', () => {
    assert.equal(refuseCursor(cursor(3, { epoch: 'e2' as Epoch }), facts(9)), 'epoch');
    assert.equal(refuseCursor(cursor(3), facts(9)), undefined);
  });

  it('G7 › a cursor is refused above the head, below the floor, and too far behind', () => {
    assert.equal(refuseCursor(cursor(10), facts(9)), 'ahead_of_head');
    assert.equal(refuseCursor(cursor(9), facts(9)), undefined);
    assert.equal(refuseCursor(cursor(4), facts(9, 5)), 'below_floor');
    assert.equal(refuseCursor(cursor(5), facts(9, 5)), undefined);
    assert.equal(refuseCursor(cursor(0), facts(9, 2)), 'below_floor');
    assert.equal(refuseCursor(cursor(1), facts(RESUME_BEHIND_MAX + 1)), undefined);
    assert.equal(refuseCursor(cursor(1), facts(RESUME_BEHIND_MAX + 2)), 'too_far_behind');
  });

  it('the cursor of an empty room resumes from the first entry', () => {
    assert.equal(refuseCursor(cursor(0), facts(0)), undefined);
    assert.equal(refuseCursor(cursor(0, { id: 'x' as EntryId }), facts(3)), 'other_id');
    assert.deepEqual(firstRead(cursor(0)), { after: 0, limit: 200 });
    const all = sampleEntries(1, 3);
    assert.deepEqual(resumption(cursor(0), all, 3), { entries: all, more: false });
  });

  it('G8 › the entry at the cursor proves the history, and is not sent again', () => {
    assert.deepEqual(firstRead(cursor(4)), { after: 3, limit: 201 });
    const read = sampleEntries(4, 9);
    assert.deepEqual(resumption(cursor(4), read, 9), { entries: read.slice(1), more: false });
    const other = cursor(4, { id: 'x' as EntryId });
    assert.deepEqual(resumption(other, read, 9), { reset: 'other_id' });
    assert.deepEqual(resumption(cursor(4), [], 9), { reset: 'other_id' });
  });

  it('says when there is more to read, and only then', () => {
    const moreAt = (seq: number, last: number, head: number): unknown => {
      const resumed = resumption(cursor(seq), sampleEntries(Math.max(seq, 1), last), head);
      return 'more' in resumed ? resumed.more : resumed;
    };

    assert.deepEqual([moreAt(4, 9, 9), moreAt(4, 9, 10)], [false, true]);
    assert.deepEqual([moreAt(9, 9, 9), moreAt(9, 9, 10)], [false, true]);
    assert.deepEqual([moreAt(0, 3, 3), moreAt(0, 3, 4)], [false, true]);
    assert.deepEqual([moreAt(0, 0, 0), moreAt(0, 0, 1)], [false, true]);
  });

  it('G8 › what retention took since then is told as such', () => {
    const read = sampleEntries(7, 9);

    assert.deepEqual(resumption(cursor(4), read, 9), { reset: 'below_floor' });
    assert.deepEqual(resumption(cursor(0), read, 9), { reset: 'below_floor' });
    assert.deepEqual(resumption(cursor(7), read, 9), { entries: read.slice(1), more: false });
  });
});
