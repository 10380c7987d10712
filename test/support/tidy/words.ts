/** One word per idea (docs/STYLE.md, "Glossary"): the words that may not name anything here. */

import { type Finding, findingAt, type Node, type Source } from './source.ts';

/** The banned word, and what the project calls the thing. */
const banned: ReadonlyMap<string, string> = new Map([
  ['channel', 'room'],
  ['msg', 'message'],
  ['bubble', 'row'],
  ['serial', 'seq'],
  ['nonce', 'cid'],
  ['local id', 'cid'],
  ['temp id', 'cid'],
  ['request id', 're'],
  ['tip', 'head'],
  ['max seq', 'head'],
  ['since', 'cursor'],
  ['bookmark', 'cursor'],
  ['generation', 'epoch'],
  ['incarnation', 'epoch'],
  ['packet', 'op'],
  ['envelope', 'op'],
  ['recover', 'resume'],
  ['replay', 'resume'],
  ['catch up', 'resume'],
  ['socket client', 'connection'],
  ['participant', 'member'],
  ['account', 'user'],
  ['broadcast', 'fan-out'],
  ['publish', 'fan-out'],
  ['congestion', 'backpressure'],
  ['laggard', 'slow reader'],
  ['repository', 'store'],
  ['adapter', 'store'],
  ['bus message', 'hint'],
  ['replica', 'node'],
  ['site', 'origin'],
  ['credential', 'token'],
  ['workspace', 'tenant'],
  ['org', 'tenant'],
  ['shutdown', 'drain'],
  ['kill', 'close'],
]);

/** Names that platforms and libraries gave; with the place that makes us use them. */
const exempt: ReadonlySet<string> = new Set([
  'BroadcastChannel',
  'MessageChannel',
  // process.kill, child.kill
  'kill',
  // package.json
  'workspaces',
  // A message of MongoDB's wire
  'OP_MSG',
]);

/** English words that are banned as whole names only: `idleSince` says something else. */
const wholeOnly: ReadonlySet<string> = new Set(['since']);

/** Benches speak to other servers, in whose words a room is a channel; tests play a host site. */
const foreign: readonly { readonly files: RegExp; readonly words: RegExp }[] = [
  { files: /^bench\//, words: /./ },
  { files: /^test\//, words: /^site$/ },
];

/** Identifiers and property names that contain a banned word, as camelCase has words. */
export function bannedWords(source: Source): readonly Finding[] {
  return source.nodes.flatMap((node) => {
    const name = namedBy(node);
    if (name === undefined || exempt.has(name)) return [];
    const spoken = ` ${wordsOf(name)} `;
    const word = [...banned.keys()].find((one) =>
      wholeOnly.has(one) ? spoken === ` ${one} ` : spoken.includes(` ${one} `),
    );
    if (word === undefined || isForeign(source.path, word)) return [];
    return [findingAt(source, node, `"${name}": the word here is "${banned.get(word)}"`)];
  });
}

function isForeign(path: string, word: string): boolean {
  return foreign.some(({ files, words }) => files.test(path) && words.test(word));
}

function namedBy(node: Node): string | undefined {
  const isName = node.type === 'Identifier' || node.type === 'PrivateIdentifier';
  return isName && typeof node['name'] === 'string' ? node['name'] : undefined;
}

/** `maxSeqOf` → `max seq of`; `MAX_SEQ` → `max seq`. */
function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replaceAll(/[_$-]+/g, ' ')
    .trim()
    .toLowerCase();
}
