/** The project's files as the tidy rules see them: paths, texts and, for sources, syntax trees. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { tsPlugin } from '@sveltejs/acorn-typescript';
import { type Comment, type Options, Parser } from 'acorn';

/** A node of the tree; acorn's own types know no TypeScript. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: {
    readonly start: { readonly line: number };
    readonly end: { readonly line: number };
  };
  readonly [field: string]: unknown;
}

/** One parsed source. */
export interface Source {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tree: Node;
  /** All nodes of the tree, parents before children; every rule looks at all of them. */
  readonly nodes: readonly Node[];
  readonly comments: readonly Comment[];
}

/** Something a rule did not like, where. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly words: string;
}

const TypeScriptParser = Parser.extend(tsPlugin());

/** Throws where the text is not TypeScript. */
export function parseSource(file: string, text: string): Source {
  const comments: Comment[] = [];
  const options: Options = {
    ecmaVersion: 'latest',
    sourceType: 'module',
    locations: true,
    onComment: comments,
    allowHashBang: true,
  };
  const tree = TypeScriptParser.parse(text, options) as unknown as Node;
  return { path: file, text, tree, nodes: nodesOf(tree), comments };
}

/** Every file that is in git or could be: what is ignored is not the project's. */
export function projectFiles(root: string): readonly string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  // A file deleted but not yet committed is still listed.
  return [...new Set(listed.split('\0'))].filter((file) => file !== '' && isThere(root, file));
}

/** All sources in JavaScript or TypeScript. */
export function readSources(root: string): readonly Source[] {
  return projectFiles(root)
    .filter((file) => /\.(ts|mjs|js)$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => parseSource(file, readFileSync(path.join(root, file), 'utf8')));
}

/** Every node of a tree, parents first. */
export function nodesOf(tree: Node): readonly Node[] {
  const nodes = [tree];
  // The list grows while it is walked; each node adds its children once.
  for (const node of nodes) {
    for (const value of Object.values(node)) {
      if (isNode(value)) nodes.push(value);
      else if (Array.isArray(value)) nodes.push(...(value as unknown[]).filter(isNode));
    }
  }
  return nodes;
}

/** A node's field that is a node. */
export function childOf(node: Node, field: string): Node | undefined {
  const child = node[field];
  return isNode(child) ? child : undefined;
}

/** A field that is a list of nodes. */
export function childrenOf(node: Node, field: string): readonly Node[] {
  const children = node[field];
  return Array.isArray(children) ? (children as unknown[]).filter(isNode) : [];
}

/** What an identifier, a private name or a literal says. */
export function nameOf(node: Node | undefined): string | undefined {
  const name = node?.['name'] ?? node?.['value'];
  return typeof name === 'string' ? name : undefined;
}

export function findingAt(source: Source, node: Node, words: string): Finding {
  return { path: source.path, line: node.loc.start.line, words };
}

/** `path:line words`, as editors and terminals make it a link. */
export function said(findings: readonly Finding[]): string {
  return findings.map(({ path: file, line, words }) => `${file}:${line} ${words}`).join('\n');
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'loc' in value;
}

function isThere(root: string, file: string): boolean {
  try {
    readFileSync(path.join(root, file));
    return true;
  } catch {
    // Deleted or a folder of another repository: nothing to check either way.
    return false;
  }
}
