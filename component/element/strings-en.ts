/** English: the words every other language translates, and the last resort of each of them. */

import type { Words } from './strings.ts';

/** `{…}` are facts filled in when shown; a word with a count has a form per plural category. */
export const en = {
  log: 'Messages in {room}',
  placeholder: 'Message {room}',
  send: 'Send',
  open: 'Open chat',
  close: 'Close chat',
  charactersLeft: { one: '{count} character left', other: '{count} characters left' },
  charactersOver: { one: '{count} character too many', other: '{count} characters too many' },

  nameTitle: 'What should we call you?',
  nameLabel: 'Your name',
  nameHint: 'Everyone here will see it.',
  nameJoin: 'Join',
  nameChange: 'Change name',
  cancel: 'Cancel',

  you: 'you',
  guest: 'guest',
  member: 'member',
  moderator: 'moderator',
  admin: 'admin',

  // Between who and what, and between things that are said one after the other.
  says: ': ',
  also: ' – ',

  today: 'Today',
  yesterday: 'Yesterday',
  sending: 'sending',
  notSent: 'Not sent',
  retry: 'Retry',
  discard: 'Discard',
  edited: 'edited',
  pinned: 'pinned',
  deleted: 'This message was deleted.',
  answers: 'in reply to {name}',
  gone: 'The message this answers is gone.',
  lineGone: 'That message is gone.',
  mentions: 'mentions you',
  others: { one: '{count} other', other: '{count} others' },
  actionsFailed: 'Message actions could not be loaded. Reload the page.',

  loading: 'Loading messages…',
  olderFailed: 'Older messages could not be loaded.',
  beginning: 'This is where {room} begins.',
  emptyTitle: 'Nothing here yet',
  emptyText: 'Say hello. Someone has to be first.',
  readOnly: 'You can read here, but not write.',
  jump: 'Jump to latest',
  firstUnread: 'Jump to the first of them',
  unread: 'New',
  newMessages: { one: '{count} new message', other: '{count} new messages' },

  online: '{count} online',
  typing: { one: '{names} is typing…', other: '{names} are typing…' },
  connecting: 'Connecting…',
  offline: 'No connection. Trying to reconnect…',
  reconnected: 'You are back online.',
  unsaved: 'Unsent messages cannot be kept: leave this page open.',

  refusedTitle: 'This chat is closed to you',
  error: 'Something went wrong: {message}',
  error_no_room: 'This chat has no room. Set the room attribute of <mini-chat>.',
  error_bad_room: 'Room names can only have a–z, 0–9, “_” and “-”.',
  error_guests_off: 'Guests cannot enter. Sign in on this site first.',
  error_bad_token: 'Your sign-in was not accepted. Sign in on this site again.',
  error_token_expired: 'Your sign-in has run out. Sign in on this site again.',
  error_no_token: 'This site did not say who you are.',
  error_outbox_full: 'Too many messages wait to be sent.',
  error_bad_name: 'Choose a name of up to 40 characters that can all be shown.',
} as const satisfies Record<string, Words>;
