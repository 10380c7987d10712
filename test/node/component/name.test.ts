import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { NAME_GRAPHEMES_MAX, parseName } from '../../../component/protocol/name.ts';
import { anyText } from '../../support/any-text.ts';
import { seedOfRun } from '../../support/seed.ts';

const nameOf = (given: string): string | undefined => {
  const verdict = parseName(given);
  return 'name' in verdict ? verdict.name : undefined;
};

const whyOf = (given: string): string | undefined => {
  const verdict = parseName(given);
  return 'why' in verdict ? verdict.why : undefined;
};

describe('parseName', () => {
  test('takes names as people write them', () => {
    for (const name of [
      'Ada',
      'Grace Hopper',
      '雪',
      'Łukasz',
      'محمد',
      'שרה',
      "O'Brien",
      '42',
      '👩‍👩‍👧',
    ]) {
      assert.equal(nameOf(name), name);
    }
  });

  test('trims, joins blanks, and composes: one name has one spelling', () => {
    assert.equal(nameOf('  Ada \u00a0 Lovelace '), 'Ada Lovelace');
    assert.equal(nameOf('Ame\u0301lie'), 'Am\u00e9lie');
  });

  test('counts as readers do: 40 families are 40, one more is too long', () => {
    const family = '👩‍👩‍👧‍👦';

    assert.equal(nameOf(family.repeat(NAME_GRAPHEMES_MAX)), family.repeat(NAME_GRAPHEMES_MAX));
    assert.equal(whyOf(family.repeat(NAME_GRAPHEMES_MAX + 1)), 'too long');
    assert.equal(whyOf('x'.repeat(100_000)), 'too long');
  });

  test('nothing is empty, and what cannot be seen is no name', () => {
    for (const empty of ['', '   ', '\u00a0']) assert.equal(whyOf(empty), 'empty');
    for (const unseen of ['\u200b', '\u200d\u200d', '\ufeff', '\u0301\u0301']) {
      assert.ok(whyOf(unseen) !== undefined, JSON.stringify(unseen));
    }
  });

  test('controls, bidi, private and lone halves of characters cannot be shown', () => {
    for (const bad of [
      'a\nb',
      'a\tb',
      'a\0',
      'a\u202eb',
      'a\u2066b',
      'a\u061c',
      '\ue000',
      'a\ud800',
    ]) {
      assert.equal(whyOf(bad), 'has characters that cannot be shown', JSON.stringify(bad));
    }
  });

  test('marks that cover the neighbours are decoration; those of real scripts are not', () => {
    assert.equal(whyOf(`Z${'\u0336'.repeat(5)}a`), 'has characters that cannot be shown');
    for (const real of ['Việt', 'हिन्दी', 'กำลัง', 'שָׁלוֹם'])
      assert.equal(nameOf(real), real.normalize('NFC'));
  });

  test('is stable: a name that was taken is taken again, unchanged, and never throws', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 60 }), (given) => {
        const name = nameOf(given);
        if (name !== undefined) assert.equal(nameOf(name), name);
      }),
      { seed: seedOfRun() },
    );
  });
});
