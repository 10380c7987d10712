/**
 * What can be done with one message: a menu in the top layer, by mouse, touch and keyboard. It may
 * turn into the question before a deletion, or into the emoji picker; all of it is one box.
 */

import type { Row } from '../client/client.ts';
import { type Deed, deedsFor, isOpenTo, lastOwn, type SentRow } from './actions-deeds.ts';
import { QUICK } from './actions-emoji.ts';
import { stepKey } from './actions-keys.ts';
import { Picker } from './actions-picker.ts';
import { drawn, onPressOutside, showBeside } from './actions-popover.ts';
import { icon, say } from './actions-say.ts';
import type { Kit } from './kit.ts';

type Page = 'menu' | 'sure' | 'picker';

/** Does a deed. True: the reader's focus is taken care of. */
type Doer = (deed: Exclude<Deed, 'react'>, row: SentRow) => boolean;

/** Invariant: closed means that `#key` is undefined, and then nothing of it is in the document. */
export class Menu {
  readonly #kit: Kit;
  readonly #does: Doer;
  #key: string | undefined;
  #page: Page = 'menu';
  #picker: Picker | undefined;
  /** Where the focus was, if it was where the reader writes. */
  #wasWriting = false;
  #unlisten: (() => void) | undefined;
  /** The row whose menu a press outside has closed, until the click that follows. */
  #pressedAway: string | undefined;

  constructor(kit: Kit, does: Doer) {
    this.#kit = kit;
    this.#does = does;
  }

  get isOpen(): boolean {
    return this.#key !== undefined;
  }

  /** Whether Enter on this row means the menu. On one that failed it leads to "Retry". */
  isFor(key: string | undefined): boolean {
    const row = this.#rowOf(key);
    return row !== undefined && !row.failure;
  }

  /** Opens for the row of this key, unless the press for it has just closed that menu. */
  async open(key: string, page: 'menu' | 'picker' = 'menu'): Promise<void> {
    const { root, composer } = this.#kit;
    const isSecond = this.#pressedAway === key;
    this.#pressedAway = undefined;
    if (isSecond || !this.#rowOf(key)) return;
    this.close();
    this.#wasWriting = composer.input !== undefined && root.activeElement === composer.input;
    this.#key = key;
    await this.#turnTo(page);
    const box = this.#box;
    if (box) this.#unlisten = onPressOutside(box, (event) => this.#pressAway(event));
  }

  close(): void {
    if (!this.isOpen) return;
    this.#key = this.#picker = undefined;
    this.#unlisten?.();
    this.#unlisten = undefined;
    this.#kit.changed();
  }

  view(): unknown {
    const { html, nothing } = this.#kit;
    const row = this.#rowOf(this.#key);
    if (!row) {
      // It went while the menu was open, and must not take the focus with it.
      if (this.isOpen) queueMicrotask(() => this.#goBack());
      return nothing;
    }
    return html`<div
      class="over menu"
      part="menu"
      popover="manual"
      @click=${this.#onClick}
      @keydown=${this.#onKeydown}
    >
      ${this.#pageView(row)}
    </div>`;
  }

  get #box(): HTMLElement | null {
    return this.#kit.root.querySelector<HTMLElement>('.over.menu');
  }

  #rowOf(key: string | undefined): SentRow | undefined {
    if (key === undefined) return undefined;
    const row: Row | undefined = this.#kit.snapshot.rows.findLast((one) => one.key === key);
    return isOpenTo(row) ? row : undefined;
  }

  async #turnTo(page: Page): Promise<void> {
    this.#page = page;
    if (page === 'picker') this.#picker = new Picker(this.#kit, (emoji) => this.#react(emoji));
    await drawn(this.#kit);
    const box = this.#box;
    const anchor = this.#anchor();
    if (!box || !anchor) return this.close();
    showBeside(box, anchor);
    if (page === 'picker') this.#picker?.focus(box);
    else box.querySelector('button')?.focus({ preventScroll: true });
  }

