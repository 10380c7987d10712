import { expect } from '@open-wc/testing';

import 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';

import { play } from '../../scripts/scenes.ts';
import { modeScenes } from '../../scripts/scenes-modes.ts';
import { clearPage, inside, mount, type Mounted } from '../support/element-page.ts';

declare const axe: { run(element: Element, options: RunOptions): Promise<AxeResults> };

/** A closed launcher; no size from the page. */
async function mountLauncher(): Promise<Mounted> {
  return mount({
    before({ element }) {
      element.removeAttribute('style');
      element.setAttribute('mode', 'launcher');
    },
  });
}

describe('The launcher', () => {
  afterEach(clearPage);

  it('covers nothing of the page but by its button', async () => {
    const { element } = await mountLauncher();
    const button = inside(element, '.launcher').getBoundingClientRect();
    const covered: string[] = [];
    for (let x = 2; x < innerWidth; x += 20) {
      for (let y = 2; y < innerHeight; y += 20) {
        const isOnButton =
          x >= button.left && x <= button.right && y >= button.top && y <= button.bottom;
        if (document.elementFromPoint(x, y) === element && !isOnButton) covered.push(`${x} ${y}`);
      }
    }

    expect(covered).to.deep.equal([]);
    expect(document.elementFromPoint(button.left + 28, button.top + 28) === element).to.equal(true);
    expect(document.documentElement.scrollWidth).to.be.at.most(innerWidth);
  });

  it('is on the side and in the layer that the page says', async () => {
    const { element } = await mountLauncher();
    const right = inside(element, '.launcher').getBoundingClientRect();
    const layer = getComputedStyle(inside(element, '.base')).zIndex;

    element.style.cssText = '--mini-chat-side: start; --mini-chat-z: 7';
    const left = inside(element, '.launcher').getBoundingClientRect();
    document.documentElement.dir = 'rtl';
    const mirrored = inside(element, '.launcher').getBoundingClientRect();
    document.documentElement.removeAttribute('dir');

    expect(innerWidth - right.right).to.be.closeTo(16, 1);
    expect(left.left).to.be.closeTo(16, 1);
    expect(mirrored.left).to.be.above(innerWidth / 2);
    expect([layer, getComputedStyle(inside(element, '.base')).zIndex]).to.deep.equal(['100', '7']);
  });

  it('goes with the page’s “hidden”', async () => {
    const { element } = await mountLauncher();

    element.hidden = true;

    expect(inside(element, '.launcher').getClientRects().length).to.equal(0);
  });
});

describe('Modes', () => {
  afterEach(() => {
    document.documentElement.style.colorScheme = '';
    return clearPage();
  });

  for (const scene of modeScenes) {
    for (const scheme of ['light', 'dark']) {
      it(`leave axe nothing to find in ${scene.name}, ${scheme}`, async function () {
        this.timeout(60_000);
        document.documentElement.lang = 'en';
        document.documentElement.style.colorScheme = scheme;
        const main = document.createElement('main');
        document.body.append(main);
        const { element } = await play(scene, main);
        for (const one of element.shadowRoot?.getAnimations() ?? []) one.finish();

        const { violations } = await axe.run(main, { resultTypes: ['violations'] });

        const found = violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target }) => `${id} at ${target.join(' ')}`),
        );
        expect(found).to.deep.equal([]);
      });
    }
  }

  it('let nothing stick out of the window', async () => {
    for (const scene of modeScenes) {
      const main = document.createElement('main');
      document.body.append(main);
      const { element } = await play(scene, main);

      for (const part of element.renderRoot.querySelectorAll('[part]')) {
        const { left, right, width } = part.getBoundingClientRect();
        if (width === 0) continue;
        expect(left, part.outerHTML).to.be.at.least(-0.5);
        expect(right, part.outerHTML).to.be.at.most(innerWidth + 0.5);
      }
      main.remove();
    }
  });
});
