/** Who is here: the list under their number in the header, for as long as that is open. */

import { onPressOutside } from './actions-popover.ts';
import type { Kit } from './kit.ts';

/** One element's. The platform opens it, by pointer and by keys; what closes it besides is here. */
export class People {
  readonly #kit: Kit;
  #unlisten: (() => void) | undefined;

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  /** In each render: a list that stays would lie over the messages. */
  look(): void {
    const details = this.#opened;
    if ((details === null) !== (this.#unlisten !== undefined)) return;
    this.#unlisten?.();
    this.#unlisten = details ? onPressOutside(details, () => (details.open = false)) : undefined;
  }

  /** The focus went from somewhere inside to somewhere else. */
  leave({ target, relatedTarget }: FocusEvent): void {
    const details = this.#opened;
    const [isFrom, isTo] = [target, relatedTarget].map((at) =>
      details?.contains(at as Node | null),
    );
    if (details && isFrom && !isTo) details.open = false;
  }

  /** True when the key was for the list. */
  takeKey({ key, isComposing }: KeyboardEvent): boolean {
    const details = this.#opened;
    if (!details || key !== 'Escape' || isComposing) return false;
    details.querySelector('summary')?.focus();
    details.open = false;
    return true;
  }

  view(): unknown {
    const { html, language, nothing, snapshot } = this.#kit;
    const { count = 0, users = [] } = snapshot.people ?? {};
    if (!this.#opened) return nothing;
    const sorted = users.toSorted((a, b) => a.name.localeCompare(b.name));
    return html`<ul
      class="over who"
      part="menu"
      tabindex="0"
      aria-label=${language.say('online', { count })}
    >
      ${sorted.map(({ id, name, role }) => {
        const tag = id === snapshot.user?.id ? 'you' : role;
        // Who has no name yet reads along.
        return name === ''
          ? nothing
          : html`<li class="line" part="menu-item">
              <bdi>${name}</bdi><span class="line tag" data-role=${tag}>${language.say(tag)}</span>
            </li>`;
      })}
    </ul>`;
  }

  get #opened(): HTMLDetailsElement | null {
    return this.#kit.root.querySelector<HTMLDetailsElement>('details.people[open]');
  }
}