  /** The row's button where it shows, else the row. */
  #anchor(): Element | null {
    const button = this.#row?.querySelector('[data-act=more]');
    return button && button.getClientRects().length > 0 ? button : this.#row;
  }

  get #row(): Element | null {
    return this.#kit.root.querySelector(`[data-key="${CSS.escape(this.#key ?? '')}"]`);
  }

  #pageView(row: SentRow): unknown {
    if (this.#page === 'picker') return this.#picker?.view();
    return this.#page === 'sure' ? this.#sureView() : this.#menuView(row);
  }

  #menuView(row: SentRow): unknown {
    const { html, nothing, snapshot } = this.#kit;
    const deeds = deedsFor(row, snapshot, 'clipboard' in navigator);
    const label = say(this.#kit, 'actionsOf', { name: row.user.name });
    return html`<div class="deeds" role="menu" aria-label=${label}>
      ${deeds.includes('react') ? this.#quickView(row) : nothing}
      ${this.#givenViews(row, deeds.includes('react'))}
      ${this.#links().map((link, i) => this.#linkView(link, i))}
      ${deeds.filter((deed) => deed !== 'react').map((deed) => this.#deedView(deed, row))}
    </div>`;
  }

  #deedView(deed: Exclude<Deed, 'react'>, row: SentRow): unknown {
    const { html, nothing, snapshot } = this.#kit;
    // The one place that tells of the key.
    const hasKey = deed === 'edit' && row.key === lastOwn(snapshot)?.key;
    return html`<button
      class="line deed"
      part="menu-item"
      role="menuitem"
      tabindex="-1"
      data-deed=${deed}
      aria-keyshortcuts=${hasKey ? 'ArrowUp' : nothing}
    >
      ${icon(this.#kit, deed)}${say(this.#kit, deed)}
      ${hasKey ? html`<kbd aria-hidden="true">${'↑'}</kbd>` : nothing}
    </button>`;
  }

  /** Of the text, which one tab stop for all of a row leaves out of reach for the keyboard. */
  #links(): readonly HTMLAnchorElement[] {
    return [...(this.#row?.querySelectorAll<HTMLAnchorElement>('.text a[href]') ?? [])];
  }

  #linkView({ href }: HTMLAnchorElement, index: number): unknown {
    const { html } = this.#kit;
    const address = href.replace(/^\w+:(\/\/)?/, '').replace(/\/$/, '');
    return html`<button
      class="line deed"
      part="menu-item"
      role="menuitem"
      tabindex="-1"
      data-link=${index}
    >
      ${icon(this.#kit, 'openLink')}
      <span class="gist" dir="auto">${say(this.#kit, 'openLink', { address })}</span>
    </button>`;
  }

  #quickView({ reactions = [] }: SentRow): unknown {
    const { html } = this.#kit;
    const more = say(this.#kit, 'moreEmoji');
    const isMine = (emoji: string): boolean =>
      reactions.some((one) => one.emoji === emoji && one.mine);
    return html`<div class="line quick" role="group" aria-label=${say(this.#kit, 'reactions')}>
      ${QUICK.map(
        (emoji) =>
          html`<button
            class="face"
            role="menuitemcheckbox"
            tabindex="-1"
            aria-checked=${isMine(emoji)}
            data-emoji=${emoji}
          >
            ${emoji}
          </button>`,
      )}
      <button
        class="face"
        role="menuitem"
        tabindex="-1"
        data-deed="picker"
        aria-label=${more}
        title=${more}
      >
        ${icon(this.#kit, 'react')}
      </button>
    </div>`;
  }

  /** Who gave which. Chips say so by a tooltip, which neither a finger nor a key can reach. */
  #givenViews({ reactions = [] }: SentRow, mayReact: boolean): readonly unknown[] {
    const { html, language, nothing } = this.#kit;
    return reactions.map(
      ({ emoji, count, users, mine }) =>
        html`<button
          class="line deed"
          part="menu-item"
          role="menuitemcheckbox"
          tabindex="-1"
          aria-checked=${mine}
          aria-disabled=${!mayReact}
          data-emoji=${mayReact ? emoji : nothing}
        >
          ${emoji}
          <span class="names"
            >${language.list(
              users.map(({ name }) => name),
              count - users.length,
            )}</span
          >
        </button>`,
    );
  }

  #sureView(): unknown {
    const { html } = this.#kit;
    return html`<div class="sure" role="alertdialog" aria-labelledby="sure">
      <p id="sure">${say(this.#kit, 'removeAsk')}</p>
      <div class="line">
        <button class="button danger" data-deed="sure">${say(this.#kit, 'removeYes')}</button>
        <button class="button" data-deed="back">${say(this.#kit, 'removeNo')}</button>
      </div>
    </div>`;
  }

  /** The button that opened the menu closes it: its click comes after this press. */
  #pressAway(event: Event): void {
    const [target] = event.composedPath();
    const button = target instanceof Element ? target.closest('[data-act]') : null;
    const key = button?.closest<HTMLElement>('.row')?.dataset['key'];
    this.#pressedAway = key === this.#key ? key : undefined;
    this.close();
  }

  readonly #onClick = ({ target }: Event): void => {
    const button = target instanceof Element ? target.closest<HTMLElement>('button') : null;
    const { emoji, deed, link } = button?.dataset ?? {};
    if (emoji !== undefined) this.#react(emoji);
    else if (link !== undefined) this.#follow(Number(link));
    else if (deed === 'picker') void this.#turnTo('picker');
    else if (deed === 'remove') void this.#turnTo('sure');
    else if (deed === 'back') this.#goBack();
    else if (deed !== undefined) this.#do(deed === 'sure' ? 'remove' : (deed as 'reply'));
  };

  readonly #onKeydown = (event: KeyboardEvent): void => {
    const { key } = event;
    const box = this.#box;
    if (!box || event.isComposing) return;
    if (key === 'Escape' || (key === 'Tab' && this.#page !== 'sure')) {
      event.preventDefault();
      this.#goBack();
    } else if (event.repeat && (key === 'Enter' || key === ' ')) {
      // The press that asked the question must not answer it.
      event.preventDefault();
    } else if (this.#page !== 'picker') {
      stepKey(event, [...box.querySelectorAll('button')]);
    }
  };

  #follow(index: number): void {
    const link = this.#links()[index];
    this.#goBack();
    link?.click();
  }

  #do(deed: Exclude<Deed, 'react'>): void {
    const row = this.#rowOf(this.#key);
    if (row && this.#does(deed, row)) this.close();
    else this.#goBack();
  }

  #react(emoji: string): void {
    const { room } = this.#kit;
    const row = this.#rowOf(this.#key);
    const isMine = row?.reactions?.some((one) => one.emoji === emoji && one.mine) ?? false;
    if (row) this.#kit.attempt(() => room?.react(row.seq, emoji, !isMine));
    this.#goBack();
  }

  /** Closes, with the focus where it was. */
  #goBack(): void {
    const key = this.#key;
    this.close();
    if (this.#wasWriting) this.#kit.focusWriter();
    else if (key !== undefined) this.#kit.focusRow(key);
  }
}
