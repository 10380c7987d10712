import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type DemoDraft, DemoLog, ENTRIES_MAX } from '../../../component/demo/demo-log.ts';
import { REACTION_USERS_MAX } from '../../../component/protocol/limits.ts';
import type { Cid, Cursor, EntryId, Epoch, UserId } from '../../../component/protocol/ops.ts';
import { sampleUser } from '../../support/log-samples.ts';

let cids = 0;
function draft(user: string, kind: string, body: object, more: object = {}): DemoDraft {
  cids += 1;
  return { user: sampleUser(user), cid: `cid-${cids}` as Cid, kind, body, ...more } as DemoDraft;
}

/** Adds it as a room does, and gives back what was added. */
function add(log: DemoLog, one: DemoDraft, at = 1000) {
  const addition = log.next(one, `id-${log.head + 1}` as EntryId, at);
  assert.ok(log.take([addition.entry]));
  return addition;
}

const say = (log: DemoLog, text: string, user = 'ada') =>
  add(log, draft(user, 'message', { text }));

const newLog = (): DemoLog => new DemoLog('epoch' as Epoch);

const cursor = (seq: number, id = `id-${seq}`, epoch = 'epoch'): Cursor =>
  ({ epoch, seq, id }) as Cursor;

const code = (code: string) => ({ code });

describe('demo log', () => {
  it('numbers what is added, and its time never goes back', () => {
    const log = newLog();
    assert.deepEqual([log.head, log.headId, log.floor], [0, '', 1]);

    add(log, draft('ada', 'message', { text: 'one' }), 2000);
    const { entry } = add(log, draft('ada', 'message', { text: 'two' }), 1000);

    assert.deepEqual([entry.seq, entry.at], [2, 2000]);
    assert.deepEqual([log.head, log.headId, log.floor], [2, 'id-2', 1]);
  });

  it('takes nothing after a gap', () => {
    const [log, other] = [newLog(), newLog()];
    const added = ['one', 'two', 'three'].map((text) => say(log, text).entry);

    assert.ok(other.take(added.slice(0, 1)));
    assert.equal(other.take(added.slice(2)), false);
    assert.equal(other.head, 1);
  });

  it('knows a draft that was sent again, and one that says something else under its cid', () => {
    const log = newLog();
    const one = draft('ada', 'message', { text: 'one' });
    const { entry } = add(log, one);

    assert.equal(log.find(draft('ada', 'message', { text: 'one' })), undefined);
    assert.equal(log.find({ ...one, user: sampleUser('bob') }), undefined);
    assert.equal(log.find(one), entry);
    const other = { ...one, body: { text: 'two' } } as DemoDraft;
    assert.throws(() => log.find(other), code('id_conflict'));
  });

  it('folds changes into what people read', () => {
    const log = newLog();
    say(log, 'one');
    add(log, draft('ada', 'edit', { target: 1, text: 'uno' }));
    add(log, draft('bob', 'react', { target: 1, emoji: '👍', on: true }));
    say(log, 'two');

    const [first, second] = log.page(Infinity, 50);

    assert.equal(first?.body.text, 'uno');
    assert.ok(first?.kind === 'message' && first.edited && first.reactions?.[0]?.count === 1);
    assert.equal(second?.seq, 4);
    assert.deepEqual(log.page(4, 50), [first]);
    assert.deepEqual(log.page(Infinity, 1), [second]);
  });

  it('refuses changes that change nothing', () => {
    const log = newLog();
    say(log, 'one');
    const like = (): DemoDraft => draft('bob', 'react', { target: 1, emoji: '👍', on: true });
    add(log, like());

    assert.throws(() => add(log, like()), code('no_change'));
    assert.throws(
      () => add(log, draft('bob', 'edit', { target: 1, text: 'x' })),
      code('forbidden'),
    );
    assert.throws(() => add(log, draft('ada', 'delete', { target: 9 })), code('no_target'));
    assert.throws(() => add(log, draft('bob', 'delete', { target: 1 })), code('forbidden'));
    add(log, draft('bob', 'delete', { target: 1 }, { mayModerate: true }));
  });

  it('keeps nothing of what a deleted message said', () => {
    const log = newLog();
    const one = draft('ada', 'message', { text: 'secret' });
    add(log, one);
    add(log, draft('ada', 'edit', { target: 1, text: 'secret, too' }));
    say(log, 'two');

    const { scrubbed } = add(log, draft('ada', 'delete', { target: 1 }));

    assert.deepEqual(
      scrubbed.map(({ seq, body }) => [seq, 'text' in body && body.text]),
      [
        [1, ''],
        [2, ''],
      ],
    );
    const all = log.after(cursor(0, ''));
    assert.doesNotMatch(JSON.stringify([all, log.page(Infinity, 50)]), /secret/);
    // What was sent is still that draft.
    assert.equal(log.find(one)?.seq, 1);
  });

  it('resumes a cursor that is of this log, and says why another one is of no use', () => {
    const log = newLog();
    for (const text of ['one', 'two', 'three']) say(log, text);
    const seqsAfter = (one: Cursor): unknown => {
      const found = log.after(one);
      return typeof found === 'string' ? found : found.map(({ seq }) => seq);
    };

    assert.deepEqual(seqsAfter(cursor(0, '')), [1, 2, 3]);
    assert.deepEqual(seqsAfter(cursor(2)), [3]);
    assert.deepEqual(seqsAfter(cursor(3)), []);
    assert.equal(seqsAfter(cursor(2, 'id-x')), 'other_id');
    assert.equal(seqsAfter(cursor(0, 'id-x')), 'other_id');
    assert.equal(seqsAfter(cursor(4)), 'ahead_of_head');
    assert.equal(seqsAfter(cursor(2, 'id-2', 'other')), 'epoch');
  });

  it('keeps so many entries, and forgets the oldest with all that was said of them', () => {
    const log = newLog();
    say(log, 'one');
    add(log, draft('bob', 'react', { target: 1, emoji: '👍', on: true }));
    for (let i = 0; i < ENTRIES_MAX; i += 1) say(log, `more ${i}`);

    assert.equal(log.floor, 3);
    assert.equal(log.head, ENTRIES_MAX + 2);
    assert.equal(log.page(Infinity, ENTRIES_MAX * 2).length, ENTRIES_MAX);
    assert.equal(log.after(cursor(0, '')), 'below_floor');
    assert.equal(log.after(cursor(2)), 'below_floor');
    assert.throws(() => add(log, draft('ada', 'delete', { target: 1 })), code('no_target'));
  });

  it('begins where what is kept begins', () => {
    const [all, rest] = [newLog(), newLog()];
    const added = ['one', 'two', 'three'].map((text) => say(all, text).entry);

    assert.ok(rest.take(added.slice(1)));
    assert.deepEqual([rest.floor, rest.head], [2, 3]);
  });

  it('tells a user of own reactions where the list of who reacted is cut short', () => {
    const log = newLog();
    say(log, 'one');
    for (let i = 0; i <= REACTION_USERS_MAX; i += 1) {
      add(log, draft(`user-${i}`, 'react', { target: 1, emoji: '👍', on: true }));
    }
    const lines = log.page(Infinity, 50);

    const last = `user-${REACTION_USERS_MAX}` as UserId;
    assert.deepEqual(log.own(lines, last), [{ target: 1, emoji: ['👍'] }]);
    assert.deepEqual(log.own(lines, 'nobody' as UserId), []);
  });
});
