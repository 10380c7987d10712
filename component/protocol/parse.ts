/**
 * Text from a peer becomes an op here, and nowhere else: size, depth, types and ranges are checked
 * once, and fields are copied by name, so that nothing a peer invented travels further.
 */

import { ChatError, type ErrorCode, type ErrorDetails } from './chat-error.ts';
import { EMOJI_LENGTH_MAX, HISTORY_LIMIT_MAX, JSON_DEPTH_MAX } from './limits.ts';
import { parseName } from './name.ts';
import type {
  Cid,
  ClientOp,
  Content,
  Cursor,
  EntryId,
  Epoch,
  HelloOp,
  HistoryOp,
  JoinOp,
  Kind,
  MessageBody,
  RoomId,
  SendOp,
  Seq,
  ServerOp,
  TokenOp,
} from './ops.ts';

const ROOM_ID = /^[a-z0-9_-]{1,64}$/;
const CID = /^[A-Za-z0-9_-]{8,64}$/;
const KIND = /^[a-z]{1,32}$/;
/** A pictograph with its modifier, its presentation selector or its tags. */
const PICTOGRAPH = '\\p{Emoji}(?:\\p{EMod}|\\uFE0F)?(?:[\\u{E0020}-\\u{E007E}]+\\u{E007F})?';
const JOINED = `${PICTOGRAPH}(?:\\u200D${PICTOGRAPH})*`;
/** One emoji by its shape (UTS #51, ED-16): a flag, a keycap, or pictographs joined by ZWJ. */
const EMOJI = new RegExp(
  `^(?:\\p{RI}{2}|[0-9#*]\\uFE0F?\\u20E3|(?![0-9#*]|\\p{RI})${JOINED})$`,
  'u',
);
/** A JWT with generous claims; longer ones are refused before anything looks inside. */
const TOKEN_LENGTH_MAX = 8192;
const ID_LENGTH_MAX = 64;
const CLIENT_LENGTH_MAX = 64;

