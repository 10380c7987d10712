import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { stringsFor, type Words } from '../../../component/element/strings.ts';
import { actionsEn } from '../../../component/element/strings-actions-en.ts';
import { actionsPtBr } from '../../../component/element/strings-actions-pt-br.ts';
import { en } from '../../../component/element/strings-en.ts';
import { ptBr } from '../../../component/element/strings-pt-br.ts';

type Table = Readonly<Record<string, Words>>;

const english: Table = { ...en, ...actionsEn };
const languages: Readonly<Record<string, Table>> = {
  en: english,
  'pt-BR': { ...ptBr, ...actionsPtBr } as Table,
};

function forms(words: Words): readonly string[] {
  return typeof words === 'string' ? [words] : Object.values(words);
}

function holes(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
}

describe('strings', () => {
  for (const [tag, strings] of Object.entries(languages)) {
    it(`of ${tag} have each key of English, and more for codes alone`, () => {
      const more = Object.keys(strings).filter((key) => !Object.hasOwn(english, key));

      for (const key of Object.keys(english)) assert.ok(Object.hasOwn(strings, key), key);
      for (const key of more) assert.match(key, /^error_[a-z_]+$/);
    });

    it(`of ${tag} have the same facts to fill in as English`, () => {
      for (const [key, words] of Object.entries(strings)) {
        for (const text of forms(words)) {
          assert.notEqual(text.trim(), '', key);
          assert.deepEqual(holes(text), holes(forms(english[key] ?? '').at(-1) ?? ''), key);
        }
      }
    });

    it(`of ${tag} have each plural form that the language needs for whole numbers`, () => {
      const rules = new Intl.PluralRules(tag);
      const needed = new Set([0, 1, 2, 3, 5, 11, 21, 100].map((count) => rules.select(count)));
      for (const words of Object.values(strings)) {
        if (typeof words === 'string') continue;
        for (const rule of needed) assert.ok(rule in words, rule);
      }
    });
  }

  it('have no key twice', () => {
    for (const key of Object.keys(actionsEn)) assert.ok(!Object.hasOwn(en, key), key);
  });

  it('are English while no other language is loaded', () => {
    assert.equal(stringsFor('pt-BR'), en);
    assert.equal(stringsFor('en-AU'), en);
    assert.equal(stringsFor('xx'), en);
  });
});
