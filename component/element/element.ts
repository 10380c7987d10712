/**
 * The class behind `<mini-chat>`: what a page can set, call and hear, and the life of the element
 * in its page. Speaks to rooms through the client; knows nothing about sockets or the wire.
 * Importing this file defines no element and touches no window, so that servers may import it.
 */

import { html, type TemplateResult } from 'lit/html.js';
import type { ChatClient } from '../client/client.ts';
import type { Cid } from '../protocol/ops.ts';
import { Chat } from './chat.ts';
import { fire } from './events.ts';
import type { RenderMessage } from './kit.ts';
import { type Overrides, startOfDay } from './language.ts';
import { drawKeyed } from './keyed.ts';
import { takeLinksOffTab } from './log-keys.ts';
import { beginLink, linkedSeq } from './message-link.ts';
import { nearestLanguage } from './nearest-language.ts';
import { nextFrame, ReactiveElement } from './reactive.ts';
import { defaultServer } from './server-url.ts';
import { styles } from './styles.ts';
import { chatView } from './views-chat.ts';
import { itemView } from './views-log.ts';
import { followView } from './visual-view.ts';

const KEYS = ['keydown', 'keypress', 'keyup'] as const;

/** What may bring the second file. */
const WAKES = ['pointerover', 'pointerout', 'focusin', 'keydown', 'input'] as const;

/** What `:state(…)` can match. */
const STATES = ['connecting', 'live', 'offline', 'refused', 'unread', 'empty', 'open'] as const;

/** Rooms whose launcher was open when it went: frameworks make a new one rather than move one. */
const opened = new Set<string>();

/** How the chat is in its page; anything else is like none. */
export type Mode = '' | 'inline' | 'launcher' | 'page';

