/**
 * A paragraph → text, emphasis, code and links. First the atoms are found (code, links, escapes:
 * nothing inside them is a mark), then emphasis is matched between them. Both passes only go
 * forward, so time is linear and depth is bounded.
 */

import { bareAddress, hrefOf, linkTarget } from './markup-address.ts';
import { Emphasis, isWord, mayClose, mayOpen, text } from './markup-emphasis.ts';
import type { Inline, Tally } from './markup-emphasis.ts';

/** The inline parts of a paragraph; inside a link no further links are looked for. */
export function inlineOf(source: string, tally: Tally, isInLink = false): readonly Inline[] {
  tally(source.length + 1);
  const emphasis = new Emphasis(tally);
  let at = 0;
  for (const atom of new Atoms(source, tally, isInLink).all()) {
    addMarks(emphasis, source, at, atom.from);
    emphasis.add(atom.node, atom.from);
    at = atom.to;
  }
  addMarks(emphasis, source, at, source.length);
  return emphasis.finish();
}

/** Adds the text of a range, with the runs of marks that it has. */
function addMarks(emphasis: Emphasis, source: string, from: number, to: number): void {
  let at = from;
  for (const { 0: run, index } of source.slice(from, to).matchAll(/\*+|_+|~+/gu)) {
    const start = from + index;
    const end = start + run.length;
    emphasis.add(text(source.slice(at, start)), at);
    emphasis.addRun(run, {
      from: start,
      before: source[start - 1] ?? '',
      after: source[end] ?? '',
    });
    at = end;
  }
  emphasis.add(text(source.slice(at, to)), at);
}

interface Atom {
  readonly from: number;
  readonly to: number;
  readonly node: Inline;
}

/** Finds the atoms of one text, from left to right. */
class Atoms {
  readonly #source: string;
  readonly #tally: Tally;
  readonly #isInLink: boolean;
  /** Where runs of n backticks start, last one first: what lies behind is popped, never searched. */
  readonly #runs = new Map<number, number[]>();
  readonly #atoms: Atom[] = [];
  readonly #lastTick: number;
  readonly #lastTarget: number;
  /** The last `[` that no `]` has answered: the words of a link hold no brackets. */
  #bracket = -1;

  constructor(source: string, tally: Tally, isInLink: boolean) {
    this.#source = source;
    this.#tally = tally;
    this.#isInLink = isInLink;
    this.#lastTick = source.lastIndexOf('`');
    this.#lastTarget = source.lastIndexOf('](');
    for (const { 0: run, index } of [...source.matchAll(/`+/gu)].reverse()) {
      const starts = this.#runs.get(run.length);
      if (starts === undefined) this.#runs.set(run.length, [index]);
      else starts.push(index);
    }
  }

  all(): readonly Atom[] {
    const special = this.#isInLink ? /[\\`]/g : /[\\`[\]hw]/gi;
    let match = special.exec(this.#source);
    while (match !== null) {
      const next = this.#atomAt(match.index);
      this.#tally(next - match.index);
      special.lastIndex = next;
      match = special.exec(this.#source);
    }
    return this.#atoms;
  }

  /** Takes what starts here and returns where to go on. */
  #atomAt(at: number): number {
    switch (this.#source[at]) {
      case '\\':
        return this.#escapeAt(at);
      case '`':
        return this.#codeAt(at);
      case '[':
        this.#bracket = at;
        return at + 1;
      case ']':
        return this.#linkAt(at);
      default:
        return this.#bareAt(at);
    }
  }

  #add(from: number, to: number, node: Inline): number {
    this.#atoms.push({ from, to, node });
    return to;
  }

  /** A backslash goes away only where it took a mark's power; `\o/` and `C:\_x` keep theirs. */
  #escapeAt(at: number): number {
    const mark = this.#source.charAt(at + 1);
    return this.#isMark(at, mark) ? this.#add(at, at + 2, text(mark)) : at + 1;
  }

  #isMark(at: number, mark: string): boolean {
    const before = this.#source.charAt(at - 1);
    const after = this.#source.charAt(at + 2);
    if (mark === '`') return this.#lastTick > at + 1;
    if (mark === '[') return this.#isInLink || this.#lastTarget > at;
    if (mark === ']') return this.#isInLink || this.#bracket >= 0;
    if (mark === '~' ? after !== mark : !/[*_]/.test(mark)) return false;
    return mayOpen({ from: at, before, after }) || mayClose(mark, { from: at, before, after });
  }

  #codeAt(at: number): number {
    const source = this.#source;
    let from = at;
    while (source[from] === '`') from += 1;
    const starts = this.#runs.get(from - at) ?? [];
    while ((starts.at(-1) ?? from) < from) starts.pop();
    const to = starts.at(-1);
    if (to === undefined) return from;
    const inside = source.slice(from, to);
    // A space on both sides is how a backtick is set at an end of code.
    const isSpaced = inside.startsWith(' ') && inside.endsWith(' ') && inside.trim() !== '';
    const code = isSpaced ? inside.slice(1, -1) : inside;
    return this.#add(at, to + (from - at), { kind: 'code', text: code });
  }

  #linkAt(at: number): number {
    const from = this.#bracket;
    this.#bracket = -1;
    if (from < 0) return at + 1;
    const words = this.#source.slice(from + 1, at);
    const target = linkTarget(this.#source, at + 1, words);
    this.#tally(words.length);
    if (target === undefined) return at + 1;
    // What was found in the words is found again as a part of them.
    while ((this.#atoms.at(-1)?.from ?? -1) > from) this.#atoms.pop();
    const inline = inlineOf(words, this.#tally, true);
    return this.#add(from, at + 1 + target.length, { kind: 'link', href: target.href, inline });
  }

  #bareAt(at: number): number {
    const before = this.#source.charAt(at - 1);
    // Inside a longer word, a path or another address, it is a part of that.
    if (/[/@.]/.test(before) || isWord(before)) return at + 1;
    const address = bareAddress(this.#source, at);
    if (address === undefined) return at + 1;
    const to = at + address.length;
    const href = hrefOf(address);
    // One that may not be a link is skipped whole: none of its ends is tried again.
    if (href === undefined) return to;
    return this.#add(at, to, { kind: 'link', href, inline: [text(address)] });
  }
}
