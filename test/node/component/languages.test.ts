import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { languageOf } from '../../../component/element/language.ts';
import { stringsFor, type Words } from '../../../component/element/strings.ts';
import { actionsEn } from '../../../component/element/strings-actions-en.ts';
import { en } from '../../../component/element/strings-en.ts';
import { ptBr } from '../../../component/element/strings-pt-br.ts';
import { zh } from '../../../component/element/strings-zh.ts';
import { zhHant } from '../../../component/element/strings-zh-hant.ts';

type Table = Readonly<Record<string, Words | undefined>>;

interface Expectation {
  /** What it has in common with English, word for word, and rightly so. */
  readonly asEnglish?: string;
  /** The letters of a language that does not write Latin ones. */
  readonly letters?: RegExp;
  /** Around what is cited; a letter between them. */
  readonly quotes: string;
}

const english: Table = { ...en, ...actionsEn };

/** Each language there is. */
const expected: Readonly<Record<string, Expectation>> = {
  ar: { letters: /\p{Script=Arabic}/u, quotes: '«x»' },
  de: { asEnglish: 'admin online', quotes: '„x“' },
  es: { asEnglish: 'admin', quotes: '«x»' },
  fr: {
    asEnglish: 'admin emojiNature suggestions',
    quotes: '«\u00a0x\u00a0»',
  },
  he: { letters: /\p{Script=Hebrew}/u, quotes: '״x״' },
  it: { asEnglish: 'admin online emoji', quotes: '«x»' },
  ja: { letters: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u, quotes: '「x」' },
  ko: { letters: /\p{Script=Hangul}/u, quotes: '‘x’' },
  nl: { asEnglish: 'moderator online', quotes: '“x”' },
  pl: { asEnglish: 'moderator online emoji', quotes: '„x”' },
  'pt-BR': { asEnglish: 'admin', quotes: '“x”' },
  ru: { letters: /\p{Script=Cyrillic}/u, quotes: '«x»' },
  tr: { quotes: '“x”' },
  zh: { letters: /\p{Script=Han}/u, quotes: '“x”' },
  'zh-Hant': { letters: /\p{Script=Han}/u, quotes: '「x」' },
};

/** Keys, names of attributes and what a room is spelt with: the same in every language. */
const SPELT_ALIKE = new Set(['mini-chat', 'room', 'Enter', 'Esc', 'a', 'z']);

/** What stands between words, and has none. */
const BETWEEN = new Set(['says', 'also']);

/** Words that no other language here has. */
const ENGLISH = /(?<!\p{L})(the|you|your|this|that|and|cannot|could|from|are|been|will)(?!\p{L})/iu;

