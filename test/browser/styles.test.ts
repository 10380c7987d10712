import { expect } from '@open-wc/testing';
import 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';

import { play, scenes } from '../../scripts/scenes.ts';
import { allInside, clearPage } from '../support/element-page.ts';

declare const axe: { run(element: Element, options: RunOptions): Promise<AxeResults> };

/** What axe finds, short enough to read in a failure. */
async function findings(element: Element): Promise<string[]> {
  const { violations } = await axe.run(element, { resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}

/** A place for a scene: a page of this scheme, direction and size. */
function place(look: Look): HTMLElement {
  document.documentElement.lang = 'en';
  document.title = 'mini-chat';
  const main = document.createElement('main');
  main.dir = look.dir ?? 'ltr';
  Object.assign(main.style, {
    colorScheme: look.scheme,
    background: look.scheme === 'dark' ? '#000' : '#fff',
    inlineSize: `${look.width}px`,
    blockSize: `${look.height ?? 520}px`,
  });
  document.body.append(main);
  return main;
}

interface Look {
  readonly scheme: 'light' | 'dark';
  readonly width: number;
  readonly height?: number;
  readonly dir?: 'rtl';
}

const looks: readonly Look[] = [
  { scheme: 'light', width: 640 },
  { scheme: 'dark', width: 640 },
  { scheme: 'light', width: 320, dir: 'rtl' },
];

describe('styles', () => {
  afterEach(clearPage);

  for (const scene of scenes) {
    for (const look of looks) {
      it(`leave axe nothing to find in ${scene.name}, ${JSON.stringify(look)}`, async function () {
        this.timeout(60_000);
        const { element } = await play(scene, place(look));
        await settled(element);

        expect((await findings(element)).join('\n')).to.equal('');
      });
    }
  }

  for (const scene of scenes) {
    it(`let nothing stick out of 320 by 240 pixels in ${scene.name}`, async () => {
      const { element } = await play(scene, place({ scheme: 'light', width: 320, height: 240 }));
      const box = element.getBoundingClientRect();

      for (const part of allInside(element, '[part]')) {
        const { left, right, width } = part.getBoundingClientRect();
        if (width === 0) continue;
        // A menu lies over the page, and only has to lie in the window.
        const isOver = part.matches('.over, .over *');
        const [start, end] = isOver ? [0, innerWidth] : [box.left, box.right];
        expect(left, part.outerHTML).to.be.at.least(start - 0.5);
        expect(right, part.outerHTML).to.be.at.most(end + 0.5);
      }
      expect(allInside(element, '.log')[0]?.clientHeight).to.be.above(40);
    });
  }

  for (const scene of scenes) {
    it(`can be reached by a part wherever something is said in ${scene.name}`, async () => {
      const { element } = await play(scene, place({ scheme: 'light', width: 640 }));

      const said = allInside(element, '.chat *').filter(
        (one) =>
          [...one.childNodes].some(
            ({ nodeType, nodeValue }) => nodeType === 3 && /\S/.test(nodeValue!),
          ) && !one.closest('.hidden'),
      );
      // The chat and its log are the frames of all; what is in them has a name of its own.
      const without = said.filter((one) =>
        /^(chat|log)?$/.test(one.closest('[part]')?.getAttribute('part') ?? ''),
      );
      expect(without.map((one) => one.outerHTML)).to.deep.equal([]);
    });
  }

  it('come as constructed style sheets alone', async function () {
    this.timeout(120_000);
    for (const scene of scenes) {
      const { element } = await play(scene, place({ scheme: 'light', width: 640 }));

      expect(element.shadowRoot?.adoptedStyleSheets.length).to.be.above(0);
      // A script says where a menu lies, how high a field is that cannot size itself, and what of
      // the window a keyboard leaves. No template has a style.
      const styled = allInside(element, 'style, link, [style]:not(textarea, .over, .base)');
      expect(styled.map((one) => one.outerHTML).join('\n')).to.equal('');
    }
  });

  it('do not depend on the page’s font size, letter spacing or colours', async () => {
    const [, conversation] = scenes;
    if (conversation === undefined) throw new Error('no scene');
    const plain = await play(conversation, place({ scheme: 'light', width: 640 }));
    const before = shapeOf(plain.element);
    const hostile = place({ scheme: 'light', width: 640 });
    const sheet = document.createElement('style');
    sheet.textContent = `html { font-size: 50px } main { all: unset; display: block; color: lime;
      letter-spacing: 9px; text-align: center; text-transform: uppercase; line-height: 3;
      white-space: nowrap; font: italic 900 40px serif; inline-size: 640px; block-size: 520px }
      * { margin: 7px } button, input, textarea { border: 9px solid red }`;
    document.head.append(sheet);
    try {
      const { element } = await play(conversation, hostile);
      element.style.margin = '0';

      expect(shapeOf(element)).to.deep.equal(before);
    } finally {
      sheet.remove();
    }
  });

  it('take the page’s own colours, font and shape from custom properties', async () => {
    const [empty] = scenes;
    if (empty === undefined) throw new Error('no scene');
    const { element } = await play(empty, place({ scheme: 'light', width: 640 }));
    const frame = allInside(element, '.chat')[0];

    element.style.cssText = `--mini-chat-surface: rgb(1, 2, 3); --mini-chat-font: monospace;
      --mini-chat-radius: 3px; --mini-chat-height: 333px`;

    const style = getComputedStyle(frame ?? element);
    expect(style.backgroundColor).to.equal('rgb(1, 2, 3)');
    expect(style.fontFamily).to.equal('monospace');
    expect(style.borderTopLeftRadius).to.equal('3px');
    expect(element.getBoundingClientRect().height).to.equal(333);
  });
});

/** Sizes and colours of everything, relative to the element. */
function shapeOf(element: HTMLElement & { readonly renderRoot: ParentNode }): string[] {
  const { left, top } = element.getBoundingClientRect();
  return [...element.renderRoot.querySelectorAll<HTMLElement>('[part], .text *')].map((part) => {
    const box = part.getBoundingClientRect();
    const { color, fontSize, letterSpacing } = getComputedStyle(part);
    const sizes = [box.left - left, box.top - top, box.width, box.height].map(Math.round);
    return `${part.className} ${sizes.join(' ')} ${color} ${fontSize} ${letterSpacing}`;
  });
}

/** Animations make text faint for a moment; what axe sees must be what stays. */
async function settled(element: Element): Promise<void> {
  const running = element.shadowRoot?.getAnimations() ?? [];
  for (const animation of running) {
    if (animation.effect?.getComputedTiming().iterations !== Infinity) animation.finish();
  }
}
