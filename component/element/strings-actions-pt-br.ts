/** Brazilian Portuguese words of what a reader does with a message. */

import type { ActionStrings } from './strings.ts';

/** Every one of them, in Brazilian Portuguese. */
export const actionsPtBr: ActionStrings = {
  actions: 'Ações da mensagem',
  actionsOf: 'O que fazer com a mensagem de {name}',
  reactions: 'Reações',
  react: 'Reagir',
  moreEmoji: 'Mais emojis',
  reply: 'Responder',
  toQuote: 'Ir para a mensagem respondida',
  openLink: 'Abrir {address}',
  copyText: 'Copiar texto',
  copyDone: 'Copiado',
  copyFailed: 'O navegador não permitiu copiar.',
  copyLink: 'Copiar link',
  linkCopied: 'Link copiado',
  edit: 'Editar',
  pin: 'Fixar',
  unpin: 'Desafixar',
  remove: 'Apagar…',
  removeAsk: 'Apagar esta mensagem para todos?',
  removeYes: 'Apagar',
  removeNo: 'Manter',

  replyTo: 'Resposta a {name}',
  editing: 'Editar sua mensagem',
  cancel: 'Cancelar',
  editUndo: 'Enter salva, Esc devolve o seu texto.',
  lineGone: 'Essa mensagem não está mais guardada.',

  emoji: 'Emojis',
  emojiSearch: 'Procurar emojis, em inglês',
  emojiNone: 'Nenhum emoji com esse nome.',
  emojiFaces: 'Rostos',
  emojiPeople: 'Pessoas',
  emojiNature: 'Natureza',
  emojiFood: 'Comida e bebida',
  emojiThings: 'Coisas',
  emojiSigns: 'Sinais',

  suggestions: 'Sugestões',
  suggestionCount: { one: '{count} sugestão: {first}', other: '{count} sugestões: {first}' },
};
