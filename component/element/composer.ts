/** What the reader is writing: text, keys, and when they mean "send". Knows no rooms. */

import { TextMemory } from './text-memory.ts';

/** Where a finished text goes. */
export interface ComposerOutlet {
  /** Takes a text that is not blank. False: it stays in the composer. */
  submit(text: string): boolean;
  /** Something to draw changed. */
  changed(): void;
}

/** `keyCode` of a key that an input method has taken; Safari says it with `isComposing` false. */
const KEY_OF_INPUT_METHOD = 229;

/** Holds the text between key presses. */
export class Composer {
  /** Why the last text was not taken; gone with the next key. */
  fault = '';
  readonly #outlet: ComposerOutlet;
  readonly #memory = new TextMemory();
  #text = '';
  #isComposing = false;
  #key: string | undefined;

  constructor(outlet: ComposerOutlet) {
    this.#outlet = outlet;
  }

  get text(): string {
    return this.#text;
  }

  /** Brings back what was being written under this key: a server, a user and a room. Idempotent. */
  open(key: string): void {
    if (this.#key === key) return;
    this.#key = key;
    this.fault = '';
    this.#text = this.#memory.open(key);
  }

  /** Writes what is pending to storage. */
  flush(): void {
    this.#memory.flush();
  }

  /** Sends the text if there is one. */
  submit(): void {
    if (this.#text.trim() === '') return;
    if (this.#outlet.submit(this.#text)) this.#take('');
  }

  readonly onInput = (event: Event): void => {
    if (event.target instanceof HTMLTextAreaElement) this.#take(event.target.value);
  };

  readonly onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    if (event.isComposing || this.#isComposing || event.keyCode === KEY_OF_INPUT_METHOD) return;
    event.preventDefault();
    this.submit();
  };

  readonly onCompositionStart = (): void => {
    this.#isComposing = true;
  };

  readonly onCompositionEnd = (): void => {
    // Safari ends the composition before the keydown of the Enter that confirmed it.
    setTimeout(() => {
      this.#isComposing = false;
    });
  };

  #take(text: string): void {
    this.#text = text;
    this.fault = '';
    this.#memory.keep(text);
    if (text === '') this.#memory.flush();
    this.#outlet.changed();
  }
}

/** Code points, which is what the server counts. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
