/**
 * `npm run docs`: fills what documents repeat from the code, between `<!-- begin X -->` and
 * `<!-- end X -->`. A test runs it, too, and fails when a document is not what it would write.
 */

import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import * as prettier from 'prettier';

import '../component/element/languages.ts';
import { closeCodes, codes, type ErrorCode } from '../component/protocol/protocol.ts';
import { defaultOf, flagOf, variableOf } from '../server/config.ts';
import { rights, roomKinds } from '../server/policy.ts';
import { closeCodeFor, isStrike } from '../server/refusals.ts';
import { type Setting, type SettingName, settings } from '../server/settings.ts';
import { decisionIndex } from './decisions.ts';
import { elementOf, type ElementFacts, type Fact, type Member, readManifest } from './manifest.ts';
import { gzipBytes, kilobytes, LANGUAGES_FILE, ONE_FILE, ONE_FILE_GZIP_MAX } from './size.ts';

const ROOT = path.join(import.meta.dirname, '..');

/** The documents that have something to fill. */
export const documents = [
  'README.md',
  'docs/PROTOCOL.md',
  'docs/decisions/README.md',
  'docs/theming.md',
] as const;

/** A document as it should be. Needs what pages load to be built, for its size. */
export async function renderDocument(file: string, parts: Parts): Promise<string> {
  let text = await readFile(path.join(ROOT, file), 'utf8');
  for (const [name, content] of Object.entries(parts)) text = fill(text, name, content);
  const options = await prettier.resolveConfig(path.join(ROOT, file));
  return prettier.format(text, { ...options, parser: 'markdown' });
}

/** What goes between the marks of a name. */
export type Parts = Readonly<Record<string, string>>;

/** Every part, made from the code as it is now. */
export async function readParts(): Promise<Parts> {
  const element = elementOf(await readManifest(ROOT));
  return {
    ...elementParts(element),
    size: `**${sizeNow(ONE_FILE)}**`,
    languages: languageNames(),
    'languages size': sizeNow(LANGUAGES_FILE),
    'size limit': kilobytes(ONE_FILE_GZIP_MAX),
    flags: flagTables(),
    rights: rightsTable(),
    'error codes': errorTable(),
    'close codes': closeTable(),
    decisions: decisionIndex(path.join(ROOT, 'docs/decisions')),
  };
}

function sizeNow(file: string): string {
  return kilobytes(gzipBytes(readFileSync(path.join(ROOT, file))));
}

/** Each once, by the first of its tags: “Arabic (`ar`), Brazilian Portuguese (`pt-BR`)…”. */
function languageNames(): string {
  const seen = new Set<unknown>();
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const all: string[] = [];
  for (const [tag, strings] of globalThis.miniChatLanguages ?? []) {
    const [canonical = tag] = Intl.getCanonicalLocales(tag);
    if (!seen.has(strings)) all.push(`${names.of(canonical)} (\`${canonical}\`)`);
    seen.add(strings);
  }
  return new Intl.ListFormat('en').format(all.sort());
}

/** Replaces what stands between the marks of a name; a document without them is left alone. */
export function fill(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const from = text.indexOf(begin);
  if (from === -1) return text;
  const to = text.indexOf(end, from);
  if (to === -1) throw new Error(`"${begin}" has no "${end}" after it.`);
  const isInline = !text.slice(from, to).includes('\n');
  const filling = isInline ? content : `\n\n${content}\n\n`;
  return text.slice(0, from + begin.length) + filling + text.slice(to);
}

function elementParts(element: ElementFacts): Parts {
  const properties = element.members.filter(
    ({ kind, attribute }) => kind === 'field' && attribute === undefined,
  );
  const methods = element.members.filter(({ kind }) => kind === 'method');
  return {
    attributes: table(['Attribute', 'What it does'], element.attributes.map(named)),
    properties: table(
      ['Property', 'Type', 'What it does'],
      properties.map((one) => [code(one.name), code(one.type?.text ?? ''), one.description ?? '']),
    ),
    methods: table(['Method', 'What it does'], methods.map(methodRow)),
    events: table(['Event', 'When'], element.events.map(named)),
    slots: table(['Slot', 'What goes there'], element.slots.map(named)),
    parts: table(['Part', 'What it is'], element.cssParts.map(named)),
    states: table(['State', 'When'], (element.cssStates ?? []).map(named)),
    'css properties': table(
      ['Property', 'What it sets', 'Default'],
      element.cssProperties.map((one) => [
        code(one.name),
        one.description ?? '',
        code(one.default ?? ''),
      ]),
    ),
  };
}

function named({ name, description = '' }: Fact): readonly string[] {
  return [code(name), description];
}

function methodRow({ name, parameters = [], description = '' }: Member): readonly string[] {
  const list = parameters.map((one) => `${one.name}${one.optional === true ? '?' : ''}`);
  return [code(`${name}(${list.join(', ')})`), description];
}

function flagTables(): string {
  const names = Object.keys(settings) as SettingName[];
  return (['Server', 'Messages', 'People', 'Limits'] as const)
    .map((group) => {
      const rows = names.filter((name) => settings[name].group === group).map(flagRow);
      const text = table(['Flag', 'Default', 'What it does'], rows);
      // Few readers need the limits, and those look for one by its name.
      if (group !== 'Limits') return `**${group}**\n\n${text}`;
      return `<details><summary>${group}</summary>\n\n${text}\n\n</details>`;
    })
    .join('\n\n');
}

function flagRow(name: SettingName): readonly string[] {
  const row: Setting<unknown> = settings[name];
  const said = row.isEnvironmentOnly ? variableOf(name) : `${flagOf(name)} ${row.value}`.trim();
  return [code(said), code(defaultOf(name)), row.words];
}

function rightsTable(): string {
  const rows = Object.entries(rights).map(([role, byKind]) => [
    role,
    ...roomKinds.map((kind) => byKind[kind].map(code).join(', ') || 'nothing'),
  ]);
  return table(['Role', ...roomKinds.map((kind) => `In a room that is ${kind}`)], rows);
}

function errorTable(): string {
  const rows = (Object.keys(codes) as ErrorCode[]).map((one) => {
    // Each detail is printed as its own name: `{max}`.
    const detail = new Proxy({}, { get: (_target, name) => `{${String(name)}}` });
    const { words, retry } = codes[one] as { words(detail: object): string; retry: boolean };
    return [code(one), words(detail), retry ? 'yes' : 'no', closing(one)];
  });
  return table(['Code', 'Words', 'Retry', 'Closes with'], rows);
}

function closing(one: ErrorCode): string {
  if (isStrike(one)) return `${closeCodes.protocol}, the third time`;
  if (one === 'bad_version') return String(closeCodes.protocol);
  const close = closeCodeFor(one);
  return close === closeCodes.protocol ? '' : String(close);
}

function closeTable(): string {
  const source = readFileSync(path.join(ROOT, 'component/protocol/limits.ts'), 'utf8');
  const rows = Object.entries(closeCodes).map(([name, number]) => {
    const comment = new RegExp(`/\\*\\* ([^*]+?) \\*/\\s+${name}: ${number}`).exec(source)?.[1];
    return [String(number), code(name), (comment ?? '').replace(/\s+/g, ' ')];
  });
  return table(['Close code', 'Name', 'Meaning'], rows);
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** A Markdown table; a bar inside a cell would end it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

if (import.meta.main) {
  const parts = await readParts();
  for (const file of documents)
    await writeFile(path.join(ROOT, file), await renderDocument(file, parts));
}
