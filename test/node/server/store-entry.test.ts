import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  changesOf,
  checkFloor,
  emojiAfter,
  firstSince,
  isScrubbed,
  linesOf,
  targetOf,
  withoutText,
} from '../../../server/store-entry.ts';
import { sampleEdit, sampleEntry, sampleReaction } from '../../support/log-samples.ts';

const notice = sampleEntry(4, { kind: 'notice', body: { text: 'a topic' } });
const message = sampleEntry(1, { body: { text: 'hi', replyTo: 9 } });

describe('store entries', () => {
  it('are lines or changes, and changes have a target', () => {
    const later = sampleEntry(5, { kind: 'kind of a newer version' as 'message' });
    const all = [message, sampleEdit(2, 1), sampleReaction(3, 1, '👍'), notice, later];

    assert.deepEqual(
      [linesOf(all), changesOf(all)].map((some) => some.map(({ seq }) => seq)),
      [
        [1, 4],
        [2, 3],
      ],
    );
    assert.deepEqual(all.map(targetOf), [undefined, 1, 1, undefined, undefined]);
  });

  it('lose their text and nothing else', () => {
    const scrubbed = withoutText(message);

    assert.deepEqual(scrubbed, { ...message, body: { text: '', replyTo: 9 } });
    assert.deepEqual(withoutText(sampleEdit(2, 1)).body, { target: 1, text: '' });
    assert.equal(withoutText(notice), notice);
    assert.deepEqual([message, scrubbed].map(isScrubbed), [false, true]);
  });

  it('of one user leave the emoji on that were not taken off again', () => {
    const said = ['+a', '+b', '-a', '+c', '-c', '+c'].map((one) => ({
      emoji: one.slice(1),
      on: one.startsWith('+'),
    }));

    assert.deepEqual(emojiAfter(said), ['b', 'c']);
    assert.deepEqual(emojiAfter([]), []);
  });

  it('are found by their time in few looks, also where some are gone', async () => {
    let looks = 0;
    const stretch = (gone: number): Parameters<typeof firstSince>[0] => ({
      floor: 1000,
      head: 1_001_000,
      atOf: async (seq) => {
        looks++;
        return seq < gone ? undefined : seq * 2;
      },
    });

    assert.equal(await firstSince(stretch(0), 500_001), 250_001);
    assert.ok(looks <= 21, `${looks} looks`);
    assert.equal(await firstSince(stretch(0), 0), 1000);
    assert.equal(await firstSince(stretch(0), 9_000_000), undefined);
    assert.equal(await firstSince(stretch(5000), 0), 5000);
  });

  it('carry the head: no floor goes above it', () => {
    checkFloor(7, 7);
    assert.throws(() => checkFloor(8, 7), /above the head/);
  });
});
