import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Inline } from '../../../component/element/markup-inline.ts';
import { type Block, DEPTH_MAX, tokenize } from '../../../component/element/markup-tokens.ts';
import { floods, hostileMarkup } from '../../support/hostile-markup.ts';
import { pick, type Random, seededRandom, seedOfRun } from '../../support/seed.ts';

/** A short form to read in tests: `[em a]`, `{href: words}`, `<q …>`, one line per block. */
function form(source: string): string {
  return tokenize(source).map(formBlock).join('|');
}

function formBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.inline.map(formInline).join('');
    case 'code':
      return `<pre:${block.language} ${block.text}>`;
    case 'quote':
      return `<q ${block.blocks.map(formBlock).join('|')}>`;
    case 'list': {
      const items = block.items.map(
        ({ number, blocks }) => `<${number ?? '-'} ${blocks.map(formBlock).join('|')}>`,
      );
      return `<${block.isOrdered ? 'ol' : 'ul'} ${items.join('')}>`;
    }
  }
}

function formInline(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'code':
      return `[code ${inline.text}]`;
    case 'link':
      return `{${inline.href}: ${inline.inline.map(formInline).join('')}}`;
    default:
      return `[${inline.kind} ${inline.inline.map(formInline).join('')}]`;
  }
}

function same(cases: Readonly<Record<string, string>>): void {
  for (const [source, wanted] of Object.entries(cases)) assert.equal(form(source), wanted, source);
}

function untouched(sources: readonly string[]): void {
  for (const source of sources) assert.equal(form(source), source);
}

describe('tokenize › emphasis', () => {
  it('takes bold, italic, both and strike', () => {
    same({
      '**a** *b* _c_ ~~d~~': '[strong a] [em b] [em c] [strike d]',
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
      '~~a',
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
});

describe('tokenize › code', () => {
  it('takes spans between runs of the same length', () => {
    same({
      '`a*b*c`': '[code a*b*c]',
      '``a ` b``': '[code a ` b]',
      '`` ` ``': '[code `]',
      '`a` `b`': '[code a] [code b]',
      '`a\\`': '[code a\\]',
    });
  });

  it('takes fences with and without a language', () => {
    same({
      '```js\nlet a = `1`;\n\n  b\n```\nc': '<pre:js let a = `1`;\n\n  b>|c',
      '```\na```': '<pre: a>',
      '```\n```': '<pre: >',
      'a\n```\n**b**\n```': 'a|<pre: **b**>',
    });
  });

  it('leaves a fence that nobody closes', () => {
    untouched(['```\na\nb', '```js\na\n``b\nc', 'a ```\nb']);
  });
});

describe('tokenize › links', () => {
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
      '[see www.a.example](https://www.a.example/)':
        '[see {https://www.a.example/: www.a.example}]({https://www.a.example/: https://www.a.example/})',
    });
    for (const source of hostileMarkup) for (const block of tokenize(source)) noNestedLinks(block);
  });
});

describe('tokenize › quotes and lists', () => {
  it('takes quotes, nested and with blocks inside', () => {
    same({
      '> a\n> b\nc': '<q a\nb>|c',
      '> a\n>\n> > b': '<q a|<q b>>',
      '> - a\n> - b': '<q <ul <- a><- b>>>',
      '> ```\n> a\n> ```': '<q <pre: a>>',
    });
  });

  it('leaves arrows and smileys that begin a line', () => {
    untouched([
      '>_<',
      '>.< no',
      '>',
      '>>> import this',
      '->',
      '-',
      '- ',
      '-a',
      '*a',
      '1.',
      '1.5',
      '007. x',
    ]);
  });

  it('takes lists and keeps the numbers that were typed', () => {
    same({
      '- a\n* b': '<ul <- a><- b>>',
      'x\n3. a\n1. b': 'x|<ol <3 a><1 b>>',
      '2004. It was so.': '<ol <2004 It was so.>>',
      '- a\n  b\n  - c\n- d': '<ul <- a\nb|<ul <- c>>><- d>>',
      '- a\n1. b': '<ul <- a>>|<ol <1 b>>',
    });
  });

  it(`nests ${DEPTH_MAX} deep and keeps the rest as text`, () => {
    assert.equal(form('> '.repeat(6) + 'a'), '<q <q <q <q > > a>>>>');
  });

  it('keeps the breaks and spaces of a paragraph', () => {
    same({ 'a\n\n\n b  c\r\nd': 'a\n\n\n b  c\nd', '\n\na\n\n': 'a', '   ': '' });
  });
});

