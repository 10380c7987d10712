/**
 * What a page has to ask for: `theme`, `sound`, `renderMessage`. The element loads this file when
 * the first of them is set (docs/decisions/0014-files-by-feature.md).
 */

import type { Row } from '../client/client.ts';
import { fire } from './events.ts';
import { Sound } from './extras-sound.ts';
import { Theme } from './extras-theme.ts';
import type { Extras, ExtrasKit, RenderMessage } from './kit.ts';

/** As `ExtrasFile.begin`. */
export function begin(kit: ExtrasKit): Extras {
  return new Extended(kit);
}

/** One element's, for as long as the element lives. */
class Extended implements Extras {
  readonly #kit: ExtrasKit;
  readonly #theme: Theme;
  readonly #sound: Sound;
  /** The page's own drawings, each made once: rows are drawn again whenever anything changes. */
  #drawn = new WeakMap<Row, { readonly body: unknown; readonly isOwn: boolean }>();
  #render: RenderMessage | undefined;
  #isFaultTold = false;

  constructor(kit: ExtrasKit) {
    this.#kit = kit;
    this.#theme = new Theme(kit.host, kit.root);
    this.#sound = new Sound(kit.host);
  }

  update(): void {
    const { theme, sound, renderMessage } = this.#kit.host;
    this.#theme.follow(theme === 'auto');
    this.#sound.turn(sound);
    if (renderMessage === this.#render) return;
    this.#render = renderMessage;
    this.#drawn = new WeakMap();
    this.#isFaultTold = false;
    this.#kit.changed();
  }

  bodyView(row: Row): unknown {
    if (!this.#render) return undefined;
    const isOwn = row.user.id === this.#kit.snapshot.user?.id;
    const known = this.#drawn.get(row);
    if (known?.isOwn === isOwn) return known.body;
    const body = this.#draw(this.#render, row, isOwn);
    this.#drawn.set(row, { body, isOwn });
    return body;
  }

  close(): void {
    this.#theme.follow(false);
    this.#sound.turn(false);
  }

  #draw(render: RenderMessage, row: Row, isOwn: boolean): unknown {
    const { html, room } = this.#kit;
    try {
      return render(row, { html, room: room?.id ?? '', isOwn }) ?? undefined;
    } catch (error) {
      this.#tell(error);
      return undefined;
    }
  }

  /** Once: it would say the same about every message. */
  #tell(error: unknown): void {
    if (this.#isFaultTold) return;
    this.#isFaultTold = true;
    fire(this.#kit.host, 'mini-chat-error', { code: 'render_message', message: String(error) });
  }
}
