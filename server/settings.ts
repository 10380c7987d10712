/**
 * The one table of settings. Flags, MINI_CHAT_* variables, defaults, the help text and the docs
 * are all made from it. Each limit of the design is here under its own name, unit last.
 */

import { defaultLimits, JSON_DEPTH_MAX, TYPING_MS } from 'mini-chat/protocol';
import type { GuestAccess } from './policy.ts';

/** How one setting is read. `parse` throws a plain sentence about what it wants instead. */
export interface Setting<T> {
  readonly group: 'Server' | 'Messages' | 'People' | 'Limits';
  /** What follows the flag in the help text. Empty: the flag alone means `bare`. */
  readonly value: string;
  readonly fallback: T;
  readonly words: string;
  readonly parse: (text: string) => T;
  /** What the flag means without a value. */
  readonly bare?: string;
  /** Secrets: a command line can be read by everybody on the machine. */
  readonly isEnvironmentOnly?: true;
}

/** How talkative the log is; pino's levels. */
export type LogLevel = 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug';

const ROOM_PATTERN = /^[a-z0-9_*-]{1,64}$/;
const TENANT = /^[a-z0-9_-]{1,32}$/;

const server = {
  port: setting('Server', 'N', 8888, 'port to listen on; 0 takes a free one', port),
  host: setting('Server', 'HOST', '127.0.0.1', 'address to listen on; 0.0.0.0 for all', text),
  origins: setting<readonly string[]>(
    'Server',
    'LIST',
    ['*'],
    'pages that may connect: origins, https://*.example.org, or *',
    list(origin),
  ),
  trustProxy: flag<number>(
    'Server',
    0,
    'behind a proxy: take addresses from X-Forwarded-For; =N for N proxies',
    whole(0, 16),
    '1',
  ),
  logLevel: setting<LogLevel>(
    'Server',
    'LEVEL',
    'info',
    'silent, fatal, error, warn, info or debug',
    oneOf('silent', 'fatal', 'error', 'warn', 'info', 'debug'),
  ),
};

const messages = {
  data: setting('Messages', 'DIR', './mini-chat-data', 'where messages are kept (SQLite)', text),
  mongo: setting<string | undefined>(
    'Messages',
    'URL',
    undefined,
    'keep messages in MongoDB instead; any number of servers are then one chat',
    mongoUrl,
  ),
  acceptWeakMongo: flag<boolean>(
    'Messages',
    false,
    'use a MongoDB, too, that may lose what it has acknowledged',
    bool,
    'on',
  ),
  keepDays: setting<number | undefined>(
    'Messages',
    'N',
    undefined,
    'forget what is older than N days; without it, nothing',
    whole(1, 36_500),
  ),
  keepMessages: setting<number | undefined>(
    'Messages',
    'N',
    undefined,
    'forget all but the newest N messages of each room',
    whole(1, 2 ** 31 - 1),
  ),
  memory: flag<boolean>('Messages', false, 'keep nothing on disk; for tests and demos', bool, 'on'),
};

const people = {
  guests: setting<GuestAccess>(
    'People',
    'on|read-only|off',
    'on',
    'what people without a token may do',
    oneOf('on', 'read-only', 'off'),
  ),
  jwtKeyFile: setting<string | undefined>(
    'People',
    'FILE',
    undefined,
    'key of the host site: a secret of 32 bytes or more, or a PEM',
    text,
  ),
  jwtKey: {
    ...setting<string | undefined>(
      'People',
      '',
      undefined,
      'the same key itself; a variable only, never a flag',
      text,
    ),
    isEnvironmentOnly: true as const,
  },
  jwks: setting<string | undefined>(
    'People',
    'URL',
    undefined,
    'where the host site publishes its keys instead',
    httpUrl,
  ),
  jwtAudience: setting('People', 'NAME', 'mini-chat', 'what a token must name as "aud"', text),
  tenant: setting('People', 'NAME', 'main', 'owner of the key; prefix of all rooms kept', tenant),
  readOnly: setting<readonly string[]>(
    'People',
    'PATTERNS',
    [],
    'rooms where only moderators write, such as news,announce-*',
    list(roomPattern),
  ),
  private: setting<readonly string[]>(
    'People',
    'PATTERNS',
    [],
    'rooms that open only to tokens naming them',
    list(roomPattern),
  ),
};

