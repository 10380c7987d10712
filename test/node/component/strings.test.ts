import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { stringsFor } from '../../../component/element/strings.ts';
import { actionsEn } from '../../../component/element/strings-actions-en.ts';
import { en } from '../../../component/element/strings-en.ts';

describe('strings', () => {
  it('have no key twice', () => {
    for (const key of Object.keys(actionsEn)) assert.ok(!Object.hasOwn(en, key), key);
  });

  it('have both plural forms of English, with the same facts', () => {
    for (const [key, words] of Object.entries({ ...en, ...actionsEn })) {
      if (typeof words === 'string') continue;
      assert.deepEqual(Object.keys(words), ['one', 'other'], key);
      assert.deepEqual(words.one.match(/\{\w+\}/g), words.other.match(/\{\w+\}/g), key);
    }
  });

  it('are English while no other language is loaded', () => {
    assert.equal(stringsFor('pt-BR'), en);
    assert.equal(stringsFor('en-AU'), en);
    assert.equal(stringsFor('xx'), en);
  });
});
