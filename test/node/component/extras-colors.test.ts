import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  BLACK,
  chroma,
  type Color,
  colorText,
  contrast,
  luminance,
  mix,
  over,
  parseColor,
  toward,
  WHITE,
} from '../../../component/element/extras-colors.ts';

describe('extras-colors', () => {
  it('reads what browsers compute, and nothing else', () => {
    assert.deepEqual(parseColor('rgb(255, 0, 51)'), [1, 0, 0.2, 1]);
    assert.deepEqual(parseColor('rgba(0, 0, 0, 0.5)'), [0, 0, 0, 0.5]);
    assert.deepEqual(parseColor('rgb(0 255 0 / 20%)'), [0, 1, 0, 0.2]);
    assert.deepEqual(parseColor('color(srgb 0.25 none 1.2 / 0.1)'), [0.25, 0, 1, 0.1]);
    for (const other of ['oklch(0.5 0.1 20)', 'red', 'auto', '', 'rgb(a b c)']) {
      assert.equal(parseColor(other), undefined, other);
    }
  });

  it('knows the contrasts of WCAG', () => {
    assert.equal(contrast(BLACK, WHITE), 21);
    assert.equal(contrast(WHITE, WHITE), 1);
    const grey = parseColor('rgb(118, 118, 118)') ?? WHITE;
    assert.equal(contrast(grey, WHITE).toFixed(2), '4.54');
    assert.equal(luminance(parseColor('rgb(255, 0, 0)') ?? WHITE).toFixed(4), '0.2126');
  });

  it('lays glass on what is below, and mixes', () => {
    assert.deepEqual(over([0, 0, 0, 0.25], WHITE), [0.75, 0.75, 0.75, 1]);
    assert.deepEqual(mix(BLACK, WHITE, 0.5), [0.5, 0.5, 0.5, 1]);
    assert.equal(colorText([1, 0.5, 0, 1]), 'rgb(255 128 0)');
    assert.equal(chroma([0.9, 0.4, 0.5, 1]), 0.5);
  });

  it('goes no further than it has to, and no further than the end', () => {
    const isLight = ([red]: Color): boolean => red >= 0.5;

    assert.deepEqual(toward(BLACK, WHITE, isLight), [0.5, 0.5, 0.5, 1]);
    assert.deepEqual(toward(WHITE, BLACK, isLight), WHITE);
    assert.deepEqual(
      toward(BLACK, WHITE, () => false),
      WHITE,
    );
  });
});
