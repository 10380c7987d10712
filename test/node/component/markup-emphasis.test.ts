import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isWord, mayClose, mayOpen } from '../../../component/element/markup-emphasis.ts';

describe('mayOpen', () => {
  it('is true at the start of a word', () => {
    for (const before of ['', ' ', '\n', '(', '[', '"', '*', '_', '\u{1f600}', '。', '中']) {
      assert.ok(mayOpen(before, 'a'), before);
    }
  });

  it('is false inside a word, before a space and before closing punctuation', () => {
    for (const before of ['a', '1', 'é', '^', '-', '=', '/', ')', ':']) {
      assert.ok(!mayOpen(before, 'a'), before);
    }
    for (const after of ['', ' ', '\n', '.', ',', ')', '/']) assert.ok(!mayOpen('', after), after);
  });
});

describe('mayClose', () => {
  it('is true at the end of a word', () => {
    for (const after of ['', ' ', '.', ',', ')', '"', '*', '!', '\u{1f600}', '。', '中']) {
      assert.ok(mayClose('*', 'a', after), after);
    }
  });

  it('is false inside a word, but for a double mark', () => {
    assert.ok(!mayClose('*', 'a', 'b'));
    assert.ok(!mayClose('_', 'a', 'b'));
    assert.ok(mayClose('**', 'a', 'b'));
  });

  it('is false behind a space or an opening bracket', () => {
    for (const before of ['', ' ', '(', '[', '{']) assert.ok(!mayClose('**', before, ''), before);
  });
});

describe('isWord', () => {
  it('takes letters and digits of scripts with spaces between words', () => {
    for (const char of 'a1éЖاñ') assert.ok(isWord(char), char);
    for (const char of '中のカ한ก-_ 。') assert.ok(!isWord(char), char);
  });
});
