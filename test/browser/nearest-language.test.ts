import { expect } from '@open-wc/testing';

import { nearestLanguage } from '../../component/element/nearest-language.ts';

describe('nearestLanguage', () => {
  afterEach(() => document.body.replaceChildren());

  it('is that of the nearest element that has one, through shadow roots', () => {
    const [outer, host, inner, element] = ['main', 'div', 'section', 'p'].map((tag) =>
      document.createElement(tag),
    ) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
    outer.lang = 'he';
    document.body.append(outer);
    outer.append(host);
    host.attachShadow({ mode: 'open' }).append(inner);
    inner.append(element);
    const far = nearestLanguage(element);

    inner.lang = 'ja';

    expect([far, nearestLanguage(element)]).to.deep.equal(['he', 'ja']);
  });

  it('is the browser’s where the page says none', () => {
    const said = document.documentElement.lang;
    document.documentElement.removeAttribute('lang');

    expect(nearestLanguage(document.body)).to.equal(navigator.language);

    document.documentElement.lang = said;
  });
});
