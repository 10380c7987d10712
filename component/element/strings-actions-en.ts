/** English words of what a reader does with a message. They come with the second file. */

import type { Words } from './strings.ts';

/** As in strings-en.ts. */
export const actionsEn = {
  actions: 'Message actions',
  actionsOf: 'What to do with the message of {name}',
  reactions: 'Reactions',
  react: 'React',
  moreEmoji: 'More emoji',
  reply: 'Reply',
  toQuote: 'Go to the answered message',
  openLink: 'Open {address}',
  copyText: 'Copy text',
  copyDone: 'Copied',
  copyFailed: 'The browser did not allow copying.',
  copyLink: 'Copy link',
  linkCopied: 'Link copied',
  edit: 'Edit',
  pin: 'Pin',
  unpin: 'Unpin',
  remove: 'Delete…',
  removeAsk: 'Delete this message for everyone?',
  removeYes: 'Delete',
  removeNo: 'Keep',

  replyTo: 'Reply to {name}',
  editing: 'Edit your message',
  editUndo: 'Enter saves, Esc gives your text back.',

  emoji: 'Emoji',
  emojiSearch: 'Search emoji, in English',
  emojiNone: 'No emoji by that name.',
  emojiFaces: 'Faces',
  emojiPeople: 'People',
  emojiNature: 'Nature',
  emojiFood: 'Food and drink',
  emojiThings: 'Things',
  emojiSigns: 'Signs',

  suggestions: 'Suggestions',
  suggestionCount: { one: '{count} suggestion: {first}', other: '{count} suggestions: {first}' },
} as const satisfies Record<string, Words>;