/** What the peer said is wrong; `room`, `cid` and `re` are set when they could be read. */
export interface Refusal {
  readonly error: ChatError;
  readonly room?: RoomId;
  readonly cid?: Cid;
  readonly re?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** A client's op, or why it is none. Never throws. */
export function parseClientOp(
  text: string,
  limits: { readonly textMax: number; readonly jsonDepthMax?: number },
): { readonly op: ClientOp } | { readonly refusal: Refusal } {
  let fields: Fields = {};
  try {
    checkDepth(text, limits.jsonDepthMax ?? JSON_DEPTH_MAX);
    fields = parseObject(text);
    return { op: clientOp(fields, limits) };
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return { refusal: { error, ...addressOf(fields) } };
  }
}

/**
 * A server's op, or undefined when it is none that this version knows: a newer server may say more.
 * Throws `ChatError` for text that no server of any version sends.
 */
export function parseServerOp(text: string): ServerOp | undefined {
  const fields = parseObject(text);
  const { op, entries } = fields;
  if (!isString(op) || !Object.hasOwn(serverFields, op)) return undefined;
  const isResumed = op === 'joined' && entries !== undefined;
  const names = isResumed ? RESUMPTION : serverFields[op as ServerOp['op']];
  if (!hasFields(fields, names)) refuse('bad_op', { field: names, want: 'as in version 1' });
  // The fields were checked above; TypeScript cannot follow a check made by name.
  return fields as unknown as ServerOp;
}

/** Whom a token is for, by its own claims, which are not verified; undefined: it does not say. */
export function subjectOf(token: string): string | undefined {
  try {
    const [, claims = ''] = token.split('.');
    const { sub } = parseObject(atob(claims.replace(/-/g, '+').replace(/_/g, '/')));
    return isString(sub) ? sub : undefined;
  } catch {
    // No token of the kind we know.
    return undefined;
  }
}

/** Whether a string can name a room; the element and the server's API ask the same question. */
export function isRoomId(value: unknown): value is RoomId {
  return typeof value === 'string' && ROOM_ID.test(value);
}

/** What makes a text one that can be sent, or why it cannot. */
export function checkText(text: string, max: number): ChatError | undefined {
  if (!text.trim() || !text.isWellFormed() || text.includes('\0')) {
    return new ChatError('bad_text', { why: 'it is empty, not Unicode, or has a NUL' });
  }
  // A code point is one or two code units: most texts are decided without counting.
  if (text.length > max && [...text].length > max) return new ChatError('text_too_long', { max });
  return undefined;
}

function clientOp(fields: Fields, limits: { readonly textMax: number }): ClientOp {
  const op = need(fields, 'op', 'a string', isString);
  switch (op) {
    case 'hello':
      return helloOp(fields);
    case 'join':
      return joinOp(fields);
    case 'leave':
      return { op, room: roomOf(fields) };
    case 'send':
      return sendOp(fields, limits.textMax);
    case 'history':
      return historyOp(fields);
    case 'typing':
      return { op, room: roomOf(fields), on: onOf(fields) };
    case 'read':
      return { op, room: roomOf(fields), seq: need(fields, 'seq', 'a seq from 1', isSeq) };
    case 'token':
      return tokenOp(fields);
    case 'ping':
      return { op, n: need(fields, 'n', 'a whole number', isCount) };
    default:
      throw new ChatError('unknown_op', { op: op.slice(0, 32) });
  }
}

function helloOp(fields: Fields): HelloOp {
  if (fields['v'] !== 1) refuse('bad_version', { v: String(fields['v']).slice(0, 16) });
  const client = optional(fields, 'client', `at most ${CLIENT_LENGTH_MAX} characters`, isLabel);
  return { op: 'hello', v: 1, client: client ?? '', ...identityOf(fields) };
}

function tokenOp(fields: Fields): TokenOp {
  const identity = identityOf(fields);
  const token = identity.token ?? refuse('bad_op', { field: 'token', want: 'a token' });
  return { op: 'token', ...identity, token };
}

function identityOf(fields: Fields): { token?: string; name?: string } {
  const token = optional(fields, 'token', `at most ${TOKEN_LENGTH_MAX} characters`, isToken);
  const given = optional(fields, 'name', 'a string', isString);
  const verdict = given === undefined ? undefined : parseName(given);
  if (verdict !== undefined && 'why' in verdict) refuse('bad_name', { why: verdict.why });
  return {
    ...(token === undefined ? {} : { token }),
    ...(verdict === undefined ? {} : { name: verdict.name }),
  };
}

function joinOp(fields: Fields): JoinOp {
  const room = roomOf(fields);
  const given = optional(fields, 'cursor', 'an object', isObject);
  return given === undefined ? { op: 'join', room } : { op: 'join', room, cursor: cursorOf(given) };
}

function cursorOf(fields: Fields): Cursor {
  return {
    epoch: need(fields, 'epoch', 'an epoch', isId) as Epoch,
    seq: need(fields, 'seq', 'a seq', isCount),
    id: need(fields, 'id', 'an entry id', isIdOrEmpty) as EntryId | '',
  };
}

function sendOp(fields: Fields, textMax: number): SendOp {
  const room = roomOf(fields);
  const cid = isCid(fields['cid']) ? fields['cid'] : refuse('bad_cid', {});
  const kind = need(fields, 'kind', 'a kind', isKind);
  const content = contentOf(kind, fields, textMax);
  return { op: 'send', room, cid, ...content };
}

function contentOf(kind: string, fields: Fields, textMax: number): Content {
  if (!isKnownKind(kind)) return refuse('unsupported_kind', { kind });
  const body = need(fields, 'body', 'an object', isObject);
  switch (kind) {
    case 'message':
      return { kind, body: messageBody(body, textMax) };
    case 'edit':
      return { kind, body: { target: targetOf(body), text: textOf(body, textMax) } };
    case 'delete':
      return { kind, body: { target: targetOf(body) } };
    case 'react':
      return { kind, body: { target: targetOf(body), emoji: emojiOf(body), on: onOf(body) } };
    case 'pin':
      return { kind, body: { target: targetOf(body), on: onOf(body) } };
    case 'notice':
      return { kind, body: { text: textOf(body, textMax) } };
  }
}

function messageBody(body: Fields, textMax: number): MessageBody {
  const text = textOf(body, textMax);
  const replyTo = optional(body, 'replyTo', 'a seq from 1', isSeq);
  return replyTo === undefined ? { text } : { text, replyTo };
}

function textOf(body: Fields, textMax: number): string {
  const text = need(body, 'text', 'a string', isString);
  const problem = checkText(text, textMax);
  if (problem !== undefined) throw problem;
  return text;
}

const targetOf = (body: Fields): Seq => need(body, 'target', 'a seq from 1', isSeq);

const onOf = (fields: Fields): boolean => need(fields, 'on', 'true or false', isBoolean);

function emojiOf(body: Fields): string {
  const { emoji } = body;
  return isEmoji(emoji) ? emoji : refuse('bad_emoji', {});
}

function historyOp(fields: Fields): HistoryOp {
  return {
    op: 'history',
    room: roomOf(fields),
    before: need(fields, 'before', 'a seq from 1', isSeq),
    limit: need(fields, 'limit', `1 to ${HISTORY_LIMIT_MAX}`, isPageLimit),
    re: need(fields, 're', 'a whole number', isCount),
  };
}

function roomOf(fields: Fields): RoomId {
  return isRoomId(fields['room']) ? fields['room'] : refuse('bad_room', {});
}

/** What can still be said about a bad op, so that its sender can match the answer to it. */
function addressOf(fields: Fields): Omit<Refusal, 'error'> {
  const { room, cid, re } = fields;
  return {
    ...(isRoomId(room) ? { room } : {}),
    ...(fields['op'] === 'send' && isCid(cid) ? { cid } : {}),
    ...(isCount(re) ? { re } : {}),
  };
}

function checkDepth(text: string, max: number): void {
  if (depthOf(text) > max) refuse('bad_json', { why: `it nests deeper than ${max}` });
}

function parseObject(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Undefined is no object either.
  }
  return isObject(value) ? value : refuse('bad_json', { why: 'it does not parse as one' });
}

