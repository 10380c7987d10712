import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { REACTIONS_MAX, type ChatError, type Message, type Seq } from 'mini-chat/protocol';

import { type ChangeDraft, TargetState } from '../../../server/change-check.ts';
import { isChange } from '../../../server/store-entry.ts';
import { changeDraft, sampleDraft, sampleEntry, sampleUser } from '../../support/log-samples.ts';

const targets: ReadonlySet<Seq> = new Set([1, 2]);
const message = sampleEntry(1) as Message;

/** Message 1 is of ada, and there is no message 2. */
const stateOf = (given: Partial<Message> = {}, ownEmoji: readonly string[] = []): TargetState =>
  new TargetState(targets, {
    messages: new Map([[1, { ...message, ...given }]]),
    reactions: ['ada', 'bob'].map((name) => {
      return { target: 1, user: sampleUser(name).id, emoji: name === 'bob' ? ownEmoji : [] };
    }),
  });

const draft = (user: string, kind: string, body: object): ChangeDraft =>
  changeDraft(user, kind, body) as ChangeDraft;
const codeOf = (state: TargetState, one: ChangeDraft): string | undefined =>
  state.refusalOf(one)?.code;

const like = (user: string, on = true, emoji = '👍'): ChangeDraft =>
  draft(user, 'react', { target: 1, emoji, on });

describe('change check', () => {
  it('needs nothing of messages and notices', () => {
    assert.ok(!isChange(sampleDraft('ada', 'x')));
    assert.ok(!isChange(changeDraft('ada', 'notice', { text: 'x' })));
    for (const kind of ['edit', 'delete', 'react', 'pin']) {
      assert.ok(isChange(changeDraft('ada', kind, { target: 1 })));
    }
  });

  it('refuses what has no target, and everything about a deleted one', () => {
    for (const [kind, more] of Object.entries({
      edit: { text: 'x' },
      delete: {},
      react: { emoji: '👍', on: true },
      pin: { on: true },
    })) {
      assert.equal(codeOf(stateOf(), draft('ada', kind, { target: 2, ...more })), 'no_target');
      const deleted = stateOf({ deleted: true });
      assert.equal(codeOf(deleted, draft('ada', kind, { target: 1, ...more })), 'no_target');
      assert.equal(codeOf(stateOf(), draft('ada', kind, { target: 1, ...more })), undefined);
    }
  });

  it("lets nobody edit what is another's, and delete it only who may moderate", () => {
    const operationOf = (one: ChangeDraft): unknown =>
      (stateOf().refusalOf(one) as ChatError<'forbidden'>).detail.operation;
    const edit = draft('bob', 'edit', { target: 1, text: 'x' });
    const remove = draft('bob', 'delete', { target: 1 });

    assert.equal(operationOf(edit), 'edit');
    assert.equal(operationOf(remove), 'delete');
    assert.equal(codeOf(stateOf(), { ...remove, mayModerate: true }), undefined);
    assert.equal(codeOf(stateOf(), { ...edit, mayModerate: true }), 'forbidden');
  });

  it('refuses what is so already', () => {
    const sameText = draft('ada', 'edit', { target: 1, text: message.body.text });
    const pin = (on: boolean): ChangeDraft => draft('bob', 'pin', { target: 1, on });

    assert.equal(codeOf(stateOf(), sameText), 'no_change');
    assert.equal(codeOf(stateOf(), pin(false)), 'no_change');
    assert.equal(codeOf(stateOf({ pinned: true }), pin(true)), 'no_change');
    assert.equal(codeOf(stateOf({ pinned: true }), pin(false)), undefined);
    assert.equal(codeOf(stateOf(), like('bob', false)), 'no_change');
    assert.equal(codeOf(stateOf({}, ['👍']), like('bob')), 'no_change');
    assert.equal(codeOf(stateOf({}, ['👍']), like('bob', false)), undefined);
    assert.equal(codeOf(stateOf({}, ['👍']), like('ada')), undefined);
    assert.equal(codeOf(stateOf({}, ['👍']), like('bob', true, '🎉')), undefined);
  });

  it(`takes ${REACTIONS_MAX} different reactions, then only more of those`, () => {
    const reactions = Array.from({ length: REACTIONS_MAX }, (_, n) => {
      return { emoji: `e${n}`, count: 1, users: [sampleUser('cyd')] };
    });

    assert.equal(codeOf(stateOf({ reactions }), like('bob')), 'too_many_reactions');
    assert.equal(codeOf(stateOf({ reactions }), like('bob', true, 'e3')), undefined);
    const fewer = reactions.slice(1);
    assert.equal(codeOf(stateOf({ reactions: fewer }), like('bob')), undefined);
  });

  it('counts what stands before in the same batch', () => {
    const state = stateOf();

    state.apply(sampleEntry(2, like('bob')));
    assert.equal(codeOf(state, like('bob')), 'no_change');
    assert.equal(codeOf(state, like('bob', false)), undefined);
    state.apply(sampleEntry(3, { kind: 'delete', body: { target: 1 } }));
    assert.equal(codeOf(state, like('bob', false)), 'no_target');
  });

  it('knows a message that comes right before it', () => {
    const state = stateOf();

    state.apply(sampleEntry(2, { user: sampleUser('bob') }));

    assert.equal(codeOf(state, draft('bob', 'edit', { target: 2, text: 'x' })), undefined);
  });
});
