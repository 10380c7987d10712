import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  isAboutToken,
  isFinal,
  isPassing,
  refusalOf,
  refusalOfClose,
} from '../../../component/client/refusal.ts';
import { codes, type ErrorCode } from '../../../component/protocol/codes.ts';
import { closeCodes } from '../../../component/protocol/limits.ts';
import type { ErrorOp } from '../../../component/protocol/ops.ts';

const error = (code: string, more: Partial<ErrorOp> = {}): ErrorOp => {
  return { op: 'error', code, message: `said ${code}`, ...more };
};

describe('refusal', () => {
  test('takes code and words from an op, and nothing else', () => {
    assert.deepEqual(refusalOf(error('forbidden', { re: 7 })), {
      code: 'forbidden',
      message: 'said forbidden',
    });
  });

  test('what passes is what the table says can succeed later', () => {
    // Of a connection, not of a room: they come before anything is joined.
    const ofConnections: readonly string[] = ['too_many_connections', 'hello_timeout'];
    for (const code of Object.keys(codes) as ErrorCode[]) {
      if (ofConnections.includes(code) || code === 'not_joined') continue;
      assert.equal(isPassing(error(code)), codes[code].retry, code);
    }
    assert.ok(isPassing(error('of_tomorrow', { afterMs: 1 })));
    assert.ok(!isPassing(error('of_tomorrow')));
  });

  test('nothing is both about the token and final, or final and passing', () => {
    for (const code of Object.keys(codes)) {
      assert.ok(!(isAboutToken(code) && isFinal(code)), code);
      assert.ok(!(isFinal(code) && isPassing(error(code))), code);
    }
    assert.deepEqual(Object.keys(codes).filter(isAboutToken), ['bad_token', 'token_expired']);
  });

  test('two close codes say enough by themselves; after the others it comes back', () => {
    assert.equal(refusalOfClose(closeCodes.auth)?.code, 'bad_token');
    assert.equal(refusalOfClose(closeCodes.forbidden)?.code, 'forbidden');
    for (const code of [1000, 1001, 1006, 1011, 4400, 4408, 4409, 4429]) {
      assert.equal(refusalOfClose(code), undefined);
    }
  });
});
