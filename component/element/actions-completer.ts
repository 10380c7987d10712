/**
 * Completion in the composer: people after `@`, emoji after `:`. The focus stays in the text; the
 * list below it is a listbox that the text points to, and its first line is said when it opens.
 */

import { drawn, showBeside } from './actions-popover.ts';
import { say } from './actions-say.ts';
import { type Completion, completionAt, emojiTyped, peopleOf } from './actions-words.ts';
import type { Kit } from './kit.ts';

/** Invariant: the text has its pointers to the list exactly while there is one. */
export class Completer {
  readonly #kit: Kit;
  #completion: Completion | undefined;
  #active = 0;
  /** Sentence said last; the same list again is not said again. */
  #said = '';

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  get isOpen(): boolean {
    return this.#completion !== undefined;
  }

  /** Looks at what is before the caret; `isTyped` when a letter came, not when the caret moved. */
  look(input: HTMLTextAreaElement, isTyped: boolean): void {
    const { value, selectionStart, selectionEnd } = input;
    if (selectionStart !== selectionEnd) return this.close();
    const whole = isTyped ? emojiTyped(value, selectionStart) : undefined;
    if (whole) return this.#put(input, whole, 0);
    const people = peopleOf(this.#kit.snapshot);
    const completion = completionAt(value, selectionStart, people);
    // A list comes by typing alone; walking through a text with the caret must not open one.
    if (!completion || (!isTyped && !this.isOpen)) return this.close();
    this.#completion = completion;
    this.#active = 0;
    void this.#show(input);
  }

  close(): void {
    if (!this.#completion) return;
    this.#completion = undefined;
    this.#said = '';
    const input = this.#kit.composer.input;
    for (const name of ['autocomplete', 'controls', 'activedescendant']) {
      input?.removeAttribute(`aria-${name}`);
    }
    this.#kit.changed();
  }

  /** True when the key was for the list. */
  takeKey(event: KeyboardEvent, input: HTMLTextAreaElement): boolean {
    const completion = this.#completion;
    if (!completion || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) {
      return false;
    }
    const count = completion.suggestions.length;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        this.#active = (this.#active + (event.key === 'ArrowDown' ? 1 : count - 1)) % count;
        void this.#show(input);
        return true;
      case 'Enter':
      case 'Tab':
        this.#put(input, completion, this.#active);
        return true;
      case 'Escape':
        this.close();
        return true;
      default:
        return false;
    }
  }

  view(): unknown {
    const { html, nothing } = this.#kit;
    if (!this.#completion) return nothing;
    return html`<div
      class="over hints"
      part="menu"
      popover="manual"
      id="hints"
      role="listbox"
      aria-label=${say(this.#kit, 'suggestions')}
      @pointerdown=${keepFocus}
      @click=${this.#onClick}
    >
      ${this.#completion.suggestions.map(
        ({ label, face }, i) =>
          html`<div
            class="line deed"
            part="menu-item"
            role="option"
            id="hint-${i}"
            aria-selected=${i === this.#active}
            data-index=${i}
          >
            ${face === undefined ? nothing : html`<span class="face">${face}</span>`}<bdi
              >${label}</bdi
            >
          </div>`,
      )}
    </div>`;
  }

  readonly #onClick = ({ target }: Event): void => {
    const option = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
    const { input } = this.#kit.composer;
    if (!option || !input || !this.#completion) return;
    this.#put(input, this.#completion, Number(option.dataset['index']));
  };

  async #show(input: HTMLTextAreaElement): Promise<void> {
    await drawn(this.#kit);
    const box = this.#kit.root.querySelector<HTMLElement>('.over.hints');
    const completion = this.#completion;
    if (!box || !completion) return;
    showBeside(box, input.closest('.field') ?? input, this.#kit.root.querySelector('.status'));
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', 'hints');
    input.setAttribute('aria-activedescendant', `hint-${this.#active}`);
    const facts = {
      count: completion.suggestions.length,
      first: completion.suggestions[0]?.label ?? '',
    };
    const sentence = say(this.#kit, 'suggestionCount', facts);
    if (sentence !== this.#said) this.#kit.announce(sentence);
    this.#said = sentence;
  }

  /** As if it had been typed: whoever listens to the text hears of it. */
  #put(input: HTMLTextAreaElement, { start, end, suggestions }: Completion, index: number): void {
    const { text = '' } = suggestions[index] ?? {};
    input.focus({ preventScroll: true });
    input.setRangeText(text, start, end, 'end');
    this.close();
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  }
}

/** A press on the list is not a step out of the text. */
function keepFocus(event: Event): void {
  event.preventDefault();
}
