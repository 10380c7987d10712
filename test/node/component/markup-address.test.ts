import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { BARE, hrefOf, isHonest, LINK } from '../../../component/element/markup-address.ts';

describe('hrefOf', () => {
  it('takes http, https, mailto and www', () => {
    assert.equal(hrefOf('HTTPS://A.example/b c'), 'https://a.example/b%20c');
    assert.equal(hrefOf('http://a.example:8080/?b#c'), 'http://a.example:8080/?b#c');
    assert.equal(hrefOf('mailto:a@b.example'), 'mailto:a@b.example');
    assert.equal(hrefOf('www.a.example'), 'https://www.a.example/');
    assert.equal(hrefOf('https://b\u0430nk.example'), 'https://xn--bnk-6cd.example/');
  });

  it('refuses every other scheme, however it is written', () => {
    for (const scheme of ['javascript', 'JAVASCRIPT', 'data', 'vbscript', 'file', 'blob', 'ftp']) {
      assert.equal(hrefOf(`${scheme}:x`), undefined);
      assert.equal(hrefOf(`${scheme}://x`), undefined);
      assert.equal(hrefOf(` ${scheme}:x`), undefined);
    }
    for (const address of ['', '#a', '/a', '//a', 'https:a', 'http\u017f://a', 'x:https://a']) {
      assert.equal(hrefOf(address), undefined);
    }
  });

  it('refuses an address with a user in it, and one that is none', () => {
    assert.equal(hrefOf('https://bank.example@evil.example'), undefined);
    assert.equal(hrefOf('https://:x@evil.example'), undefined);
    assert.equal(hrefOf('https://'), undefined);
    assert.equal(hrefOf('https://a b'), undefined);
  });
});

describe('BARE', () => {
  it('ends before what belongs to the sentence', () => {
    const cases = {
      'https://a.example/b.': 'https://a.example/b',
      'https://a.example/b_(c)': 'https://a.example/b_(c)',
      'https://a.example/b_(c)))': 'https://a.example/b_(c)',
      'https://a.example/(b': 'https://a.example/',
      "https://a.example/b!?'": 'https://a.example/b',
      'https://a.example/b>c': 'https://a.example/b',
      'https://a.example/\u202ecod.exe': 'https://a.example/',
      'https://a.example/\u200bb': 'https://a.example/',
      'http.': undefined,
    };
    for (const [source, address] of Object.entries(cases)) {
      assert.equal(new RegExp(BARE, 'iu').exec(`x ${source}`)?.[0], address, source);
    }
  });

  it('begins at no letter, path or address', () => {
    for (const before of ['x', 'X', '1', '/', '@', '.']) {
      assert.equal(new RegExp(BARE, 'iu').test(`${before}https://a.example`), false, before);
    }
  });
});

describe('LINK', () => {
  const match = (source: string) => new RegExp(`^${LINK}`, 'iu').exec(source)?.slice(1);

  it('ends at the parenthesis that answers the first', () => {
    assert.deepEqual(match('[y z](https://a.example/(b)c)d)'), ['y z', 'https://a.example/(b)c']);
  });

  it('has no brackets in words, and no parenthesis that nobody closes', () => {
    for (const source of ['[a[b](c)', '[a](b(c)', '[a]', '[](b)', '[a]()', '[a](b c)']) {
      assert.equal(match(source), undefined, source);
    }
  });
});

describe('isHonest', () => {
  const HREF = 'https://www.a.example/';

  it('takes words, and those that are the address itself', () => {
    for (const words of ['a', '?', 'www.a.example', 'https://www.a.example']) {
      assert.ok(isHonest(words, HREF), words);
    }
  });

  it('refuses words that nobody sees, or that claim another address', () => {
    for (const words of [' ', '\u200b', 'www.b.example', 'http://b.example', 'a@b.example']) {
      assert.ok(!isHonest(words, HREF), words);
    }
  });
});
