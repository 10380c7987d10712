import { expect } from '@open-wc/testing';

import {
  allInside,
  clearPage,
  drawn,
  inside,
  mount,
  type Mounted,
  next,
  textsOf,
} from '../support/element-page.ts';
import { ChatError } from '../../component/client/client.ts';
import { chatter, type FakeRoom, userOf } from '../support/fake-room.ts';

const grace = userOf('Grace');
const ROWS_MAX = 300;

function logOf({ element }: Mounted): HTMLElement {
  return inside(element, '.log');
}

async function scrollTo(mounted: Mounted, top: number): Promise<void> {
  logOf(mounted).scrollTop = top;
  await drawn(mounted.element);
}

function rows({ element }: Mounted): HTMLElement[] {
  return allInside(element, '.row');
}

/** A log of which most is not in the document. */
function huge(room: FakeRoom): void {
  room.fill(chatter(2000));
}

describe('LogReader', () => {
  afterEach(clearPage);

  it('draws the newest rows of a long log, and not the others', async () => {
    const mounted = await mount({ before: ({ room }) => huge(room) });

    expect(rows(mounted).length).to.be.below(ROWS_MAX);
    expect(textsOf(mounted.element).at(-1)).to.contain('Line 1999:');
  });

  it('draws what is above, and never more than it may, as the reader goes up', async () => {
    const mounted = await mount({ before: ({ room }) => huge(room) });

    for (let i = 0; i < 12; i += 1) {
      await scrollTo(mounted, 0);
      expect(rows(mounted).length).to.be.below(ROWS_MAX);
    }

    expect(Number(/\d+/.exec(textsOf(mounted.element)[0] ?? '')?.[0])).to.be.below(1500);
  });

  it('draws what is below again as the reader comes back down', async () => {
    const mounted = await mount({ before: ({ room }) => huge(room) });
    for (let i = 0; i < 8; i += 1) await scrollTo(mounted, 0);
    const log = logOf(mounted);

    for (let i = 0; i < 8; i += 1) await scrollTo(mounted, log.scrollHeight);

    expect(textsOf(mounted.element).at(-1)).to.contain('Line 1999:');
    expect(rows(mounted).length).to.be.below(ROWS_MAX);
  });

  it('keeps the row under the eye while rows come and go far away', async () => {
    const mounted = await mount({ before: ({ room }) => huge(room) });
    for (let i = 0; i < 6; i += 1) await scrollTo(mounted, 0);
    await scrollTo(mounted, 300);
    const { top } = logOf(mounted).getBoundingClientRect();
    const row = rows(mounted).find((one) => one.getBoundingClientRect().bottom > top + 50);
    const before = row?.getBoundingClientRect().top ?? 0;

    for (let i = 0; i < 400; i += 1) mounted.room.receive(grace, `new ${i}`);
    await drawn(mounted.element);

    expect(row?.isConnected).to.equal(true);
    expect(Math.abs((row?.getBoundingClientRect().top ?? 0) - before)).to.be.at.most(1);
    expect(rows(mounted).length).to.be.below(ROWS_MAX);
  });

  it('follows a busy room at its end without growing', async () => {
    const mounted = await mount();

    for (let i = 0; i < 1000; i += 1) mounted.room.receive(grace, `new ${i}`);
    await drawn(mounted.element);

    expect(rows(mounted).length).to.be.below(ROWS_MAX);
    expect(textsOf(mounted.element).at(-1)).to.equal('new 999');
  });

  it('shows all of a burst, in order, within some frames', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(20)) });

    for (let i = 0; i < 30; i += 1) mounted.room.receive(grace, `new ${i}`);
    for (let i = 0; i < 4; i += 1) await drawn(mounted.element);

    const texts = textsOf(mounted.element);
    expect(texts.length).to.equal(50);
    expect(texts.slice(20)).to.deep.equal(Array.from({ length: 30 }, (_, i) => `new ${i}`));
  });

  it('asks for older messages near the beginning, and says where the room begins', async () => {
    const lines = chatter(100);
    const mounted = await mount({
      before({ room }) {
        room.older = [lines.slice(0, 50)];
        room.fill(lines.slice(50), 51);
      },
    });
    expect(mounted.room.loads).to.equal(0);

    await scrollTo(mounted, 0);
    await scrollTo(mounted, 0);

    expect(mounted.room.loads).to.equal(1);
    expect(textsOf(mounted.element)[0]).to.contain('Line 0:');
    expect(inside(mounted.element, '.top').innerText).to.contain('This is where lobby begins.');
  });

  it('keeps the header of the oldest known row when older rows of its author come', async () => {
    const at = Date.now();
    const line = (i: number) => ({ by: grace, text: `Line ${i}`, at: at + i });
    const mounted = await mount({
      before({ room }) {
        room.older = [[line(0), line(1)]];
        room.fill([line(2), line(3)], 3);
      },
    });

    await drawn(mounted.element);

    expect(rows(mounted).map((row) => row.classList.contains('first'))).to.deep.equal([
      true,
      false,
      true,
      false,
    ]);
  });

  it('says when older messages could not be had, and tries again when asked', async () => {
    const lines = chatter(100);
    const mounted = await mount({
      before({ room }) {
        room.older = [lines.slice(0, 50)];
        room.fill(lines.slice(50), 51);
      },
    });
    mounted.room.olderFault = refusedOlder();
    const told = next(mounted.element, 'mini-chat-error');
    await scrollTo(mounted, 0);
    const failed = inside(mounted.element, '.top').innerText;

    mounted.room.olderFault = undefined;
    inside(mounted.element, '.top .link').click();
    await drawn(mounted.element);

    expect((await told).detail.code).to.equal('unavailable');
    expect(failed).to.contain('could not be loaded');
    expect(mounted.room.loads).to.equal(2);
    expect(rows(mounted).length).to.equal(100);
  });

  it('counts what came while the reader was above, and jumps to it', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(60)) });
    await scrollTo(mounted, 200);
    const counts: number[] = [];
    mounted.element.addEventListener('mini-chat-unread', (event) => {
      counts.push(event.detail.count);
    });

    mounted.room.receive(grace, 'one');
    mounted.room.receive(grace, 'two');
    await drawn(mounted.element);
    const pill = inside(mounted.element, '.pill');
    const words = pill.innerText.trim();
    pill.focus();
    pill.click();
    await drawn(mounted.element);

    expect(words).to.equal('2 new messages');
    expect(counts).to.deep.equal([2, 0]);
    const log = logOf(mounted);
    expect(log.scrollHeight - log.clientHeight - log.scrollTop).to.be.at.most(1);
    expect(mounted.element.renderRoot.querySelector('.pill')).to.equal(null);
    expect(mounted.element.shadowRoot?.activeElement === log).to.equal(true);
  });

  it('jumps to the end from where the end is not in the document', async () => {
    const mounted = await mount({ before: ({ room }) => huge(room) });
    for (let i = 0; i < 6; i += 1) await scrollTo(mounted, 0);

    mounted.element.scrollToLatest();
    await drawn(mounted.element);

    expect(textsOf(mounted.element).at(-1)).to.contain('Line 1999:');
    const log = logOf(mounted);
    expect(log.scrollHeight - log.clientHeight - log.scrollTop).to.be.at.most(1);
  });

  it('jumps to the end also when the focus is on a row far above', async () => {
    const mounted = await mount({ before: ({ room }) => huge(room) });
    for (let i = 0; i < 6; i += 1) await scrollTo(mounted, 0);
    rows(mounted)[3]?.focus();
    await drawn(mounted.element);

    mounted.element.scrollToLatest();
    await drawn(mounted.element);

    expect(textsOf(mounted.element).at(-1)).to.contain('Line 1999:');
    expect(mounted.element.shadowRoot?.activeElement === logOf(mounted)).to.equal(true);
  });

  it('does not count what was there before, nor what the reader wrote in another tab', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(60)) });
    await scrollTo(mounted, 200);

    mounted.room.receive(userOf('Ada'), 'from my other tab');
    await drawn(mounted.element);

    expect(inside(mounted.element, '.pill').innerText.trim()).to.equal('');
  });

  it('starts over at the end when the log was replaced', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(60)) });
    await scrollTo(mounted, 200);

    mounted.room.set({ resets: 1 });
    mounted.room.fill(chatter(80).slice(60), 200);
    await drawn(mounted.element);

    const log = logOf(mounted);
    expect(rows(mounted).length).to.equal(20);
    expect(log.scrollHeight - log.clientHeight - log.scrollTop).to.be.at.most(1);
    expect(mounted.element.renderRoot.querySelector('.pill')).to.equal(null);
  });
});

function refusedOlder(): Error {
  return new ChatError('unavailable', {});
}
