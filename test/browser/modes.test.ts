import { expect } from '@open-wc/testing';

import {
  allInside,
  clearPage,
  drawn,
  inside,
  mount,
  type Mounted,
  nextFrame,
  press,
  typeText,
} from '../support/element-page.ts';
import { chatter, userOf } from '../support/fake-room.ts';

/** A launcher with sixty messages behind it; no size from the page. */
async function mountLauncher(): Promise<Mounted> {
  return mount({
    before({ element, room }) {
      element.removeAttribute('style');
      element.setAttribute('mode', 'launcher');
      room.fill(chatter(60));
    },
  });
}

function focused({ element }: Mounted): Element | null | undefined {
  return element.shadowRoot?.activeElement;
}

describe('The mode “launcher”', () => {
  afterEach(clearPage);

  it('joins nothing and stores nothing until it is opened', async () => {
    const { element, room } = await mountLauncher();
    const before = [room.joins, localStorage.length, sessionStorage.length];

    inside(element, '.launcher').click();
    await drawn(element);

    expect(before).to.deep.equal([0, 0, 0]);
    expect(room.joins).to.equal(1);
    expect(allInside(element, '.row').length).to.be.above(0);
  });

  it('lets the page open and close it, says so, and leaves the focus alone', async () => {
    const { element } = await mountLauncher();
    const heard: string[] = [];
    for (const type of ['mini-chat-open', 'mini-chat-close'] as const) {
      element.addEventListener(type, () => heard.push(`${type} ${element.isOpen}`));
    }

    element.open();
    element.open();
    await drawn(element);
    const isInState = element.matches(':state(open)');
    const at = document.activeElement;
    element.close();
    await drawn(element);

    expect(heard).to.deep.equal(['mini-chat-open true', 'mini-chat-close false']);
    expect(isInState).to.equal(true);
    expect(element.matches(':state(open)')).to.equal(false);
    expect(at === document.body).to.equal(true);
    expect(document.activeElement === document.body).to.equal(true);
  });

  it('leads the focus to the composer, and with Escape back to its button', async () => {
    const mounted = await mountLauncher();
    const { element } = mounted;
    element.focus();
    const first = focused(mounted)?.className;
    inside(element, '.launcher').click();
    await drawn(element);
    const second = focused(mounted)?.tagName;

    press(inside(element, 'textarea'), 'Escape');
    await drawn(element);

    expect([first, second]).to.deep.equal(['launcher', 'TEXTAREA']);
    expect(focused(mounted)?.className).to.equal('launcher');
    expect(element.isOpen).to.equal(false);
  });

  it('leaves Escape to input methods, and to what is open inside', async () => {
    const { element } = await mountLauncher();
    element.open();
    await drawn(element);

    press(inside(element, 'textarea'), 'Escape', { isComposing: true });
    inside(element, '.row').focus();
    press(inside(element, '.row'), 'Escape');
    await drawn(element);

    expect(element.isOpen).to.equal(true);
  });

  it('has the focus wait at the way out while there is nowhere to write', async () => {
    const mounted = await mountLauncher();
    const { element, room } = mounted;
    const { user, ...rest } = room.snapshot;
    room.snapshot = { ...rest, status: 'connecting', can: [] };
    inside(element, '.launcher').click();
    await drawn(element);
    const waiting = focused(mounted)?.className;

    room.set({ ...rest, user, status: 'live' });
    await drawn(element);

    expect(waiting).to.contain('close');
    expect(focused(mounted)?.tagName).to.equal('TEXTAREA');
  });

  it('counts what is unread on its button, and keeps draft and place while closed', async () => {
    const mounted = await mountLauncher();
    const { element, room } = mounted;
    element.open();
    await drawn(element);
    const log = inside(element, '.log');
    log.scrollTop = 500;
    await drawn(element);
    const place = log.scrollTop;
    typeText(element, 'half a thought');

    inside(element, '.close').click();
    await drawn(element);
    room.receive(userOf('Grace'), 'are you there?');
    await drawn(element);
    const label = inside(element, '.launcher').getAttribute('aria-label');
    const count = inside(element, '.count').innerText;
    inside(element, '.launcher').click();
    await drawn(element);

    expect(label).to.equal('Open chat. 1 new message');
    expect(count).to.equal('1');
    expect(inside<HTMLTextAreaElement>(element, 'textarea').value).to.equal('half a thought');
    expect(Math.abs(inside(element, '.log').scrollTop - place)).to.be.at.most(1);
    expect([room.joins, room.holders]).to.deep.equal([1, 1]);
  });

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

describe('A change of mode', () => {
  afterEach(clearPage);

  it('keeps the room joined, the draft, the place and the rows', async () => {
    const { element, room } = await mount({ before: (one) => one.room.fill(chatter(60)) });
    const log = inside(element, '.log');
    log.scrollTop = 400;
    await drawn(element);
    typeText(element, 'half a thought');
    const row = allInside(element, '.row').find((one) => one.getBoundingClientRect().top > 20);
    const shown: boolean[] = [];

    for (const mode of ['page', 'launcher', 'inline', 'launcher', 'page', 'inline']) {
      element.setAttribute('mode', mode);
      if (mode === 'launcher') element.open();
      await drawn(element);
      const { top } = row?.getBoundingClientRect() ?? { top: -1 };
      const box = log.getBoundingClientRect();
      shown.push(row?.isConnected === true && top >= box.top - 40 && top < box.bottom);
    }

    expect(shown).to.deep.equal([true, true, true, true, true, true]);
    expect(inside<HTMLTextAreaElement>(element, 'textarea').value).to.equal('half a thought');
    expect([room.joins, room.holders]).to.deep.equal([1, 1]);
  });

  it('can come by the property, before and after the element is in the page', async () => {
    const { element, room } = await mount({ before: (one) => (one.element.mode = 'launcher') });
    const early = [element.getAttribute('mode'), room.joins];

    element.mode = 'page';
    await drawn(element);

    expect(early).to.deep.equal(['launcher', 0]);
    expect([element.getAttribute('mode'), room.joins]).to.deep.equal(['page', 1]);
  });

  it('to “page” fills the window, and what a keyboard leaves of it', async () => {
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

describe('An inline chat with loading="lazy"', () => {
  afterEach(clearPage);

  it('joins when it is scrolled into sight, and not before', async () => {
    const filler = document.createElement('div');
    filler.style.blockSize = '5000px';
    document.body.append(filler);
    const { element, room } = await mount({ before: (one) => (one.element.loading = 'lazy') });
    const before = [room.joins, localStorage.length];

    element.scrollIntoView();
    while (room.joins === 0) await nextFrame();
    await drawn(element);
    scrollTo(0, 0);
    await drawn(element);

    expect(before).to.deep.equal([0, 0]);
    expect([room.joins, room.holders]).to.deep.equal([1, 1]);
  });

  it('joins at once where it is in sight', async () => {
    const { room } = await mount({ before: (one) => (one.element.loading = 'lazy') });

    while (room.joins === 0) await nextFrame();

    expect(room.holders).to.equal(1);
  });
});
