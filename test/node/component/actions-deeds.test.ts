import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { RoomSnapshot, Row } from '../../../component/client/client.ts';
import {
  deedsFor,
  isOpenTo,
  lastOwn,
  type SentRow,
} from '../../../component/element/actions-deeds.ts';
import { userOf } from '../../support/fake-room.ts';

const ada = userOf('Ada');
const own = { kind: 'message', state: 'sent', seq: 1, user: ada, text: 'a' } as SentRow;
const other = { ...own, seq: 2, user: userOf('Grace') };

function room(can: readonly string[], rows: readonly Row[] = []): RoomSnapshot {
  return { can, rows, user: ada } as unknown as RoomSnapshot;
}

describe('what may be done with a message', () => {
  it('is what the room allows, and for changes only with an own one', () => {
    const member = room(['message', 'edit', 'delete', 'react']);

    assert.deepEqual(deedsFor(own, member, true), [
      'react',
      'reply',
      'edit',
      'copyText',
      'copyLink',
      'remove',
    ]);
    assert.deepEqual(deedsFor(other, member, true), ['react', 'reply', 'copyText', 'copyLink']);
  });

  it('is to go where a reply leads, while that is kept', () => {
    const reply = { ...own, replyTo: 1 };

    assert.ok(deedsFor(reply, room([]), false).includes('toQuote'));
    assert.ok(!deedsFor({ ...reply, quote: 'gone' }, room([]), false).includes('toQuote'));
  });

  it('is more for who may moderate and pin', () => {
    const moderator = room(['moderate', 'pin']);

    assert.deepEqual(deedsFor(other, moderator, false), ['copyLink', 'pin', 'remove']);
    assert.deepEqual(deedsFor({ ...other, pinned: true }, moderator, false), [
      'copyLink',
      'unpin',
      'remove',
    ]);
  });

  it('is nothing for drafts, notices and deleted ones', () => {
    assert.equal(isOpenTo(own), true);
    assert.equal(isOpenTo({ ...own, state: 'failed' }), false);
    assert.equal(isOpenTo({ ...own, kind: 'notice' }), false);
    assert.equal(isOpenTo({ ...own, deleted: true }), false);
    assert.equal(isOpenTo(undefined), false);
  });
});

describe('the last own message', () => {
  it('is the newest that can still be edited', () => {
    const deleted: Row = { ...own, seq: 3, deleted: true };

    assert.equal(lastOwn(room(['edit'], [own, other, deleted])), own);
    assert.equal(lastOwn(room(['edit'], [other])), undefined);
    assert.equal(lastOwn(room([], [own])), undefined);
  });
});
