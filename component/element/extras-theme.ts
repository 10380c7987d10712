/**
 * `theme="auto"`: the chat in the font, accent and scheme of its page, for as long as that changes.
 * It writes the documented custom properties in a sheet of its own root, so everything that a page
 * sets on the element wins; what comes to it from further up is found out, and left alone.
 */

import type { Color } from './extras-colors.ts';
import {
  ACCENTED,
  accentsOf,
  ancestorsOf,
  backgroundOf,
  colorReader,
  isInUse,
} from './extras-page.ts';
import { type PageColors, type PaletteName, paletteOf, propertiesOf } from './extras-palette.ts';
import { BLACK } from './extras-colors.ts';

const NAMES = ['accent', 'on-accent', 'surface', 'ink', 'muted', 'line', 'fill', 'danger'] as const;

/** WCAG 2's for text, and what it asks of those who need more. */
const CONTRAST = 4.5;
const MORE_CONTRAST = 7;

const MEDIA = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', 'print'];

const MOVES = ['transitionrun', 'transitionend', 'transitioncancel', 'animationend'];

const ENTRIES = ['pointerenter', 'focusin'];

/** One element's. `follow(true)` may be said again and again; `follow(false)` takes all away. */
export class Theme {
  readonly #host: HTMLElement;
  readonly #root: ShadowRoot;
  readonly #sheet = new CSSStyleSheet();
  readonly #probe = document.createElement('span');
  /** What we wrote last: anything else that is there, a page wrote. */
  #written = new Map<string, string>();
  #accents: readonly Color[] = [];
  #parent: Node | null = null;
  #frame: number | undefined;
  #stop: AbortController | undefined;

  constructor(host: HTMLElement, root: ShadowRoot) {
    this.#host = host;
    this.#root = root;
    this.#probe.hidden = true;
  }

  /** After each render: the element may have been moved or switched since. */
  follow(isOn: boolean): void {
    const { parentNode } = this.#host;
    if (!isOn) return this.#end();
    if (this.#stop && this.#parent === parentNode) return;
    this.#stop?.abort();
    this.#parent = parentNode;
    this.#watch((this.#stop = new AbortController()).signal);
    if (!this.#root.adoptedStyleSheets.includes(this.#sheet)) {
      this.#root.adoptedStyleSheets = [...this.#root.adoptedStyleSheets, this.#sheet];
      this.#root.append(this.#probe);
    }
    this.#paint();
  }

  #end(): void {
    if (!this.#stop) return;
    this.#stop.abort();
    this.#stop = undefined;
    this.#probe.remove();
    this.#written.clear();
    this.#root.adoptedStyleSheets = this.#root.adoptedStyleSheets.filter(
      (sheet) => sheet !== this.#sheet,
    );
  }

  /** All that tells of a change. */
  #watch(signal: AbortSignal): void {
    const soon = (): void => this.#soon();
    const observer = new MutationObserver(soon);
    const ancestors = ancestorsOf(this.#host);
    for (const one of [this.#host, ...ancestors]) observer.observe(one, { attributes: true });
    observer.observe(document.head, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    for (const media of MEDIA) matchMedia(media).addEventListener('change', soon, { signal });
    // Style sheets come after their link; their event does not bubble.
    document.addEventListener('load', soon, { signal, capture: true });
    // Rules that a script changes in a sheet tell nobody: looked at when somebody may look here.
    document.addEventListener('visibilitychange', soon, { signal });
    for (const type of ENTRIES) this.#host.addEventListener(type, soon, { signal });
    for (const type of MOVES) {
      document.addEventListener(type, ({ target }) => this.#onMove(target, ancestors), { signal });
    }
    signal.addEventListener('abort', () => {
      observer.disconnect();
      cancelAnimationFrame(this.#frame ?? 0);
      this.#frame = undefined;
    });
  }

  #onMove(target: EventTarget | null, ancestors: readonly Element[]): void {
    if (!(target instanceof Element)) return;
    const isSource = target.matches(ACCENTED) && !isInUse(target);
    if (isSource || ancestors.includes(target)) this.#soon();
  }

  /** In the frame that shows the change, too: observers are heard before it is painted. */
  #soon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#paint();
    });
  }

  #paint(): void {
    const read = colorReader(this.#probe);
    const ancestors = ancestorsOf(this.#host);
    const own = getComputedStyle(this.#host);
    const isFixed = this.#fixedBy(own, ancestors[0]);
    this.#accents = accentsOf(this.#host, read, this.#accents);
    const fixed: Partial<Record<PaletteName, Color>> = {};
    for (const name of NAMES) {
      const property = `--mini-chat-${name}`;
      const color = isFixed(property) ? read(own.getPropertyValue(property)) : undefined;
      if (color) fixed[name] = color;
    }
    const page: PageColors = {
      background: backgroundOf(ancestors, read),
      text: read(own.color) ?? BLACK,
      accents: this.#accents,
      fixed,
      contrast: matchMedia('(prefers-contrast: more)').matches ? MORE_CONTRAST : CONTRAST,
    };
    const palette = paletteOf(page);
    const properties = propertiesOf(palette, fixed);
    // Not `inherit`: as the value of a custom property it would be about that property.
    if (!isFixed('--mini-chat-font')) properties.set('--mini-chat-font', own.fontFamily);
    this.#write(properties, palette.isDark);
    if (ancestors.some(isMoving)) this.#soon();
  }

  /** Which properties a page has set: further up, or on the element, where it wins over us. */
  #fixedBy(own: CSSStyleDeclaration, parent: Element | undefined): (property: string) => boolean {
    const above = parent && getComputedStyle(parent);
    const written = this.#written;
    return (property) => {
      const now = own.getPropertyValue(property).trim();
      if (now === '') return false;
      const isAbove = (above?.getPropertyValue(property) ?? '').trim() !== '';
      return isAbove || now !== written.get(property);
    };
  }

  #write(properties: Map<string, string>, isDark: boolean): void {
    const lines = [...properties].map(([name, value]) => `${name}: ${value};`);
    const scheme = `color-scheme: ${isDark ? 'dark' : 'light'};`;
    const text = `:host { ${scheme} ${lines.join(' ')} }`;
    // Writing the same again would have the page computed anew.
    if (this.#sheet.cssRules[0]?.cssText !== text) this.#sheet.replaceSync(text);
    this.#written = properties;
  }
}

/** Between two colours at the moment; animations without end are not followed. */
function isMoving(element: Element): boolean {
  return element.getAnimations().some((one) => one instanceof CSSTransition);
}
