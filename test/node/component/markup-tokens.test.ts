import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DEPTH_MAX, plainLine, tokenize } from '../../../component/element/markup-tokens.ts';
import { floods, hostileMarkup } from '../../support/hostile-markup.ts';
import { form, same, shown, untouched } from '../../support/markup-form.ts';
import { pick, type Random, seededRandom, seedOfRun } from '../../support/seed.ts';

describe('tokenize › code', () => {
  it('takes fences with and without a language, which is not shown', () => {
    same({
      '```js\nlet a = `1`;\n\n  b\n```\nc': '<pre let a = `1`;\n\n  b>|c',
      '```\na```': '<pre a>',
      '```\n```': '<pre >',
      'a\n```\n**b**\n```': 'a|<pre **b**>',
    });
  });

  it('leaves a fence that nobody closes', () => {
    untouched(['```\na\nb', '```js\na\n``b\nc', 'a ```\nb']);
  });
});

describe('plainLine', () => {
  it('is without the marks of bold text and of code', () => {
    assert.equal(plainLine('**so** `a` 2 * 3'), 'so a 2 * 3');
  });
});

describe('tokenize › quotes and lists', () => {
  it('takes quotes, nested and with blocks inside', () => {
    same({
      '> a\n> b\nc': '<q a\nb>|c',
      '> a\n>\n> > b': '<q a|<q b>>',
      '> - a\n> - b': '<q <ul <- a><- b>>>',
      '> ```\n> a\n> ```': '<q <pre a>>',
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
      '1. a\n   - b\n   c': '<ol <1 a|<ul <- b>>|c>>',
    });
  });

  it(`nests ${DEPTH_MAX} deep and keeps the rest as text`, () => {
    assert.equal(form('> '.repeat(6) + 'a'), '<q <q <q <q > > a>>>>');
  });

  it('keeps the breaks and spaces of a paragraph', () => {
    same({ 'a\n\n\n b  c\r\nd': 'a\n\n\n b  c\nd', '\n\na\n\n': 'a', '   ': '' });
  });
});

describe('tokenize › anything', () => {
  it('loses nothing of what was typed but marks', (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    const random = seededRandom(seed);
    for (let round = 0; round < 20_000; round += 1) {
      // A word behind a fence names a language, and is not shown.
      const source = randomText(random).replace(/```(?=[\w.-])/gu, '``` ');

      const seen = shown(source);

      assert.ok(isSubsequence(seen, source), `adds to ${JSON.stringify(source)} (SEED=${seed})`);
      assert.equal(kept(seen), kept(source), `drops of ${JSON.stringify(source)} (SEED=${seed})`);
      assert.ok(isPlain(source) ? seen === source : true, JSON.stringify(source));
    }
  });

  it('gives each hostile text back without a bad address', () => {
    for (const source of hostileMarkup) {
      const text = JSON.stringify(tokenize(source));
      for (const [, href] of text.matchAll(/"tag":"a","inside":\[[^\]]*\],"value":"([^"]*)"/gu)) {
        assert.match(href!, /^(?:https?:\/\/|mailto:)/u, source);
      }
    }
  });

  // No clock is read: a look back from each character would keep this from ending at all.
  it('ends for 256 KB, however it is arranged', { timeout: 120_000 }, () => {
    for (const [name, text] of floods(2 ** 18)) assert.doesNotThrow(() => tokenize(text), name);
  });
});

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
