/**
 * The emoji picker: a search field over a grid of one small table. The focus stays in the field,
 * and the arrows move through the grid, as ARIA has it for a combobox with a list.
 */

import { type Emoji, type EmojiGroup, emojiGroups, findEmoji } from './actions-emoji.ts';
import { drawn } from './actions-popover.ts';
import { say } from './actions-say.ts';
import type { Kit } from './kit.ts';

/** Which way each key goes through the grid. */
const MOVES: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** One opening of the picker. `chosen` gets the emoji. */
export class Picker {
  readonly #kit: Kit;
  readonly #chosen: (emoji: string) => void;
  #asked = '';
  /** Of the emoji shown, the one that Enter takes. */
  #active = 0;

  constructor(kit: Kit, chosen: (emoji: string) => void) {
    this.#kit = kit;
    this.#chosen = chosen;
  }

  view(): unknown {
    const { html } = this.#kit;
    const found = this.#found();
    const hint = say(this.#kit, 'emojiSearch');
    let index = 0;
    return html`<div class="picker" role="dialog" aria-label=${say(this.#kit, 'emoji')}>
      <input
        class="search"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        aria-expanded="true"
        aria-controls="faces"
        aria-autocomplete="list"
        aria-activedescendant="face-${this.#active}"
        aria-label=${hint}
        placeholder=${hint}
        @input=${this.#onInput}
        @keydown=${this.#onKeydown}
      />
      <div class="faces" id="faces" role="listbox" aria-label=${say(this.#kit, 'emoji')}>
        ${found.map(([group, emoji]) => {
          const first = index;
          index += emoji.length;
          return this.#groupView(group, emoji, first);
        })}
      </div>
      ${index === 0 ? html`<p class="none" role="status">${say(this.#kit, 'emojiNone')}</p>` : ''}
    </div>`;
  }

  /** Where the focus belongs. */
  focus(box: HTMLElement): void {
    box.querySelector<HTMLElement>('.search')?.focus({ preventScroll: true });
  }

  #found(): readonly (readonly [EmojiGroup, readonly Emoji[]])[] {
    if (this.#asked.trim() === '') return [...emojiGroups];
    const near = new Set(findEmoji(this.#asked));
    return [...emojiGroups]
      .map(([group, all]) => [group, all.filter((one) => near.has(one))] as const)
      .filter(([, left]) => left.length > 0);
  }

  #groupView(group: EmojiGroup, all: readonly Emoji[], first: number): unknown {
    const { html } = this.#kit;
    return html`<div class="group" role="group" aria-label=${say(this.#kit, group)}>
      <span class="title" aria-hidden="true">${say(this.#kit, group)}</span>
      ${all.map(
        ({ emoji, names }, i) =>
          html`<span
            class="face"
            role="option"
            id="face-${first + i}"
            aria-selected=${first + i === this.#active}
            title=":${names[0]}:"
            @click=${() => this.#chosen(emoji)}
            >${emoji}</span
          >`,
      )}
    </div>`;
  }

  readonly #onInput = (event: Event): void => {
    this.#asked = (event.target as HTMLInputElement).value;
    this.#active = 0;
    this.#kit.changed();
  };

  readonly #onKeydown = (event: KeyboardEvent): void => {
    const { key, target } = event;
    if (event.isComposing || !(target instanceof HTMLInputElement)) return;
    const box = target.closest<HTMLElement>('.picker');
    const faces = [...(box?.querySelectorAll<HTMLElement>('.face') ?? [])];
    const face = faces[this.#active];
    if (key === 'Enter') {
      event.preventDefault();
      if (face && !event.repeat) this.#chosen(face.textContent.trim());
    }
    const move = MOVES[key];
    if (!move || !face || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    // Letters that were typed are walked by the caret.
    if (move.x !== 0 && target.value !== '') return;
    event.preventDefault();
    const isRtl = getComputedStyle(face).direction === 'rtl';
    const to = neighbour(faces, face, { x: isRtl ? -move.x : move.x, y: move.y });
    void this.#activate(faces, to);
  };

  async #activate(faces: readonly HTMLElement[], to: HTMLElement | undefined): Promise<void> {
    if (!to) return;
    this.#active = faces.indexOf(to);
    await drawn(this.#kit);
    to.scrollIntoView({ block: 'nearest' });
  }
}

/** The next one in the table's order, or the nearest one in the line above or below. */
function neighbour(
  faces: readonly HTMLElement[],
  face: HTMLElement,
  { x, y }: { readonly x: number; readonly y: number },
): HTMLElement | undefined {
  if (x !== 0) return faces[faces.indexOf(face) + x];
  const beyond = faces.filter((one) => (one.offsetTop - face.offsetTop) * y > 0);
  const rows = beyond.map((one) => one.offsetTop);
  const row = y > 0 ? Math.min(...rows) : Math.max(...rows);
  const away = (one: HTMLElement): number => Math.abs(one.offsetLeft - face.offsetLeft);
  const inRow = beyond.filter((one) => one.offsetTop === row);
  return inRow.sort((one, other) => away(one) - away(other))[0];
}
