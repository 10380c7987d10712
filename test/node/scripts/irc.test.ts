import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseName, checkText } from '../../../component/protocol/protocol.ts';
import { parseIrc } from '../../../scripts/irc.ts';
import { conversation, nicksOf } from '../../support/irc.ts';

describe('parseIrc', () => {
  it('takes what was said and done, byte for byte', () => {
    const lines = parseIrc(
      '[12:18] <|trey|> usual, quite  :) \n[04:48]  * unperson sits\n[00:00] <a> <b> [1]\n',
    );

    assert.deepEqual(lines, [
      { nick: '|trey|', text: 'usual, quite  :) ' },
      { nick: 'unperson', text: '* unperson sits' },
      { nick: 'a', text: '<b> [1]' },
    ]);
  });

  it('leaves joins, renames, blanks and garbage out', () => {
    const source = '=== a [host]  has joined #x\n[1:2] <a> b\n[12:18] <a>  \nx\n\n';

    assert.deepEqual(parseIrc(source), []);
  });
});

describe('conversation', () => {
  it('holds only names and texts that the protocol takes', (t) => {
    for (const part of ['2004', '2005', '2008', '2009', '2010', '2016']) {
      const { name, lines } = conversation(part, 5000);
      t.diagnostic(name);

      for (const nick of nicksOf(lines)) assert.deepEqual(parseName(nick), { name: nick });
      for (const { text } of lines) assert.equal(checkText(text, 4000), undefined, text);
      assert.ok(lines.length > 1000);
    }
  });
});
