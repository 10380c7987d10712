import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inlineOf, type Piece } from '../../../component/element/markup-inline.ts';
import { tokenize } from '../../../component/element/markup-tokens.ts';
import { hostileMarkup } from '../../support/hostile-markup.ts';
import { form, same, untouched } from '../../support/markup-form.ts';

describe('inlineOf › emphasis', () => {
  it('takes bold, italic and both', () => {
    same({
      '**a** *b* _c_': '[strong a] [em b] [em c]',
      '**_a_** *`b`* **(c)**': '[strong [em a]] [em [code b]] [strong (c)]',
      '***a***': '[strong [em a]]',
      '*a **b** c*': '[em a [strong b] c]',
      '**a *b***': '[strong a [em b]]',
      '*a **b***': '[em a [strong b]]',
      '*a\nb*': '[em a\nb]',
      '(*a*), "**b**"!': '([em a]), "[strong b]"!',
      '**B**old': '[strong B]old',
    });
  });

  it('works in scripts that put no spaces between words', () => {
    same({
      '这是**重点**内容': '这是[strong 重点]内容',
      'これは*強調*です': 'これは[em 強調]です',
    });
  });

  it('leaves names, smileys, globs and sums as they were typed', () => {
    untouched([
      'snake_case_name and another_snake_case',
      '|trey| ^_^ ha ^_^ -_- >_< o_O *_* T_T \\o/ :_( why :_(',
      'kylin_ and joshua__ and _bob',
      "'_' x '_'",
      '__init__ __proto__',
      '2*3*4 2**3**4 a*b*c',
      '*.ts,*.js **/*.ts and **/*.js rm *~ *.*',
      '*/5 * * * *',
      '**kwargs, **args f(**a) g(**b) f(*a) g(*b)',
      '/* a */ ~/a ~/b a~~b',
      '¯\\_(ツ)_/¯',
      'C:\\_x\\*y \\d+\\s \\\\server\\share',
    ]);
  });

  it('leaves marks without a partner as they are', () => {
    untouched([
      '*a',
      'a*',
      '**a*',
      '~~a~~',
      '_a',
      '** a **',
      'a * a*b',
      '****a****',
      '`a',
      '``a`',
      '***',
    ]);
  });

  it('gives the nearest of two openers the closer', () => {
    same({ '5 *stars, *real* ones': '5 *stars, [em real] ones', '*a _b* c_': '[em a _b] c_' });
  });

  it('holds each mark once at most, however many open', () => {
    const depth = (pieces: readonly Piece[]): number =>
      Math.max(
        0,
        ...pieces.map((piece) => (typeof piece === 'string' ? 0 : 1 + depth(piece.inside))),
      );

    assert.ok(depth(inlineOf('**a *b _c '.repeat(99) + 'd_ e* f** '.repeat(99))) <= 3);
  });
});

describe('inlineOf › code', () => {
  it('takes spans between runs of the same length', () => {
    same({
      '`a*b*c`': '[code a*b*c]',
      '``a ` b``': '[code a ` b]',
      '`` ` ``': '[code `]',
      '`a` `b`': '[code a] [code b]',
      '`a\\`': '[code a\\]',
    });
  });
});

describe('inlineOf › links', () => {
  it('takes words with an address', () => {
    same({
      '[a](https://b.example/c_(d))': '{https://b.example/c_(d): a}',
      '[**a** `b`](http://c.example)': '{http://c.example/: [strong a] [code b]}',
      '**[a](www.b.example)**': '[strong {https://www.b.example/: a}]',
      '[a](mailto:b@c.example)': '{mailto:b@c.example: a}',
      '[https://a.example](https://a.example)': '{https://a.example/: https://a.example}',
    });
  });

  it('takes bare addresses without the punctuation around them', () => {
    const link = (address: string, href = address): string => `{${href}: ${address}}`;
    same({
      'see https://a.example/b, or': `see ${link('https://a.example/b')}, or`,
      '(https://a.example/b_(c)).': `(${link('https://a.example/b_(c)')}).`,
      '(see www.a.example)': `(see ${link('www.a.example', 'https://www.a.example/')})`,
      '*https://a.example/b_c*': `[em ${link('https://a.example/b_c')}]`,
      '_https://a.example/b_': `[em ${link('https://a.example/b')}]`,
      '<https://a.example/>': `<${link('https://a.example/')}>`,
      '看https://a.example/b，好': `看${link('https://a.example/b')}，好`,
      'HTTP://A.example/?a=b&c=d#e': `{http://a.example/?a=b&c=d#e: HTTP://A.example/?a=b&c=d#e}`,
    });
  });

  it('leaves what is no address of the web', () => {
    untouched([
      '[a](b) [a]() [](https://) [a] (b) a[0](1)',
      'xhttps://a ftp://www.a.example me@www.a.example http:// www. www',
      '[x](javascript:alert(1)) [x](data:text/html,x) [x](//a.example) [x](https:a.example)',
    ]);
  });

  it('leaves an address that shows one host and opens another', () => {
    untouched([
      'https://bank.example@evil.example/',
      '[x](https://bank.example@evil.example/)',
      '[me@bank.example](mailto:me@evil.example)',
    ]);
    assert.doesNotMatch(
      form('[https://bank.example](https://evil.example)'),
      /evil[^ ]*: https:..b/,
    );
  });

  it('never puts a link into a link', () => {
    same({
      '[www.a.example](https://www.a.example)': '{https://www.a.example/: www.a.example}',
    });
    untouched(['[see www.a.example](https://www.a.example/)']);
    for (const source of hostileMarkup) for (const block of tokenize(source)) noNestedLinks(block);
  });
});

describe('inlineOf › a backslash', () => {
  it('before a mark keeps it from opening, and stays', () => {
    untouched(['\\*a\\*', '\\_b\\_', 'a\\*b \\a \\', '\\- a']);
  });
});

function noNestedLinks(piece: Piece, isInLink = false): void {
  if (typeof piece === 'string') return;
  const isLink = piece.tag === 'a';
  assert.ok(!(isLink && isInLink));
  for (const child of piece.inside) noNestedLinks(child, isLink || isInLink);
}
