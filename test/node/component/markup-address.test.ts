import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { bareAddress, hrefOf, linkAt } from '../../../component/element/markup-address.ts';

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

describe('bareAddress', () => {
  it('ends before what belongs to the sentence', () => {
    const cases = {
      'https://a.example/b.': 'https://a.example/b',
      'https://a.example/b_(c)': 'https://a.example/b_(c)',
      'https://a.example/b_(c)))': 'https://a.example/b_(c)',
      'https://a.example/(b': 'https://a.example/(b',
      "https://a.example/b!?'": 'https://a.example/b',
      'https://a.example/b>c': 'https://a.example/b',
      'https://a.example/\u202ecod.exe': 'https://a.example/',
      'https://a.example/\u200bb': 'https://a.example/',
      'https://': '',
      'http.': '',
    };
    for (const [source, address] of Object.entries(cases)) {
      assert.equal(bareAddress(`x ${source}`, 2), address, source);
    }
  });
});

describe('linkAt', () => {
  it('ends at the parenthesis that answers the first', () => {
    assert.deepEqual(linkAt('x[y z](https://a.example/(b)c)d)', 1), {
      href: 'https://a.example/(b)c',
      words: 'y z',
      length: 29,
    });
  });

  it('takes words that are the address itself', () => {
    assert.equal(linkAt('[www.a.example](https://www.a.example)', 0)?.words, 'www.a.example');
  });

  it('refuses words that nobody sees, or that claim another address', () => {
    for (const words of ['', ' ', '\u200b', 'www.b.example', 'http://b.example', 'a@b.example']) {
      assert.equal(linkAt(`[${words}](https://a.example)`, 0), undefined, words);
    }
  });

  it('refuses brackets in words, and a parenthesis that nobody closes', () => {
    for (const source of [
      '[a[b](https://a.example)',
      '[a](https://a.example/(b)',
      '[a](b)',
      '[a]',
    ]) {
      assert.equal(linkAt(source, 0), undefined, source);
    }
  });
});
