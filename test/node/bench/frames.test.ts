import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptOf, clientFrame, readFrames, serverFrame } from '../../../bench/load/frames.ts';

function textsIn(bytes: Buffer): { texts: string[]; used: number } {
  const texts: string[] = [];
  const used = readFrames(bytes, bytes.length, (opcode, all, start, end) => {
    assert.equal(opcode, 1);
    texts.push(all.toString('utf8', start, end));
  });
  return { texts, used };
}

describe('frames', () => {
  for (const length of [0, 125, 126, 65_535, 65_536]) {
    test(`a text of ${length} bytes survives both ways`, () => {
      const text = 'é'.repeat(length >> 1) + 'x'.repeat(length & 1);

      assert.deepEqual(textsIn(serverFrame(text)).texts, [text]);
      assert.deepEqual(textsIn(clientFrame(text)).texts, [text]);
    });
  }

  test('a frame in pieces is left until it is whole', () => {
    const bytes = Buffer.concat([serverFrame('one'), serverFrame('two')]);

    for (let length = 0; length < bytes.length; length += 1) {
      const { texts, used } = textsIn(bytes.subarray(0, length));
      assert.deepEqual(texts, length < 5 ? [] : ['one']);
      assert.equal(used, length < 5 ? 0 : 5);
    }
  });

  test('a masked frame is unmasked', () => {
    // The example of RFC 6455, section 5.7.
    const bytes = Buffer.from('818537fa213d7f9f4d5158', 'hex');

    assert.deepEqual(textsIn(bytes).texts, ['Hello']);
  });

  test('the answer to a key is the one of RFC 6455, section 1.3', () => {
    assert.equal(acceptOf('dGhlIHNhbXBsZSBub25jZQ=='), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });
});
