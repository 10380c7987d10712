/** Who may import whom (docs/ARCHITECTURE.md, "Code map"). An arrow not listed here is refused. */

import path from 'node:path';

import { childOf, type Finding, findingAt, nameOf, type Node, type Source } from './source.ts';

interface Layer {
  /** The files this row is about. */
  readonly files: RegExp;
  /** What they may import: a path from the root for own files, else the package's name. */
  readonly may: readonly RegExp[];
  /** What they may import for types alone. */
  readonly mayTypes?: readonly RegExp[];
}

/** The first row whose `files` match decides. */
const layers: readonly Layer[] = [
  { files: /^component\/protocol\//, may: [/^component\/protocol\//] },
  {
    files: /^component\/client\/environment\.ts$/,
    // A server in the page itself: loaded in place of a socket, by its one door.
    may: [/^component\/(client|protocol)\//, /^component\/demo\/demo-socket\.ts$/],
  },
  { files: /^component\/client\//, may: [/^component\/(client|protocol)\//] },
  {
    // It is no part of the client, and shares with it what is said and nothing else.
    files: /^component\/demo\//,
    may: [/^component\/(demo|protocol)\//],
    mayTypes: [/^component\/client\/environment\.ts$/],
  },
  {
    files: /^component\/element\/(react|svelte|vue)\.ts$/,
    may: [],
    mayTypes: [/^component\/element\//, /^(react|svelte\/elements|vue)$/],
  },
  {
    files: /^component\/element\//,
    may: [/^component\/(client|element)\//, /^lit(\/|$)/],
    // The element shows users and messages; how they came is the client's business.
    mayTypes: [/^component\/protocol\/ops\.ts$/],
  },
  { files: /^server\//, may: [/^server\//, /^mini-chat\/protocol$/, /^node:/] },
  // Apps of their own, built by what their package.json names.
  { files: /^demo\/(react|svelte|vue)\//, may: [/./] },
  {
    files: /^demo\//,
    may: [/^demo\//, /^mini-chat(\/client)?$/, /^mini-chat-server$/, /^express$/, /^node:/],
  },
  // Scripts, benches and tests may use everything; nothing that ships may use them.
  { files: /^(scripts|bench|test)\/|^[\w.-]+\.mjs$/, may: [/./] },
];

interface Owner {
  readonly thing: RegExp;
  readonly files: RegExp;
}

/** Things of the server that few modules may touch. */
const owners: readonly Owner[] = [
  { thing: /^ws$/, files: /^server\/(connection|upgrade-gate)\.ts$/ },
  { thing: /^mongodb$/, files: /^server\/store-mongodb[\w-]*\.ts$/ },
  { thing: /^node:sqlite$/, files: /^server\/store-sqlite[\w-]*\.ts$/ },
  { thing: /^jose$/, files: /^server\/(auth|host-key|token-command)\.ts$/ },
  { thing: /^pino$/, files: /^server\/logger\.ts$/ },
  {
    thing: /^server\/store-(memory|sqlite|mongodb)[\w-]*\.ts$/,
    files: /^server\/(store-|open-store)/,
  },
  { thing: /^server\/app\.ts$/, files: /^server\/main\.ts$/ },
  { thing: /^server\/main\.ts$/, files: /^$/ },
  { thing: /^server\/session\.ts$/, files: /^server\/(app|chat-server)\.ts$/ },
  { thing: /^server\/http\.ts$/, files: /^server\/(app|chat-server)\.ts$/ },
];

/** Modules that others sit on: they may not know what stands above them. */
const foundations: readonly { readonly file: RegExp; readonly mayNot: RegExp }[] = [
  { file: /^server\/connection\.ts$/, mayNot: /^server\// },
  { file: /^server\/policy\.ts$/, mayNot: /^server\// },
  { file: /^server\/token-bucket\.ts$/, mayNot: /^server\// },
  { file: /^server\/store\.ts$/, mayNot: /^server\// },
  { file: /^server\/fan-out\.ts$/, mayNot: /^server\/(?!connection\.ts)/ },
  {
    file: /^server\/room-log\.ts$/,
    mayNot: /^server\/(room|rooms|session|connection|fan-out)\.ts$/,
  },
  { file: /^server\/room\.ts$/, mayNot: /^server\/(session|http|auth|connection)\.ts$/ },
  { file: /^component\/client\/timeline\.ts$/, mayNot: /client\/(client|connection|room|session)/ },
  { file: /^component\/client\/session.*\.ts$/, mayNot: /client\/(client|connection|live-room)/ },
];

export interface Arrow {
  /** A path from the root, or a package's name. */
  readonly to: string;
  readonly isType: boolean;
  readonly node: Node;
}

/** Imports, re-exports and import() of one source. */
function arrowsOf(source: Source): readonly Arrow[] {
  const arrows: Arrow[] = [];
  for (const node of source.nodes) {
    if (!/^(Import|ExportNamed|ExportAll)(Declaration|Expression)$/.test(node.type)) continue;
    const name = nameOf(childOf(node, 'source'));
    if (name === undefined) continue;
    const isType = node['importKind'] === 'type' || node['exportKind'] === 'type';
    arrows.push({ to: targetOf(source.path, name), isType, node });
  }
  return arrows;
}

/** The arrows that the tables above refuse. */
export function badArrows(source: Source): readonly Finding[] {
  return arrowsOf(source).flatMap((arrow) => {
    const words = whyNot(source.path, arrow);
    return words === undefined ? [] : [findingAt(source, arrow.node, words)];
  });
}

function whyNot(from: string, { to, isType }: Arrow): string | undefined {
  const layer = layers.find(({ files }) => files.test(from));
  if (layer === undefined) return `belongs to no layer of test/support/tidy/arrows.ts`;
  const owner = owners.find(({ thing }) => thing.test(to));
  const isShipped = /^(component|server)\//.test(from);
  if (isShipped && owner !== undefined) {
    return owner.files.test(from) ? undefined : `may not import ${to}: others own it`;
  }
  const may = [...layer.may, ...(isType ? (layer.mayTypes ?? []) : [])];
  if (!may.some((pattern) => pattern.test(to))) return `may not import ${to}`;
  const foundation = foundations.find(({ file, mayNot }) => file.test(from) && mayNot.test(to));
  return foundation === undefined || isType
    ? undefined
    : `may not know ${to}, which stands above it`;
}

function targetOf(from: string, name: string): string {
  return name.startsWith('.') ? path.posix.join(path.posix.dirname(from), name) : name;
}
