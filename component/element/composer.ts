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
}

/** Holds the text between key presses, and keeps it across reloads. */
export class Composer {
  text = '';
  /** Why the last text was not taken; gone with the next key. */
  fault = '';
  readonly #outlet: ComposerOutlet;
  #key = '';
  /** What this tab last saw or wrote; another tab's text is not ours to remove. */
  #stored = '';
  #isComposing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(outlet: ComposerOutlet) {
    this.#outlet = outlet;
  }

  /** Brings back what was being written under this key: a server, a user and a room. Idempotent. */
  open(place: string): void {
    const key = `mini-chat:text:${place}`;
    if (key === this.#key) return;
    this.flush();
    this.#key = key;
    this.fault = '';
    this.text = this.#stored = stored((storage) => storage.getItem(key)) ?? '';
  }

  /** Writes what is pending to storage: the page may be about to go. */
  flush(): void {
    clearTimeout(this.#timer);
    const { text } = this;
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
    if (this.text.trim() === '' || !this.#outlet.submit(this.text)) return;
    this.#take('');
    this.flush();
  }

  readonly onInput = (event: Event): void => {
    this.#take((event.target as HTMLTextAreaElement).value);
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

  #take(text: string): void {
    this.text = text;
    this.fault = '';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), WRITE_PAUSE_MS);
    this.#outlet.changed();
  }
}

/** Does something with storage where there is any; typing must work without. */
function stored<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage);
  } catch {
    // Blocked or full. The text is still in the composer, which is what the reader sees.
  }
}
