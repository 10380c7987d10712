import { expect } from '@open-wc/testing';
import { html } from 'lit/html.js';

import { drawKeyed } from '../../component/element/keyed.ts';

function draw(list: Element, keys: string, mark = ''): Element[] {
  const items = [...keys].map((key) => ({ key, mark }));
  drawKeyed(list, items, (item) => html`<button>${item.key}${item.mark}</button>`);
  return [...list.children];
}

describe('drawKeyed', () => {
  let list: HTMLElement;

  beforeEach(() => {
    list = document.createElement('div');
    document.body.append(list);
  });

  afterEach(() => document.body.replaceChildren());

  it('draws again only items with other facts', () => {
    const drawn: string[] = [];
    const drawAll = (...items: readonly { key: string; mark: number }[]): void =>
      drawKeyed(list, items, ({ key }) => {
        drawn.push(key);
        return html`${key}`;
      });
    drawAll({ key: 'a', mark: 1 }, { key: 'b', mark: 1 });

    drawAll({ key: 'a', mark: 1 }, { key: 'b', mark: 2 }, { key: 'c', mark: 1 });

    expect(drawn.join('')).to.equal('abbc');
  });

  it('draws items in order, and draws them anew', () => {
    draw(list, 'abc');
    expect(list.textContent).to.equal('abc');

    draw(list, 'abc', '!');
    expect(list.textContent).to.equal('a!b!c!');
  });

  it('keeps the element of a key when others come before, between and after', () => {
    const [a, c] = draw(list, 'ac');

    const after = draw(list, 'xabcy');

    expect(list.textContent).to.equal('xabcy');
    expect([after[1], after[3]]).to.deep.equal([a, c]);
  });

  it('moves nothing when items go', async () => {
    draw(list, 'abcd');
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver((records) => changes.push(...records));
    observer.observe(list, { childList: true });
    list.querySelectorAll('button')[2]?.focus();

    draw(list, 'cde');
    await Promise.resolve();

    expect(changes.map(({ addedNodes }) => addedNodes.length)).to.deep.equal([0, 0, 1]);
    expect(document.activeElement?.textContent).to.equal('c');
  });

  it('follows another order, and empties', () => {
    draw(list, 'abc');

    draw(list, 'cab');
    expect(list.textContent).to.equal('cab');

    draw(list, '');
    expect(list.children.length).to.equal(0);
  });
});
