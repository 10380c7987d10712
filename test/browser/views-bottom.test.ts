import { expect } from '@open-wc/testing';

import { clearPage, drawn, inside, mount } from '../support/element-page.ts';
import { FakeClient, type FakeRoom, userOf } from '../support/fake-room.ts';

describe('the bottom of the chat', () => {
  afterEach(clearPage);

  it('has a composer with the placeholder of the page, or one that names the room', async () => {
    const { element } = await mount();
    const input = inside<HTMLTextAreaElement>(element, 'textarea');
    const own = input.placeholder;

    element.placeholder = 'Ask us anything';
    await drawn(element);

    expect(own).to.equal('Message lobby');
    expect(input.placeholder).to.equal('Ask us anything');
  });

  it('has no composer in a chat that is read only, and keeps the messages', async () => {
    const { element, room } = await mount({ before: (one) => (one.element.readonly = true) });

    room.receive(userOf('Grace'), 'hi');
    await drawn(element);

    expect(element.renderRoot.querySelector('form')).to.equal(null);
    expect(inside(element, '.row').innerText).to.contain('hi');
  });

  it('offers to ask again where a room refuses, and not where there is no room', async () => {
    const refusal = { code: 'guests_off', message: '' };
    const refused = await mount({
      before: ({ room }) => room.set({ status: 'refused', refusal }),
    });
    const roomless = await mount({ before: ({ element }) => (element.room = '') });

    expect(inside(refused.element, '.notice .button').innerText).to.equal('Retry');
    expect(inside(roomless.element, '.notice').innerText).to.contain('This chat has no room.');
    expect(roomless.element.renderRoot.querySelector('.notice .button')).to.equal(null);
  });

  it('says so where this user may only read', async () => {
    const { element } = await mount({
      before: ({ room }) => room.set({ can: ['join', 'history'] }),
    });

    expect(element.renderRoot.querySelector('form')).to.equal(null);
    expect(inside(element, '.notice').innerText.trim()).to.equal(
      'You can read here, but not write.',
    );
  });

  it('waits with the composer until it is known who is writing', async () => {
    const client = new FakeClient();
    client.user = undefined;
    const { element, room } = await mount({ client, before: (one) => one.room.set(UNKNOWN) });
    const input = inside<HTMLTextAreaElement>(element, 'textarea');
    const before = input.disabled;

    room.set({ status: 'live', user: userOf('Ada') });
    await drawn(element);

    expect(before).to.equal(true);
    expect(input.disabled).to.equal(false);
  });

  it('gives way to the words of a refusal, and comes back after it', async () => {
    const { element, room } = await mount({ before: (one) => one.room.receive(grace, 'hi') });
    room.set({ status: 'refused', refusal: { code: 'guests_off', message: '' } });
    await drawn(element);
    const words = inside(element, '.notice').innerText;
    const hadForm = element.renderRoot.querySelector('form') !== null;

    room.set({ status: 'live' });
    await drawn(element);

    expect(words).to.contain('Guests cannot enter.');
    expect(hadForm).to.equal(false);
    expect(inside(element, 'textarea').isConnected).to.equal(true);
  });
});

const grace = userOf('Grace');

/** Before the first greeting. */
const UNKNOWN: Partial<FakeRoom['snapshot']> = { status: 'connecting', can: [] };
