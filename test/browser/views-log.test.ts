import { expect } from '@open-wc/testing';

import { allInside, clearPage, drawn, inside, mount, textsOf } from '../support/element-page.ts';
import { type Line, userOf } from '../support/fake-room.ts';

const DAY = 24 * 3_600_000;

function daysAgo(days: number): Line {
  return { by: userOf('Grace'), text: `${days} ago`, at: Date.now() - days * DAY };
}

describe('logView', () => {
  afterEach(clearPage);

  it('names the days between messages', async () => {
    const { element } = await mount({
      before: ({ room }) => room.fill([daysAgo(400), daysAgo(1), daysAgo(0), daysAgo(0)]),
    });

    const [old, ...recent] = allInside(element, '.day').map(({ innerText }) => innerText.trim());

    expect(old).to.match(/^[A-Z][a-z]+day, [A-Z][a-z]+ \d+, \d{4}$/);
    expect(recent).to.deep.equal(['Yesterday', 'Today']);
  });

  it('says the days anew when midnight has passed', async () => {
    const { element } = await mount({ before: ({ room }) => room.fill([daysAgo(0)]) });
    const { now } = Date;
    try {
      Date.now = () => now() + DAY;

      document.dispatchEvent(new Event('visibilitychange'));
      await drawn(element);

      expect(inside(element, '.day').innerText.trim()).to.equal('Yesterday');
    } finally {
      Date.now = now;
    }
  });

  it('is a log that stays silent, with a name', async () => {
    const { element } = await mount();
    const log = inside(element, '.log');

    expect(log.role).to.equal('log');
    expect(log.getAttribute('aria-live')).to.equal('off');
    expect(log.ariaLabel).to.equal('Messages in lobby');
  });

  it('invites the first message into an empty room', async () => {
    const { element, room } = await mount();
    const before = inside(element, '.void').innerText;

    room.receive(userOf('Grace'), 'first');
    await drawn(element);

    expect(before).to.contain('Nothing here yet');
    expect(element.renderRoot.querySelector('.void')).to.equal(null);
    expect(textsOf(element)).to.deep.equal(['first']);
  });

  it('does not call a room empty before it is there', async () => {
    const { element, room } = await mount({
      before: (mounted) => mounted.room.set({ status: 'connecting' }),
    });
    const before = inside(element, '.void').innerText;

    room.set({ status: 'live' });
    await drawn(element);

    expect(before).to.contain('Loading messages…');
    expect(inside(element, '.void').innerText).to.contain('Nothing here yet');
  });

  it('says that there is no connection where nothing came yet', async () => {
    const { element, room } = await mount({
      before: (mounted) => mounted.room.set({ status: 'offline' }),
    });

    while (!inside(element, '.status').innerText.includes('No connection')) await drawn(element);

    expect(room.snapshot.status).to.equal('offline');
    expect(inside(element, '.void').innerText.trim()).to.equal('');
  });

  it('says who writes, politely, in a line that moves nothing and is not in the log', async () => {
    const { element, room } = await mount({ before: (one) => one.room.fill([daysAgo(0)]) });
    const line = inside(element, '.typing');
    const { top } = inside(element, '.row').getBoundingClientRect();
    const said = [line.innerText];

    for (const [names, typingMore] of [
      ['Grace', 0],
      ['Grace Linus', 0],
      ['Grace Linus', 4],
    ] as const) {
      room.set({ typing: names.split(' ').map((name) => userOf(name)), typingMore });
      await drawn(element);
      said.push(line.innerText);
    }

    expect(said).to.deep.equal([
      '',
      'Grace is typing…',
      'Grace and Linus are typing…',
      'Grace, Linus, and 4 others are typing…',
    ]);
    expect(line.getAttribute('role')).to.equal('status');
    expect(line.closest('[role="log"]')).to.equal(null);
    expect(inside(element, '.row').getBoundingClientRect().top).to.equal(top);
  });

  it('puts few messages at the bottom, near the composer', async () => {
    const { element } = await mount({ before: ({ room }) => room.fill([daysAgo(0)]) });
    const log = inside(element, '.log').getBoundingClientRect();

    expect(log.bottom - inside(element, '.row').getBoundingClientRect().bottom).to.be.below(30);
  });
});