const limits = {
  frameBytesMax: limit(defaultLimits.frameBytesMax, 'bytes in one frame from a client'),
  textMax: limit(defaultLimits.textMax, 'code points in a message'),
  jsonDepthMax: limit(JSON_DEPTH_MAX, 'nesting of an op'),
  helloMs: limit(5000, 'time to say hello'),
  framesPerSecondMax: limit(30, 'frames from one connection in a second'),
  sendsPerSecondMax: limit(5, 'messages from one user in a second, on average'),
  sendsBurstMax: limit(10, 'messages from one user at once'),
  roomsMax: limit(defaultLimits.roomsMax, 'rooms joined by one connection'),
  waitingPerAddressMax: limit(20, 'connections of one address that have not greeted'),
  heartbeatMs: limit(25_000, 'how often a client says ping; silent for 3 times that is dead'),
  slowBytesMax: limit(256 * 1024, 'unsent bytes after which a reader is served from the log'),
  slowMs: limit(30_000, 'time without progress after which a slow reader is closed'),
  inputOpsMax: limit(64, 'ops of one connection that wait their turn'),
  roomQueueMax: limit(4096, 'drafts of one room that wait to be durable'),
  appendMs: limit(30_000, 'time for a draft to become durable before it is said to be unknown'),
  fanOutSliceMax: limit(256, 'connections written to in one turn of the loop'),
  repairMs: limit(30_000, 'how often live rooms compare their head with the store'),
  retentionMs: limit(3_600_000, 'how often what is kept no more is forgotten'),
  storeSilentMs: limit(20_000, 'silence of the store after which everybody is sent elsewhere'),
  typingMs: limit(TYPING_MS, 'time after which somebody who typed is taken for gone'),
  typingEveryMs: limit(500, 'how seldom a room is told who types'),
  presenceEveryMs: limit(1000, 'how seldom a room is told who is there'),
  crowdEveryMs: limit(5000, 'the same for a room of more than 50 people'),
  readEveryMs: limit(1000, 'how seldom a read mark is kept, and told to other tabs'),
  newsEveryMs: limit(100, 'how seldom a node tells the others who types, reads and is there'),
  retellMs: limit(20_000, 'how often it tells all of that again'),
  forgetNodeMs: limit(60_000, 'silence after which another node and its people are forgotten'),
  roomIdleMs: limit(10_000, 'time a room stays open after its last member left'),
  drainMs: limit(5000, 'time to finish at SIGTERM'),
  reconnectMs: limit(3000, 'clients come back within this time after a drain'),
  closeMs: limit(5000, 'time for a peer to answer a close'),
  headersMs: limit(10_000, 'time for an HTTP request to send its headers'),
};

/** Every setting by its name; the flag is the name in kebab-case, the variable in SNAKE_CASE. */
export const settings = { ...server, ...messages, ...people, ...limits };

type Settings = typeof settings;

/** The settings of one server, read and checked. */
export type Config = {
  readonly [Name in keyof Settings]: Settings[Name] extends Setting<infer T> ? T : never;
};

/** The name of a setting. */
export type SettingName = keyof Config;

/** The limits alone, for the modules that live by them. */
export type LimitSettings = Pick<Config, keyof typeof limits>;

function setting<T>(
  group: Setting<T>['group'],
  value: string,
  fallback: T,
  ...[words, parse]: [string, (text: string) => T]
): Setting<T> {
  return { group, value, fallback, words, parse };
}

function flag<T>(
  group: Setting<T>['group'],
  fallback: T,
  words: string,
  ...[parse, bare]: [(text: string) => T, string]
): Setting<T> {
  return { group, value: '', fallback, words, parse, bare };
}

function limit(fallback: number, words: string): Setting<number> {
  return { group: 'Limits', value: 'N', fallback, words, parse: whole(1, 2 ** 31 - 1) };
}

function refuse(want: string): never {
  throw new TypeError(want);
}

function text(given: string): string {
  return given === '' ? refuse('must not be empty') : given;
}

function whole(min: number, max: number): (given: string) => number {
  return (given) => {
    const value = /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= min && value <= max) return value;
    return refuse(`must be a whole number from ${min} to ${max}`);
  };
}

function port(given: string): number {
  return whole(0, 65_535)(given);
}

const yes = ['on', 'true', '1'];
const no = ['off', 'false', '0'];

function bool(given: string): boolean {
  if (yes.includes(given)) return true;
  return no.includes(given) ? false : refuse('must be on or off');
}

function oneOf<const T extends string>(...values: readonly T[]): (given: string) => T {
  return (given) => {
    const found = values.find((value) => value === given);
    return found ?? refuse(`must be one of ${values.join(', ')}`);
  };
}

function list(item: (given: string) => string): (given: string) => readonly string[] {
  return (given) =>
    given
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(item);
}

function origin(given: string): string {
  if (given === '*' || given === 'null') return given;
  const concrete = given.replace('://*.', '://any.');
  const parsed = URL.canParse(concrete) ? new URL(concrete) : undefined;
  if (parsed?.origin === concrete.toLowerCase()) return given.toLowerCase();
  return refuse(`must list origins such as https://example.org; "${given}" is none`);
}

function roomPattern(given: string): string {
  if (ROOM_PATTERN.test(given)) return given;
  return refuse(`must list room ids, with * for any run of characters; "${given}" is none`);
}

function tenant(given: string): string {
  return TENANT.test(given) ? given : refuse('must be 1–32 of a–z, 0–9, "_" and "-"');
}

function httpUrl(given: string): string {
  const isHttp = URL.canParse(given) && /^https?:$/.test(new URL(given).protocol);
  return isHttp ? given : refuse('must be an http or https address');
}

function mongoUrl(given: string): string {
  return /^mongodb(\+srv)?:\/\/./.test(given) ? given : refuse('must start with mongodb://');
}
