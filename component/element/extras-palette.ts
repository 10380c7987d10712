/**
 * The chat's colours, made from those of a page so that everything can be read. Pure.
 *
 * Every text of the chat has the asked contrast on each background it may stand on: the chat's own,
 * that of fields, of own messages, of mentions, of messages that were not sent.
 */

import {
  BLACK,
  type Color,
  colorText,
  contrast,
  distance,
  luminance,
  mix,
  over,
  toward,
  WHITE,
} from './extras-colors.ts';

/** What a page may have set by itself: the `--mini-chat-…` property of the same name. */
export type PaletteName =
  'accent' | 'on-accent' | 'surface' | 'ink' | 'muted' | 'line' | 'fill' | 'danger';

/** What was found in the page. */
export interface PageColors {
  /** Behind the chat; opaque. */
  readonly background: Color;
  /** Of the text around it. */
  readonly text: Color;
  /** Of its links and buttons, the likeliest first; empty: it has none of its own. */
  readonly accents: readonly Color[];
  /** Stays as it is; the rest is made to fit it. */
  readonly fixed: Partial<Record<PaletteName, Color>>;
  /** WCAG 2's, between a text and what is below it. */
  readonly contrast: number;
}

/** Colours that go together. */
export interface Palette {
  readonly isDark: boolean;
  readonly colors: Record<PaletteName, Color>;
}

/**
 * The names of authors and the words about the connection have colours of their own, made for the
 * white and the nearly black of a chat without theme: beyond these they could not be read.
 */
const LIGHT_LUMINANCE_MIN = 0.78;
const DARK_LUMINANCE_MAX = 0.07;

/** Where black and white are read equally well. */
const MIDDLE = Math.sqrt(1.05 * 0.05) - 0.05;

/** Text and background of a page that says nothing with them are closer than this. */
const TELLING = 1.5;

/** How much of the accent is in own messages and in mentions; how much of danger in failed ones. */
const TINT = 0.14;

/** An accent that changes more until it can be read is another colour then: yellow turns olive. */
const CHANGE_MAX = 0.25;

/** Browsers mix tints in another space than we do: what is close to the limit is moved on. */
const MARGIN = 1.06;

/** Accents of a chat without theme, and what says that something went wrong. */
const DEFAULTS = {
  light: { accent: [0.275, 0.314, 0.831, 1], danger: [0.702, 0.149, 0.118, 1] },
  dark: { accent: [0.639, 0.675, 1, 1], danger: [1, 0.643, 0.612, 1] },
} as const;

/** The palette of a page. */
export function paletteOf(page: PageColors): Palette {
  const { fixed } = page;
  const isDark = isPageDark(page);
  const [start, end] = isDark ? [BLACK, WHITE] : [WHITE, BLACK];
  const defaults = DEFAULTS[isDark ? 'dark' : 'light'];
  const surface = fixed.surface ?? toward(page.background, start, isDark ? isDeep : isPale);
  const limit = page.contrast * MARGIN;
  const reads = (color: Color, ...below: readonly Color[]): boolean =>
    below.every((one) => contrast(color, one) >= limit);
  // As strong as it may get: what is read on it is read on the true one as well.
  const strongFill = fixed.fill ?? mix(surface, end, 0.06);
  const tinted = (color: Color): Color => mix(surface, color, TINT);
  const strong = (from: Color): Color =>
    toward(from, end, (color) => reads(color, surface, strongFill, tinted(color)));
  const accent = fixed.accent ?? accentOf(page.accents, strong) ?? strong(defaults.accent);
  const danger = fixed.danger ?? strong(defaults.danger);
  const grounds = [surface, strongFill, tinted(accent), tinted(danger)];
  const readable = (from: Color): Color => toward(from, end, (color) => reads(color, ...grounds));
  const ink = fixed.ink ?? readable(over(page.text, page.background));
  const onAccent = contrast(accent, WHITE) > contrast(accent, BLACK) ? WHITE : BLACK;
  const colors = {
    surface,
    ink,
    accent,
    danger,
    muted: fixed.muted ?? readable(mix(ink, surface, 0.35)),
    line: fixed.line ?? mix(surface, ink, 0.14),
    fill: fixed.fill ?? mix(surface, ink, 0.05),
    'on-accent': fixed['on-accent'] ?? onAccent,
  };
  return { isDark, colors };
}

/** The custom properties that a page did not set by itself, with their values. */
export function propertiesOf({ colors }: Palette, fixed: PageColors['fixed']): Map<string, string> {
  const free = (Object.keys(colors) as PaletteName[]).filter((name) => !fixed[name]);
  return new Map(free.map((name) => [`--mini-chat-${name}`, colorText(colors[name])]));
}

/** The first that stays itself when it is made strong; else the one that changes least. */
function accentOf(colors: readonly Color[], strong: (from: Color) => Color): Color | undefined {
  const found = colors.map((from) => {
    const color = strong(from);
    return { color, change: distance(from, color) };
  });
  const near = found.find(({ change }) => change <= CHANGE_MAX);
  return (near ?? found.sort((one, other) => one.change - other.change)[0])?.color;
}

/** Dark is what light text stands on; where text says nothing, what white is read on. */
function isPageDark({ background, text, fixed }: PageColors): boolean {
  if (fixed.surface) return luminance(fixed.surface) < MIDDLE;
  const shown = over(text, background);
  if (contrast(shown, background) < TELLING) return luminance(background) < MIDDLE;
  return luminance(shown) > luminance(background);
}

function isDeep(color: Color): boolean {
  return luminance(color) <= DARK_LUMINANCE_MAX;
}

function isPale(color: Color): boolean {
  return luminance(color) >= LIGHT_LUMINANCE_MIN;
}
