import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChatError, closeCodes, codes } from 'mini-chat/protocol';
import type { Cid, ErrorCode, RoomId } from 'mini-chat/protocol';
import { closeCodeFor, errorOp, isStrike, nackOp } from '../../../server/refusals.ts';

const room = 'lobby' as RoomId;
const cid = 'cid-0001' as Cid;

describe('refusals', () => {
  it('say an error with what it is about', () => {
    const error = new ChatError('not_joined', {});

    assert.deepEqual(errorOp({ error, room, re: 3 }), {
      op: 'error',
      code: 'not_joined',
      message: error.message,
      room,
      re: 3,
    });
    assert.deepEqual(errorOp({ error }), {
      op: 'error',
      code: 'not_joined',
      message: error.message,
    });
  });

  it('nack a draft with retry, afterMs and maybe', () => {
    const limited = new ChatError('rate_limited', { afterMs: 7 });
    const unknown = new ChatError('unavailable', {}, { maybe: true });

    assert.equal(nackOp({ error: limited, room, cid })?.afterMs, 7);
    assert.equal(nackOp({ error: limited, room, cid })?.retry, true);
    assert.equal(nackOp({ error: unknown, room, cid })?.maybe, true);
    assert.equal(nackOp({ error: limited, room }), undefined);
  });

  it('have a known close code for every code', () => {
    const known: readonly number[] = Object.values(closeCodes);

    for (const code of Object.keys(codes) as ErrorCode[])
      assert.ok(known.includes(closeCodeFor(code)));
    assert.equal(closeCodeFor('token_expired'), 4401);
    assert.equal(closeCodeFor('guests_off'), 4403);
    assert.equal(closeCodeFor('too_slow'), 4408);
    assert.equal(closeCodeFor('flood'), 4429);
  });

  it('count as strikes only what no correct client does', () => {
    assert.ok(isStrike('bad_json'));
    for (const code of ['unknown_op', 'unsupported_kind', 'rate_limited', 'bad_text'] as const) {
      assert.equal(isStrike(code), false, code);
    }
  });
});
