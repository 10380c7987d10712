import { expect } from '@open-wc/testing';

import { allInside, clearPage, drawn, inside, mount } from '../support/element-page.ts';
import { type Line, userOf } from '../support/fake-room.ts';

const NOON = new Date(2024, 2, 5, 12).getTime();
const MINUTE = 60_000;

function line(by: string, minutes: number, text = 'hi'): Line {
  return { by: userOf(by), text, at: NOON + minutes * MINUTE };
}

describe('rowView', () => {
  afterEach(clearPage);

  it('groups one author’s run, and begins another after a pause or another author', async () => {
    const lines = [
      line('Grace', 0),
      line('Grace', 1),
      line('Linus', 2),
      line('Grace', 3),
      line('Grace', 20),
    ];
    const { element } = await mount({ before: ({ room }) => room.fill(lines) });

    const faces = allInside(element, '.row').map((row) => row.querySelector('.avatar') !== null);

    expect(faces).to.deep.equal([true, false, true, true, true]);
  });

  it('says each message as one sentence to a screen reader', async () => {
    const { element } = await mount({
      before: ({ room }) => room.fill([{ ...line('Grace', 0, 'see you'), by: moderator }]),
    });

    const row = inside(element, '.row');

    expect(row.getAttribute('role')).to.equal('article');
    expect(row.ariaLabel).to.match(/^Grace \(moderator\), 12:00.PM: see you$/);
  });

  it('gives the time in full in a tooltip and to machines', async () => {
    const { element } = await mount({ before: ({ room }) => room.fill([line('Grace', 0)]) });

    const time = inside(element, 'time');

    expect(time.title).to.match(/^Tuesday, March 5, 2024.* 12:00:00.PM$/);
    expect(time.getAttribute('datetime')).to.equal(new Date(NOON).toISOString());
  });

  it('marks guests, members and moderators by word and shape, not by colour alone', async () => {
    const guest = { ...line('Kim', 0), by: userOf('Kim', 'guest') };
    const staff = { ...line('Grace', 2), by: moderator };
    const { element } = await mount({
      before: ({ room }) => room.fill([guest, line('Linus', 1), staff, line('Ada', 3)]),
    });

    const marks = allInside(element, '.tag').map((tag) => [
      tag.title,
      tag.textContent?.trim(),
      tag.querySelector('svg') !== null,
    ]);

    expect(marks).to.deep.equal([
      ['guest', 'guest', false],
      ['member', '', true],
      ['moderator', 'moderator', false],
      ['you', 'you', false],
    ]);
  });

  it('sets text in its own direction, and names apart from it', async () => {
    const { element } = await mount({
      before: ({ room }) => room.fill([line('ليلى', 0, 'صباح الخير'), line('Linus', 1, 'morning')]),
    });

    const directions = allInside(element, '.text').map((text) => getComputedStyle(text).direction);

    expect(directions).to.deep.equal(['rtl', 'ltr']);
    expect(inside(element, '.name').tagName).to.equal('BDI');
  });

  it('shows the picture of an https address over the initials, and no other', async () => {
    const picture = 'https://chat.invalid/face.png';
    const lines = [
      { ...line('Grace Hopper', 0), by: { ...userOf('Grace Hopper'), avatar: picture } },
      { ...line('Linus', 1), by: { ...userOf('Linus'), avatar: 'javascript:alert(1)' } },
    ];
    const { element } = await mount({ before: ({ room }) => room.fill(lines) });

    const [first, second] = allInside(element, '.row .avatar');

    expect(first?.textContent).to.contain('GH');
    expect(first?.querySelector('img')?.getAttribute('src')).to.equal(picture);
    expect(second?.querySelector('img')).to.equal(null);
  });

  it('falls back to initials when the picture does not come', async () => {
    const by = { ...userOf('Grace'), avatar: 'https://chat.invalid/face.png' };
    const { element } = await mount({ before: ({ room }) => room.fill([{ ...line('', 0), by }]) });
    const image = inside(element, '.row img');

    image.dispatchEvent(new Event('error'));

    expect(image.hidden).to.equal(true);
  });

  it('copies what was written, and says so', async () => {
    const { element } = await mount({
      before: ({ room }) => room.fill([line('Grace', 0, 'some **text**')]),
    });
    const copied: string[] = [];
    Object.defineProperty(navigator.clipboard, 'writeText', {
      configurable: true,
      value: async (text: string) => void copied.push(text),
    });

    inside(element, '.action').click();
    await drawn(element);

    expect(copied).to.deep.equal(['some **text**']);
    expect(inside(element, '.action').ariaLabel).to.equal('Copied');
  });

  it('shows actions with the pointer and with the focus, without moving the text', async () => {
    const { element } = await mount({ before: ({ room }) => room.fill([line('Grace', 0)]) });
    const text = inside(element, '.text');
    const before = text.getBoundingClientRect();
    const hidden = getComputedStyle(inside(element, '.actions')).opacity;

    inside(element, '.row').focus();

    expect(hidden).to.equal('0');
    expect(getComputedStyle(inside(element, '.actions')).opacity).to.equal('1');
    expect(text.getBoundingClientRect().top).to.equal(before.top);
  });

  it('gives every control 24 px at least', async () => {
    const { element, room } = await mount({ before: (one) => one.room.fill([line('Grace', 0)]) });
    room.fail(element.send('x'), 'unavailable');
    await drawn(element);

    for (const button of allInside(element, 'button')) {
      const { width, height } = button.getBoundingClientRect();
      expect(Math.min(width, height), button.outerHTML).to.be.at.least(24);
    }
  });
});

const moderator = userOf('Grace', 'moderator');
