/** Brazilian Portuguese. */

import type { Strings } from './strings.ts';

/** Every word, in Brazilian Portuguese. */
export const ptBr: Strings = {
  log: 'Mensagens em {room}',
  placeholder: 'Mensagem para {room}',
  send: 'Enviar',
  charactersLeft: { one: '{count} caractere restante', other: '{count} caracteres restantes' },
  charactersOver: { one: '{count} caractere a mais', other: '{count} caracteres a mais' },

  nameTitle: 'Como podemos chamar você?',
  nameLabel: 'Seu nome',
  nameHint: 'Todos nesta conversa vão ver.',
  nameJoin: 'Entrar',

  you: 'você',
  guest: 'visitante',
  member: 'membro',
  moderator: 'moderador',
  admin: 'admin',

  today: 'Hoje',
  yesterday: 'Ontem',
  sending: 'enviando',
  notSent: 'Não enviada',
  retry: 'Tentar de novo',
  discard: 'Descartar',
  copy: 'Copiar texto',
  copied: 'Copiado',

  loading: 'Carregando mensagens…',
  olderFailed: 'Não foi possível carregar mensagens mais antigas.',
  beginning: 'Aqui começa {room}.',
  emptyTitle: 'Nada por aqui ainda',
  emptyText: 'Diga olá. Alguém precisa ser o primeiro.',
  readOnly: 'Aqui você pode ler, mas não escrever.',
  jump: 'Ir para a mais recente',
  newMessages: { one: '{count} mensagem nova', other: '{count} mensagens novas' },

  connecting: 'Conectando…',
  offline: 'Sem conexão. Tentando reconectar…',
  reconnected: 'Você está conectado de novo.',
  unsaved: 'Seu navegador não guarda mensagens não enviadas. Deixe esta página aberta.',

  refusedTitle: 'Esta conversa não está aberta para você agora',
  error: 'Algo deu errado: {message}',
  error_no_room: 'Esta conversa não tem sala. Defina o atributo room de <mini-chat>.',
  error_bad_room: 'O nome de uma sala só pode ter a–z, 0–9, “_” e “-”.',
  error_origin_refused: 'O servidor da conversa não aceita este site.',
  error_guests_off: 'Visitantes não podem entrar. Identifique-se primeiro neste site.',
  error_forbidden: 'Você não tem acesso a isto.',
  error_bad_token: 'Sua identificação não foi aceita. Entre de novo neste site.',
  error_token_expired: 'Sua identificação venceu. Entre de novo neste site.',
  error_no_token: 'Este site não disse quem você é.',
  error_bad_version: 'Esta página está desatualizada. Recarregue-a.',
  error_outbox_full: 'Há mensagens demais por enviar.',
  error_bad_name: 'Escolha um nome de até 40 caracteres que possam ser mostrados.',
  error_unavailable: 'O servidor da conversa não responde.',
};
