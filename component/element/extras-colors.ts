/** Colours as numbers, and how well one is read on another (WCAG 2). Pure. */

/** Red, green, blue and opacity, each 0 to 1, as style sheets count them: sRGB with its gamma. */
export type Color = readonly [red: number, green: number, blue: number, alpha: number];

/** What text goes towards to be read on something light. */
export const BLACK: Color = [0, 0, 0, 1];
/** And on something dark. */
export const WHITE: Color = [1, 1, 1, 1];

/** What browsers compute for colours of sRGB: `rgb(…)`, `rgba(…)`, `color(srgb …)`. */
export function parseColor(text: string): Color | undefined {
  const [, kind, inside = ''] = /^\s*(rgba?|color)\(\s*(?:srgb\s)?([^()]*)\)\s*$/.exec(text) ?? [];
  if (kind === undefined) return undefined;
  const parts = inside.split(/[\s,/]+/).filter(Boolean);
  const [red = 0, green = 0, blue = 0, alpha = 1] = parts.map((part, i) => {
    const number = part === 'none' ? 0 : Number.parseFloat(part);
    if (part.endsWith('%')) return number / 100;
    return kind === 'color' || i === 3 ? number : number / 255;
  });
  const color = [red, green, blue, alpha].map((one) => Math.min(1, Math.max(0, one)));
  return color.some(Number.isNaN) ? undefined : (color as unknown as Color);
}

/** As a style sheet writes it. Without opacity: what we give is never seen through. */
export function colorText(color: Color): string {
  const [red, green, blue] = color.map((one) => Math.round(one * 255));
  return `rgb(${red} ${green} ${blue})`;
}

/** `part` of `to` in `from`, as `color-mix(in srgb, …)`. */
export function mix(from: Color, to: Color, part: number): Color {
  return from.map((one, i) => one + ((to[i] ?? 0) - one) * part) as unknown as Color;
}

/** What shows of a colour on an opaque one. */
export function over(top: Color, below: Color): Color {
  const [red, green, blue] = mix(below, top, top[3]);
  return [red, green, blue, 1];
}

/** WCAG 2's relative luminance: 0 is black, 1 white. */
export function luminance(color: Color): number {
  const [red, green, blue] = color.map((one) =>
    one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** WCAG 2's contrast, 1 to 21. */
export function contrast(one: Color, other: Color): number {
  const [a, b] = [luminance(one) + 0.05, luminance(other) + 0.05];
  return Math.max(a, b) / Math.min(a, b);
}

/** How far from grey, 0 to 1. */
export function chroma([red, green, blue]: Color): number {
  return Math.max(red, green, blue) - Math.min(red, green, blue);
}

/** How different they look, 0 to 1: by the channel that differs most. */
export function distance(one: Color, other: Color): number {
  return Math.max(...one.map((part, i) => Math.abs(part - (other[i] ?? 0))));
}

const STEPS = 64;

/** The first colour on the way to `end` that holds; `end` itself when none before it does. */
export function toward(from: Color, end: Color, holds: (color: Color) => boolean): Color {
  for (let step = 0; step < STEPS; step += 1) {
    const color = mix(from, end, step / STEPS);
    if (holds(color)) return color;
  }
  return end;
}
