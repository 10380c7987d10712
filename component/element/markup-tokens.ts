/**
 * A message's text → blocks: paragraphs, code, quotes and lists. Pure, without DOM, in linear time:
 * each character is looked at a bounded number of times, whatever the nesting. Marks that have no
 * partner are text, so that names, smileys and globs stay as they were typed. What is inside a line
 * is the work of markup-inline.ts.
 */

import { inlineOf, type Marked } from './markup-inline.ts';

/** Blocks inside blocks at most; deeper marks stay as text. */
export const DEPTH_MAX = 4;

const FENCE = /^ {0,3}```[\w+#.-]*\s*$/;
/** A space is needed, and something after it: `>_<` and a lone `>` are no quotes. */
const QUOTE = /^ {0,3}> +\S/;
const QUOTE_MORE = /^ {0,3}>(?: |$)/;
/** Numbers with leading zeros would not come back as typed. */
const ITEM = /^ {0,3}(?:[-*]|(0|[1-9]\d{0,8})\.) +(?=\S)/;

/** The blocks of a text. Never throws. */
export function tokenize(source: string): Marked[] {
  return blocksOf(source.split(/\r\n?|\n/), 0);
}

/** For where a text is one line among others: there the commonest marks would be in the way. */
export function plainLine(text: string): string {
  return text.replace(/\*\*|`+/g, '');
}

interface Reader {
  readonly lines: readonly string[];
  readonly blocks: Marked[];
  /** Lines that are no other block so far. */
  plain: string[];
  at: number;
  /** False once no fence closes below: else every opening fence would read to the end. */
  mayFence: boolean;
}

function blocksOf(lines: readonly string[], depth: number): Marked[] {
  const blocks: Marked[] = [];
  const reader: Reader = { lines, blocks, plain: [], at: 0, mayFence: true };
  while (reader.at < lines.length) {
    const line = lines[reader.at] ?? '';
    const item = ITEM.exec(line);
    reader.at += 1;
    if (takeFence(reader, line)) continue;
    if (depth < DEPTH_MAX && QUOTE.test(line)) {
      reader.at -= 1;
      const inside = takeWhile(reader, QUOTE_MORE, () => '');
      add(reader, { tag: 'blockquote', inside: blocksOf(inside, depth + 1) });
    } else if (depth < DEPTH_MAX && item) {
      const [mark, value] = item;
      const tag = value === undefined ? 'ul' : 'ol';
      // Lines set in by two or more belong to the item; an empty line ends it.
      const more = takeWhile(reader, /^ {2,}(?=\S)/, (blanks) => blanks.slice(mark.length));
      const inside = blocksOf([line.slice(mark.length), ...more], depth + 1);
      if (reader.plain.length > 0 || blocks.at(-1)?.tag !== tag) add(reader, { tag, inside: [] });
      blocks.at(-1)?.inside.push({ tag: 'li', inside, value });
    } else if (reader.plain.length > 0 || line.trim() !== '') reader.plain.push(line);
  }
  add(reader);
  return blocks;
}

/** Takes lines as long as they begin so, and puts something in the place of that. */
function takeWhile(reader: Reader, start: RegExp, by: (start: string) => string): string[] {
  const { lines } = reader;
  const inside: string[] = [];
  for (; start.test(lines[reader.at] ?? 'x'); reader.at += 1) {
    inside.push((lines[reader.at] ?? '').replace(start, by));
  }
  return inside;
}

/** Whether a line opens a fence; then the code is taken, and what closes it. */
function takeFence(reader: Reader, line: string): boolean {
  const { lines, at } = reader;
  if (!reader.mayFence || !FENCE.test(line)) return false;
  let end = at;
  while (end < lines.length && !lines[end]?.trimEnd().endsWith('```')) end += 1;
  reader.mayFence = end < lines.length;
  if (!reader.mayFence) return false;
  // People also close the fence right behind the code.
  const text = lines.slice(at, end + 1).join('\n');
  add(reader, { tag: 'pre', inside: [text.trimEnd().slice(0, -3).replace(/\n *$/, '')] });
  reader.at = end + 1;
  return true;
}

/** Adds a block, and before it what was none: a paragraph, its breaks kept. */
function add(reader: Reader, block?: Marked): void {
  const { plain } = reader;
  while (plain.at(-1)?.trim() === '') plain.pop();
  if (plain.length > 0) reader.blocks.push({ tag: 'p', inside: inlineOf(plain.join('\n')) });
  reader.plain = [];
  if (block) reader.blocks.push(block);
}
