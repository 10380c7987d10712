import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ChatError, type EntryId } from 'mini-chat/protocol';

import { Deadlines } from '../../../server/deadlines.ts';
import { DraftQueue, numbered, type Pending } from '../../../server/draft-queue.ts';
import { FakeClock } from '../../support/clock.ts';
import { sampleDraft, sampleEntry } from '../../support/log-samples.ts';

const limits = { batchEntriesMax: 3, batchBytesMax: 2000 };

function openQueue(): { queue: DraftQueue; clock: FakeClock; add: (text: string) => Pending } {
  const clock = new FakeClock();
  const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
  const queue = new DraftQueue(limits, new Deadlines({ deadlineMs: 1000, wait }));
  const add = (text: string): Pending => {
    const pending = queue.add(text, `id-${text}` as EntryId, sampleDraft('ada', text));
    // Each test asks for the outcomes it is about; the others may be rejections.
    pending.outcome.catch(() => {});
    return pending;
  };
  return { queue, clock, add };
}

const keysOf = (batch: readonly Pending[]): string => batch.map(({ key }) => key).join();

describe('DraftQueue', () => {
  it('gives batches in order, within the limits, and at least one draft', () => {
    const { queue, add } = openQueue();
    for (const text of ['a', 'b', 'c', 'd', 'x'.repeat(5000), 'e']) add(text);

    const batches = [queue.nextBatch(), queue.nextBatch(), queue.nextBatch(), queue.nextBatch()];

    assert.deepEqual(
      batches.map(({ length }) => length),
      [3, 1, 1, 1],
    );
    assert.equal(keysOf(batches[0] ?? []), 'a,b,c');
    assert.ok(queue.isEmpty);
    assert.equal(queue.size, 6);
  });

  it('is whole when as many wait as the last batch had', () => {
    const { queue, add } = openQueue();
    add('a');
    assert.ok(queue.isWhole, 'before the first batch there is nobody to wait for');
    add('b');
    queue.nextBatch();

    add('c');
    assert.ok(!queue.isWhole);
    add('d');
    assert.ok(queue.isWhole);
  });

  it('puts back what has no outcome, before what came later', () => {
    const { queue, add } = openQueue();
    for (const text of ['a', 'b', 'c']) add(text);
    const batch = queue.nextBatch();
    add('d');
    for (const one of batch.slice(0, 1)) queue.settle(one, sampleEntry(1, { body: { text: 'a' } }));

    queue.putBack(batch);

    assert.equal(keysOf(queue.nextBatch()), 'b,c,d');
  });

  it('settles a draft by what is stored under its cid, once', async () => {
    const { queue, add } = openQueue();
    const [same, other] = [add('a'), add('b')];
    const entry = sampleEntry(1, { body: { text: 'a' } });

    queue.settle(same, entry);
    queue.settle(same, sampleEntry(2, { body: { text: 'other' } }));
    queue.settle(other, sampleEntry(3, { body: { text: 'other' } }));

    assert.equal(await same.outcome, entry);
    await assert.rejects(other.outcome, { code: 'id_conflict' });
    assert.equal(queue.size, 0);
  });

  it('gives up what is too old, waiting or under way, and keeps the rest', async () => {
    const { queue, clock, add } = openQueue();
    const old = ['a', 'b', 'c', 'd'].map(add);
    queue.nextBatch();
    await clock.advance(500);
    add('young');

    await clock.advance(650);

    for (const { outcome } of old) await assert.rejects(outcome, { maybe: true });
    assert.equal(queue.size, 1);
    assert.equal(keysOf(queue.nextBatch()), 'young');
  });

  it('a key given up can come again, and the old one cannot settle it', async () => {
    const { queue, clock, add } = openQueue();
    const old = add('a');
    await clock.advance(1200);
    const young = add('a');

    queue.settle(old, sampleEntry(1, { body: { text: 'a' } }));

    assert.equal(queue.find('a'), young);
    assert.equal(queue.unsettled([old, young]).length, 1);
  });

  it('tells a refusal once, and keeps nothing of the draft', async () => {
    const { queue, add } = openQueue();
    const [refused, next] = [add('a'), add('b')];
    queue.nextBatch();

    queue.refuse(refused, new ChatError('no_target', {}), 5);
    queue.settle(refused, sampleEntry(1, { body: { text: 'a' } }));

    await assert.rejects(refused.outcome, { code: 'no_target', maybe: false });
    assert.deepEqual(queue.unsettled([refused, next]), [next]);
  });

  it('G9 › refuses nothing for certain that may be stored above the head', async () => {
    const { queue, add } = openQueue();
    const [first, second] = [add('a'), add('b')];
    const batch = [first, second];
    queue.nextBatch();
    queue.doubt(batch, numbered(batch, 5, 1234));

    for (const pending of batch) queue.refuse(pending, new ChatError('no_change', {}), 6);

    // The first was tried at 6, where something else is now; the second at 7.
    await assert.rejects(first.outcome, { code: 'no_change', maybe: false });
    await assert.rejects(second.outcome, { code: 'unavailable', maybe: true });
    assert.equal(queue.size, 0);
  });

  it('numbers drafts right after a head', () => {
    const { add } = openQueue();

    const entries = numbered([add('a'), add('b')], 7, 1234);

    assert.deepEqual(
      entries.map(({ seq, id, at, body }) => [seq, id, at, body]),
      [
        [8, 'id-a', 1234, { text: 'a' }],
        [9, 'id-b', 1234, { text: 'b' }],
      ],
    );
  });
});