/**
 * A chat room as an element.
 *
 * @tagname mini-chat
 *
 * @attr {string} room - The room to show: 1–64 of a–z, 0–9, "_" and "-".
 * @attr {string} server - Where the chat server is. Without it: where this script came from.
 *   "demo:": there is none, tabs of this browser talk.
 * @attr {string} name - What a guest is called who has not chosen a name.
 * @attr {string} token - The site's own sign-in for this user, a JWT. Without one: a guest.
 * @attr {string} heading - The title above the log. Without it: the room.
 * @attr {string} placeholder - The hint in the empty composer.
 * @attr {boolean} readonly - Shows the room without a composer.
 * @attr {boolean} badge - Puts the number of unread messages before the title of the page.
 * @attr {'inline' | 'launcher' | 'page'} mode - Where the chat is: in the text (without it), behind
 *   a button in a corner of the window, or over the whole window. May change at any time.
 * @attr {'auto'} theme - With "auto": font, accent and scheme of the page, live, readable.
 * @attr {boolean} sound - A short tone for messages of others while nobody looks at the page.
 * @attr {'lazy'} loading - With "lazy", an inline chat connects when it is scrolled into sight.
 * @attr {string} lang - The language of words and dates. Without it: the page's, or the browser's.
 *
 * @fires {CustomEvent<ReadyDetail>} mini-chat-ready - Caught up for the first time.
 * @fires {CustomEvent<MessageDetail>} mini-chat-message - A new message, from anyone.
 * @fires {CustomEvent<BeforeSendDetail>} mini-chat-before-send - The reader pressed Send.
 *   Cancelable; `detail.text` may be changed.
 * @fires {CustomEvent<SendDetail>} mini-chat-send - A message was taken and will be sent.
 * @fires {CustomEvent<StatusDetail>} mini-chat-status - `live` means caught up.
 * @fires {CustomEvent<null>} mini-chat-open - The panel of a launcher opened.
 * @fires {CustomEvent<null>} mini-chat-close - The panel of a launcher closed.
 * @fires {CustomEvent<UnreadDetail>} mini-chat-unread - How many are unseen changed.
 * @fires {CustomEvent<PermalinkDetail>} mini-chat-permalink - A link to a message is copied.
 *   Cancelable; `detail.url` may be changed.
 * @fires {CustomEvent<ErrorDetail>} mini-chat-error - Something did not work; see `code`.
 *
 * @slot header - In place of the heading.
 * @slot empty - In place of the words in a room without messages.
 * @slot composer-actions - Buttons of the page, between the text being written and Send.
 * @slot footer - Below the composer.
 *
 * @csspart chat - The whole chat.
 * @csspart header - The bar with the heading.
 * @csspart heading - The heading itself.
 * @csspart identity - The reader's own name in the header.
 * @csspart launcher - The button that opens the chat, in the mode of that name.
 * @csspart count - How much is unread, on that button.
 * @csspart close - The button that closes it again.
 * @csspart log - The scrolling list of messages.
 * @csspart history - The line above the oldest message: that it loads, or that it is the first.
 * @csspart empty - What is in place of messages where there are none.
 * @csspart day - A line between days.
 * @csspart message - One message.
 * @csspart own-message - One message of the reader.
 * @csspart avatar - The face beside a message.
 * @csspart name - An author's name.
 * @csspart role - The mark that tells guests, members and moderators apart.
 * @csspart time - The time of a message.
 * @csspart text - What a message says.
 * @csspart mention - One message that names the reader.
 * @csspart quote - What a message answers, above its text.
 * @csspart marks - The line under a message: its reactions, and that it was edited or pinned.
 * @csspart reaction - One emoji with how many gave it.
 * @csspart room-notice - What the room itself says, between messages.
 * @csspart unread - The line above the first message that was not read.
 * @csspart typing - Who writes just now.
 * @csspart people - How many are in the room, above who.
 * @csspart actions - The buttons at the corner of a message.
 * @csspart waiting - The sign that a message is on its way.
 * @csspart failure - The line under a message that was not sent.
 * @csspart jump - The button back to the newest message.
 * @csspart jump-unread - The button to the first unread message.
 * @csspart status - The line about the connection.
 * @csspart notice - The words in place of the composer.
 * @csspart menu - What can be done with a message, the emoji picker, completion, who is here.
 * @csspart menu-item - One line of it.
 * @csspart banner - What is answered or edited, above the composer.
 * @csspart composer - Where the reader writes.
 * @csspart name-form - Where a guest chooses a name.
 * @csspart field - The frame around the text or name being written.
 * @csspart input - The text or name being written.
 * @csspart send - The button that sends.
 * @csspart note - What is below it: what is left of the limit, or what went wrong.
 * @csspart button - A button in words: to try again, to discard.
 *
 * @cssState connecting - On the way, until caught up.
 * @cssState live - Connected, with nothing missing.
 * @cssState offline - No connection; it tries again by itself.
 * @cssState refused - Not let in, with words that say why.
 * @cssState unread - There are messages that were not seen here.
 * @cssState empty - There is no message to show.
 * @cssState open - The panel of a launcher is open.
 */
export class MiniChat extends ReactiveElement {
  static override styles = styles;

  static override properties = {
    server: {},
    room: {},
    name: {},
    token: {},
    heading: {},
    placeholder: {},
    readonly: { type: Boolean },
    badge: { type: Boolean },
    mode: {},
    theme: {},
    sound: { type: Boolean },
    loading: {},
    getToken: { attribute: false },
    messages: { attribute: false },
    client: { attribute: false },
    renderMessage: { attribute: false },
  };

  declare server: string;
  declare room: string;
  declare name: string;
  declare token: string;
  declare heading: string;
  declare placeholder: string;
  declare readonly: boolean;
  declare badge: boolean;
  declare mode: Mode;
  declare theme: '' | 'auto';
  declare sound: boolean;
  declare loading: '' | 'lazy' | 'eager';
  /** Asked for a token when one is needed, and again before it ends. */
  declare getToken: (() => Promise<string>) | undefined;
  /** Words of the page in place of the element's own, by key; see `strings-en.ts`. */
  declare messages: Overrides | undefined;
  /** The page's own client, to share one connection with other code. `server` is then unused. */
  declare client: ChatClient | undefined;
  /** The page's own drawing of what a message says; undefined from it is the element's. */
  declare renderMessage: RenderMessage | undefined;

