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

function blocksOf(lines: readonly string[], depth: number): Marked[] {
  const blocks: Marked[] = [];
  let plain: string[] = [];
  /** False once no fence closes below: else every opening fence would read to the end. */
  let mayFence = true;
  let at = 0;

  /** The lines that were no other block become one, their breaks kept. */
  function flush(): void {
    const text = plain.join('\n').trimEnd();
    if (text !== '') blocks.push({ tag: 'p', inside: inlineOf(text) });
    plain = [];
  }

  /** Whether the line before `at` opens a fence; then the code is taken. */
  function takeFence(line: string): boolean {
    if (!mayFence || !FENCE.test(line)) return false;
    let end = at;
    while (end < lines.length && !lines[end]?.trimEnd().endsWith('```')) end += 1;
    mayFence = end < lines.length;
    if (!mayFence) return false;
    flush();
    // People also close the fence right behind the code.
    const text = lines.slice(at, end + 1).join('\n');
    const inside = [text.trimEnd().slice(0, -3).replace(/\n *$/, '')];
    blocks.push({ tag: 'pre', inside });
    at = end + 1;
    return true;
  }

  while (at < lines.length) {
    const line = lines[at] ?? '';
    const item = ITEM.exec(line);
    const inside: string[] = [];
    at += 1;
    if (takeFence(line)) continue;
    if (depth < DEPTH_MAX && QUOTE.test(line)) {
      flush();
      for (at -= 1; QUOTE_MORE.test(lines[at] ?? 'x'); at += 1) {
        inside.push((lines[at] ?? '').replace(QUOTE_MORE, ''));
      }
      blocks.push({ tag: 'blockquote', inside: blocksOf(inside, depth + 1) });
    } else if (depth < DEPTH_MAX && item) {
      flush();
      const [mark, value] = item;
      inside.push(line.slice(mark.length));
      // Lines set in by two or more belong to the item; an empty line ends it.
      for (; /^ {2,}\S/.test(lines[at] ?? ''); at += 1) {
        inside.push((lines[at] ?? '').replace(/^ +/, (blanks) => blanks.slice(mark.length)));
      }
      const tag = value === undefined ? 'ul' : 'ol';
      if (blocks.at(-1)?.tag !== tag) blocks.push({ tag, inside: [] });
      blocks.at(-1)?.inside.push({ tag: 'li', inside: blocksOf(inside, depth + 1), value });
    } else if (plain.length > 0 || line.trim() !== '') plain.push(line);
  }
  flush();
  return blocks;
}
