import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ChatError, codes, type ErrorCode, toldError } from '../../../component/protocol/codes.ts';

describe('codes', () => {
  test('each has one sentence and says whether trying again can help', () => {
    for (const [code, { words, retry }] of Object.entries(codes)) {
      const sentence = (words as (detail: object) => string)({ why: 'x', max: 7, afterMs: 7 });
      assert.match(sentence, /^[A-Z“].*\.$/s, code);
      assert.equal(typeof retry, 'boolean', code);
    }
  });

  test('ChatError carries code, detail, words and whether it may be stored', () => {
    const error = new ChatError('rate_limited', { afterMs: 250 }, { maybe: true, cause: 7 });

    assert.deepEqual([error.code, error.detail.afterMs, error.retry], ['rate_limited', 250, true]);
    assert.deepEqual([error.maybe, error.cause, error.name], [true, 7, 'ChatError']);
    assert.equal(error.message, 'Too fast; try again in 250 ms.');
    assert.equal('cause' in new ChatError('internal', {}), false);
  });

  test('a told error keeps the words of the peer, also under a code of a later version', () => {
    const known = toldError({ code: 'forbidden', message: 'Not you.' });
    const later = toldError({ code: 'of_tomorrow', message: 'Not yet.' });

    assert.deepEqual([known.code, known.message, known.retry], ['forbidden', 'Not you.', false]);
    assert.deepEqual([later.code, later.message, later.retry], ['of_tomorrow', 'Not yet.', false]);
    for (const code of ['__proto__', 'constructor']) {
      assert.equal(toldError({ code, message: 'x' }).code, code as ErrorCode);
    }
  });
});
