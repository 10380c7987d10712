/** Exports that nobody imports: either dead, or not meant to be exported. */

import path from 'node:path';

import {
  childOf,
  childrenOf,
  type Finding,
  findingAt,
  nameOf,
  type Node,
  type Source,
} from './source.ts';

/** Files whose exports are for others: what package.json exports, and what tools call by name. */
const PUBLIC =
  /^(component\/(element\/(mini-chat|element|events|react|svelte|vue)|client\/client|protocol\/\w+)|server\/(app|chat-server))\.ts$|^[\w.-]+\.mjs$|^demo\/|^test\/support\/stranger\//;

interface Export {
  readonly source: Source;
  readonly name: string;
  readonly node: Node;
}

/**
 * Exports of non-public files that no other file imports by name, nor whole. Values only: a type
 * may be exported to give a name to what an exported function takes.
 */
export function deadExports(sources: readonly Source[]): readonly Finding[] {
  const used = new Set(sources.flatMap(importsOf));
  return sources
    .filter((source) => !PUBLIC.test(source.path))
    .flatMap(exportsOf)
    .filter(
      ({ source, name }) => !used.has(`${source.path} ${name}`) && !used.has(`${source.path} *`),
    )
    .map(({ source, name, node }) => findingAt(source, node, `export ${name} is imported nowhere`));
}

function exportsOf(source: Source): readonly Export[] {
  return childrenOf(source.tree, 'body').flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || childOf(node, 'source') !== undefined) return [];
    const declaration = childOf(node, 'declaration');
    const isType = declaration?.type.startsWith('TS') ?? false;
    const named = declaration === undefined || isType ? [] : namesOf(declaration);
    const listed = childrenOf(node, 'specifiers').map((one) => nameOf(childOf(one, 'exported')));
    return [...named, ...listed].flatMap((name) =>
      name === undefined ? [] : [{ source, name, node }],
    );
  });
}

function namesOf(declaration: Node): readonly (string | undefined)[] {
  const variables = childrenOf(declaration, 'declarations');
  if (variables.length === 0) return [nameOf(childOf(declaration, 'id'))];
  return variables.map((variable) => nameOf(childOf(variable, 'id')));
}

/** `file name` for each name imported or re-exported from an own file; `file *` for all of it. */
function importsOf(source: Source): readonly string[] {
  const found: string[] = [];
  for (const node of source.nodes) {
    const from = nameOf(childOf(node, 'source'));
    if (from === undefined || !from.startsWith('.')) continue;
    const file = path.posix.join(path.posix.dirname(source.path), from);
    const specifiers = childrenOf(node, 'specifiers');
    const isWhole = /^(ExportAllDeclaration|ImportExpression)$/.test(node.type);
    if (isWhole) found.push(`${file} *`);
    for (const one of specifiers) {
      const name = nameOf(childOf(one, 'imported') ?? childOf(one, 'local'));
      found.push(`${file} ${one.type === 'ImportNamespaceSpecifier' ? '*' : (name ?? '')}`);
    }
  }
  return found;
}
