import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { RoomTail } from '../../../server/room-tail.ts';
import { sampleEntries, sampleEntry } from '../../support/log-samples.ts';

describe('RoomTail', () => {
  it('reads what it holds, and knows what it does not', () => {
    const tail = new RoomTail();
    assert.equal(tail.read({ after: 0, upTo: 9, limit: 9 }), undefined);
    tail.push(sampleEntries(11, 20));

    assert.deepEqual(tail.read({ after: 10, upTo: 20, limit: 3 }), sampleEntries(11, 13));
    assert.deepEqual(tail.read({ after: 15, upTo: 17, limit: 9 }), sampleEntries(16, 17));
    assert.deepEqual(tail.read({ after: 20, upTo: 20, limit: 9 }), []);
    assert.equal(tail.read({ after: 9, upTo: 20, limit: 3 }), undefined);
  });

  it('finds a draft by its key while it holds the entry', () => {
    const tail = new RoomTail();
    tail.push(sampleEntries(1, 3));

    assert.deepEqual(tail.find('ada cid-2'), sampleEntry(2));
    assert.equal(tail.find('bob cid-2'), undefined);
  });

  it('holds some hundreds of the newest, whatever passes through', () => {
    const tail = new RoomTail();

    for (let seq = 1; seq <= 10_000; seq += 100) tail.push(sampleEntries(seq, seq + 99));

    const newest = tail.read({ after: 9_800, upTo: 10_000, limit: 500 });
    assert.deepEqual(newest, sampleEntries(9_801, 10_000));
    assert.equal(tail.read({ after: 9_000, upTo: 10_000, limit: 1 }), undefined);
    assert.equal(tail.find('ada cid-9000'), undefined);
  });

  it('forgets what another kind of entry may have changed in the store', () => {
    const tail = new RoomTail();
    tail.push(sampleEntries(1, 3));

    tail.push([sampleEntry(4, { kind: 'delete', body: { target: 2 } }), sampleEntry(5)]);

    assert.equal(tail.read({ after: 1, upTo: 5, limit: 9 }), undefined);
    assert.equal(tail.find('ada cid-2'), undefined);
    assert.equal(tail.read({ after: 3, upTo: 5, limit: 9 })?.length, 2);
  });
});
