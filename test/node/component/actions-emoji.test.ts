import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  emojiGroups,
  emojiNamed,
  findEmoji,
  QUICK,
} from '../../../component/element/actions-emoji.ts';
import { EMOJI_LENGTH_MAX } from '../../../component/protocol/limits.ts';
import { isEmoji } from '../../../component/protocol/parse.ts';

const all = [...emojiGroups.values()].flat();

describe('the table of emoji', () => {
  it('has names that fit between two colons, each once', () => {
    const names = all.flatMap((one) => one.names);

    for (const name of names) assert.match(name, /^[a-z0-9_+-]+$/);
    assert.equal(new Set(names).size, names.length);
  });

  it('has emoji that the server takes, each once', () => {
    const emoji = [...all.map((one) => one.emoji), ...QUICK];

    for (const one of emoji) assert.ok(isEmoji(one) && one.length <= EMOJI_LENGTH_MAX, one);
    assert.equal(new Set(all.map((one) => one.emoji)).size, all.length);
  });

  it('has the quick reactions among the others', () => {
    for (const emoji of QUICK)
      assert.ok(
        all.some((one) => one.emoji === emoji),
        emoji,
      );
  });

  it('finds by name: the whole, then the begin, then anywhere', () => {
    const found = findEmoji('cat').flatMap((one) => one.names);

    assert.equal(found[0], 'cat');
    assert.deepEqual(findEmoji('no such thing'), []);
    assert.equal(findEmoji('Ice Cream')[0]?.emoji, '🍦');
  });

  it('knows an emoji by its exact name alone', () => {
    assert.equal(emojiNamed('tada'), '🎉');
    assert.equal(emojiNamed('TADA'), '🎉');
    assert.equal(emojiNamed('tad'), undefined);
    assert.equal(emojiNamed(''), undefined);
  });
});
