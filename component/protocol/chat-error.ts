/**
 * The error that a peer is told about. The table of words is codes.ts, which brings itself here:
 * the server has it always, the one-file element never, since it has words in the reader's language
 * and no room for a second set.
 */

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
  readonly bad_emoji: Nothing;
  readonly no_target: Nothing;
  readonly no_change: Nothing;
  readonly too_many_reactions: { readonly max: number };
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

/** What a peer matches on. */
export type ErrorCode = keyof ErrorDetails;

/** What the table says about one code. */
export interface CodeRow<Code extends ErrorCode> {
  /** What happened, the limit, what to do: one sentence for a developer's eyes. */
  readonly words: (detail: ErrorDetails[Code]) => string;
  /** Whether the same op, unchanged, can succeed later. */
  readonly retry: boolean;
}

/** A row for each code. */
export type CodeTable = { readonly [Code in ErrorCode]: CodeRow<Code> };

let table: Partial<CodeTable> = {};

/** Gives every later error its words. Without it, an error's words are its code and detail. */
export function useWords(codes: CodeTable): void {
  table = codes;
}

/** A newer peer may tell codes that are in no table of ours. */
function rowOf(code: ErrorCode): CodeRow<ErrorCode> | undefined {
  return table[code] as CodeRow<ErrorCode> | undefined;
}

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
    const row = rowOf(code);
    super(
      options.words ?? row?.words(detail) ?? [code, ...Object.values(detail)].join(': '),
      options,
    );
    this.code = code;
    this.detail = detail;
    this.retry = !!row?.retry;
    this.maybe = !!options.maybe;
  }
}

/** What a peer told: its code, known here or not, and its words. */
export function toldError({ code, message }: { code: string; message: string }): ChatError {
  return new ChatError(code as ErrorCode, {} as ErrorDetails[ErrorCode], { words: message });
}
