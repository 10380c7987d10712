import { expect } from '@open-wc/testing';

import { clearPage, inside, mount } from '../support/element-page.ts';

describe('The mode “page”', () => {
  afterEach(clearPage);

  it('fills the window, and what a keyboard leaves of it', async () => {
    const view = Object.assign(new EventTarget(), { height: 300, offsetTop: 40, scale: 1 });
    const real = Object.getOwnPropertyDescriptor(window, 'visualViewport');
    Object.defineProperty(window, 'visualViewport', { configurable: true, value: view });
    try {
      const { element } = await mount({ before: (one) => (one.element.mode = 'page') });
      const chat = inside(element, '.chat');
      const whole = chat.getBoundingClientRect();
      view.dispatchEvent(new Event('resize'));
      const left = chat.getBoundingClientRect();
      // Two fingers: the reader looks at a part, and nothing may move below them.
      Object.assign(view, { height: 100, offsetTop: 90, scale: 2 });
      view.dispatchEvent(new Event('scroll'));

      expect([whole.left, whole.top, whole.width]).to.deep.equal([0, 0, innerWidth]);
      expect(whole.height).to.equal(innerHeight);
      expect([left.top, left.height]).to.deep.equal([40, 300]);
      expect(chat.getBoundingClientRect().height).to.equal(300);
    } finally {
      if (real) Object.defineProperty(window, 'visualViewport', real);
    }
  });
});
