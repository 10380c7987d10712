import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  closeCodes,
  defaultLimits,
  FIRST_PAGE,
  HISTORY_LIMIT_MAX,
} from '../../../component/protocol/limits.ts';

describe('limits', () => {
  test('close codes are ours, or the two of RFC 6455 that mean what we mean', () => {
    for (const code of Object.values(closeCodes)) {
      assert.ok(code === 1001 || code === 1011 || (code >= 4000 && code <= 4999), `${code}`);
    }
    assert.equal(new Set(Object.values(closeCodes)).size, Object.values(closeCodes).length);
  });

  test('the longest message fits into a frame, whatever it is written in', () => {
    // Four bytes for a code point, and an escaped one can be six characters long.
    assert.ok(defaultLimits.textMax * 6 + 1024 < defaultLimits.frameBytesMax);
  });

  test('the first page is one that may also be asked for', () => {
    assert.ok(FIRST_PAGE <= HISTORY_LIMIT_MAX);
  });
});
