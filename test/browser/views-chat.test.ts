import { expect } from '@open-wc/testing';

import {
  allInside,
  becomesTrue,
  clearPage,
  drawn,
  holdTime,
  inside,
  mount,
} from '../support/element-page.ts';
import { FakeRoom, userOf } from '../support/fake-room.ts';

describe('chatView', () => {
  afterEach(clearPage);

  it('is a region with the name of the room, or the heading of the page', async () => {
    const { element } = await mount();
    const region = inside(element, 'section');
    const plain = [region.ariaLabel, inside(element, '.heading').innerText];

    element.heading = 'Harbour talk';
    await drawn(element);

    expect(plain).to.deep.equal(['lobby', 'lobby']);
    expect(region.ariaLabel).to.equal('Harbour talk');
    expect(inside(element, '.heading').innerText).to.equal('Harbour talk');
  });

  it('never flashes the status of a break that is over at once', async () => {
    const { element, room } = await mount();
    const goOn = holdTime();
    room.set({ status: 'connecting' });
    await drawn(element);

    room.set({ status: 'live' });
    goOn();
    await drawn(element);

    expect(inside(element, '.status').innerText.trim()).to.equal('');
    expect(inside(element, '.status').getBoundingClientRect().height).to.equal(0);
  });

  it('turns one spinner, also when it says that it connects', async () => {
    const { user: _, ...rest } = new FakeRoom('lobby', undefined).snapshot;
    const { element } = await mount({
      before: ({ client, room }) => {
        client.user = undefined;
        room.snapshot = { ...rest, status: 'connecting', can: [] };
      },
    });

    await becomesTrue(() => inside(element, '.status').innerText.includes('Connecting…'));

    const turning = allInside(element, '.spinner').filter((one) => one.checkVisibility());
    expect(turning.length).to.equal(1);
  });

  it('gives the reason for a break when there is one', async () => {
    const { element, room } = await mount();

    room.set({ status: 'offline', refusal: { code: 'no_token', message: '' } });
    while (!inside(element, '.status').innerText.includes('did not say who you are')) {
      await drawn(element);
    }

    expect(inside(element, '.status').innerText).to.contain('Trying to reconnect');
  });

  it('says that unsent messages cannot be kept, once one waits', async () => {
    const { element, room } = await mount({
      before: (mounted) => mounted.room.set({ storageFault: 'blocked' }),
    });
    const before = inside(element, '.status').innerText.trim();

    element.send('waiting');
    while (!inside(element, '.status').innerText.includes('cannot be kept')) {
      await drawn(element);
    }
    room.ack(room.snapshot.rows[0]?.cid ?? fail());
    await drawn(element);

    expect(before).to.equal('');
    expect(inside(element, '.status').innerText.trim()).to.equal('');
  });

  it('says how many are here, with a way to who, as far as that is known', async () => {
    const { element, room } = await mount();
    const before = element.renderRoot.querySelector('.people');

    room.set({
      people: { count: 3, users: [userOf('Ada'), userOf('Grace'), userOf('', 'guest')] },
    });
    await drawn(element);
    const few = inside(element, 'details.people summary').innerText;
    room.set({ people: { count: 1200 } });
    await drawn(element);

    expect(before).to.equal(null);
    expect(few).to.equal('3 online');
    expect(inside(element, '.people').innerText).to.equal('1200 online');
    expect(allInside(element, 'summary')).to.deep.equal([]);
  });

  it('shows the reader who they are', async () => {
    const { element, room } = await mount();

    room.set({ user: userOf('Ada Lovelace') });
    await drawn(element);

    expect(inside(element, '.me').innerText).to.contain('Ada Lovelace');
    expect(inside(element, '.me .avatar').textContent).to.equal('AL');
  });
});

function fail(): never {
  throw new Error('there is no draft');
}
