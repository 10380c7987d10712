/** Sizes: small units are the one habit that all admired code shares (docs/STYLE.md, 1). */

import {
  childOf,
  childrenOf,
  type Finding,
  findingAt,
  nameOf,
  type Node,
  type Source,
} from './source.ts';

const FUNCTION_LINES_MAX = 50;
const FILE_LINES_MAX = 400;
const LINE_LENGTH_MAX = 100;
const PARAMETERS_MAX = 4;

const COMMENT = /^\s*(\/\/|\/?\*)/;

/** What is too large in one source. */
export function oversizes(source: Source): readonly Finding[] {
  return [...longFile(source), ...longLines(source), ...longFunctions(source)];
}

function longFile({ path, text }: Source): readonly Finding[] {
  const lines = text.trimEnd().split('\n').length;
  const words = `has ${lines} lines; at most ${FILE_LINES_MAX}`;
  return lines > FILE_LINES_MAX ? [{ path, line: 1, words }] : [];
}

function longLines({ path, text }: Source): readonly Finding[] {
  return text.split('\n').flatMap((line, i) => {
    const length = [...line].length;
    // The formatter wraps code, but neither words nor addresses: titles of tests may be long.
    const mayBeLong = /https?:/.test(line) || (path.startsWith('test/') && !COMMENT.test(line));
    if (length <= LINE_LENGTH_MAX || mayBeLong) return [];
    return [
      { path, line: i + 1, words: `is ${length} characters long; at most ${LINE_LENGTH_MAX}` },
    ];
  });
}

function longFunctions(source: Source): readonly Finding[] {
  const suites = suitesOf(source);
  return source.nodes.flatMap((node) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type))
      return [];
    const lines = node.loc.end.line - node.loc.start.line + 1;
    const parameters = childrenOf(node, 'params').length;
    const found: Finding[] = [];
    if (lines > FUNCTION_LINES_MAX && !suites.has(node)) {
      found.push(
        findingAt(source, node, `function of ${lines} lines; at most ${FUNCTION_LINES_MAX}`),
      );
    }
    if (parameters > PARAMETERS_MAX) {
      found.push(findingAt(source, node, `${parameters} parameters; at most ${PARAMETERS_MAX}`));
    }
    return found;
  });
}

/** The bodies of `describe`, and of functions that only define tests: lists, not functions. */
function suitesOf(source: Source): ReadonlySet<Node> {
  const suites = new Set<Node>();
  for (const node of source.nodes) {
    const body = childOf(node, 'body');
    const isList = body !== undefined && definesTests(body);
    if (isList) suites.add(node);
  }
  return suites;
}

function definesTests(body: Node): boolean {
  if (body.type !== 'BlockStatement') return false;
  return childrenOf(body, 'body').some((statement) => {
    const call = childOf(statement, 'expression');
    const callee = call?.type === 'CallExpression' ? childOf(call, 'callee') : undefined;
    return /^(test|it|describe)$/.test(nameOf(callee) ?? '');
  });
}
