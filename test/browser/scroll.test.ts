import { expect } from '@open-wc/testing';

import {
  allInside,
  clearPage,
  drawn,
  inside,
  mount,
  type Mounted,
  nextFrame,
  say,
  textsOf,
} from '../support/element-page.ts';
import { ScrollKeeper } from '../../component/element/scroll.ts';
import { chatter, type FakeRoom, userOf } from '../support/fake-room.ts';

const grace = userOf('Grace');

/** A room whose log is much taller than its window, with two older pages. */
function long(room: FakeRoom): void {
  const lines = chatter(150);
  room.older = [lines.slice(50, 100), lines.slice(0, 50)];
  room.fill(lines.slice(100), 101);
}

function logOf({ element }: Mounted): HTMLElement {
  return inside(element, '.log');
}

function toEnd(log: HTMLElement): number {
  return log.scrollHeight - log.clientHeight - log.scrollTop;
}

/** The row that is in the middle of the view, and where it is. */
function rowInView(mounted: Mounted): { row: HTMLElement; top: number } {
  const log = logOf(mounted).getBoundingClientRect();
  const middle = log.top + log.height / 2;
  const row = allInside(mounted.element, '.row').find(
    (one) => one.getBoundingClientRect().bottom > middle,
  );
  if (row === undefined) throw new Error('no row in view');
  return { row, top: row.getBoundingClientRect().top };
}

async function scrollTo(mounted: Mounted, top: number): Promise<void> {
  logOf(mounted).scrollTop = top;
  await drawn(mounted.element);
}

describe('ScrollKeeper', () => {
  afterEach(clearPage);

  it('starts at the end', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });

    expect(toEnd(logOf(mounted))).to.be.at.most(1);
  });

  it('stays at the end when a message comes', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });

    mounted.room.receive(grace, 'a line\n'.repeat(12));
    await drawn(mounted.element);

    expect(toEnd(logOf(mounted))).to.be.at.most(1);
  });

  it('stays where it was held, also if the end moves a little before more comes', () => {
    const scroller = document.createElement('div');
    scroller.style.cssText = 'height: 100px; overflow: auto';
    const row = scroller.appendChild(document.createElement('div'));
    row.dataset['key'] = 'a';
    row.style.height = '300px';
    document.body.append(scroller);
    const keeper = new ScrollKeeper(() => undefined);
    keeper.open(scroller);
    keeper.settle();

    keeper.unpin(true);
    scroller.scrollTop -= 5;
    keeper.prepare();
    row.style.height = '600px';
    keeper.settle();

    expect(scroller.scrollTop).to.equal(195);
    expect(keeper.isPinned).to.equal(false);
    keeper.close();
    scroller.remove();
  });

  it('moves nothing when a message comes while the reader is above', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });
    await scrollTo(mounted, toMiddle(mounted));
    const before = rowInView(mounted);

    mounted.room.receive(grace, 'news');
    await drawn(mounted.element);

    expect(before.row.getBoundingClientRect().top).to.equal(before.top);
  });

  it('shows the own message wherever the reader was', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });
    await scrollTo(mounted, toMiddle(mounted));

    await say(mounted.element, 'mine');

    expect(toEnd(logOf(mounted))).to.be.at.most(1);
  });

  it('keeps the row under the eye within a pixel when older pages come', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });
    const { room, element } = mounted;
    room.loadOlder = async () => room.set({ isLoadingOlder: true });
    await scrollTo(mounted, 40);
    const before = rowInView(mounted);

    room.giveOlder();
    await drawn(element);

    expect(textsOf(element)[0]).to.contain('Line 50:');
    expect(Math.abs(before.row.getBoundingClientRect().top - before.top)).to.be.at.most(1);
  });

  it('keeps the row under the eye when a row above it grows late', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });
    await scrollTo(mounted, toMiddle(mounted));
    const before = rowInView(mounted);

    const late = document.createElement('div');
    late.style.blockSize = '173px';
    allInside(mounted.element, '.row')[0]?.append(late);
    await drawn(mounted.element);

    expect(Math.abs(before.row.getBoundingClientRect().top - before.top)).to.be.at.most(1);
  });

  it('stays at the end when the last row grows late', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });

    const late = document.createElement('div');
    late.style.blockSize = '173px';
    allInside(mounted.element, '.row').at(-1)?.append(late);
    await drawn(mounted.element);

    expect(toEnd(logOf(mounted))).to.be.at.most(1);
  });

  it('stays at the end when the chat becomes smaller', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });

    mounted.element.style.blockSize = '300px';
    await drawn(mounted.element);

    expect(toEnd(logOf(mounted))).to.be.at.most(1);
  });

  it('keeps the row under the eye when the chat becomes narrower', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });
    await scrollTo(mounted, toMiddle(mounted));
    const log = logOf(mounted).getBoundingClientRect();
    const first = allInside(mounted.element, '.row').find(
      (row) => row.getBoundingClientRect().bottom > log.top,
    );
    const top = first?.getBoundingClientRect().top ?? 0;

    mounted.element.style.inlineSize = '330px';
    await drawn(mounted.element);

    expect(Math.abs((first?.getBoundingClientRect().top ?? 0) - top)).to.be.at.most(1);
  });

  it('comes back to its place after the element was hidden', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });
    await scrollTo(mounted, toMiddle(mounted));
    const before = rowInView(mounted);

    mounted.element.hidden = true;
    await drawn(mounted.element);
    mounted.room.receive(grace, 'while away');
    await drawn(mounted.element);
    mounted.element.hidden = false;
    await drawn(mounted.element);

    expect(Math.abs(before.row.getBoundingClientRect().top - before.top)).to.be.at.most(1);
  });

  it('is at the end again after the element was hidden there', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });

    mounted.element.hidden = true;
    await drawn(mounted.element);
    mounted.room.receive(grace, 'while away');
    await drawn(mounted.element);
    mounted.element.hidden = false;
    await drawn(mounted.element);

    expect(toEnd(logOf(mounted))).to.be.at.most(1);
  });

  it('does not undo a scroll whose event has not come yet', async () => {
    const mounted = await mount({ before: ({ room }) => long(room) });

    logOf(mounted).scrollTop = 900;
    mounted.room.receive(grace, 'in between');
    await drawn(mounted.element);

    expect(toEnd(logOf(mounted))).to.be.above(100);
  });

  it('lets the page scroll where the log has nothing to scroll', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(2)) });

    expect(getComputedStyle(logOf(mounted)).overscrollBehaviorBlock).to.equal('auto');
  });

  it('moves no page when it loads below the fold', async () => {
    const spacer = document.createElement('div');
    spacer.style.blockSize = '3000px';
    document.body.append(spacer);

    await mount({ before: ({ room }) => long(room) });
    await nextFrame();

    expect(window.scrollY).to.equal(0);
    expect(document.activeElement === document.body).to.equal(true);
  });
});

function toMiddle(mounted: Mounted): number {
  return logOf(mounted).scrollHeight / 2;
}
