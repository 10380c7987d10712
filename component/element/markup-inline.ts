/**
 * A paragraph → text, emphasis, code and links, in one pass that only goes forward. What is open
 * is a stack that holds each mark once at most, so depth is bounded and time is linear.
 */

import { bareAddress, hrefOf, linkAt } from './markup-address.ts';
import { isWord, LETTER, mayClose, mayOpen } from './markup-emphasis.ts';

/** A part of a line. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly href: string; readonly inline: readonly Inline[] }
  | { readonly kind: 'strong' | 'em' | 'strike'; readonly inline: readonly Inline[] };

/** Told how many characters were just looked at. */
export type Tally = (steps: number) => void;

/** The inline parts of a paragraph. */
export function inlineOf(source: string, tally: Tally): readonly Inline[] {
  return new InlineReader(source, tally).read();
}

const KINDS: ReadonlyMap<string, 'strong' | 'strike'> = new Map([
  ['**', 'strong'],
  ['~~', 'strike'],
]);

interface Frame {
  /** `*`, `**`, `_` or `~~`; empty at the bottom of the stack. */
  readonly mark: string;
  readonly from: number;
  readonly nodes: Inline[];
}

class InlineReader {
  readonly #source: string;
  readonly #tally: Tally;
  /** The root and what is open above it. Invariant: no mark is here twice. */
  readonly #open: Frame[] = [{ mark: '', from: -1, nodes: [] }];
  /** Runs of backticks that come no more: what has no end is searched for it once. */
  readonly #noTicks = new Set<string>();
  /** Up to where the source has become nodes. */
  #at = 0;
  /** Where the last node with a letter began: marks around none are a smiley. */
  #letterAt = -1;

  constructor(source: string, tally: Tally) {
    this.#source = source;
    this.#tally = tally;
  }

