/**
 * From a command line and an environment to a Config: flags, then MINI_CHAT_* variables, then
 * defaults. The only module that knows variables' names. Never logs a value: it may be a secret.
 */

import { settings, type Config, type Setting, type SettingName } from './settings.ts';

/** A mistake in how the server was started: one line for stderr, and exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What the command line asks for. */
export type Command =
  | { readonly name: 'serve'; readonly config: Config }
  | { readonly name: 'token'; readonly config: Config; readonly claims: TokenArguments }
  | { readonly name: 'help' }
  | { readonly name: 'version' };

/** What `mini-chat-server token` was told about the token. */
export interface TokenArguments {
  readonly sub: string;
  readonly name?: string;
  readonly role?: string;
  readonly rooms?: string;
  readonly ttl?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Values as texts, by setting, with the words to name where each came from. */
type Given = Map<SettingName, { readonly from: string; readonly text: string }>;

const names = Object.keys(settings) as SettingName[];
const tokenFlags = ['sub', 'name', 'role', 'rooms', 'ttl'] as const;

/** Reads a command line. Throws `ConfigError` with the one line to print. */
export function readCommand(args: readonly string[], environment: Environment): Command {
  const flags = args[0] === 'token' ? args.slice(1) : args;
  if (flags.includes('--help') || flags.includes('-h')) return { name: 'help' };
  if (flags.includes('--version')) return { name: 'version' };
  const given = readEnvironment(environment);
  const rest = readFlags(flags, given, args[0] === 'token' ? tokenFlags : []);
  const config = checked(given);
  if (args[0] !== 'token') return { name: 'serve', config };
  const sub = rest.get('sub');
  if (sub === undefined || sub === '') throw new ConfigError('--sub: whose token? Give an id');
  return { name: 'token', config, claims: { ...Object.fromEntries(rest), sub } };
}

/** A Config from what a program gives: its own values over the defaults, as they are. */
export function configWith(options: Partial<Config>): Config {
  const config: Record<string, unknown> = {};
  for (const name of names) config[name] = options[name] ?? settings[name].fallback;
  // Each name of the table has just been given a value of its own type.
  return config as Config;
}

/** `--help`: every flag with its default, made from the table. */
export function helpText(): string {
  const lines = [
    'Usage: mini-chat-server [flags]',
    '       mini-chat-server token --sub ID [--name NAME] [--role member|moderator|admin]',
    '                              [--rooms \'{"news":"r"}\'] [--ttl 1h]',
    '',
    'Every flag is also a variable: --port is MINI_CHAT_PORT. Flags win.',
  ];
  for (const group of ['Server', 'Messages', 'People', 'Limits'] as const) {
    lines.push('', `${group}:`);
    for (const name of names) {
      if (settings[name].group === group) lines.push(helpLine(name));
    }
  }
  lines.push('', '  --help, --version');
  return `${lines.join('\n')}\n`;
}

/** `jwtKeyFile` → `--jwt-key-file`. */
export function flagOf(name: SettingName): string {
  return `--${kebab(name)}`;
}

/** `jwtKeyFile` → `MINI_CHAT_JWT_KEY_FILE`. */
export function variableOf(name: SettingName): string {
  return `MINI_CHAT_${kebab(name).replaceAll('-', '_').toUpperCase()}`;
}

/** A default as the help text and the docs print it. */
export function defaultOf(name: SettingName): string {
  const { fallback } = settings[name];
  if (fallback === undefined || fallback === false || fallback === 0) return '';
  return Array.isArray(fallback) ? fallback.join(',') : String(fallback);
}

function helpLine(name: SettingName): string {
  const row: Setting<unknown> = settings[name];
  const left = row.isEnvironmentOnly ? variableOf(name) : `${flagOf(name)} ${row.value}`.trim();
  const fallback = defaultOf(name);
  return `  ${left.padEnd(30)} ${row.words}${fallback === '' ? '' : ` (${fallback})`}`;
}

function readEnvironment(environment: Environment): Given {
  const given: Given = new Map();
  for (const name of names) {
    const text = environment[variableOf(name)];
    // An empty variable is how shells and compose files say "not set".
    if (text !== undefined && text !== '') given.set(name, { from: variableOf(name), text });
  }
  return given;
}

/** Writes settings into `given` over the environment's; returns the flags in `others`. */
function readFlags(
  flags: readonly string[],
  given: Given,
  others: readonly string[],
): Map<string, string> {
  const rest = new Map<string, string>();
  const left = [...flags];
  for (let flag = left.shift(); flag !== undefined; flag = left.shift()) {
    const [key, inline] = splitOnce(flag);
    const other = others.find((name) => key === `--${name}`);
    const name = names.find((one) => isFlag(one) && key === flagOf(one));
    if (other === undefined && name === undefined) throw unknownFlag(key, others);
    const bare = name === undefined ? undefined : (settings[name] as Setting<unknown>).bare;
    const text = inline ?? bare ?? left.shift();
    if (text === undefined) throw new ConfigError(`${key}: a value must follow`);
    if (other !== undefined) rest.set(other, text);
    else if (name !== undefined) given.set(name, { from: key, text });
  }
  return rest;
}

function checked(given: Given): Config {
  for (const [one, other] of exclusive) settleBetween(given, one, other);
  const config: Record<string, unknown> = {};
  for (const name of names) {
    const one = given.get(name);
    config[name] = one === undefined ? settings[name].fallback : parsed(name, one);
  }
  // Each name of the table has just been given a value that its own `parse` made.
  return config as Config;
}

const exclusive: readonly (readonly [SettingName, SettingName])[] = [
  ['memory', 'mongo'],
  ['memory', 'data'],
  ['mongo', 'data'],
  ['jwtKeyFile', 'jwtKey'],
  ['jwtKeyFile', 'jwks'],
  ['jwks', 'jwtKey'],
];

/** A flag overrides a variable that says otherwise; two of one kind are a mistake. */
function settleBetween(given: Given, one: SettingName, other: SettingName): void {
  const [first, second] = [given.get(one)?.from, given.get(other)?.from];
  if (first === undefined || second === undefined) return;
  if (first.startsWith('--') === second.startsWith('--')) {
    throw new ConfigError(`${first}: cannot be used together with ${second}`);
  }
  given.delete(first.startsWith('--') ? other : one);
}

function parsed(name: SettingName, { from, text }: { from: string; text: string }): unknown {
  try {
    return settings[name].parse(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ConfigError(`${from}: ${error.message}`);
  }
}

function unknownFlag(key: string, others: readonly string[]): ConfigError {
  const candidates = names.filter(isFlag).map(flagOf);
  candidates.push('--help', '--version', ...others.map((name) => `--${name}`));
  const [nearest] = candidates.toSorted((a, b) => distance(key, a) - distance(key, b));
  return new ConfigError(`${key}: there is no such flag; did you mean ${nearest}?`);
}

/** Levenshtein's distance: how many letters to change, add or remove. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

function isFlag(name: SettingName): boolean {
  return (settings[name] as Setting<unknown>).isEnvironmentOnly === undefined;
}

function splitOnce(flag: string): readonly [string, string | undefined] {
  const at = flag.indexOf('=');
  return at === -1 ? [flag, undefined] : [flag.slice(0, at), flag.slice(at + 1)];
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