  readonly #chat = new Chat(this);
  /** What stands before the page's title. */
  #badge = '';
  readonly #states: CustomStateSet | undefined;
  #isOpen = false;
  /** Somebody wanted to see the room: from then on there is a connection. */
  #isWanted = false;
  #sight: IntersectionObserver | undefined;
  /** From the first moment in the document to its end; moves are no end. */
  #stay: AbortController | undefined;

  constructor() {
    super();
    // Neither is there on a server.
    this.#states = this.attachInternals?.().states;
    for (const type of KEYS) this.addEventListener?.(type, keepKeyInside);
    this.addEventListener?.('keydown', this.#onKey);
  }

  // Not a property of ours: the platform's own `lang` writes its attribute at once.
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const type of WAKES) this.renderRoot.addEventListener(type, this.#onWake);
    if (!this.#stay) this.#listen((this.#stay = new AbortController()));
    this.#chat.reader.restore();
    this.requestUpdate();
  }

  disconnectedCallback(): void {
    // A move in the document is a removal and an insertion in one task: nothing ends then.
    queueMicrotask(() => {
      if (!this.isConnected) this.#leave();
    });
  }

  /** Whether the panel of a launcher is open. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Opens the panel of a launcher. The focus stays where it is. */
  open(): void {
    this.#toggle(true);
  }

  /** Closes the panel of a launcher. The connection stays, to count what is unread. */
  close(): void {
    this.#toggle(false);
  }

  /** Focuses where the reader writes, or a closed launcher. The element never does so by itself. */
  override focus(options?: FocusOptions): void {
    const root = this.renderRoot;
    for (const place of ['.launcher', '.input:enabled', '.close', '.row[tabindex="0"]']) {
      const target = root?.querySelector<HTMLElement>(place);
      if (target) return target.focus(options);
    }
  }

  /**
   * Sends a message as if the reader had written it, but without `mini-chat-before-send`. Returns
   * its cid. Throws `ChatError` when there is no room or the text cannot be taken.
   */
  send(text: string): Cid {
    return this.#chat.send(text);
  }

  /** Shows the newest message, and follows the log from there. */
  scrollToLatest(): void {
    this.#chat.reader.jump();
  }

  /** At most one render per frame, however fast messages come; at once in it for the first ones. */
  protected override scheduled(): Promise<void> {
    return nextFrame(this.#chat.reader.items.length > 0);
  }

  protected override willUpdate(): void {
    // Style sheets go by the attribute, also when the page set the property.
    if (this.mode !== (this.getAttribute('mode') ?? '')) this.setAttribute('mode', this.mode);
    this.#isOpen ||= !this.hasUpdated && opened.has(this.room);
    if (!this.hasUpdated) this.#onAddress();
    this.#isWanted ||= this.#isInSight();
    this.#chat.open(this.#settings(), this.#isWanted);
    const isVisible = document.visibilityState === 'visible';
    const isInside = this.shadowRoot?.activeElement?.closest('.row') != null;
    this.#chat.take(Date.now(), { isVisible, isInside });
  }

  protected override render(): TemplateResult {
    return chatView(this.#chat, this);
  }

  protected override updated(): void {
    const root = this.renderRoot;
    const chat = this.#chat;
    const { announcer, composer, reader } = chat;
    const list = root.querySelector('.list');
    const said = root.querySelector('.said');
    const { items, tabStop } = reader;
    const { user, can } = chat.snapshot;
    const { language } = chat;
    // What the page draws may change whenever it likes.
    const stamp = this.renderMessage ? {} : chat.stamp;
    const today = startOfDay(Date.now());
    const boxes = items.map((item) => {
      const isTabStop = item.key === tabStop;
      // All that a row is drawn from.
      return { ...item, isTabStop, user, can, language, today, stamp };
    });
    if (list) drawKeyed(list, boxes, (box) => itemView(chat, box, box.isTabStop));
    if (said) drawKeyed(said, announcer.sentences, ({ text }) => html`<p>${text}</p>`);
    composer.settle();
    takeLinksOffTab(root);
    const scroller = root.querySelector<HTMLElement>('.log');
    if (!scroller) return;
    reader.settle(scroller);
    this.#showStates();
    chat.settle();
    void chat.extend(this.theme || this.sound || this.renderMessage);
  }

  #listen({ signal }: AbortController): void {
    document.addEventListener('visibilitychange', this.#onPageChange, { signal });
    window.addEventListener('pagehide', this.#onPageChange, { signal });
    window.addEventListener('hashchange', this.#onAddress, { signal });
    window.addEventListener('mini-chat-languages', this.#onPageChange, { signal });
    followView(this.renderRoot, signal);
  }

  #isInSight(): boolean {
    if (this.mode === 'launcher') return this.#isOpen;
    if (this.mode === 'page' || this.loading !== 'lazy') return true;
    this.#sight ??= new IntersectionObserver((all, sight) => {
      if (!all.at(-1)?.isIntersecting) return;
      sight.disconnect();
      this.#isWanted = true;
      this.requestUpdate();
    });
    this.#sight.observe(this);
    return false;
  }

  #toggle(isOpen: boolean): void {
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    // What has the focus goes out of sight: the page would start over from its top.
    if (this.renderRoot?.activeElement) this.#chat.focusWriter();
    this.requestUpdate();
    fire(this, isOpen ? 'mini-chat-open' : 'mini-chat-close', null);
  }

  #settings(): Parameters<Chat['open']>[0] {
    const { room, name, token, getToken, messages, client } = this;
    const server = this.server || defaultServer(import.meta.url, location.href);
    return { server, room, name, token, getToken, messages, client, lang: nearestLanguage(this) };
  }

  #showStates(): void {
    const { snapshot, unread } = this.#chat;
    const { status, rows } = snapshot;
    this.#setBadge(this.badge && unread > 0 ? `(${unread}) ` : '');
    const open = this.#isOpen && this.mode === 'launcher';
    const on = { [status]: true, unread: unread > 0, empty: rows.length === 0, open };
    try {
      for (const state of STATES) this.#states?.[on[state] ? 'add' : 'delete'](state);
    } catch {
      // Browsers of 2023 only took names with "--": such a page has no states to style by.
    }
  }

