/** What no source may call or contain, and where an exception was granted, with its reason. */

import {
  childOf,
  childrenOf,
  type Finding,
  findingAt,
  nameOf,
  type Node,
  type Source,
} from './source.ts';

/** Pure files take time, randomness and the page as arguments (docs/STYLE.md, "In short"). */
const PURE =
  /^(component\/client\/(session[\w-]*|room-session|outbox|timeline)|component\/element\/markup-[\w-]+|component\/protocol\/\w+|server\/(policy|resume|refusals|token-bucket))\.ts$/;

interface Ban {
  readonly files: RegExp;
  /** An expression as its source says it: `console.log`, `document`. */
  readonly names: readonly string[];
  readonly why: string;
  readonly except?: RegExp;
}

const bans: readonly Ban[] = [
  {
    files: /^(component|demo)\//,
    names: ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'unsafeHTML', 'unsafeSVG', 'unsafeCSS'],
    why: 'text never becomes markup',
  },
  { files: /./, names: ['eval', 'Function', 'document.write'], why: 'a strict policy refuses it' },
  {
    files: /./,
    names: ['console.log', 'console.error', 'console.warn'],
    why: 'log once, at the edge',
    except: /^demo\//,
  },
  {
    files: PURE,
    names: [
      'Date.now',
      'Date',
      'performance',
      'Math.random',
      'crypto',
      'setTimeout',
      'setInterval',
      'queueMicrotask',
      'document',
      'window',
      'localStorage',
      'fetch',
    ],
    why: 'pure: it takes what it needs as an argument',
  },
  {
    files: /^component\/client\//,
    names: ['document', 'window'],
    why: 'runs without a DOM',
    // These ask with typeof first.
    except: /\/(environment|client|keeper)\.ts$/,
  },
  {
    files: /^server\//,
    names: ['process.env'],
    why: 'only main.ts hands the environment over',
    except: /\/main\.ts$/,
  },
  {
    files: /^(component|server)\//,
    names: ['JSON.parse'],
    why: "only protocol/parse.ts reads a peer's JSON",
    // Each of these reads what it wrote itself, or what the person at the command line gave; and
    // node-news is to nodes what parse is to peers, demo-tokens to tokens that nobody signs.
    except:
      /\/(parse|keeper|shared|demo-tokens|node-news|store-[\w-]+|element-file|guest-keys|guest-token|token-command)\.ts$/,
  },
  { files: /^component\//, names: ['document.cookie'], why: 'no cookies, ever' },
  {
    files: /^test\//,
    names: ['test.only', 'it.only', 'describe.only'],
    why: 'the others would not run',
  },
];

/** Calls and names that are banned where they stand. */
export function bannedCalls(source: Source): readonly Finding[] {
  const active = bans.filter(
    ({ files, except }) => files.test(source.path) && !except?.test(source.path),
  );
  const found = new Map<number, Finding>();
  for (const { node, said } of expressionsOf(source.nodes)) {
    const ban = active.find(({ names }) => names.includes(said) || names.includes(lastOf(said)));
    const finding = findingAt(source, node, `${said}: ${ban?.why}`);
    // `Date.now` is also a `Date`: one finding for a line says enough.
    if (ban !== undefined && !found.has(finding.line)) found.set(finding.line, finding);
  }
  return [...found.values()];
}

/** Names that are read, and chains such as `Date.now`; not declarations, keys or types. */
function* expressionsOf(
  nodes: readonly Node[],
): Generator<{ readonly node: Node; readonly said: string }> {
  for (const node of nodes) {
    if (node.type === 'MemberExpression') {
      const said = chainOf(node);
      if (said !== undefined) yield { node, said };
    }
    // A bare name counts where it is called, built or read from: `new Date()`, `document.body`.
    for (const field of ['callee', 'object', 'tag', 'init', 'right', 'argument']) {
      const child = childOf(node, field);
      if (child?.type === 'Identifier') yield { node: child, said: nameOf(child) ?? '' };
    }
    for (const child of childrenOf(node, 'arguments')) {
      if (child.type === 'Identifier') yield { node: child, said: nameOf(child) ?? '' };
    }
    if (node.type === 'ImportSpecifier') {
      const imported = childOf(node, 'imported');
      if (imported !== undefined) yield { node, said: nameOf(imported) ?? '' };
    }
  }
}

function chainOf(node: Node): string | undefined {
  const object = childOf(node, 'object');
  const property = nameOf(childOf(node, 'property'));
  if (object === undefined || property === undefined) return undefined;
  const before = object.type === 'Identifier' ? nameOf(object) : '';
  return `${before}.${property}`;
}

/** Property names that are banned on whatever object: `element.innerHTML`. */
function lastOf(said: string): string {
  const last = said.slice(said.lastIndexOf('.') + 1);
  return /^(innerHTML|outerHTML|insertAdjacentHTML)$/.test(last) ? last : said;
}

/** A caught error that is neither named nor explained is an error swallowed. */
export function silentCatches(source: Source): readonly Finding[] {
  return source.nodes.flatMap((node) => {
    if (node.type !== 'CatchClause') return [];
    const body = childOf(node, 'body');
    const isEmpty = body === undefined || childrenOf(body, 'body').length === 0;
    const isNamed = childOf(node, 'param') !== undefined;
    if (isNamed && !isEmpty) return [];
    const isExplained = source.comments.some(
      ({ start, end }) => start > node.start && end < node.end,
    );
    const words = 'catch without a comment that says why nothing is lost';
    return isExplained ? [] : [findingAt(source, node, words)];
  });
}

/** Notes to oneself are no comments; they belong to the tracker. */
export function leftovers(source: Source): readonly Finding[] {
  return source.comments.flatMap(({ value, loc }) => {
    const [word] = /\b(FIXME|TODO|XXX|HACK)\b/.exec(value) ?? [];
    if (word === undefined) return [];
    return [{ path: source.path, line: loc?.start.line ?? 0, words: `${word} in a comment` }];
  });
}

/**
 * Exports of what ships carry a docstring (docs/STYLE.md, 6). Lines that follow each other without
 * a blank one share the comment above the first.
 */
export function undocumented(source: Source): readonly Finding[] {
  if (!/^(component|server)\//.test(source.path)) return [];
  const findings: Finding[] = [];
  let toldUpTo = -1;
  for (const node of childrenOf(source.tree, 'body')) {
    const declaration = childOf(node, 'declaration');
    if (node.type !== 'ExportNamedDeclaration' || declaration === undefined) continue;
    const isTold = hasDocstring(source, node) || node.loc.start.line === toldUpTo + 1;
    if (isTold) toldUpTo = node.loc.end.line;
    else
      findings.push(
        findingAt(source, node, `export ${exportedName(declaration)} has no docstring`),
      );
  }
  return findings;
}

function hasDocstring(source: Source, node: Node): boolean {
  return source.comments.some(
    ({ end, value }) =>
      value.startsWith('*') &&
      end <= node.start &&
      source.text.slice(end, node.start).trim() === '',
  );
}

function exportedName(declaration: Node): string {
  const [first] = childrenOf(declaration, 'declarations');
  return nameOf(childOf(first ?? declaration, 'id')) ?? declaration.type;
}
