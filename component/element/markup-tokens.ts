/**
 * A message's text → blocks: paragraphs, code, quotes and lists. Pure, without DOM, in linear time:
 * each character is looked at a bounded number of times, whatever the nesting. Marks that have no
 * partner are text, so that names, smileys and globs stay as they were typed. What is inside a line
 * is the work of markup-inline.ts.
 */

import { type Inline, inlineOf, type Tally } from './markup-inline.ts';

/** Blocks inside blocks at most; deeper marks stay as text. */
export const DEPTH_MAX = 4;

/** A part of a message that stands on lines of its own. */
export type Block =
  | { readonly kind: 'paragraph'; readonly inline: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string; readonly language: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly Item[] };

/** An item of a list, with the number that was typed before it: a list never renumbers. */
export interface Item {
  readonly number?: number;
  readonly blocks: readonly Block[];
}

/** The blocks of a text. Never throws. `tally` is told of every step, for the test of linearity. */
export function tokenize(source: string, tally: Tally = () => undefined): readonly Block[] {
  return blocksOf(source.split(/\r\n?|\n/u), 0, tally);
}

interface Reader {
  readonly lines: readonly string[];
  readonly depth: number;
  readonly tally: Tally;
  /** False once no fence closes below: without it every opening fence would read to the end. */
  mayFence: boolean;
}

interface Found {
  readonly block: Block;
  /** The first line after the block. */
  readonly next: number;
}

const FENCE = /^ {0,3}```([\w+#.-]*)\s*$/u;
/** A space is needed, and something after it: `>_<` and a lone `>` are no quotes. */
const QUOTE = /^ {0,3}> +\S/u;
const QUOTE_MORE = /^ {0,3}>(?: |$)/u;
/** Numbers with leading zeros would not come back as typed. */
const ITEM = /^( {0,3})([-*]|(?:0|[1-9]\d{0,8})\.) +(?=\S)/u;
/** A backslash that kept a line from being a quote or an item. */
const LINE_ESCAPE = /^( {0,3}(?=\\[>*-] )| {0,3}\d{1,9}(?=\\\. ))\\/gmu;

function blocksOf(lines: readonly string[], depth: number, tally: Tally): readonly Block[] {
  const reader: Reader = { lines, depth, tally, mayFence: true };
  const blocks: Block[] = [];
  let plainFrom = 0;
  let at = 0;
  while (at < lines.length) {
    tally((lines[at] ?? '').length + 1);
    const found = blockAt(reader, at);
    if (found === undefined) {
      at += 1;
      continue;
    }
    blocks.push(...paragraph(reader, plainFrom, at), found.block);
    at = found.next;
    plainFrom = at;
  }
  blocks.push(...paragraph(reader, plainFrom, at));
  return blocks;
}

function blockAt(reader: Reader, at: number): Found | undefined {
  const fence = fenceAt(reader, at);
  if (fence !== undefined || reader.depth >= DEPTH_MAX) return fence;
  return quoteAt(reader, at) ?? listAt(reader, at);
}

function fenceAt(reader: Reader, at: number): Found | undefined {
  const { lines, tally } = reader;
  const language = reader.mayFence ? FENCE.exec(lines[at] ?? '')?.[1] : undefined;
  if (language === undefined) return undefined;
  for (let end = at + 1; end < lines.length; end += 1) {
    const last = (lines[end] ?? '').trimEnd();
    tally(last.length + 1);
    if (!last.endsWith('```')) continue;
    const inside = lines.slice(at + 1, end);
    // People also close the fence right behind the code.
    if (last.trim() !== '```') inside.push(last.slice(0, -3));
    return { block: { kind: 'code', text: inside.join('\n'), language }, next: end + 1 };
  }
  reader.mayFence = false;
  return undefined;
}

function quoteAt({ lines, depth, tally }: Reader, at: number): Found | undefined {
  if (!QUOTE.test(lines[at] ?? '')) return undefined;
  const inside: string[] = [];
  let next = at;
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? '';
    const mark = QUOTE_MORE.exec(line);
    if (mark === null) break;
    tally(line.length + 1);
    inside.push(line.slice(mark[0].length));
  }
  return { block: { kind: 'quote', blocks: blocksOf(inside, depth + 1, tally) }, next };
}

function listAt(reader: Reader, at: number): Found | undefined {
  const { lines, depth, tally } = reader;
  const first = ITEM.exec(lines[at] ?? '');
  if (first === null) return undefined;
  const base = first[1]?.length ?? 0;
  const isOrdered = numberOf(first) !== undefined;
  const items: Item[] = [];
  let next = at;
  while (next < lines.length) {
    const line = lines[next] ?? '';
    const mark = ITEM.exec(line);
    if (mark === null || isOrdered !== (numberOf(mark) !== undefined)) break;
    const inside = [line.slice(mark[0].length)];
    const indent = base + (mark[2]?.length ?? 0) + 1;
    // Lines set in by two or more belong to the item; an empty line ends it.
    for (next += 1; indentOf(lines[next]) >= base + 2; next += 1) {
      inside.push((lines[next] ?? '').slice(Math.min(indent, indentOf(lines[next]))));
    }
    tally(inside.join('').length + 1);
    const number = numberOf(mark);
    const blocks = blocksOf(inside, depth + 1, tally);
    items.push(number === undefined ? { blocks } : { number, blocks });
  }
  return { block: { kind: 'list', isOrdered, items }, next };
}

function numberOf(mark: RegExpExecArray): number | undefined {
  const number = Number.parseInt(mark[2] ?? '', 10);
  return Number.isNaN(number) ? undefined : number;
}

function indentOf(line = ''): number {
  return line.search(/\S/u);
}

/** Lines that are no other block, their breaks kept; none if they are all empty. */
function paragraph({ lines, tally }: Reader, from: number, to: number): readonly Block[] {
  while (from < to && lines[from]?.trim() === '') from += 1;
  while (from < to && lines[to - 1]?.trim() === '') to -= 1;
  if (from === to) return [];
  const source = lines.slice(from, to).join('\n').replace(LINE_ESCAPE, '$1');
  return [{ kind: 'paragraph', inline: inlineOf(source, tally) }];
}
