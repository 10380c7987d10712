import { expect } from '@open-wc/testing';

import {
  allInside,
  becomesTrue,
  clearPage,
  drawn,
  inside,
  mount,
  type Mounted,
  say,
} from '../support/element-page.ts';
import { chatter, userOf } from '../support/fake-room.ts';

const grace = userOf('Grace');

/** A room of 60 lines that this reader has read up to here. */
function readUpTo(seq: number): Promise<Mounted> {
  return mount({
    before: ({ room }) => {
      room.fill(chatter(60));
      room.set({ read: seq });
    },
  });
}

async function scrollTo({ element }: Mounted, top: number): Promise<void> {
  inside(element, '.log').scrollTop = top;
  await drawn(element);
}

/** What the row below the line says; nothing without a line. */
function below({ element }: Mounted): string | undefined {
  const box = element.renderRoot.querySelector('.unread')?.parentElement;
  return box?.nextElementSibling?.querySelector('.text')?.textContent?.trim();
}

/** What the reader is on. */
function focusedText({ element }: Mounted): string {
  return element.shadowRoot?.activeElement?.querySelector('.text')?.textContent ?? '';
}

/** That the end is in sight is told by the browser, in its own time. */
function allRead({ room }: Mounted): Promise<void> {
  return becomesTrue(() => room.snapshot.unread === 0);
}

function setVisible(isVisible: boolean): void {
  const state = isVisible ? 'visible' : 'hidden';
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('the unread line', () => {
  afterEach(async () => {
    Reflect.deleteProperty(document, 'visibilityState');
    await clearPage();
  });

  it('stands above the first unread message on entry, and stays as the mark moves', async () => {
    const mounted = await readUpTo(57);

    await allRead(mounted);
    expect(below(mounted)).to.match(/^Line 57:/);
    expect(mounted.room.snapshot.read).to.equal(60);
  });

  it('is not there when all was read, nor for what comes while the reader looks', async () => {
    const mounted = await readUpTo(60);

    mounted.room.receive(grace, 'hello');
    await drawn(mounted.element);

    await allRead(mounted);
    expect(below(mounted)).to.equal(undefined);
  });

  it('begins with the first message that comes while the page is hidden', async () => {
    const mounted = await readUpTo(60);
    setVisible(false);

    mounted.room.receive(grace, 'one');
    await drawn(mounted.element);
    mounted.room.receive(grace, 'two');
    await drawn(mounted.element);

    expect(below(mounted)).to.equal('one');
    expect(mounted.room.snapshot.unread).to.equal(2);
    setVisible(true);
    await allRead(mounted);
    await drawn(mounted.element);
    expect(below(mounted)).to.equal('one');
  });

  it('marks nothing as read while the reader is above the end', async () => {
    const mounted = await readUpTo(60);
    await scrollTo(mounted, 0);

    mounted.room.receive(grace, 'one');
    await drawn(mounted.element);

    expect(mounted.room.snapshot.unread).to.equal(1);
    expect(mounted.element.matches(':state(unread)')).to.equal(true);
    await scrollTo(mounted, 1e6);
    await allRead(mounted);
    await becomesTrue(() => !mounted.element.matches(':state(unread)'));
  });

  it('marks nothing as read while the chat is further down the page', async () => {
    const place = document.createElement('div');
    place.style.paddingBlockStart = '3000px';
    document.body.append(place);
    const mounted = await mount({
      place,
      before: ({ room }) => room.set({ status: 'connecting' }),
    });

    mounted.room.fill(chatter(5));
    mounted.room.set({ status: 'live', read: 3 });
    await drawn(mounted.element);
    const unread = mounted.room.snapshot.unread;
    mounted.element.scrollIntoView();
    while (mounted.room.snapshot.unread > 0) await drawn(mounted.element);

    expect(unread).to.equal(2);
    expect(mounted.room.snapshot.read).to.equal(5);
    expect(below(mounted)).to.match(/^Line 3:/);
  });

  it('goes when it was seen and is out of sight at the end', async () => {
    const mounted = await readUpTo(40);
    await scrollTo(mounted, 1e6);
    expect(below(mounted)).to.match(/^Line 40:/);

    inside(mounted.element, '.unread').scrollIntoView();
    await drawn(mounted.element);
    await scrollTo(mounted, 1e6);

    expect(below(mounted)).to.equal(undefined);
  });

  it('goes when the reader writes', async () => {
    const mounted = await readUpTo(57);

    await say(mounted.element, 'hello all');

    expect(below(mounted)).to.equal(undefined);
  });

  it('is placed again when another run begins past it', async () => {
    const mounted = await readUpTo(57);
    setVisible(false);

    mounted.room.receive(grace, 'later');
    await drawn(mounted.element);

    expect(below(mounted)).to.equal('later');
    expect(allInside(mounted.element, '.unread').length).to.equal(1);
  });

  it('passes over own and deleted messages', async () => {
    const mounted = await mount({
      before: ({ room }) => {
        room.fill(chatter(10));
        room.set({ read: 7 });
        room.alter(8, { text: '', deleted: true });
        room.alter(9, { user: userOf('Ada') });
      },
    });

    expect(below(mounted)).to.match(/^Line 9:/);
  });
});

describe('the way to the first unread message', () => {
  afterEach(clearPage);

  it('leads there once, with the reader on it', async () => {
    const mounted = await readUpTo(20);
    const way = inside(mounted.element, '.up');
    expect(way.ariaLabel).to.equal('40 new messages – Jump to the first of them');

    way.click();

    await becomesTrue(() => /^\s*Line 20:/.test(focusedText(mounted)));
    await scrollTo(mounted, 1e6);
    expect(mounted.element.renderRoot.querySelector('.up')).to.equal(null);
  });

  it('loads older pages when it has to', async () => {
    const mounted = await mount({
      before: ({ room }) => {
        const lines = chatter(150);
        room.older = [lines.slice(50, 100), lines.slice(0, 50)];
        room.fill(lines.slice(100), 101);
        room.set({ read: 70 });
      },
    });

    inside(mounted.element, '.up').click();

    await becomesTrue(() => /^\s*Line 70:/.test(focusedText(mounted)));
    expect(below(mounted)).to.match(/^Line 70:/);
  });

  it('is not offered for what is in sight, or below', async () => {
    const mounted = await readUpTo(59);
    expect(mounted.element.renderRoot.querySelector('.up')).to.equal(null);
    await scrollTo(mounted, 0);

    mounted.room.receive(grace, 'new');
    await drawn(mounted.element);

    expect(mounted.element.renderRoot.querySelector('.up')).to.equal(null);
    expect(inside(mounted.element, '.pill').innerText).to.contain('1 new message');
  });
});
