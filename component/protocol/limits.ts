/** The numbers and names that both ends agree on. */

/** The WebSocket subprotocol; a second version will run beside it under another name. */
export const SUBPROTOCOL = 'mini-chat.1';

/** WebSocket close codes (RFC 6455, section 7.4.2: 4000–4999 are ours). */
export const closeCodes = {
  /** Going away: the server drains. Not an error; reconnect after `bye.afterMs`. */
  drain: 1001,
  /** Our bug. */
  internal: 1011,
  /** The third protocol error in ten seconds, or a greeting of another version. */
  protocol: 4400,
  /** The token is missing, bad or expired: ask the host page once for another. */
  auth: 4401,
  /** The origin or the user may not come in. Do not reconnect. */
  forbidden: 4403,
  /** No greeting in time, no heartbeat, or nothing read for 30 s. */
  timeout: 4408,
  /** The same session came back on another connection. */
  replaced: 4409,
  /** More frames than one connection may send. */
  flood: 4429,
} as const;

/** Entries in one `history` page at most. */
export const HISTORY_LIMIT_MAX = 100;

/** Nesting of a JSON op at most; our own ops need four. */
export const JSON_DEPTH_MAX = 6;

/** Messages in the first page of a room. */
export const FIRST_PAGE = 50;

/** What a server allows unless it was told otherwise; `welcome.limits` says what holds. */
export const defaultLimits = {
  textMax: 4000,
  frameBytesMax: 32 * 1024,
  roomsMax: 50,
} as const;

/** Code units of one emoji at most: the longest sequences of today have about 20. */
export const EMOJI_LENGTH_MAX = 32;

/** Different emoji on one message at most. */
export const REACTIONS_MAX = 20;

/** Names that a reaction carries; its count has no limit. */
export const REACTION_USERS_MAX = 10;

/** Somebody who typed is taken for gone after this long without another word of it. */
export const TYPING_MS = 6_000;

/** Names in one `typing` op. */
export const TYPING_USERS_MAX = 5;

/** Rooms of more people say how many are there, but not who. */
export const PRESENCE_USERS_MAX = 50;
