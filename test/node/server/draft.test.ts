import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { EntryId } from 'mini-chat/protocol';

import { draftKey, entryOf, isSameDraft } from '../../../server/draft.ts';
import { sampleDraft, sampleEntry } from '../../support/log-samples.ts';

const isSame = (stored: unknown, sent: unknown): boolean =>
  isSameDraft(sampleEntry(1, { body: stored }), {
    ...{ ...sampleDraft('ada', 'x'), kind: 'message' },
    body: sent as { text: string },
  });

describe('draft', () => {
  it('is the same when every field of its body is, in any order', () => {
    assert.ok(isSame({ text: 'a', replyTo: 3 }, { replyTo: 3, text: 'a' }));
    assert.ok(isSame(Object.assign(Object.create(null), { text: 'a' }), { text: 'a' }));
    assert.ok(isSame({ text: 'a', list: [{ n: 1 }] }, { text: 'a', list: [{ n: 1 }] }));
  });

  it('is another when a field differs, is missing, or is there in addition', () => {
    assert.ok(!isSame({ text: 'a' }, { text: 'b' }));
    assert.ok(!isSame({ text: 'a' }, { text: 'a', replyTo: 3 }));
    assert.ok(!isSame({ text: 'a', replyTo: 3 }, { text: 'a' }));
    assert.ok(!isSame({ text: 'a', list: [1, 2] }, { text: 'a', list: [2, 1] }));
    assert.ok(!isSame({ text: 'a', list: [] }, { text: 'a', list: {} }));
    assert.ok(!isSame({ text: null }, { text: 'null' }));
  });

  it('is the same as one whose text was scrubbed since, if all else is', () => {
    assert.ok(isSame({ text: '' }, { text: 'whatever it was' }));
    assert.ok(isSame({ text: '', replyTo: 3 }, { text: 'b', replyTo: 3 }));
    assert.ok(!isSame({ text: '' }, { text: 'b', replyTo: 3 }));
    assert.ok(!isSame({ text: 'a' }, { text: '' }));
  });

  it('its entry says nothing of who may moderate', () => {
    const place = { seq: 1, id: 'id1' as EntryId, at: 5 };
    const draft = { ...sampleDraft('ada', 'x'), mayModerate: true } as const;

    assert.deepEqual(entryOf(draft, place), entryOf(sampleDraft('ada', 'x'), place));
  });

  it('is another when it is of another kind', () => {
    const entry = sampleEntry(1, { kind: 'notice', body: { text: 'a' } });

    assert.ok(!isSameDraft(entry, sampleDraft('ada', 'a')));
  });

  it('has one key, though a user id may have spaces', () => {
    assert.notEqual(draftKey('a b', 'c'), draftKey('a', 'b-c'));
  });
});
