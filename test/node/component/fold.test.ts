import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  asRead,
  fold,
  REACTION_USERS_MAX,
  type Change,
  type Message,
} from '../../../component/protocol/protocol.ts';
import { sampleEntry, sampleUser } from '../../support/log-samples.ts';

const message = sampleEntry(1) as Message;
const change = (seq: number, kind: Change['kind'], body: object, user = 'ada'): Change =>
  sampleEntry(seq, { kind, user: sampleUser(user), body: { target: 1, ...body } }) as Change;
const like = (user: string, on = true, emoji = '👍'): Change =>
  change(9, 'react', { emoji, on }, user);
const after = (...changes: readonly Change[]): Message => changes.reduce(fold, message);
const reactionsAfter = (...changes: readonly Change[]): unknown =>
  after(...changes).reactions?.map(({ emoji, count, users }) => [
    emoji,
    count,
    users.map(({ name }) => name).join(' '),
  ]);

describe('fold', () => {
  it('gives an edited message its new text and the time of it, and keeps all else', () => {
    const { body, edited, ...rest } = after(change(2, 'edit', { text: 'new' }));
    const { body: _, ...before } = message;

    assert.deepEqual([body, edited, rest], [{ text: 'new' }, 1002, before]);
  });

  it('keeps whom an edited message answers', () => {
    const reply: Message = { ...message, body: { text: 'x', replyTo: 7 } };

    const { body } = fold(reply, change(2, 'edit', { text: 'new' }));

    assert.deepEqual(body, { text: 'new', replyTo: 7 });
  });

  it('leaves nothing of a deleted message but its place, for ever', () => {
    const deleted = after(like('bob'), change(3, 'pin', { on: true }), change(4, 'delete', {}));

    assert.deepEqual(deleted, { ...message, body: { text: '' }, deleted: true });
    assert.equal(fold(deleted, change(5, 'edit', { text: 'back' })), deleted);
    assert.equal(fold(deleted, like('bob')), deleted);
  });

  it('counts reactions in the order of their first use, and drops those that ended', () => {
    assert.deepEqual(reactionsAfter(like('bob'), like('cyd', true, '🎉'), like('cyd')), [
      ['👍', 2, 'bob cyd'],
      ['🎉', 1, 'cyd'],
    ]);
    assert.deepEqual(reactionsAfter(like('bob'), like('cyd'), like('bob', false)), [
      ['👍', 1, 'cyd'],
    ]);
    assert.ok(!('reactions' in after(like('bob'), like('bob', false))));
  });

  it(`names the first ${REACTION_USERS_MAX} who reacted, and counts all`, () => {
    const fans = Array.from({ length: REACTION_USERS_MAX + 2 }, (_, n) => like(`fan${n}`));

    const [reaction] = after(...fans, like('fan11', false)).reactions ?? [];

    assert.equal(reaction?.count, REACTION_USERS_MAX + 1);
    assert.deepEqual(
      reaction.users.map(({ name }) => name),
      fans.slice(0, REACTION_USERS_MAX).map(({ user }) => user.name),
    );
  });

  it('pins and unpins', () => {
    const pinned = after(change(2, 'pin', { on: true }));

    assert.equal(pinned.pinned, true);
    assert.deepEqual(fold(pinned, change(3, 'pin', { on: false })), message);
  });

  it('lets a kind of a newer version change nothing', () => {
    assert.equal(fold(message, change(2, 'poll' as Change['kind'], {})), message);
  });

  it('reads a scrubbed line as deleted, and any other as it is', () => {
    const scrubbed: Message = { ...message, body: { text: '', replyTo: 3 } };
    const notice = sampleEntry(2, { kind: 'notice' }) as Message;

    assert.deepEqual(asRead(scrubbed), { ...message, body: { text: '' }, deleted: true });
    assert.equal(asRead(message), message);
    assert.equal(asRead(notice), notice);
  });
});
