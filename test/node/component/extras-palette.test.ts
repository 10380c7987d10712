import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Color,
  colorText,
  contrast,
  mix,
  WHITE,
} from '../../../component/element/extras-colors.ts';
import {
  type PageColors,
  type Palette,
  paletteOf,
  propertiesOf,
} from '../../../component/element/extras-palette.ts';
import { seededRandom, seedOfRun } from '../../support/seed.ts';

const page: PageColors = {
  background: WHITE,
  text: [0.2, 0.2, 0.2, 1],
  accents: [[0.05, 0.43, 0.99, 1]],
  fixed: {},
  contrast: 4.5,
};

/** What is read on what, as the style sheets have it. */
function worst({ colors }: Palette): number {
  const { surface, fill, ink, muted, accent, danger } = colors;
  const tinted = (color: Color): Color => mix(surface, color, 0.14);
  const grounds = [surface, fill, tinted(accent), tinted(danger)];
  const read = grounds.flatMap((ground) => [contrast(ink, ground), contrast(muted, ground)]);
  const strong = [surface, fill, tinted(accent)].map((ground) => contrast(accent, ground));
  return Math.min(
    ...read,
    ...strong,
    contrast(danger, surface),
    contrast(danger, tinted(danger)),
    contrast(colors['on-accent'], accent),
  );
}

describe('extras-palette', () => {
  it('keeps the colours of a page that can be read', () => {
    const { isDark, colors } = paletteOf(page);

    assert.equal(isDark, false);
    assert.deepEqual(colors.surface, WHITE);
    assert.equal(colorText(colors.ink), colorText(page.text));
  });

  it('is dark where light text stands on something darker', () => {
    const background: Color = [0.4, 0.4, 0.9, 1];

    assert.equal(paletteOf({ ...page, background, text: WHITE }).isDark, true);
    assert.equal(paletteOf({ ...page, background }).isDark, false);
    assert.equal(paletteOf({ ...page, background: [0.1, 0.1, 0.1, 1] }).isDark, true);
  });

  const seed = seedOfRun();
  it(`is read with the asked contrast, whatever the page is like (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const any = (): Color => [random(), random(), random(), 1];
    for (let i = 0; i < 2000; i += 1) {
      const accents = Array.from({ length: Math.floor(random() * 4) }, any);
      const asked = { ...page, background: any(), text: any(), accents };
      const limit = random() < 0.5 ? 4.5 : 7;

      const palette = paletteOf({ ...asked, contrast: limit });

      // A white or black text cannot have 7 on every accent.
      const reached = worst({ ...palette, colors: { ...palette.colors } });
      assert.ok(reached >= 4.5, `${reached} for ${JSON.stringify(asked)}`);
      if (limit === 7) assert.ok(contrast(palette.colors.ink, palette.colors.surface) >= 7);
    }
  });

  it('takes the first accent that stays itself, else the one that changes least', () => {
    const yellow: Color = [1, 0.76, 0.03, 1];
    const orange: Color = [0.89, 0.34, 0.18, 1];
    const blue: Color = [0.04, 0.35, 0.79, 1];
    const accent = (...accents: Color[]): Color => paletteOf({ ...page, accents }).colors.accent;

    assert.deepEqual(accent(yellow, blue), blue);
    assert.deepEqual(accent(orange, blue), accent(orange));
    assert.notDeepEqual(accent(orange), orange);
    assert.deepEqual(accent(yellow, [1, 1, 0, 1]), accent(yellow));
    assert.notDeepEqual(accent(), accent(yellow));
  });

  it('leaves alone what is fixed, and fits the rest to it', () => {
    const fixed = { surface: [0.05, 0.05, 0.2, 1], accent: [1, 1, 0, 1] } as const;

    const palette = paletteOf({ ...page, fixed });

    assert.equal(palette.isDark, true);
    assert.ok(worst(palette) >= 4.5);
    const properties = propertiesOf(palette, fixed);
    assert.equal(properties.has('--mini-chat-surface'), false);
    assert.equal(properties.get('--mini-chat-on-accent'), 'rgb(0 0 0)');
  });
});
