/** Every code the protocol can say, and its words. Importing this gives `ChatError` those words. */

import { type CodeTable, useWords } from './chat-error.ts';

export * from './chat-error.ts';
export * from './limits.ts';

/** The one table of codes; docs/PROTOCOL.md prints it and a test holds the two equal. */
export const codes: CodeTable = {
  bad_json: { words: ({ why }) => `This is not a JSON object: ${why}.`, retry: false },
  bad_op: { words: ({ field, want }) => `Field "${field}" must be ${want}.`, retry: false },
  unknown_op: { words: ({ op }) => `There is no op "${op}" in version 1.`, retry: false },
  binary_frame: { words: () => 'Ops are text frames; this one was binary.', retry: false },
  hello_first: { words: () => 'The first op must be "hello".', retry: false },
  hello_again: { words: () => 'This connection has said "hello" already.', retry: false },
  bad_version: { words: ({ v }) => `This server speaks version 1, not ${v}.`, retry: false },
  bad_room: { words: () => 'A room id is 1–64 of a–z, 0–9, "_" and "-".', retry: false },
  bad_name: { words: ({ why }) => `This name cannot be used: ${why}.`, retry: false },
  bad_cid: { words: () => 'A cid is 8–64 of A–Z, a–z, 0–9, "_" and "-".', retry: false },
  bad_text: { words: ({ why }) => `This text cannot be sent: ${why}.`, retry: false },
  text_too_long: { words: ({ max }) => `A message has at most ${max} characters.`, retry: false },
  unsupported_kind: { words: ({ kind }) => `This server takes no "${kind}" yet.`, retry: false },
  bad_emoji: { words: () => 'A reaction is one emoji.', retry: false },
  no_target: { words: () => 'There is no such message, or it was deleted.', retry: false },
  no_change: { words: () => 'This is so already; nothing was stored.', retry: false },
  too_many_reactions: {
    words: ({ max }) => `A message takes at most ${max} different reactions.`,
    retry: false,
  },
  outbox_full: { words: ({ max }) => `More than ${max} messages wait to be sent.`, retry: false },
  id_conflict: { words: () => 'This cid was used before for another body.', retry: false },
  name_required: { words: () => 'Choose a name before you write.', retry: false },
  not_joined: { words: () => 'Join the room first.', retry: false },
  too_many_rooms: {
    words: ({ max }) => `One connection joins at most ${max} rooms.`,
    retry: false,
  },
  forbidden: { words: ({ operation }) => `You may not "${operation}" in this room.`, retry: false },
  guests_off: { words: () => 'Guests cannot enter; sign in on the site first.', retry: false },
  bad_token: { words: ({ why }) => `The token was refused: ${why}.`, retry: false },
  token_expired: { words: () => 'The token has expired; a fresh one is needed.', retry: false },
  wrong_user: { words: () => 'A refreshed token must be of the same user.', retry: false },
  origin_refused: {
    words: ({ origin }) => `Pages of ${origin} may not use this chat.`,
    retry: false,
  },
  rate_limited: { words: ({ afterMs }) => `Too fast; try again in ${afterMs} ms.`, retry: true },
  flood: { words: ({ max }) => `More than ${max} frames in a second.`, retry: true },
  too_many_connections: {
    words: ({ max }) => `More than ${max} connections from this address wait to greet.`,
    retry: true,
  },
  too_slow: { words: () => 'This connection did not read what it was sent.', retry: true },
  hello_timeout: { words: ({ ms }) => `No "hello" came within ${ms} ms.`, retry: true },
  unavailable: { words: () => 'The message store does not answer; try again.', retry: true },
  internal: { words: () => 'The server made a mistake; it has been logged.', retry: true },
};

useWords(codes);
