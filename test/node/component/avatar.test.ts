import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { hueOf, initialsOf } from '../../../component/element/avatar.ts';

describe('initialsOf', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Ada Lovelace', 'AL'],
    ['linus', 'L'],
    ['Maximiliane-Wilhelmine von Hohenstaufen', 'MH'],
    ['  spaced   out ', 'SO'],
    ['雪 Yuki', '雪Y'],
    ['ليلى', 'ل'],
    ['_under_score_', 'US'],
    ['👩‍🚀', '👩'],
    ['4chan', '4'],
    ['', ''],
  ];

  for (const [name, initials] of cases) {
    it(`makes "${initials}" of "${name}"`, () => assert.equal(initialsOf(name), initials));
  }
});

describe('hueOf', () => {
  it('gives the same user the same hue', () => assert.equal(hueOf('u_ada'), hueOf('u_ada')));

  it('uses every hue, about equally', () => {
    const counts = new Map<number, number>();

    for (let i = 0; i < 10_000; i += 1) {
      const hue = hueOf(`g_${i}`);
      counts.set(hue, (counts.get(hue) ?? 0) + 1);
    }

    assert.equal(counts.size, 6);
    assert.ok([...counts.values()].every((count) => count > 1300 && count < 2100));
  });
});
