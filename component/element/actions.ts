/**
 * The second file: what a reader does with messages. The element loads it the first time somebody
 * acts on one (docs/decisions/0011-second-file.md), and gives it all it needs in the kit.
 */

import { Completer } from './actions-completer.ts';
import { type Deed, isOpenTo, lastOwn, type SentRow } from './actions-deeds.ts';
import { Hold } from './actions-hold.ts';
import { Menu } from './actions-menu.ts';
import { Mode } from './actions-mode.ts';
import { People } from './actions-people.ts';
import { Presses } from './actions-presses.ts';
import { icon, say } from './actions-say.ts';
import { copyLink, copyText } from './actions-copy.ts';
import type { Actions, Kit } from './kit.ts';
import type { Row } from '../client/client.ts';
import { actionStyles } from './styles-actions.ts';

/** As `ActionsFile.begin`. */
export function begin(kit: Kit, acts: readonly Event[]): Actions {
  const acting = new Acting(kit);
  acting.start(acts);
  return acting;
}

/** One element's actions, for as long as the element lives. */
class Acting implements Actions {
  readonly #kit: Kit;
  readonly #mode: Mode;
  readonly #menu: Menu;
  readonly #completer: Completer;
  readonly #hold: Hold;
  readonly #people: People;

  constructor(kit: Kit) {
    this.#kit = kit;
    this.#mode = new Mode(kit);
    this.#menu = new Menu(kit, (deed, row) => this.#do(deed, row));
    this.#completer = new Completer(kit);
    this.#hold = new Hold(kit);
    this.#people = new People(kit);
  }

