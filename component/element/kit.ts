/**
 * What the element's files know of each other, as types: the core (this package's one file), the
 * actions (mini-chat-actions.js), which the core loads the first time a reader acts on a message,
 * and the extras (mini-chat-extras.js), which it loads when a page asks for one of them. Names
 * written here are kept by the build; all others are each file's own.
 */

import type { html, nothing, TemplateResult } from 'lit/html.js';
import type { Room, RoomSnapshot, Row } from '../client/client.ts';
import type { Cid, Seq } from '../protocol/ops.ts';
import type { Language } from './language.ts';

/** What the actions file exports. Called once per element. */
export interface ActionsFile {
  /**
   * `acts` are what made the core load the file and what came after that, from inside the root, the
   * oldest first: a pointer over a row or out of it, focus in one, a key or an input in the
   * composer; and the same about who is here. They were not handled by anybody.
   */
  begin(kit: Kit, acts: readonly Event[]): Actions;
}

/** What the core gives. Getters: always as of now. */
export interface Kit {
  /** Lit's, so that nothing is shipped twice. */
  readonly html: typeof html;
  readonly nothing: typeof nothing;
  /** The element: fires events. */
  readonly host: HTMLElement;
  /**
   * Lives as long as the element. For listeners, which hear before the core's when they capture;
   * a row is `closest('.row')`, and its `data-key` is the key of a `Row`.
   */
  readonly root: ShadowRoot;
  readonly room: Room | undefined;
  /** As of the last render. */
  readonly snapshot: RoomSnapshot;
  readonly language: Language;
  readonly composer: KitComposer;

  /** Draws again, with all views below, in the next frame. */
  changed(): void;
  /** Sends a message as the composer does: it shows at once, and the log goes to its end. */
  send(text: string, replyTo?: Seq): Cid;
  /** Runs it. An expected error is told to the reader and the page; then the answer is false. */
  attempt(act: () => unknown): boolean;
  /** Says a sentence to screen readers, at once. */
  announce(sentence: string): void;
  /** The log stands still, and what comes stays below; or it goes to its end, and follows it. */
  hold(on: boolean): void;
  /** Puts the reader where they write, after the next render. */
  focusWriter(): void;
  /** Puts the reader on a row, after the next render. */
  focusRow(key: string): void;
  /** Loads, shows and focuses the line of this seq; or says that it is gone. */
  showLine(seq: Seq): Promise<void>;
}

/** What the reader is writing. */
export interface KitComposer {
  /** Setting it draws, and keeps the text as the draft of this room. */
  text: string;
  /** Undefined while there is none: read-only rooms, a name to be chosen. */
  readonly input: HTMLTextAreaElement | undefined;
  /**
   * Puts the draft aside and another text in its place, which is not kept across reloads. Without a
   * text: the draft is back.
   */
  borrow(text?: string): void;
}

/** What the actions do for the core. Views are called in each render and must be quick. */
export interface Actions {
  /** In the box that shows at the upper end corner of a row on hover and focus: its buttons. */
  rowView(row: Row): unknown;
  /** In the header, under how many are here: who. */
  peopleView(): unknown;
  /** Between the status line and the composer: what is answered, or edited. */
  bannerView(): unknown;
  /** Last in the chat, over everything: menus, pickers, completion. Popovers in the top layer. */
  overView(): unknown;
  /**
   * The reader sends this text. True: it was taken (an edit, a reply), and the composer is emptied;
   * what it throws is told below the composer. False: it is a plain message.
   */
  submit(text: string): boolean;
  /** The room or the user is another one now: modes end. */
  reset(): void;
}

/** What the extras file exports. Called once per element. */
export interface ExtrasFile {
  begin(kit: ExtrasKit): Extras;
}

/** The kit, with what the page set. */
export interface ExtrasKit extends Kit {
  readonly host: ExtrasHost;
}

/** What an element has to ask for these. */
export interface ExtrasHost extends HTMLElement {
  readonly theme: string;
  readonly sound: boolean;
  readonly renderMessage: RenderMessage | undefined;
}

/** What the extras do for the core. */
export interface Extras {
  /** After each render: the host may ask for something else now. */
  update(): void;
  /** What a message says, as the page draws it. Undefined: as the element does. */
  bodyView(row: Row): unknown;
  /** The element has left; `update` takes everything up again. */
  close(): void;
}

/**
 * Draws what a message says, in the page's own way: a node, a text, which is never read as HTML, or
 * a template of Lit. Undefined: as the element does. Called once for each state of a message; who
 * wants all of them drawn again sets another function.
 */
export type RenderMessage = (
  message: Row,
  context: MessageContext,
) => Node | string | TemplateResult | undefined;

/** What goes with a message. */
export interface MessageContext {
  /** Lit's, for pages that have none. */
  readonly html: typeof html;
  readonly room: string;
  /** Whether this reader wrote it. */
  readonly isOwn: boolean;
}
