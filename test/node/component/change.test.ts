import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  changeRefusal,
  REACTIONS_MAX,
  type ChangeWish,
  type Message,
} from '../../../component/protocol/protocol.ts';
import { sampleEntry, sampleUser } from '../../support/log-samples.ts';

/** Of ada. */
const message = sampleEntry(1) as Message;

const wish = (user: string, kind: string, body: object = {}): ChangeWish =>
  ({ user: sampleUser(user), kind, body: { target: 1, ...body } }) as ChangeWish;

const like = (on: boolean, emoji = '👍'): ChangeWish => wish('bob', 'react', { emoji, on });

const codeOf = (one: ChangeWish, given: Message | undefined, hasReacted = false): unknown =>
  changeRefusal(one, given, hasReacted)?.code;

describe('change', () => {
  it('is refused where there is no message, or none any more', () => {
    for (const given of [undefined, { ...message, deleted: true } as const]) {
      assert.equal(codeOf(wish('ada', 'edit', { text: 'x' }), given), 'no_target');
      assert.equal(codeOf(wish('ada', 'delete'), given), 'no_target');
      assert.equal(codeOf(like(true), given), 'no_target');
      assert.equal(codeOf(wish('ada', 'pin', { on: true }), given), 'no_target');
    }
  });

  it("is of one's own text, and a deletion also of who may moderate", () => {
    assert.equal(codeOf(wish('ada', 'edit', { text: 'x' }), message), undefined);
    assert.equal(codeOf(wish('bob', 'edit', { text: 'x' }), message), 'forbidden');
    assert.equal(codeOf(wish('ada', 'delete'), message), undefined);
    assert.equal(codeOf(wish('bob', 'delete'), message), 'forbidden');
    assert.equal(codeOf({ ...wish('bob', 'delete'), mayModerate: true }, message), undefined);
  });

  it('must change something', () => {
    const { text } = message.body;

    assert.equal(codeOf(wish('ada', 'edit', { text }), message), 'no_change');
    assert.equal(codeOf(wish('ada', 'pin', { on: false }), message), 'no_change');
    assert.equal(codeOf(wish('ada', 'pin', { on: true }), message), undefined);
    assert.equal(codeOf(like(true), message, true), 'no_change');
    assert.equal(codeOf(like(false), message, true), undefined);
    assert.equal(codeOf(like(false), message), 'no_change');
  });

  it('adds no more different reactions than a message takes', () => {
    const reactions = Array.from({ length: REACTIONS_MAX }, (_, i) => {
      return { emoji: i === 0 ? '👍' : `${i}`, count: 1, users: [] };
    });
    const full: Message = { ...message, reactions };

    assert.equal(codeOf(like(true), full), undefined);
    assert.equal(codeOf(like(true, '🎉'), full), 'too_many_reactions');
    assert.equal(codeOf(like(false, '🎉'), full, true), undefined);
  });
});
