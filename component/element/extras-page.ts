/** What a page looks like around an element: read from computed styles, changed by nobody here. */

import {
  BLACK,
  chroma,
  type Color,
  colorText,
  mix,
  over,
  parseColor,
  WHITE,
} from './extras-colors.ts';

/** What may have the colour that a page does its links and buttons in. */
export const ACCENTED = 'a[href], button, [role="button"], [type="submit"], [class*="btn"]';

/** A page may have thousands of links; the first ones are in its head, where its colours are. */
const ACCENTED_MAX = 200;

/** However many links a page has, a button says more. */
const LINK_VOTES_MAX = 3;

/** Closer to grey than this, a colour is none. */
const CHROMA_MIN = 0.15;

/** Links that nobody gave a colour: the three browsers' own, light and dark. */
const UNSTYLED = ['rgb(0 0 238)', 'rgb(0 0 255)', 'rgb(158 158 255)', 'rgb(140 140 255)'];

/** The page behind one that paints nothing, when it says that it is dark. */
const DARK_CANVAS: Color = [0.07, 0.07, 0.07, 1];

/** Colours of any notation as numbers, by the browser: `probe` is an element that nobody sees. */
export function colorReader(probe: HTMLElement): (text: string) => Color | undefined {
  const known = new Map<string, Color | undefined>();
  return (text) => {
    if (!known.has(text)) known.set(text, parseColor(text) ?? computed(probe, text));
    return known.get(text);
  };
}

/** Mixed with itself, any colour is one of sRGB. Some browsers make a canvas lie. */
function computed(probe: HTMLElement, text: string): Color | undefined {
  probe.style.color = '';
  probe.style.color = `color-mix(in srgb, ${text}, ${text})`;
  if (probe.style.color === '') return undefined;
  const color = parseColor(getComputedStyle(probe).color);
  probe.style.color = '';
  return color;
}

/** The elements that an element is drawn on, nearest first, through slots and shadow roots. */
export function ancestorsOf(element: Element): Element[] {
  const found: Element[] = [];
  let at: Node | null = element.assignedSlot ?? element.parentNode;
  while (at) {
    if (at instanceof Element) found.push(at);
    at = at instanceof ShadowRoot ? at.host : ((at as Element).assignedSlot ?? at.parentNode);
  }
  return found;
}

type Read = (text: string) => Color | undefined;

/** What is behind an element with these ancestors, down to the first that is opaque. */
export function backgroundOf(ancestors: readonly Element[], read: Read): Color {
  const layers: Color[] = [];
  for (const ancestor of ancestors) {
    layers.push(...layersOf(getComputedStyle(ancestor), read));
    if ((layers.at(-1)?.[3] ?? 0) >= 1) break;
  }
  return layers.reduceRight((below, layer) => over(layer, below), canvasColor());
}

/** Of one element, the upper first. A gradient counts as the middle of its colours. */
function layersOf({ backgroundImage, backgroundColor }: CSSStyleDeclaration, read: Read): Color[] {
  const stops = backgroundImage
    .replace(/url\((?:"(?:[^"\\]|\\.)*"|[^)]*)\)/g, '')
    .match(/\b(?:rgba?|hsla?|color|(?:ok)?l(?:ab|ch))\([^()]*\)/g);
  const colors = (stops ?? []).map(read).filter((color) => color !== undefined);
  const [first, ...others] = colors;
  const middle = others.reduce(
    (all, color, i) => mix(all, color, 1 / (i + 2)),
    first ?? [0, 0, 0, 0],
  );
  return [middle, read(backgroundColor) ?? [0, 0, 0, 0]].filter(([, , , alpha]) => alpha > 0);
}

/** What browsers paint below everything. */
function canvasColor(): Color {
  const { colorScheme } = getComputedStyle(document.documentElement);
  const isDark = colorScheme.includes('dark');
  const isLight = !isDark || (colorScheme.includes('light') && !prefersDark());
  return isLight ? WHITE : DARK_CANVAS;
}

function prefersDark(): boolean {
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

/**
 * The colours of links and buttons, what most have first; none when they are all grey, or the
 * browser's own. What is under the pointer has another colour just now and is left out; then
 * `before` is better than none.
 */
export function accentsOf(host: Element, read: Read, before: readonly Color[]): readonly Color[] {
  const said = read(getComputedStyle(host).accentColor);
  if (said) return [said];
  const votes = new Map<string, number>();
  let isBusy = false;
  for (const one of [...document.querySelectorAll(ACCENTED)].slice(0, ACCENTED_MAX)) {
    if (one.getClientRects().length === 0) continue;
    if (isInUse(one)) isBusy = true;
    else vote(one, read, votes);
  }
  const found = [...votes].sort(([, one], [, other]) => other - one).map(([text]) => read(text));
  return isBusy && found.length === 0 ? before : found.filter((color) => color !== undefined);
}

/** Whether its colours are those of a moment. */
export function isInUse(element: Element): boolean {
  return element.matches(':hover, :active, :focus');
}

function vote(element: Element, read: Read, votes: Map<string, number>): void {
  const { backgroundColor, backgroundImage, color } = getComputedStyle(element);
  const [ground] = layersOf({ backgroundColor, backgroundImage } as CSSStyleDeclaration, read);
  const add = (found: Color | undefined, weight: number, max = Infinity): void => {
    const text = colorText(found ?? BLACK);
    if (!found || found[3] < 1 || chroma(found) < CHROMA_MIN || UNSTYLED.includes(text)) return;
    const now = votes.get(text) ?? 0;
    if (now < max) votes.set(text, now + weight);
  };
  const isMain = element.matches('[type="submit"], [class*="primary"]');
  if (ground) add(ground, isMain ? 8 : LINK_VOTES_MAX + 1);
  else add(read(color), 1, LINK_VOTES_MAX);
}