/** Marks that turn the text around them, which its letters have to do on their own. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe('languages', () => {
  const early = languageOf('pt-BR');

  before(() => import('../../../component/element/languages.ts'));

  it('are found by tag once their file is loaded', () => {
    assert.equal(stringsFor('pt-BR'), ptBr);
    assert.equal(stringsFor('PT-br'), ptBr);
    assert.equal(stringsFor('en-AU'), en);
    assert.equal(stringsFor('xx'), en);
  });

  it('serve their language when there is none for the region', () => {
    assert.equal(stringsFor('pt-PT'), ptBr);
    assert.equal(stringsFor('de-AT'), stringsFor('de'));
    assert.notEqual(stringsFor('de-AT'), en);
  });

  it('have Chinese in the characters of the region', () => {
    for (const tag of ['zh', 'zh-CN', 'zh-SG', 'zh-Hans', 'zh-Hans-HK']) {
      assert.equal(stringsFor(tag), zh, tag);
    }
    for (const tag of ['zh-TW', 'zh-HK', 'zh-MO', 'zh-Hant', 'zh-Hant-TW', 'zh-Hant-HK']) {
      assert.equal(stringsFor(tag), zhHant, tag);
    }
  });

  it('make a language from before their file stale', () => {
    assert.equal(early.say('emptyTitle'), 'Nothing here yet');
    assert.equal(early.isFor('pt-BR', undefined), false);
    assert.equal(languageOf('pt-BR').isFor('pt-BR', undefined), true);
    assert.equal(languageOf('pt-BR').say('emptyTitle'), 'Nada por aqui ainda');
  });

  it('have the words of the second file, which come with their English otherwise', () => {
    assert.equal(languageOf('pt-BR').say('reply', {}, 'Reply'), 'Responder');
    assert.equal(languageOf('en').say('reply', {}, 'Reply'), 'Reply');
    assert.equal(languageOf('en', { reply: 'Answer' }).say('reply', {}, 'Reply'), 'Answer');
  });

  it('are all looked at here', () => {
    const here = new Set(Object.keys(expected).map((tag) => stringsFor(tag)));

    assert.deepEqual(new Set(globalThis.miniChatLanguages?.values()), here);
    assert.equal(here.size, Object.keys(expected).length);
  });

  it('count as their grammar does', () => {
    const news = (tag: string, count: number): string =>
      languageOf(tag).say('newMessages', { count });

    assert.equal(news('ar', 2), 'رسالتان جديدتان');
    assert.equal(news('ar', 7), '7 رسائل جديدة');
    assert.equal(news('ar', 11), '11 رسالة جديدة');
    assert.equal(news('pl', 22), '22 nowe wiadomości');
    assert.equal(news('pl', 12), '12 nowych wiadomości');
    assert.equal(news('ru', 21), '21 новое сообщение');
    assert.equal(news('he', 2), 'שתי הודעות חדשות');
    assert.equal(news('fr', 0), '0 nouveau message');
    assert.equal(news('fr', 1_000_000), '1000000 de nouveaux messages');
  });

  for (const [tag, { asEnglish, letters, quotes }] of Object.entries(expected)) {
    describe(tag, () => {
      it('has each word of English, and the codes that all have', () => {
        const table = tableOf(tag);
        const keys = new Set([...Object.keys(english), ...Object.keys(ptBr)]);

        assert.deepEqual(new Set(Object.keys(table)), keys);
        for (const key of keys) {
          if (!Object.hasOwn(english, key)) assert.match(key, /^error_[a-z_]+$/);
        }
      });

      it('has the facts of English in each form, but for a count that the form itself says', () => {
        for (const [key, rule, text] of textsOf(tag)) {
          const wanted = factsOf(formsOf(english[key] ?? '').at(-1)?.[1] ?? '');
          const isSaid = rule !== undefined && isOneNumber(tag, rule) && !text.includes('{count}');

          const facts = isSaid ? wanted.filter((name) => name !== 'count') : wanted;

          assert.deepEqual(factsOf(text), facts, `${key} ${rule}`);
        }
      });

      it('has every plural form of the language, and no other', () => {
        const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
        for (const [key, words] of Object.entries(tableOf(tag))) {
          assert.equal(typeof words, typeof (english[key] ?? ''), key);
          if (typeof words !== 'object') continue;
          assert.deepEqual(Object.keys(words).sort(), [...pluralCategories].sort(), key);
        }
      });

      it('has no English left over', () => {
        const alike = new Set((asEnglish ?? '').split(' '));
        for (const [key, , text] of textsOf(tag)) {
          if (BETWEEN.has(key)) continue;
          const words = wordsOf(text);
          assert.doesNotMatch(words, ENGLISH, key);
          if (letters) {
            assert.match(words, letters, key);
            const latin = words.match(/\p{Script=Latin}[\p{Script=Latin}-]*/gu) ?? [];
            for (const word of latin) assert.ok(SPELT_ALIKE.has(word), `${key}: ${word}`);
          } else if (!alike.has(key)) {
            const forms = formsOf(english[key] ?? '').map(([, form]) => form);
            assert.ok(!forms.includes(text), key);
          }
        }
      });

      it('is well-formed, trimmed, in composed letters and without marks that turn text', () => {
        for (const [key, , text] of textsOf(tag)) {
          assert.ok(text.isWellFormed(), key);
          assert.equal(text, text.normalize('NFC'), key);
          assert.notEqual(text, '', key);
          if (!BETWEEN.has(key)) assert.equal(text, text.trim(), key);
          assert.doesNotMatch(text, TURNS, key);
          assert.doesNotMatch(text, /[\p{Cc}\p{Co}\p{Cn}\ufffd]|\s\s/u, key);
        }
      });

      it('has the quotation marks, apostrophes and ellipses of print', () => {
        for (const [key, , text] of textsOf(tag)) {
          assert.doesNotMatch(text, /["'`]|\.\.|… | …/, key);
          const ends = String(formsOf(english[key] ?? '').at(-1)?.[1]).endsWith('…');
          if (Object.hasOwn(english, key)) assert.equal(text.endsWith('…'), ends, key);
        }
        const room = languageOf(tag).say('error_bad_room');
        for (const cited of ['_', '-']) assert.ok(room.includes(quotes.replace('x', cited)), room);
      });

      it('ends a sentence where English does', () => {
        for (const [key, , text] of textsOf(tag)) {
          const model = formsOf(english[key] ?? 'Of a code.').at(-1)?.[1] ?? '';
          if (model.endsWith('}')) continue;
          assert.equal(/[.。]$/.test(text), model.endsWith('.'), `${key}: ${text}`);
        }
      });

      it('keeps labels about as short as they are in English', () => {
        for (const key of ['send', 'retry', 'nameJoin', 'edited', 'pinned', 'edit', 'reply']) {
          const [[, text] = ['', '']] = formsOf(tableOf(tag)[key] ?? '');
          assert.ok(text.length <= 16, `${key}: ${text}`);
        }
      });
    });
  }
});

function tableOf(tag: string): Table {
  return stringsFor(tag) as Table;
}

/** Each text with its key and, when it has forms, its plural category. */
function textsOf(tag: string): readonly (readonly [string, string | undefined, string])[] {
  return Object.entries(tableOf(tag)).flatMap(([key, words]) =>
    formsOf(words ?? '').map(([rule, text]) => [key, rule, text] as const),
  );
}

function formsOf(words: Words): readonly (readonly [string | undefined, string])[] {
  return typeof words === 'string' ? [[undefined, words]] : Object.entries(words);
}

function factsOf(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
}

/** The text without its facts. */
function wordsOf(text: string): string {
  return text.replace(/\{\w+\}/g, '');
}

/** Whether a form is for one whole number alone, as “two” is in Arabic. */
function isOneNumber(tag: string, rule: string): boolean {
  const rules = new Intl.PluralRules(tag);
  const counts = Array.from({ length: 1001 }, (_, count) => count);
  return counts.filter((count) => rules.select(count) === rule).length === 1;
}