  /** The page may have changed its title meanwhile: only what is ours is taken away. */
  #setBadge(badge: string): void {
    const { title } = document;
    const isThere = this.#badge !== '' && title.startsWith(this.#badge);
    const own = isThere ? title.slice(this.#badge.length) : title;
    this.#badge = badge;
    if (badge + own !== title) document.title = badge + own;
  }

  #leave(): void {
    this.#setBadge('');
    opened[this.#isOpen ? 'add' : 'delete'](this.room);
    this.#stay?.abort();
    this.#stay = undefined;
    this.#chat.close();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    // Menus and modes inside have taken theirs already.
    const isEscape = event.key === 'Escape' && !event.defaultPrevented && !event.isComposing;
    if (isEscape && this.mode === 'launcher') this.close();
  };

  readonly #onWake = (event: Event): void => {
    void this.#chat.wake(event);
  };

  /** Who follows a link to a message wants to see it. Chats go there when they draw next. */
  readonly #onAddress = (change?: Event): void => {
    if (change) beginLink();
    if (linkedSeq(this.room) === 0) return;
    this.#isWanted = true;
    if (this.mode === 'launcher') this.open();
    this.requestUpdate();
  };

  readonly #onPageChange = (): void => {
    this.#chat.composer.flush();
    this.requestUpdate();
  };
}

/**
 * Letters typed into the chat are not shortcuts of the page. Stopped in the bubble phase at the
 * element itself, so that capturing listeners and the element's own still see them. With Ctrl or
 * Command they are meant for the page or the browser; AltGr is Ctrl and Alt, but types letters.
 */
function keepKeyInside(event: KeyboardEvent): void {
  const { ctrlKey, metaKey, target, currentTarget } = event;
  const isTyping = !(ctrlKey || metaKey) || event.getModifierState('AltGraph');
  // From inside, the target is the element itself; slotted content is the page's own.
  if (isTyping && target === currentTarget) event.stopPropagation();
}
