/** Every code the protocol can say, its words, and the numbers both ends agree on. */

/** The WebSocket subprotocol; a second version will run beside it under another name. */
export const SUBPROTOCOL = 'mini-chat.1';

/** Each code with the facts its words need. A wrong detail does not compile. */
export interface ErrorDetails {
  readonly bad_json: { readonly why: string };
  readonly bad_op: { readonly field: string; readonly want: string };
  readonly unknown_op: { readonly op: string };
  readonly binary_frame: Nothing;
  readonly hello_first: Nothing;
  readonly hello_again: Nothing;
  readonly bad_version: { readonly v: string };
  readonly bad_room: Nothing;
  readonly bad_name: { readonly why: string };
  readonly bad_cid: Nothing;
  readonly bad_text: { readonly why: string };
  readonly text_too_long: { readonly max: number };
  readonly unsupported_kind: { readonly kind: string };
  readonly outbox_full: { readonly max: number };
  readonly id_conflict: Nothing;
  readonly name_required: Nothing;
  readonly not_joined: Nothing;
  readonly too_many_rooms: { readonly max: number };
  readonly forbidden: { readonly operation: string };
  readonly guests_off: Nothing;
  readonly bad_token: { readonly why: string };
  readonly token_expired: Nothing;
  readonly wrong_user: Nothing;
  readonly origin_refused: { readonly origin: string };
  readonly rate_limited: { readonly afterMs: number };
  readonly flood: { readonly max: number };
  readonly too_many_connections: { readonly max: number };
  readonly too_slow: Nothing;
  readonly hello_timeout: { readonly ms: number };
  readonly unavailable: Nothing;
  readonly internal: Nothing;
}

type Nothing = Readonly<Record<never, never>>;

export type ErrorCode = keyof ErrorDetails;

interface CodeRow<Code extends ErrorCode> {
  /** What happened, the limit, what to do: one sentence for a developer's eyes. */
  readonly words: (detail: ErrorDetails[Code]) => string;
  /** Whether the same op, unchanged, can succeed later. */
  readonly retry: boolean;
}

/** The one table of codes; docs/PROTOCOL.md prints it and a test holds the two equal. */
export const codes: { readonly [Code in ErrorCode]: CodeRow<Code> } = {
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

interface ChatErrorOptions {
  readonly maybe?: boolean;
  readonly cause?: unknown;
  /** What the peer said, in place of the table's words. */
  readonly words?: string;
}

/** An expected failure that a peer is told about. Match on `code`, never on the words. */
export class ChatError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'ChatError';
  readonly code: Code;
  readonly detail: ErrorDetails[Code];
  readonly retry: boolean;
  /** True when it cannot be told whether the entry was stored (G9). */
  readonly maybe: boolean;

  constructor(code: Code, detail: ErrorDetails[Code], options: ChatErrorOptions = {}) {
    super(
      options.words ?? codes[code].words(detail),
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.code = code;
    this.detail = detail;
    // A newer peer may tell codes that are not in this table.
    this.retry = (codes as Partial<typeof codes>)[code]?.retry ?? false;
    this.maybe = options.maybe ?? false;
  }
}

/** What a peer told: its code, known here or not, and its words. */
export function toldError({ code, message }: { code: string; message: string }): ChatError {
  return new ChatError(code as ErrorCode, {} as ErrorDetails[ErrorCode], { words: message });
}

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
