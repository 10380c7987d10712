import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { languageOf } from '../../../component/element/language.ts';
import { stringsFor } from '../../../component/element/strings.ts';
import { actionsPtBr } from '../../../component/element/strings-actions-pt-br.ts';
import { en } from '../../../component/element/strings-en.ts';
import { ptBr } from '../../../component/element/strings-pt-br.ts';

describe('languages', () => {
  const portuguese = { ...ptBr, ...actionsPtBr };
  const early = languageOf('pt-BR');

  before(() => import('../../../component/element/languages.ts'));

  it('are found by tag once their file is loaded', () => {
    assert.deepEqual(stringsFor('pt-BR'), portuguese);
    assert.deepEqual(stringsFor('PT-br'), portuguese);
    assert.equal(stringsFor('en-AU'), en);
    assert.equal(stringsFor('xx'), en);
  });

  it('serve their language when there is none for the region', () => {
    assert.deepEqual(stringsFor('pt-PT'), portuguese);
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
});