  /** Listens, and does what the acts asked for before there was anybody to hear it. */
  start(acts: readonly Event[]): void {
    const { root } = this.#kit;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet()];
    // Capturing: these keys mean something else to the composer and to the log.
    root.addEventListener('keydown', (key) => this.#onKey(key as KeyboardEvent), true);
    root.addEventListener('input', () => this.#look(true));
    root.addEventListener('keyup', (key) => this.#onKeyup(key as KeyboardEvent));
    root.addEventListener('click', (click) => this.#onClick(click));
    root.addEventListener('focusout', (event) => this.#onFocusout(event as FocusEvent));
    this.#hold.listen();
    const presses = new Presses(root, (row) => this.#open(row));
    presses.listen();
    // A key or a letter says more than where pointers and the focus were.
    const typed = acts.findLast((act) => act instanceof KeyboardEvent || act.type === 'input');
    if (typed instanceof KeyboardEvent) this.#onKey(typed, true);
    else if (typed) this.#look(true);
    else presses.resume(acts.filter((act) => act instanceof PointerEvent));
    this.#kit.changed();
  }

  rowView(row: Row): unknown {
    const { html, nothing, snapshot } = this.#kit;
    if (!isOpenTo(row)) return nothing;
    const { can } = snapshot;
    return [
      can.includes('react') ? this.#actView('react') : nothing,
      can.includes('message') ? this.#actView('reply') : nothing,
      html`<button
        class="action"
        tabindex="-1"
        aria-haspopup="menu"
        data-act="more"
        aria-label=${say(this.#kit, 'actions')}
        title=${say(this.#kit, 'actions')}
      >
        ${icon(this.#kit, 'more')}
      </button>`,
    ];
  }

  bannerView(): unknown {
    return this.#mode.view();
  }

  peopleView(): unknown {
    return this.#people.view();
  }

  overView(): unknown {
    this.#hold.look();
    this.#people.look();
    return [this.#menu.view(), this.#completer.view()];
  }

  submit(text: string): boolean {
    return this.#mode.submit(text);
  }

  reset(): void {
    this.#mode.forget();
    this.#menu.close();
    this.#completer.close();
  }

  #actView(act: 'react' | 'reply'): unknown {
    const label = say(this.#kit, act);
    const { html } = this.#kit;
    return html`<button
      class="action"
      tabindex="-1"
      data-act=${act}
      aria-label=${label}
      title=${label}
    >
      ${icon(this.#kit, act)}
    </button>`;
  }

  #do(deed: Exclude<Deed, 'react'>, row: SentRow): boolean {
    const kit = this.#kit;
    const { room } = kit;
    switch (deed) {
      case 'reply':
        this.#mode.reply(row);
        return true;
      case 'toQuote':
        void kit.showLine(row.replyTo ?? 0);
        return true;
      case 'edit':
        this.#mode.edit(row);
        return true;
      case 'copyText':
        copyText(kit, row);
        return false;
      case 'copyLink':
        copyLink(kit, row);
        return false;
      case 'pin':
      case 'unpin':
        kit.attempt(() => room?.pin(row.seq, deed === 'pin'));
        return false;
      case 'remove':
        kit.attempt(() => room?.remove(row.seq));
        return false;
    }
  }

  #open(row: Element | null, page: 'menu' | 'picker' = 'menu'): void {
    const key = keyOf(row);
    if (key !== undefined) void this.#menu.open(key, page);
  }

  #onClick({ target }: Event): void {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-act]') : null;
    const row = button?.closest<HTMLElement>('.row') ?? null;
    switch (button?.dataset['act']) {
      case 'more':
        return this.#open(row);
      case 'react':
        return this.#open(row, 'picker');
      case 'reply': {
        const { rows } = this.#kit.snapshot;
        const found = rows.findLast(({ key }) => key === row?.dataset['key']);
        if (isOpenTo(found)) this.#mode.reply(found);
        break;
      }
      default:
    }
  }

  /** The target of an event of the past is forgotten: the focus says where it was. */
  #onKey(event: KeyboardEvent, isPast = false): void {
    const at = this.#kit.root.activeElement;
    const { input } = this.#kit.composer;
    const isTaken =
      at !== null && at === input
        ? this.#takesInText(event, input)
        : this.#takesInLog(event, isPast ? rowOf(at) : at);
    if (!isTaken && !this.#people.takeKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #takesInLog({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent, at: Element | null) {
    if (key !== 'Enter' || ctrlKey || metaKey || altKey || shiftKey) return false;
    if (!at?.matches('.row') || !this.#menu.isFor(keyOf(at))) return false;
    this.#open(at);
    return true;
  }

  #takesInText(event: KeyboardEvent, input: HTMLTextAreaElement): boolean {
    if (event.isComposing || event.keyCode === KEY_OF_INPUT_METHOD) return false;
    if (this.#completer.takeKey(event, input)) return true;
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (ctrlKey || metaKey || altKey || shiftKey) return false;
    if (key === 'Escape' && this.#mode.isOn) {
      this.#mode.cancel();
      return true;
    }
    const own = lastOwn(this.#kit.snapshot);
    if (key !== 'ArrowUp' || input.value !== '' || this.#mode.isOn || !own) return false;
    this.#mode.edit(own);
    return true;
  }

  #onKeyup({ key }: KeyboardEvent): void {
    if (/^(Arrow(Left|Right)|Home|End)$/.test(key)) this.#look(false);
  }

  #look(isTyped: boolean): void {
    const { root, composer } = this.#kit;
    const { input } = composer;
    if (input && root.activeElement === input) this.#completer.look(input, isTyped);
  }

  #onFocusout(event: FocusEvent): void {
    this.#people.leave(event);
    if (this.#kit.root.activeElement !== this.#kit.composer.input) this.#completer.close();
  }
}

/** Where the focus may have gone since: Enter without the menu leads into a row. */
function rowOf(at: Element | null): Element | null {
  return at?.closest('.row') ?? null;
}

function keyOf(row: Element | null): string | undefined {
  return row instanceof HTMLElement ? row.dataset['key'] : undefined;
}

/** `keyCode` of a key that an input method has taken. */
const KEY_OF_INPUT_METHOD = 229;

/** One for all elements of the page. */
let shared: CSSStyleSheet | undefined;

function sheet(): CSSStyleSheet {
  if (shared) return shared;
  shared = new CSSStyleSheet();
  shared.replaceSync(actionStyles);
  return shared;
}
