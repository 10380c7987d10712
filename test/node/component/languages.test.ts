import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { languageOf } from '../../../component/element/language.ts';
import { stringsFor } from '../../../component/element/strings.ts';
import { en } from '../../../component/element/strings-en.ts';
import { ptBr } from '../../../component/element/strings-pt-br.ts';

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
  });

  it('make a language from before their file stale', () => {
    assert.equal(early.say('emptyTitle'), 'Nothing here yet');
    assert.equal(early.isFor('pt-BR', undefined), false);
    assert.equal(languageOf('pt-BR').isFor('pt-BR', undefined), true);
    assert.equal(languageOf('pt-BR').say('emptyTitle'), 'Nada por aqui ainda');
  });
});
