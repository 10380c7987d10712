/** What the reader is writing: text, keys, and when they mean "send". Knows no rooms. */

/** Typing pauses shorter than this are not worth a write to storage. */
const WRITE_PAUSE_MS = 500;

/** `keyCode` of a key that an input method has taken; Safari says it with `isComposing` false. */
const KEY_OF_INPUT_METHOD = 229;

/** Characters before the limit from which they are counted. */
export const COUNTED_FROM = 200;

/** Where a finished text goes. */
interface ComposerOutlet {
  /** Takes a text that is not blank. False: it stays in the composer. */
  submit(text: string): boolean;
  /** Something to draw changed. */
  changed(): void;
  /** The reader wrote something, or took the last of it away. */
  typing(on: boolean): void;
  /** Where the text is written, if anywhere. */
  input(): HTMLTextAreaElement | null;
}

/** Holds the text between key presses, and keeps it across reloads. */
export class Composer {
  /** Why the last text was not taken; gone with the next key. */
  fault = '';
  readonly #outlet: ComposerOutlet;
  #key = '';
  #text = '';
  /** The draft of this room while another text is in its place. */
  #aside: string | undefined;
  /** What this tab last saw or wrote; another tab's text is not ours to remove. */
  #stored = '';
  #isComposing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(outlet: ComposerOutlet) {
    this.#outlet = outlet;
  }

  get text(): string {
    return this.#text;
  }

  /** Draws, and keeps it as the draft of this room. */
  set text(text: string) {
    this.#text = text;
    this.fault = '';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), WRITE_PAUSE_MS);
    this.#outlet.changed();
  }

  get input(): HTMLTextAreaElement | undefined {
    return this.#outlet.input() ?? undefined;
  }

  /**
   * Brings back what was being written under this key: a server, a user and a room. False: it is
   * the same as before, and nothing was done.
   */
  open(place: string): boolean {
    const key = `mini-chat:text:${place}`;
    if (key === this.#key) return false;
    this.flush();
    this.#key = key;
    this.fault = '';
    this.#aside = undefined;
    this.#text = this.#stored = stored((storage) => storage.getItem(key)) ?? '';
    return true;
  }

  /** Puts another text in the draft's place, which is not kept; without one: the draft is back. */
  borrow(text?: string): void {
    const aside = this.#aside;
    if (text === undefined && aside === undefined) return;
    this.#aside = text === undefined ? text : (aside ?? this.text);
    this.text = text ?? aside ?? '';
  }

  /** After a render. Not bound there: an input method at work bears no text but what differs. */
  settle(): void {
    const { input, text } = this;
    if (input && input.value !== text) input.value = text;
    if (input && !CSS.supports('field-sizing', 'content')) fitHeight(input);
  }

  /** Writes what is pending to storage: the page may be about to go. */
  flush(): void {
    clearTimeout(this.#timer);
    const text = this.#aside ?? this.text;
    const key = this.#key;
    const before = this.#stored;
    if (key === '' || text === before) return;
    this.#stored = text;
    stored((storage) => {
      if (text !== '') storage.setItem(key, text);
      else if (storage.getItem(key) === before) storage.removeItem(key);
    });
  }

  /** What may still be written; infinite while the limit is far, as for most texts. */
  left(max: number): number {
    // Code points are what the server counts, and never more than code units.
    return this.text.length <= max - COUNTED_FROM ? Infinity : max - [...this.text].length;
  }

  /** Sends the text if there is one. */
  submit(): void {
    const { text } = this;
    if (text.trim() === '' || !this.#outlet.submit(text)) return;
    if (this.#aside !== undefined) this.borrow();
    // Who took it may have put the draft back already.
    else if (this.text === text) this.text = '';
    this.flush();
  }

  readonly onInput = (event: Event): void => {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.#outlet.typing(this.text !== '');
  };

  readonly onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    if (event.isComposing || this.#isComposing || event.keyCode === KEY_OF_INPUT_METHOD) return;
    event.preventDefault();
    this.submit();
  };

  /** Safari ends the composition before the keydown of the Enter that confirmed it. */
  readonly onComposition = (event: CompositionEvent): void => {
    if (event.type === 'compositionstart') this.#isComposing = true;
    else setTimeout(() => (this.#isComposing = false));
  };
}

/** Does something with storage where there is any; typing must work without. */
function stored<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage);
  } catch {
    // Blocked or full. The text is still in the composer, which is what the reader sees.
  }
}

/** Safari before 26 has no `field-sizing`; its limits are still those of the style sheet. */
function fitHeight(input: HTMLTextAreaElement): void {
  input.style.blockSize = 'auto';
  input.style.blockSize = `${input.scrollHeight}px`;
}