/** The deepest nesting of a JSON text, in one pass and without recursion. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (quoted) {
      if (char === BACKSLASH) i += 1;
      else if (char === QUOTE) quoted = false;
    } else if (char === QUOTE) quoted = true;
    else if (char === BRACE_OPEN || char === BRACKET_OPEN) deepest = Math.max(deepest, ++depth);
    else if (char === BRACE_CLOSE || char === BRACKET_CLOSE) depth -= 1;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;

type Check<T> = (value: unknown) => value is T;

function need<T>(fields: Fields, field: string, want: string, check: Check<T>): T {
  const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
  return check(value) ? value : refuse('bad_op', { field, want });
}

function optional<T>(fields: Fields, field: string, want: string, check: Check<T>): T | undefined {
  return fields[field] === undefined ? undefined : need(fields, field, want, check);
}

function refuse<Code extends ErrorCode>(code: Code, detail: ErrorDetails[Code]): never {
  throw new ChatError(code, detail);
}

const isString = (value: unknown): value is string => typeof value === 'string';

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Whether a value is an entry's place in a log. */
export const isSeq = (value: unknown): value is Seq => isCount(value) && value >= 1;

const isPageLimit = (value: unknown): value is number => isSeq(value) && value <= HISTORY_LIMIT_MAX;

/** Whether a value can name a draft. */
export const isCid = (value: unknown): value is Cid => isString(value) && CID.test(value);

/** Whether a value is one emoji. Whether it is a known one is nobody's business here. */
export const isEmoji = (value: unknown): value is string =>
  isString(value) && value.length <= EMOJI_LENGTH_MAX && EMOJI.test(value);

const isKind = (value: unknown): value is string => isString(value) && KIND.test(value);

const isKnownKind = (kind: string): kind is Kind =>
  /^(message|edit|delete|react|pin|notice)$/.test(kind);

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

const isIdOrEmpty = (value: unknown): value is string =>
  isString(value) && value.length <= ID_LENGTH_MAX;

const isId = (value: unknown): value is string => isIdOrEmpty(value) && value !== '';

const isLabel = (value: unknown): value is string =>
  isString(value) && value.length <= CLIENT_LENGTH_MAX;

const isToken = (value: unknown): value is string =>
  isString(value) && value !== '' && value.length <= TOKEN_LENGTH_MAX;

const isMs = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0;

const isEntries = (value: unknown): boolean =>
  Array.isArray(value) && value.every((entry) => hasFields(entry, 'seq id kind user at body'));

/** Whether it has all of these, and no known field is other than it must be. */
function hasFields(value: unknown, names: string): boolean {
  return (
    isObject(value) &&
    names.split(' ').every((name) => value[name] !== undefined) &&
    Object.entries(value).every(([name, field]) => isField(name, field))
  );
}

/** What a server's field must be, wherever it stands. */
function isField(name: string, value: unknown): boolean {
  if (/^(room|cid|id|name|kind|epoch|headId|code|message|token)$/.test(name))
    return isString(value);
  if (/^(seq|at|head|floor|re|now|expiresAt|heartbeatMs|afterMs|count|read)$/.test(name))
    return isMs(value);
  if (/^(entries|messages)$/.test(name)) return isEntries(value);
  if (/^(body|limits)$/.test(name)) return isObject(value);
  if (name === 'user') return hasFields(value, 'id name');
  if (name === 'users')
    return Array.isArray(value) && value.every((one) => hasFields(one, 'id name'));
  return !/^(can|mine|reactions)$/.test(name) || Array.isArray(value);
}

const RESUMPTION = 'room epoch head headId floor can entries';
const SNAPSHOT = 'room epoch head headId floor can messages';

/** What the client relies on. */
const serverFields: Readonly<Record<ServerOp['op'], string>> = {
  welcome: 'user limits now heartbeatMs',
  joined: SNAPSHOT,
  reset: SNAPSHOT,
  entries: 'room entries',
  ack: 'room cid seq at',
  nack: 'room cid code message',
  page: 'room re messages floor',
  typing: 'room users',
  presence: 'room count',
  read: 'room seq',
  error: 'code message',
  bye: 'afterMs',
  pong: 'op',
};
