import { expect } from '@open-wc/testing';

import '../../component/element/languages.ts';
import type { Translation } from '../../component/element/strings.ts';
import { play, scenes } from '../../scripts/scenes.ts';
import { allInside, clearPage } from '../support/element-page.ts';

/** Where words stand beside others, or on buttons. */
const wordy = new Set([
  'lively',
  'name-form',
  'name-refused',
  'name-change',
  'offline',
  'sending-and-failed',
  'refused-later',
  'read-only',
  'menu-moderator',
  'delete-sure',
]);

describe('languages', () => {
  afterEach(clearPage);

  for (const tag of firstTags(globalThis.miniChatLanguages ?? new Map())) {
    it(`fit into 320 pixels in ${tag}, no label cut or in two lines`, async function () {
      this.timeout(60_000);
      for (const scene of scenes.filter(({ name }) => wordy.has(name))) {
        const dir = tag === 'ar' || tag === 'he' ? 'rtl' : undefined;
        const { element } = await play({ ...scene, lang: tag, ...(dir && { dir }) }, place());
        const box = element.getBoundingClientRect();

        // A menu lies above the chat, and may be wider.
        for (const piece of allInside(element, '[part], button').filter(isInFlow)) {
          const { left, right, width } = piece.getBoundingClientRect();
          if (width === 0) continue;
          expect(left, piece.outerHTML).to.be.at.least(box.left - 0.5);
          expect(right, piece.outerHTML).to.be.at.most(box.right + 0.5);
        }
        for (const label of allInside(element, 'button:not(.quote), .people, .tag')) {
          const words = `${scene.name}: ${label.textContent}`;
          expect(label.scrollWidth, words).to.be.at.most(label.clientWidth + 1);
          expect(linesOf(label), words).to.be.at.most(1);
        }
      }
    });
  }
});

function isInFlow(piece: Element): boolean {
  return piece.closest('.over') === null;
}

/** Each language by its first tag alone. */
function firstTags(languages: ReadonlyMap<string, Partial<Translation>>): readonly string[] {
  const tags = new Map<unknown, string>();
  for (const [tag, strings] of languages) if (!tags.has(strings)) tags.set(strings, tag);
  return [...tags.values()];
}

function place(): HTMLElement {
  const main = document.createElement('main');
  Object.assign(main.style, { display: 'block', inlineSize: '320px', blockSize: '520px' });
  document.body.append(main);
  return main;
}

/** How many lines its own words take. */
function linesOf(label: Element): number {
  const tops = [...label.childNodes]
    .filter((node) => node instanceof Text && node.data.trim() !== '')
    .flatMap((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()].map(({ top }) => Math.round(top / 6));
    });
  return new Set(tops).size;
}