describe('tokenize › escapes', () => {
  it('drops a backslash that took the power of a mark, and no other', () => {
    same({
      '\\*a\\* \\_b\\_ \\~~c\\~~': '*a* _b_ ~~c~~',
      '\\`a`': '`a`',
      '\\[a](b) [a\\]](http://b.example)': '[a](b) {http://b.example/: a]}',
      '\\- a\n1\\. b\n\\> c': '- a\n1. b\n> c',
      'a\\*b \\a \\': 'a\\*b \\a \\',
    });
  });
});

describe('tokenize › anything', () => {
  it('loses nothing of what was typed but marks', (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    const random = seededRandom(seed);
    for (let round = 0; round < 20_000; round += 1) {
      const source = randomText(random);

      const shown = tokenize(source).map(shownBlock).join('\n');

      assert.ok(isSubsequence(shown, source), `adds to ${JSON.stringify(source)} (SEED=${seed})`);
      assert.equal(kept(shown), kept(source), `drops of ${JSON.stringify(source)} (SEED=${seed})`);
      assert.ok(isPlain(source) ? shown === source : true, JSON.stringify(source));
    }
  });

  it('gives each hostile text back without a bad address', () => {
    for (const source of hostileMarkup) {
      const text = JSON.stringify(tokenize(source));
      for (const [, href] of text.matchAll(/"href":"([^"]*)"/gu)) {
        assert.match(href!, /^(?:https?:\/\/|mailto:)/u, source);
      }
    }
  });

  it('takes twice the steps for twice the text, however it is arranged', () => {
    const long = floods(32_768);
    for (const [name, text] of floods(16_384)) {
      const steps = stepsOf(text);
      const ratio = stepsOf(long.get(name)!) / steps;
      assert.ok(ratio < 2.2, `${name}: ${ratio}`);
      assert.ok(steps < 40 * text.length, `${name}: ${steps} steps`);
    }
  });
});

function stepsOf(source: string): number {
  let steps = 0;
  tokenize(source, (more) => {
    steps += more;
  });
  return steps;
}

function noNestedLinks(node: Block | Inline, isInLink = false): void {
  const isLink = node.kind === 'link';
  assert.ok(!(isLink && isInLink));
  const inside: readonly (Block | Inline)[] =
    'inline' in node ? node.inline : 'blocks' in node ? node.blocks : [];
  for (const child of inside) noNestedLinks(child, isLink || isInLink);
}

const ATOMS = [
  ...'*_~`[]()>-\\\n 1.ab中😀',
  ...[
    '**',
    '~~',
    '```',
    '\n- ',
    '\n> ',
    '\n1. ',
    '  ',
    ' a ',
    'snake_case',
    ' *b*',
    '\n```\n',
    '](',
    '[x](',
  ],
];

function randomText(random: Random): string {
  const length = 1 + Math.floor(random() * 40);
  return Array.from({ length }, () => pick(random, ATOMS)).join('');
}

/** No mark in it at all: then it must come out as it went in. */
function isPlain(source: string): boolean {
  return !/[*_~`[\]\\>\n-]|\d\./u.test(source) && source.trim() !== '';
}

/** What is never a mark: letters, emoji, and digits that number no item. */
function kept(text: string): string {
  return text.replace(/[^a-z1中😀()[\]]/gu, '');
}

/** What a reader sees of a block, with the numbers of its items. */
function shownBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.inline.map(shownInline).join('');
    case 'code':
      return (block.language === '' ? '' : `${block.language}\n`) + block.text;
    case 'quote':
      return block.blocks.map(shownBlock).join('\n');
    case 'list':
      return block.items
        .map(({ number = '', blocks }) => String(number) + blocks.map(shownBlock).join('\n'))
        .join('\n');
  }
}

function shownInline(inline: Inline): string {
  return 'text' in inline ? inline.text : inline.inline.map(shownInline).join('');
}

/** Whether all of `part` is in `whole`, in order; new line breaks between blocks aside. */
function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const char of part) {
    const found = whole.indexOf(char, at);
    if (found < 0 && char !== '\n') return false;
    if (found >= 0) at = found + char.length;
  }
  return true;
}
