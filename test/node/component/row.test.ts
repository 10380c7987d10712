import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { changed, isChange, isLine, ownOf, rowOf } from '../../../component/client/row.ts';
import type {
  Change,
  Cid,
  Content,
  Entry,
  EntryId,
  Message,
  User,
  UserId,
} from '../../../component/protocol/ops.ts';

const ada: User = { id: 'u_ada' as UserId, name: 'Ada', role: 'member' };
const me = 'u_me' as UserId;
const mine: User = { ...ada, id: me, name: 'Me' };

function message(more: Partial<Message> = {}): Message {
  const [id, cid] = ['id1' as EntryId, 'cid-no-1' as Cid];
  const body = { text: 'hello', replyTo: 7 };
  return { seq: 1, id, kind: 'message', user: ada, at: 1, cid, body, ...more };
}

function change(content: Content<Change['kind']>, user: User = ada, seq = 9): Change {
  return { ...content, user, seq, id: 'id9' as EntryId, at: 9, cid: 'cid-no-9' as Cid };
}

const react = (emoji: string, on = true): Content<'react'> => ({
  kind: 'react',
  body: { target: 1, emoji, on },
});

describe('row', () => {
  test('says what its message says', () => {
    const { key, kind, state, text, replyTo, user, seq } = rowOf(message(), me);

    assert.deepEqual([kind, state, text, replyTo, seq], ['message', 'sent', 'hello', 7, 1]);
    assert.deepEqual([key, user], ['u_ada:cid-no-1', ada]);
  });

  test('a message whose text was scrubbed is a deleted one', () => {
    assert.equal(rowOf(message({ body: { text: '' } }), me).deleted, true);
  });

  test('an edit, a pin and a deletion show', () => {
    const edit = change({ kind: 'edit', body: { target: 1, text: 'new' } });
    const edited = changed(rowOf(message(), me), edit, me);
    assert.deepEqual([edited.text, edited.edited, edited.replyTo], ['new', 9, 7]);

    const pinned = changed(edited, change({ kind: 'pin', body: { target: 1, on: true } }), me);
    assert.deepEqual([pinned.pinned, pinned.text], [true, 'new']);

    const deleted = changed(pinned, change({ kind: 'delete', body: { target: 1 } }), me);
    assert.deepEqual(
      [deleted.deleted, deleted.text, deleted.pinned, deleted.edited, deleted.key],
      [true, '', undefined, undefined, edited.key],
    );
  });

  test('a reaction is mine if I am among its users or the page says so, and until I take it back', () => {
    const users = [mine];
    const reactions = [
      { emoji: '👍', count: 1, users },
      { emoji: '🎉', count: 40, users: [ada] },
    ];
    const row = rowOf(message({ reactions }), me, ['🎉']);
    assert.deepEqual(ownOf(row), ['👍', '🎉']);

    const less = changed(row, change(react('🎉', false), mine), me);
    assert.deepEqual(ownOf(less), ['👍']);
    assert.equal(less.reactions?.[1]?.count, 39);
    assert.deepEqual(ownOf(changed(less, change(react('🎉')), me)), ['👍']);
    assert.deepEqual(ownOf(changed(less, change(react('🎉'), mine), me)), ['👍', '🎉']);
  });

  test('what was in the page already is not counted twice', () => {
    const row = { ...rowOf(message(), me), asOf: 9 };

    assert.equal(changed(row, change(react('👍'), ada, 9), me), row);
    assert.equal(changed(row, change(react('👍'), ada, 10), me).reactions?.length, 1);
  });

  test('what changes nothing leaves the same object', () => {
    const notice: Entry<'notice'> = { ...message(), kind: 'notice', body: { text: 'x' } };
    const row = rowOf(notice, me);
    assert.equal(changed(row, change(react('👍')), me), row);

    const deleted = rowOf(message({ body: { text: '' } }), me);
    assert.equal(changed(deleted, change(react('👍')), me), deleted);
  });

  test('lines have a text, changes a target, and kinds of a newer version are neither', () => {
    const odd = { ...message(), kind: 'poll', body: { question: 'x' } } as unknown as Entry;
    const bare = { ...message(), body: {} } as unknown as Entry;

    assert.deepEqual([odd, bare, message(), change(react('👍'))].map(isLine), [
      false,
      false,
      true,
      false,
    ]);
    assert.deepEqual([odd, message(), change(react('👍'))].map(isChange), [false, false, true]);
  });
});
