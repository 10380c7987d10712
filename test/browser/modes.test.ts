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

/** A launcher of a room that was open would be open again. */
let rooms = 0;

/** A launcher with sixty messages behind it; no size from the page. */
async function mountLauncher(): Promise<Mounted> {
  rooms += 1;
  return mount({
    room: `corner-${rooms}`,
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
    const first = focused(mounted)?.getAttribute('part');
    inside(element, '.launcher').click();
    await drawn(element);
    const second = focused(mounted)?.tagName;

    press(inside(element, 'textarea'), 'Escape');
    await drawn(element);

    expect([first, second]).to.deep.equal(['launcher', 'TEXTAREA']);
    expect(focused(mounted)?.getAttribute('part')).to.equal('launcher');
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

  it('says what is written while it is closed, to screen readers', async () => {
    const { element, room } = await mountLauncher();
    element.open();
    await drawn(element);
    element.close();
    await drawn(element);

    room.receive(userOf('Grace'), 'are you there?');
    while (element.renderRoot.querySelector('.said p') === null) await drawn(element);

    expect(inside(element, '.said').closest('[hidden]')).to.equal(null);
    expect(inside(element, '.said').innerText.trim()).to.equal('Grace: are you there?');
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

    expect(label).to.equal('Open chat – 1 new message');
    expect(count).to.equal('1');
    expect(inside<HTMLTextAreaElement>(element, 'textarea').value).to.equal('half a thought');
    expect(Math.abs(inside(element, '.log').scrollTop - place)).to.be.at.most(1);
    expect([room.joins, room.holders]).to.deep.equal([1, 1]);
  });
});

describe('A launcher in the stead of another', () => {
  afterEach(clearPage);

  it('is open when that one was, and closed when that one was', async () => {
    const { client, element, room } = await mountLauncher();
    element.open();
    await drawn(element);
    const stead = (): Promise<Mounted> =>
      mount({ client, room: room.id, before: (one) => (one.element.mode = 'launcher') });

    document.body.replaceChildren();
    const second = await stead();
    const wasOpen = [second.element.isOpen, room.holders];
    second.element.close();
    document.body.replaceChildren();
    const third = await stead();

    expect(wasOpen).to.deep.equal([true, 1]);
    expect([third.element.isOpen, room.holders]).to.deep.equal([false, 0]);
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
    const { element, room } = await mount({
      room: 'by-property',
      before: (one) => (one.element.mode = 'launcher'),
    });
    const early = [element.getAttribute('mode'), room.joins];

    element.mode = 'page';
    await drawn(element);

    expect(early).to.deep.equal(['launcher', 0]);
    expect([element.getAttribute('mode'), room.joins]).to.deep.equal(['page', 1]);
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
