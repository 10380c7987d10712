/**
 * What a line is made of, and how runs of `*`, `_` and `~` match to bold, italic and strike. Pure.
 * The rules are stricter than Markdown's where chat needs it: a mark opens only at the start of a
 * word and must enclose a letter, so snake_case, `^_^`, globs and `¯\_(ツ)_/¯` stay as typed.
 */

/** A part of a line. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly href: string; readonly inline: readonly Inline[] }
  | { readonly kind: 'strong' | 'em' | 'strike'; readonly inline: readonly Inline[] };

/** Told how many characters were just looked at. */
export type Tally = (steps: number) => void;

/** Where a run of marks stands, and its neighbours ('' at an end). */
export interface Place {
  readonly from: number;
  readonly before: string;
  readonly after: string;
}

const CLOSING = /[.,;:!?)\]}/]/u;
const PUNCTUATION = /[!-)+-/:-@[-^`{-}]/u;
const LETTER = /[^\s!-/:-@[-`{-~]/u;
const LETTER_OR_DIGIT = /[\p{L}\p{M}\p{N}]/u;
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}]/u;

/** Whether this is a letter or digit of a script that puts spaces between words. */
export function isWord(char: string): boolean {
  return LETTER_OR_DIGIT.test(char) && !UNSPACED.test(char);
}

/** Whether a run can start emphasis: at the start of a word, and something follows. */
export function mayOpen({ before, after }: Place): boolean {
  if (after === '' || /\s/u.test(after) || CLOSING.test(after)) return false;
  if (before === '' || /\s/u.test(before)) return true;
  return (/[([{"'*_~]/u.test(before) || isBeyondAscii(before)) && !PUNCTUATION.test(after);
}

/** Whether a run can end emphasis; a double mark may also do so inside a word. */
export function mayClose(run: string, { before, after }: Place): boolean {
  if (before === '' || /[\s([{]/u.test(before)) return false;
  if (run.length > 1 || after === '') return true;
  return /[\s.,;:!?)\]}"'*_~/>|-]/u.test(after) || isBeyondAscii(after);
}

/** Scripts without spaces between words, and the punctuation and emoji of all scripts. */
function isBeyondAscii(char: string): boolean {
  return char > '\x7f' && !isWord(char);
}

/** A node of plain text. */
export function text(value: string): Inline {
  return { kind: 'text', text: value };
}

interface Frame {
  /** Empty at the bottom of the stack. */
  readonly mark: string;
  readonly from: number;
  readonly nodes: Inline[];
}

/** The stack of open marks. Invariant: a mark is open once at most, so the stack is five deep. */
export class Emphasis {
  readonly #tally: Tally;
  readonly #root: Frame = { mark: '', from: -1, nodes: [] };
  readonly #open: Frame[] = [];
  /** Where the last node with a letter in it began: marks around none are a smiley. */
  #letterAt = -1;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** Adds what is no mark; `from` is its place in the text. */
  add(node: Inline, from: number): void {
    if (node.kind !== 'text' || LETTER.test(node.text)) this.#letterAt = from;
    append(this.#top, node);
  }

  /** A run of one mark: closes what it can, or else opens, or else is text. */
  addRun(run: string, place: Place): void {
    const char = run[0] ?? '';
    let left = run.length;
    const isMark = char === '*' ? left <= 3 : left === (char === '~' ? 2 : 1);
    while (isMark && left > 0 && mayClose(run, place)) {
      const index = this.#closable(char, left);
      if (index < 0) break;
      left -= this.#close(index);
    }
    if (isMark && left > 0 && mayOpen(place)) {
      if (left === 3) this.#push('**', place.from);
      this.#push(left === 3 ? '*' : run.slice(0, left), place.from);
      left = 0;
    }
    append(this.#top, text(run.slice(0, left)));
  }

  /** All nodes; whatever is still open was text. */
  finish(): readonly Inline[] {
    this.#dissolve(this.#root, 0);
    return this.#root.nodes;
  }

  get #top(): Frame {
    return this.#open.at(-1) ?? this.#root;
  }

  /** The innermost open mark that a run of this length can close, if a letter came since. */
  #closable(char: string, length: number): number {
    const index = this.#open.findLastIndex(
      ({ mark }) => mark.startsWith(char) && mark.length <= length,
    );
    return this.#letterAt > (this.#open[index]?.from ?? Infinity) ? index : -1;
  }

  #close(index: number): number {
    const frame = this.#open[index] ?? this.#root;
    this.#dissolve(frame, index + 1);
    this.#open.pop();
    append(this.#top, { kind: kindOf(frame.mark), inline: frame.nodes });
    return frame.mark.length;
  }

  /** A mark that is open already becomes text: the later one is nearer to what will close it. */
  #push(mark: string, from: number): void {
    const index = this.#open.findIndex((frame) => frame.mark === mark);
    const [stale] = index < 0 ? [] : this.#open.splice(index, 1);
    if (stale !== undefined) this.#pour(stale, this.#open[index - 1] ?? this.#root);
    this.#open.push({ mark, from, nodes: [] });
  }

  /** The marks from `index` up become text of `into`, lowest first, so each node moves once. */
  #dissolve(into: Frame, index: number): void {
    for (const frame of this.#open.splice(index)) this.#pour(frame, into);
  }

  #pour(frame: Frame, into: Frame): void {
    this.#tally(frame.nodes.length + 1);
    append(into, text(frame.mark));
    for (const node of frame.nodes) append(into, node);
  }
}

function kindOf(mark: string): 'em' | 'strong' | 'strike' {
  if (mark === '**') return 'strong';
  return mark === '~~' ? 'strike' : 'em';
}

/** Neighbouring texts are one node. */
function append({ nodes }: Frame, node: Inline): void {
  const last = nodes.at(-1);
  if (node.kind !== 'text' || last?.kind !== 'text') {
    if (node.kind !== 'text' || node.text !== '') nodes.push(node);
  } else nodes[nodes.length - 1] = text(last.text + node.text);
}
