/**
 * The second file on a stage of its own: a kit, a few rows and a composer play the element, and say
 * what the actions asked for. The real element with it is in test/e2e/actions.test.ts.
 */

import { html, nothing, render } from 'lit/html.js';

import type { Room, RoomSnapshot, Row } from '../../component/client/client.ts';
import { begin } from '../../component/element/actions.ts';
import type { Actions, Kit } from '../../component/element/kit.ts';
import { languageOf } from '../../component/element/language.ts';
import { styles } from '../../component/element/styles.ts';
import type { Cid, Operation, Seq } from '../../component/protocol/ops.ts';
import { userOf } from './fake-room.ts';

/** Everything that a member with all rights may do. */
export const EVERYTHING: readonly Operation[] = [
  'join',
  'history',
  'message',
  'edit',
  'delete',
  'react',
];

export const ada = userOf('Ada');
export const grace = userOf('Grace');

/** A message at a seq. */
export function rowAt(seq: Seq, facts: Partial<Row> = {}): Row {
  const cid = `cid-of-message-${seq}` as Cid;
  const user = facts.user ?? grace;
  const key = `${user.id} ${cid}`;
  const text = `Text ${seq}`;
  return { key, kind: 'message', state: 'sent', cid, seq, user, at: 0, text, ...facts };
}

/** What a test may look at and change. */
export class Stage {
  readonly host = document.createElement('div');
  readonly root = this.host.attachShadow({ mode: 'open' });
  /** What was asked of the room, the composer and the screen reader, in order. */
  readonly asked: string[] = [];
  snapshot: RoomSnapshot;
  lang = 'en';
  text = '';
  #draft: string | undefined;
  #actions: Actions | undefined;
  #update: Promise<void> | undefined;

  constructor(rows: readonly Row[], can: readonly Operation[] = EVERYTHING) {
    this.snapshot = {
      status: 'live',
      user: ada,
      can,
      limits: { textMax: 4000, frameBytesMax: 32_768, roomsMax: 50 },
      rows,
      hasOlder: false,
      isLoadingOlder: false,
      head: rows.length,
      resets: 0,
      typing: [],
      typingMore: 0,
      read: 0,
      unread: 0,
    };
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles.join(''));
    this.root.adoptedStyleSheets = [sheet];
    Object.defineProperty(this.host, 'updateComplete', { get: () => this.#update });
    this.host.style.cssText = 'display: grid; inline-size: 560px; block-size: 420px';
    document.body.append(this.host);
  }

  /** Draws, and lets the actions begin with events of the past. */
  async open(...acts: readonly Event[]): Promise<void> {
    await this.draw();
    this.#actions = begin(this.kit(), acts);
    await this.draw();
  }

  kit(): Kit {
    // Functions of the stage, since the kit's getters have a `this` of their own.
    const input = (): HTMLTextAreaElement | undefined =>
      this.root.querySelector('textarea') ?? undefined;
    const getters = {
      host: () => this.host,
      root: () => this.root,
      room: () => this.#room(),
      snapshot: () => this.snapshot,
      language: () => languageOf(this.lang),
    };
    const kit = {
      html,
      nothing,
      composer: Object.defineProperties({ borrow: (text?: string) => this.#borrow(text) }, {
        input: { get: input },
        text: { get: () => this.text, set: (text: string) => this.write(text) },
      } as PropertyDescriptorMap),
      changed: () => void this.draw(),
      send: (text: string, replyTo?: Seq) => this.#ask(`send ${text} to ${replyTo ?? 'all'}`),
      attempt: (act: () => unknown) => this.#attempt(act),
      hold: (on: boolean) => void this.#ask(`hold ${on}`),
      announce: (sentence: string) => this.#ask(`say ${sentence}`),
      focusWriter: () => void this.draw().then(() => input()?.focus()),
      focusRow: (key: string) => void this.draw().then(() => this.row(key).focus()),
      showLine: async (seq: Seq) => this.#ask(`show ${seq}`) !== '',
    };
    for (const [name, get] of Object.entries(getters)) Object.defineProperty(kit, name, { get });
    return kit as unknown as Kit;
  }

  /** One draw for all that changes in a turn, like the element's. */
  draw(): Promise<void> {
    this.#update ??= Promise.resolve().then(() => {
      this.#update = undefined;
      render(this.#view(), this.root);
      const input = this.root.querySelector('textarea');
      if (input && input.value !== this.text) input.value = this.text;
    });
    return this.#update;
  }

  async set(change: Partial<RoomSnapshot>): Promise<void> {
    this.snapshot = { ...this.snapshot, ...change };
    await this.draw();
  }

  write(text: string): void {
    this.text = text;
    void this.draw();
  }

  /** What the composer does with Enter. */
  async submit(): Promise<void> {
    const isTaken = this.#actions?.submit(this.text) ?? false;
    if (!isTaken) this.#ask(`plain ${this.text}`);
    this.write('');
    await settled();
  }

  reset(): void {
    this.#actions?.reset();
  }

  row(key: string): HTMLElement {
    return this.find(`[data-key="${CSS.escape(key)}"]`);
  }

  find<T extends HTMLElement = HTMLElement>(selector: string): T {
    const found = this.root.querySelector<T>(selector);
    if (!found) throw new Error(`nothing matches ${selector}`);
    return found;
  }

  all(selector: string): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(selector)];
  }

  #room(): Room {
    const ask =
      (name: string) =>
      (...facts: readonly unknown[]): Cid =>
        this.#ask([name, ...facts].join(' '));
    const room = { id: 'lobby', edit: ask('edit'), remove: ask('remove') };
    return { ...room, react: ask('react'), pin: ask('pin') } as unknown as Room;
  }

  #ask(what: string): Cid {
    this.asked.push(what);
    return 'cid-of-a-draft' as Cid;
  }

  #attempt(act: () => unknown): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.#ask(`fault ${String(error)}`);
      return false;
    }
  }

  #borrow(text?: string): void {
    if (text !== undefined) this.#draft ??= this.text;
    this.write(text ?? this.#draft ?? this.text);
    if (text === undefined) this.#draft = undefined;
  }

  readonly #typed = ({ target }: Event): void => {
    this.text = (target as HTMLTextAreaElement).value;
  };

  #view(): unknown {
    const actions = this.#actions;
    return html`<section class="chat">
      <div class="log" role="log" aria-label="Messages">
        ${this.snapshot.rows.map(
          (row) =>
            html`<div class="row" role="article" tabindex="-1" data-key=${row.key}>
              <div class="text">${row.text}</div>
              <div class="line actions">${actions?.rowView(row)}</div>
            </div>`,
        )}
      </div>
      ${actions?.bannerView()}
      <form class="composer">
        <div class="field">
          <textarea class="input" aria-label="Message" rows="1" @input=${this.#typed}></textarea>
        </div>
      </form>
      ${actions?.overView()}
    </section>`;
  }
}

/** Enough turns and frames for a menu to open and to take the focus. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
}

/** Takes every stage away. */
export function clearStages(): void {
  document.body.replaceChildren();
}
