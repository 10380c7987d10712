/**
 * The life of an element that draws itself with Lit's templates: properties and attributes in, one
 * render for all changes of a moment out. Lit's own base class does the same and much more, for
 * 2 KB gzipped that no page of ours would use (docs/decisions/0010-own-base-class.md).
 */

import { render, type TemplateResult } from 'lit/html.js';

interface Property {
  /** Of an attribute that is there or not. A text when absent. */
  readonly type?: typeof Boolean;
  /** False: a property alone. */
  readonly attribute?: boolean;
}

// A server has no elements, and imports this all the same.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** Override `render`; `willUpdate` comes before it, `updated` after it. */
export abstract class ReactiveElement extends Base {
  /** What a page can set, by name. */
  static properties: Readonly<Record<string, Property>> = {};
  static styles: readonly string[] = [];
  static #sheet: CSSStyleSheet | undefined;

  hasUpdated = false;
  /** Resolves after the render under way, or at once. */
  updateComplete: Promise<void>;
  declare renderRoot: ShadowRoot;
  readonly #values: Record<string, unknown> = {};
  /** What the page set before the element was defined; it wins over attributes. */
  readonly #early = new Map<string, unknown>();
  #isPending = false;
  #start: () => void = () => undefined;
  readonly #started: Promise<void>;

  constructor() {
    super();
    for (const [name, { type, attribute }] of Object.entries(this.#class.properties)) {
      if (attribute !== false) this.#values[name] = type ? false : '';
      if (Object.hasOwn(this, name)) this.#early.set(name, Reflect.get(this, name));
      Reflect.deleteProperty(this, name);
    }
    this.#started = new Promise((resolve) => (this.#start = resolve));
    this.updateComplete = this.#update();
  }

  /** Read once by the browser, when the element is defined: the moment to make the properties. */
  static get observedAttributes(): string[] {
    const names = Object.keys(this.properties);
    for (const name of names) {
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        enumerable: true,
        get(this: ReactiveElement): unknown {
          return this.#values[name];
        },
        set(this: ReactiveElement, value: unknown) {
          if (Object.is(value, this.#values[name])) return;
          this.#values[name] = value;
          this.requestUpdate();
        },
      });
    }
    return names.filter((name) => this.properties[name]?.attribute !== false);
  }

  attributeChangedCallback(name: string, _before: string | null, now: string | null): void {
    const property = this.#class.properties[name];
    if (property) Reflect.set(this, name, property.type ? now !== null : (now ?? ''));
    this.requestUpdate();
  }

  connectedCallback(): void {
    this.renderRoot ??= this.#open();
    this.#start();
  }

  /** Renders soon: with everything else that changes until then. */
  requestUpdate(): void {
    if (!this.#isPending) this.updateComplete = this.#update();
  }

  /** When the next render may be; the first one is at once. */
  protected abstract scheduled(): Promise<void>;
  protected abstract willUpdate(): void;
  protected abstract render(): TemplateResult;
  protected abstract updated(): void;

  get #class(): typeof ReactiveElement {
    return this.constructor as typeof ReactiveElement;
  }

  #open(): ShadowRoot {
    const root = this.attachShadow({ mode: 'open' });
    const own = this.#class;
    if (!ReactiveElement.#sheet) {
      ReactiveElement.#sheet = new CSSStyleSheet();
      ReactiveElement.#sheet.replaceSync(own.styles.join(''));
    }
    root.adoptedStyleSheets = [ReactiveElement.#sheet];
    return root;
  }

  async #update(): Promise<void> {
    this.#isPending = true;
    await this.#started;
    // The first one after the task: an element in whose stead this one is has then let go.
    await (this.hasUpdated && this.scheduled());
    // What is out of the document keeps what it showed, to be put back as it was.
    if (!this.isConnected) return void (this.#isPending = false);
    try {
      for (const [name, value] of this.#early) Reflect.set(this, name, value);
      this.#early.clear();
      this.willUpdate();
      render(this.render(), this.renderRoot);
    } finally {
      this.#isPending = false;
    }
    this.hasUpdated = true;
    this.updated();
  }
}

/** A hidden tab has no frames; its title and unread count must follow all the same. */
const FRAME_MS_MAX = 250;

/**
 * Resolves with the next frame, or soon in a page that draws none. `isAfter`: in a task of its own
 * that follows it. To render and paint in one is a long task on a slow phone; apart they are not.
 */
export function nextFrame(isAfter = false): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FRAME_MS_MAX);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      if (isAfter) setTimeout(resolve);
      else resolve();
    });
  });
}
