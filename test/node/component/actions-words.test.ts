import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { RoomSnapshot, Row } from '../../../component/client/client.ts';
import { completionAt, emojiTyped, peopleOf } from '../../../component/element/actions-words.ts';
import { userOf } from '../../support/fake-room.ts';

const people = ['Ada Lovelace', 'Grace', 'José', '山田'];

function labels(text: string, caret = text.length): readonly string[] {
  return completionAt(text, caret, people)?.suggestions.map(({ label }) => label) ?? [];
}

describe('completion › people', () => {
  it('begins at an "@" after a blank, a bracket or nothing', () => {
    assert.deepEqual(labels('@'), people);
    assert.deepEqual(labels('hi (@g'), ['Grace']);
    assert.deepEqual(labels('line\n@g'), ['Grace']);
    assert.deepEqual(labels('me@g'), []);
    assert.deepEqual(labels('@@'), []);
  });

  it('finds any part of a name, blanks included, without case and accents', () => {
    assert.deepEqual(labels('@love'), ['Ada Lovelace']);
    assert.deepEqual(labels('@ada l'), ['Ada Lovelace']);
    assert.deepEqual(labels('@jose'), ['José']);
    assert.deepEqual(labels('@山'), ['山田']);
  });

  it('ends where the text goes on with something else', () => {
    assert.deepEqual(labels('@grace and'), []);
    assert.deepEqual(labels('@grace\n'), []);
    assert.deepEqual(labels('@Grace '), []);
  });

  it('looks at what is before the caret, and says what it would replace', () => {
    const completion = completionAt('hi @gr, you', 6, people);

    assert.equal(completion?.start, 3);
    assert.equal(completion.end, 6);
    assert.equal(completion.suggestions[0]?.text, '@Grace ');
  });

  it('is quick on a long text without a blank', () => {
    const text = `@${'a@'.repeat(2000)}`;
    // The best of some: a busy machine has a bad moment, but not each time.
    const took = Array.from({ length: 5 }, () => {
      const start = performance.now();
      assert.deepEqual(labels(text), []);
      return performance.now() - start;
    });

    assert.ok(Math.min(...took) < 100, `${took.join(', ')} ms`);
  });
});

describe('completion › emoji', () => {
  it('begins at a colon with two letters', () => {
    assert.deepEqual(labels(':t'), []);
    assert.equal(labels(':ta')[0], ':taco:');
    assert.deepEqual(labels('10:30'), []);
    assert.deepEqual(labels('http://'), []);
  });

  it('shows the name that was begun, when an emoji has several', () => {
    assert.deepEqual(labels(':thank'), [':thanks:']);
  });

  it('has at most six', () => {
    assert.equal(labels(':he').length, 6);
  });

  it('takes a whole name between colons for its emoji', () => {
    assert.equal(emojiTyped('so :tada:', 9)?.suggestions[0]?.text, '🎉');
    assert.equal(emojiTyped('so :tada:', 9)?.start, 3);
    assert.equal(emojiTyped('so :nothing:', 12), undefined);
    assert.equal(emojiTyped('a::', 3), undefined);
  });
});

describe('completion › who may be meant', () => {
  it('is who wrote, the last first, then who is there, without oneself and the nameless', () => {
    const [ada, grace, linus] = [userOf('Ada'), userOf('Grace'), userOf('Linus')];
    const rows = [linus, grace, ada].map((user) => ({ user }) as Row);
    const users = [ada, userOf('', 'guest'), userOf('Barbara'), linus];

    const snapshot: unknown = { rows, people: { count: 4, users }, user: ada };
    const names = peopleOf(snapshot as RoomSnapshot);

    assert.deepEqual(names, ['Grace', 'Linus', 'Barbara']);
  });
});