  read(): readonly Inline[] {
    const special = /\\(?=[*_~`[])|`+|\*+|_+|~+|\[|https?:\/\/|www\./gi;
    let match = special.exec(this.#source);
    while (match !== null) {
      const from = special.lastIndex;
      // What is not taken stays text, together with what follows.
      special.lastIndex = Math.max(from, this.#take(match[0], match.index));
      this.#tally(special.lastIndex - from + 1);
      match = special.exec(this.#source);
    }
    this.#tally(this.#source.length);
    this.#flush(this.#source.length);
    return this.#close(0);
  }

  /** Takes what a run stands for, if anything, and returns up to where. */
  #take(run: string, from: number): number {
    switch (run[0]) {
      case '\\':
        return this.#takeEscape(from);
      case '`':
        return this.#takeCode(run, from);
      case '[':
        return this.#takeLink(from);
      case '*':
      case '_':
      case '~':
        return this.#takeMarks(run, from);
      default:
        return this.#takeAddress(from);
    }
  }

  /** A backslash goes away only where it took a mark's power; `\o/` and `C:\_x` keep theirs. */
  #takeEscape(from: number): number {
    const [mark, after] = [this.#char(from + 1), this.#char(from + 2)];
    const before = this.#char(from - 1);
    const isMark =
      mark === '['
        ? linkAt(this.#source, from + 1)
        : mark === '`' ||
          ((mark !== '~' || after === mark) &&
            (mayOpen(before, after) || mayClose(mark, before, after)));
    if (!isMark) return from;
    this.#flush(from);
    this.#at = from + 1;
    return from + 2;
  }

  #takeCode(run: string, from: number): number {
    // Longer runs are decoration; and there are only three kinds to search for.
    if (run.length > 3 || this.#noTicks.has(run)) return from;
    const ticks = /`+/g;
    ticks.lastIndex = from + run.length;
    let close = ticks.exec(this.#source);
    while (close !== null && close[0] !== run) close = ticks.exec(this.#source);
    if (close === null) {
      this.#tally(this.#source.length - from);
      this.#noTicks.add(run);
      return from;
    }
    const inside = this.#source.slice(from + run.length, close.index);
    // A space on both sides is how a backtick is set at an end of code.
    const text = /^ +`|` +$/.test(inside) ? inside.trim() : inside;
    return this.#add({ kind: 'code', text }, from, ticks.lastIndex);
  }

  #takeLink(from: number): number {
    const link = linkAt(this.#source, from);
    if (link === undefined) return from;
    const { href, words, length } = link;
    // Words that are the address itself would become a link in a link.
    const inline = hrefOf(words) === href ? [textOf(words)] : inlineOf(words, this.#tally);
    return this.#add({ kind: 'link', href, inline }, from, from + length);
  }

  /** Closes what a run of marks can close, opens what is left of it, or takes nothing. */
  #takeMarks(run: string, from: number): number {
    const before = this.#char(from - 1);
    const after = this.#char(from + run.length);
    const char = run.charAt(0);
    if (char === '*' ? run.length > 3 : run.length !== (char === '_' ? 1 : 2)) return from;
    this.#flush(from);
    let left = run.length;
    while (mayClose(run, before, after)) {
      const index = this.#open.findLastIndex(
        ({ mark }) => mark !== '' && char.repeat(left).startsWith(mark),
      );
      const frame = this.#open[index];
      if (frame === undefined || frame.from > this.#letterAt) break;
      left -= frame.mark.length;
      this.#at = from + run.length - left;
      const inline = this.#close(index);
      append(this.#top, { kind: KINDS.get(frame.mark) ?? 'em', inline });
    }
    if (left === 0 || !mayOpen(before, after)) return from;
    const start = from + run.length - left;
    if (left < 3) return this.#push(run.slice(0, left), start);
    return this.#push(char, this.#push('**', start));
  }

  #takeAddress(from: number): number {
    const before = this.#char(from - 1);
    // Inside a longer word, a path or another address, it is a part of that.
    const address = /[/@.]/.test(before) || isWord(before) ? '' : bareAddress(this.#source, from);
    const href = hrefOf(address);
    const to = from + address.length;
    // One that may not be a link is skipped whole: none of its ends is tried again.
    if (href === undefined) return to;
    return this.#add({ kind: 'link', href, inline: [textOf(address)] }, from, to);
  }

  /** A mark that is open already becomes text: the later one is nearer to what will close it. */
  #push(mark: string, from: number): number {
    this.#flush(from);
    const index = this.#open.findIndex((frame) => frame.mark === mark);
    for (const stale of index < 0 ? [] : this.#open.splice(index, 1)) {
      this.#pour(stale, this.#open[index - 1]);
    }
    this.#open.push({ mark, from, nodes: [] });
    return (this.#at = from + mark.length);
  }

  /** Ends an open mark and returns what it holds; marks above it become text, each moved once. */
  #close(index: number): readonly Inline[] {
    const [frame, ...above] = this.#open.splice(index);
    for (const unmatched of above) this.#pour(unmatched, frame);
    return frame?.nodes ?? [];
  }

  #pour(frame: Frame, into: Frame | undefined): void {
    this.#tally(frame.nodes.length + 1);
    append(into?.nodes, textOf(frame.mark));
    for (const node of frame.nodes) append(into?.nodes, node);
  }

  /** Adds the text that was passed over. */
  #flush(to: number): void {
    const text = this.#source.slice(this.#at, to);
    if (LETTER.test(text)) this.#letterAt = this.#at;
    append(this.#top, textOf(text));
    this.#at = to;
  }

  /** Adds a node for the source from `from` to `to`. */
  #add(node: Inline, from: number, to: number): number {
    this.#flush(from);
    append(this.#top, node);
    this.#letterAt = from;
    return (this.#at = to);
  }

  get #top(): Inline[] | undefined {
    return this.#open.at(-1)?.nodes;
  }

  #char(at: number): string {
    return this.#source.charAt(at);
  }
}

function textOf(text: string): Inline {
  return { kind: 'text', text };
}

/** Neighbouring texts are one node. */
function append(nodes: Inline[] = [], node: Inline): void {
  const last = nodes.at(-1);
  if (node.kind !== 'text') nodes.push(node);
  else if (last?.kind === 'text') nodes[nodes.length - 1] = textOf(last.text + node.text);
  else if (node.text !== '') nodes.push(node);
}
