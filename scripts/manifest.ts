/**
 * What editors and the README say about `<mini-chat>`, read from its doc comments by the analyzer:
 * component/custom-elements.json and, made from it, what editors read.
 */

import { globSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { cli } from '@custom-elements-manifest/analyzer/cli.js';

import { cssData, htmlData, webTypes } from './editor-data.ts';

/** A named thing with its one sentence. */
export interface Fact {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
}

interface Parameter {
  readonly name: string;
  readonly optional?: boolean;
  readonly type?: { readonly text: string };
}

/** A field or a method of the class. */
export interface Member extends Fact {
  readonly kind: 'field' | 'method';
  readonly privacy?: string;
  readonly static?: boolean;
  readonly attribute?: string;
  readonly parameters?: readonly Parameter[];
}

/** What the element offers a page. */
export interface ElementFacts {
  readonly name: string;
  readonly tagName: string;
  readonly attributes: readonly Fact[];
  readonly members: readonly Member[];
  readonly events: readonly Fact[];
  readonly slots: readonly Fact[];
  readonly cssParts: readonly Fact[];
  readonly cssProperties: readonly Fact[];
  readonly cssStates?: readonly Fact[];
}

interface Manifest {
  readonly modules: readonly Module[];
}

interface Module {
  readonly path: string;
  readonly declarations: readonly (Partial<ElementFacts> & { readonly kind: string })[];
  readonly exports: readonly { readonly declaration: { readonly module?: string } }[];
}

/** The manifest as it is shipped: paths of compiled files, public members only. */
export async function readManifest(root: string): Promise<Manifest> {
  const cwd = path.join(root, 'component');
  const raw = (await cli({ argv: ['analyze', '--quiet'], cwd, noWrite: true })) as Manifest;
  const modules = raw.modules.map((module) => ({
    ...module,
    path: compiled(module.path),
    declarations: module.declarations
      .filter(({ kind }) => kind === 'class')
      .map((one) => (one.tagName === undefined ? one : { ...one, ...publicFacts(one, root) })),
    exports: module.exports.map((one) => ({ ...one, declaration: shippedPlace(one.declaration) })),
  }));
  return { ...raw, modules };
}

/** The one element of the manifest. */
export function elementOf(manifest: Manifest): ElementFacts {
  const all = manifest.modules.flatMap(({ declarations }) => declarations);
  const found = all.find(({ tagName }) => tagName === 'mini-chat');
  if (found === undefined) throw new Error('The manifest has no mini-chat element.');
  return found as ElementFacts;
}

/** Writes the manifest and what is made from it into component/. */
export async function writeManifest(root: string): Promise<void> {
  const manifest = await readManifest(root);
  const element = elementOf(manifest);
  const folder = path.join(root, 'component');
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const files = {
    'custom-elements.json': manifest,
    'vscode.html-custom-data.json': htmlData(element),
    'vscode.css-custom-data.json': cssData(element),
    'web-types.json': webTypes(element, version),
  };
  for (const [name, value] of Object.entries(files)) {
    await writeFile(path.join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  }
}

/**
 * Each `--mini-chat-…` property that the style sheets read, with the comment above it and its
 * default, in the order in which they are read first.
 */
function readCssProperties(root: string): readonly Fact[] {
  const files = globSync('component/element/styles*.ts', { cwd: root }).sort();
  const found = new Map<string, Fact>();
  for (const file of files) {
    for (const fact of cssPropertiesOf(readFileSync(path.join(root, file), 'utf8'))) {
      const before = found.get(fact.name);
      if (before?.description === undefined) found.set(fact.name, fact);
    }
  }
  return [...found.values()];
}

/** The properties that one style sheet reads. */
export function cssPropertiesOf(css: string): readonly Fact[] {
  const reads = css.matchAll(
    /(?:\/\*\s*([^*]+?)\s*\*\/\s*)?[\w-]+:[^;{}]*?var\((--mini-chat-[\w-]+)/g,
  );
  return [...reads].map(({ 0: text, 1: comment, 2: name = '', index }) => {
    const fallback = fallbackAt(css, index + text.length);
    return {
      name,
      ...(comment === undefined ? {} : { description: comment.replace(/\s+/g, ' ') }),
      ...(fallback === '' ? {} : { default: fallback }),
    };
  });
}

/** What follows the name inside `var(…)`, up to the bracket that closes it. */
function fallbackAt(css: string, at: number): string {
  let depth = 1;
  let end = at;
  while (depth > 0 && end < css.length) {
    if (css[end] === '(') depth += 1;
    if (css[end] === ')') depth -= 1;
    end += 1;
  }
  return css
    .slice(at, end - 1)
    .replace(/^\s*,/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function publicFacts(element: Partial<ElementFacts>, root: string): Partial<ElementFacts> {
  const members = (element.members ?? []).filter(
    ({ kind, name, privacy, description, static: isStatic }) =>
      isStatic !== true &&
      privacy !== 'private' &&
      privacy !== 'protected' &&
      !name.startsWith('#') &&
      (kind === 'field' || description !== undefined),
  );
  const unions = unionsOf(readFileSync(path.join(root, 'component/element/element.ts'), 'utf8'));
  const spelt = <T extends Fact>(fact: T): T => {
    const text = unions.get(fact.type?.text ?? '');
    return text === undefined ? fact : { ...fact, type: { text } };
  };
  return {
    attributes: (element.attributes ?? []).map(spelt),
    members: members.map(spelt),
    cssProperties: readCssProperties(root),
  };
}

/** Names of types that are a few words, as the words: no tool looks into TypeScript for them. */
function unionsOf(source: string): ReadonlyMap<string, string> {
  const unions = source.matchAll(/^export type (\w+) = ('[^']*'(?: \| '[^']*')*);$/gm);
  return new Map([...unions].map(([, name = '', text = '']) => [name, text]));
}

function compiled(file: string): string {
  return path.posix.join('dist', file.replace(/\.ts$/, '.js'));
}

function shippedPlace<T extends { readonly module?: string }>(place: T): T {
  const { module } = place;
  return module === undefined ? place : { ...place, module: compiled(module) };
}
