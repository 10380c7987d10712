/** One picture of the fan-out bench: messages a second over W, one line for each server. Pure. */

import type { Figures } from './bench.ts';
import { fanOutTargets } from './targets.ts';

const WIDTH = 760;
const HEIGHT = 420;
const PLOT = { left: 70, right: 520, top: 40, bottom: 370 };
/** Distinct in both schemes, and told apart by the labels at the line ends as well. */
const COLOURS = ['#c2410c', '#d97706', '#6b7280', '#2563eb', '#7c3aed', '#059669', '#db2777'];
const MEMBERS = 1000;
/** Labels nearer than this would cover each other. */
const LABEL_HEIGHT = 16;

interface Line {
  readonly words: string;
  readonly colour: string;
  readonly points: readonly { readonly w: number; readonly rate: number }[];
}

/** An SVG that follows the reader's colour scheme. */
export function fanOutPlot(figures: Figures): string {
  const lines = fanOutTargets.flatMap(({ name, words }, at) => {
    const line = lineOf(figures, name);
    const label = words.replaceAll('`', '');
    return line.length === 0 ? [] : [{ words: label, points: line, colour: COLOURS[at] ?? '#000' }];
  });
  const rates = lines.flatMap(({ points }) => points.map(({ rate }) => rate));
  const all = lines.flatMap(({ points }) => points.map(({ w }) => w));
  const x = scale([Math.min(...all), Math.max(...all)], [PLOT.left, PLOT.right]);
  const low = 10 ** Math.floor(Math.log10(Math.min(...rates)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...rates)));
  const y = scale([low, high], [PLOT.bottom, PLOT.top]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>Messages a second that reach all of ${MEMBERS} members, by messages in flight</title>`,
    '<style>svg{font:13px system-ui,sans-serif;fill:#1f2937}.grid{stroke:#9ca3af55}',
    '@media(prefers-color-scheme:dark){svg{fill:#e5e7eb}}</style>',
    `<text x="${PLOT.left}" y="22">Messages/s that reach all of ${MEMBERS} members</text>`,
    ...decades(low, high).map((rate) => gridLine(rate, y(rate))),
    ...[...new Set(all)].map((w) => tick(w, x(w))),
    ...lines.map((line) => drawn(line, x, y)),
    ...labels(lines, y),
    '</svg>\n',
  ].join('\n');
}

function lineOf(figures: Figures, name: string): Line['points'] {
  return figures.names(`closed/${name}/N=${MEMBERS}/W=`).map((key) => ({
    w: Number(key.slice(key.lastIndexOf('=') + 1)),
    rate: figures.at(key),
  }));
}

type Scale = (value: number) => number;

/** Logarithmic both ways: ratios are distances. */
function scale(from: readonly [number, number], to: readonly [number, number]): Scale {
  const [low, high] = [Math.log(from[0]), Math.log(from[1])];
  return (value) => to[0] + ((Math.log(value) - low) / (high - low || 1)) * (to[1] - to[0]);
}

function decades(low: number, high: number): readonly number[] {
  const count = Math.round(Math.log10(high / low)) + 1;
  return Array.from({ length: count }, (_, at) => low * 10 ** at);
}

function gridLine(rate: number, at: number): string {
  return (
    `<path class="grid" d="M${PLOT.left} ${at.toFixed(1)}H${PLOT.right}"/>` +
    `<text x="${PLOT.left - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${rate}</text>`
  );
}

function tick(w: number, at: number): string {
  return `<text x="${at.toFixed(1)}" y="${PLOT.bottom + 22}" text-anchor="middle">W=${w}</text>`;
}

function drawn({ points, colour }: Line, x: Scale, y: Scale): string {
  const path = points.map(({ w, rate }) => `${x(w).toFixed(1)} ${y(rate).toFixed(1)}`).join('L');
  return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2.5"/>`;
}

/** At the lines' ends, pushed down where two would meet. */
function labels(lines: readonly Line[], y: Scale): readonly string[] {
  let free = 0;
  return lines
    .map((line) => ({ line, at: y(line.points.at(-1)?.rate ?? 1) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ line, at }) => {
      const place = Math.max(at, free);
      free = place + LABEL_HEIGHT;
      const spot = `x="${PLOT.right + 10}" y="${(place + 4).toFixed(1)}"`;
      return `<text ${spot} style="fill:${line.colour}">${line.words}</text>`;
    });
}
