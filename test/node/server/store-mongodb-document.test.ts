import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { documentOf, entryOf } from '../../../server/store-mongodb-document.ts';
import { roomKey, sampleEntry, sampleUser } from '../../support/log-samples.ts';

describe('MongoDB document', () => {
  it('is the entry again, with or without an avatar', () => {
    const user = { ...sampleUser('ada'), avatar: 'https://a.example/a.png' };
    const entries = [sampleEntry(1), sampleEntry(2, { user, body: { text: 'x', replyTo: 1 } })];

    for (const entry of entries) {
      assert.deepEqual(entryOf(documentOf(roomKey('a'), entry)), entry);
    }
  });

  it('names every field that a query asks for, and carries nothing else', () => {
    const user = { ...sampleUser('ada'), secret: 'x' };

    const document = documentOf(roomKey('a'), sampleEntry(1, { user }));

    const { room, seq, user: id, cid, kind } = document;
    const want = { room: 'test/a', seq: 1, id: 'ada', cid: 'cid-1', kind: 'message' };
    assert.deepEqual({ room, seq, id, cid, kind }, want);
    assert.ok(!JSON.stringify(document).includes('secret'));
  });
});
