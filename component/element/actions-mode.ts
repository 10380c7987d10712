/**
 * What the next text is: a message, an answer to one, or a new text for one. Kept here and not in
 * the document, since rows come and go while a reader writes.
 */

import type { Row } from '../client/client.ts';
import type { SentRow } from './actions-deeds.ts';
import { icon, say } from './actions-say.ts';
import type { Kit } from './kit.ts';
import { plainLine } from './markup-tokens.ts';

interface Aim {
  readonly kind: 'reply' | 'edit';
  readonly row: SentRow;
}

/** Invariant: the composer has a borrowed text exactly while a message is being edited. */
export class Mode {
  readonly #kit: Kit;
  #aim: Aim | undefined;

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  get isOn(): boolean {
    return this.#aim !== undefined;
  }

  reply(row: SentRow): void {
    this.#begin({ kind: 'reply', row });
    this.#kit.announce(say(this.#kit, 'replyTo', { name: row.user.name }));
  }

  edit(row: SentRow): void {
    this.#begin({ kind: 'edit', row });
    this.#kit.composer.borrow(row.text);
    const hint = say(this.#kit, 'editUndo');
    this.#kit.announce(this.#kit.language.join(say(this.#kit, 'editing'), hint));
  }

  /** Back to plain messages, with the draft from before an edit. */
  cancel(): void {
    const aim = this.#aim;
    this.#aim = undefined;
    if (aim?.kind === 'edit') this.#kit.composer.borrow();
    if (aim) this.#kit.focusWriter();
  }

  /** Another room or user: the composer has forgotten what was borrowed. */
  forget(): void {
    this.#aim = undefined;
  }

  /** As `Actions.submit`. */
  submit(text: string): boolean {
    const { room, composer } = this.#kit;
    const aim = this.#aim;
    if (!aim || this.#isGone(aim)) {
      this.#aim = undefined;
      return false;
    }
    const { seq } = aim.row;
    if (aim.kind === 'reply') this.#kit.send(text, seq);
    else if (text !== this.#now(aim)?.text) room?.edit(seq, text);
    this.#aim = undefined;
    // The composer is emptied once this returns; the draft must come after that.
    if (aim.kind === 'edit') queueMicrotask(() => composer.borrow());
    return true;
  }

  view(): unknown {
    const { html, nothing } = this.#kit;
    const aim = this.#aim;
    if (!aim) return nothing;
    const cancel = this.#kit.language.say('cancel');
    return html`<div class="line banner" part="banner">
      ${icon(this.#kit, aim.kind)}
      <span class="gist">${this.#words(aim)}</span>
      <button
        class="action"
        aria-label=${cancel}
        title="${cancel} (Esc)"
        @click=${() => this.cancel()}
      >
        ${icon(this.#kit, 'cancel')}
      </button>
    </div>`;
  }

  #words(aim: Aim): unknown {
    const { html } = this.#kit;
    if (this.#isGone(aim)) return this.#kit.language.say('lineGone');
    const { user, text } = this.#now(aim) ?? aim.row;
    const title =
      aim.kind === 'edit'
        ? say(this.#kit, 'editing')
        : say(this.#kit, 'replyTo', { name: user.name });
    return html`<b>${title}</b> <span dir="auto">${plainLine(text)}</span>`;
  }

  #begin(aim: Aim): void {
    if (this.#aim?.kind === 'edit') this.#kit.composer.borrow();
    this.#aim = aim;
    this.#kit.changed();
    this.#kit.focusWriter();
  }

  #now({ row }: Aim): Row | undefined {
    return this.#kit.snapshot.rows.findLast(({ key }) => key === row.key);
  }

  /** Deleted while the reader wrote: what they wrote is then a message of its own. */
  #isGone(aim: Aim): boolean {
    return this.#now(aim)?.deleted === true;
  }
}
