import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

// Not codes.ts: this is how the one-file element has it, without the table of words.
import { ChatError } from '../../../component/protocol/chat-error.ts';

describe('ChatError without the table', () => {
  test('has its code and its detail for words', () => {
    assert.equal(new ChatError('bad_name', { why: 'too long' }).message, 'bad_name: too long');
    assert.equal(new ChatError('bad_room', {}).message, 'bad_room');
  });

  test('keeps the words it is given', () => {
    assert.equal(new ChatError('forbidden', { operation: 'x' }, { words: 'No.' }).message, 'No.');
  });
});
