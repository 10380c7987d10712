import { expect } from '@open-wc/testing';

import type { Cid } from '../../component/protocol/ops.ts';
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
    expect(row.ariaLabel).to.match(/^Grace – moderator – 12:00.PM: see you$/);
  });

  it('says it with the marks of the reader’s language', async () => {
    await import('../../component/element/languages.ts');
    const more = { edited: NOON } as const;
    const { element } = await mount({
      before(mounted) {
        mounted.element.lang = 'ja';
        mounted.room.fill([{ ...line('Grace', 0, 'はい'), by: moderator, more }]);
      },
    });

    expect(inside(element, '.row').ariaLabel).to.match(
      /^Grace、モデレーター、12:00：はい、編集済み$/,
    );
  });

  it('gives the time in full in a tooltip and to machines', async () => {
    const { element } = await mount({ before: ({ room }) => room.fill([line('Grace', 0)]) });

    const time = inside(element, 'time');

    expect(time.title).to.match(/^Tuesday, March 5, 2024.* 12:00:00.PM$/);
    expect(time.getAttribute('datetime')).to.equal(new Date(NOON).toISOString());
  });

  it('keeps a long name, what its owner is and the time in one line of a narrow chat', async () => {
    const by = userOf('Maximiliane-Wilhelmine von Hohenstaufen', 'moderator');
    const { element } = await mount({
      before: ({ element: chat, room }) => {
        chat.style.width = '320px';
        room.fill([line('Bo', 0), { ...line('', 1), by }]);
      },
    });

    const [short = 0, long] = allInside(element, '.byline').map(({ offsetHeight }) => offsetHeight);

    expect(long).to.be.within(short - 1, short + 1);
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

  it('says what became of a message, and still as one sentence', async () => {
    const edited = NOON + MINUTE;
    const more = { edited, pinned: true, reactions: [thumb] } as const;
    const { element } = await mount({
      before: ({ room }) => room.fill([{ ...line('Grace', 0), more }]),
    });

    const row = inside(element, '.row');

    expect(row.ariaLabel).to.match(/: hi – edited – pinned – 👍 12$/);
    expect(inside(element, '.marks [title]:not(button)').title).to.contain('12:01:00');
  });

  it('keeps the place of a deleted message, and nothing it said', async () => {
    const gone = { ...line('Grace', 0, ''), more: { deleted: true } as const };
    const { element } = await mount({ before: ({ room }) => room.fill([gone]) });

    expect(inside(element, '.text').innerText.trim()).to.equal('This message was deleted.');
    expect(inside(element, '.row').ariaLabel).to.contain('This message was deleted.');
  });

  it('says how many reacted and who, and whether the reader did', async () => {
    const more = { reactions: [thumb, { ...thumb, emoji: '🎉', count: 2, mine: false }] };
    const { element } = await mount({
      before: ({ room }) => room.fill([{ ...line('Grace', 0), more }]),
    });

    const [first, second] = allInside(element, '.chip');

    expect(first?.innerText).to.equal('👍 12');
    expect(first?.ariaLabel).to.equal('👍 12 – Ada, Linus, and 10 others');
    expect(first?.title).to.equal(first?.ariaLabel);
    expect([first?.ariaPressed, second?.ariaPressed]).to.deep.equal(['true', 'false']);
  });

  it('takes a reaction back, or joins in, by its chip', async () => {
    const more = { reactions: [thumb, { ...thumb, emoji: '🎉', mine: false }] };
    const { element, room } = await mount({
      before: (one) => one.room.fill([{ ...line('Grace', 0), more }]),
    });

    for (const chip of allInside(element, '.chip')) chip.click();

    expect(room.asked).to.deep.equal(['react 1 👍 false', 'react 1 🎉 true']);
  });

  it('shows reactions without a way to react where the reader may not', async () => {
    const { element } = await mount({
      before: ({ room }) => {
        room.fill([{ ...line('Grace', 0), more: { reactions: [thumb] } }]);
        room.set({ can: ['join', 'history'] });
      },
    });

    expect(inside<HTMLButtonElement>(element, '.chip').disabled).to.equal(true);
  });

  it('quotes what a message answers, and goes there without leaving the log again', async () => {
    const quote = { seq: 1, user: userOf('Grace'), text: 'first' };
    const lines = Array.from({ length: 60 }, (_, i) => line('Linus', i, `line ${i}`));
    lines[0] = line('Grace', 0, 'first');
    lines.push({ ...line('Ada', 61, 'yes'), more: { replyTo: 1, quote } });
    const { element, room } = await mount({ before: (one) => one.room.fill(lines) });
    const row = allInside(element, '.row').at(-1);

    const words = inside(element, '.quote').innerText;

    inside(element, 'button.quote').click();
    await drawn(element);
    room.receive(userOf('Linus'), 'meanwhile');
    await drawn(element);

    expect(words).to.equal('Grace first');
    expect(row?.ariaLabel).to.contain('in reply to Grace');
    expect(element.shadowRoot?.activeElement?.textContent).to.contain('first');
    expect(inside(element, '.log').scrollTop).to.be.below(100);
  });

  it('tells who follows a quote to where nothing is any more', async () => {
    const quote = { seq: 1, user: userOf('Grace'), text: 'first' };
    const answer = { ...line('Ada', 1, 'yes'), more: { replyTo: 1, quote } };
    const { element } = await mount({ before: ({ room }) => room.fill([answer], 2) });

    inside(element, '.quote').click();
    await drawn(element);

    expect(inside(element, '.status').innerText).to.equal('That message is gone.');
  });

  it('says so when what a message answers is gone', async () => {
    const answer = { ...line('Grace', 0), more: { replyTo: 1, quote: 'gone' } as const };
    const { element } = await mount({ before: ({ room }) => room.fill([answer], 2) });

    expect(inside(element, 'div.quote').innerText).to.equal('The message this answers is gone.');
  });

  it('shows what the room says as a line of its own, without a face', async () => {
    const notice = { ...line('Grace', 1, 'Be kind'), more: { kind: 'notice' } as const };
    const { element } = await mount({
      before: ({ room }) => room.fill([line('Grace', 0), notice, line('Grace', 2)]),
    });

    const faces = allInside(element, '.row').map((row) => row.querySelector('.avatar') !== null);

    expect(faces).to.deep.equal([true, false, true]);
    expect(inside(element, '.from-room').innerText.trim()).to.equal('Be kind');
  });

  it('marks a message that names the reader, not a longer name, nor an own one', async () => {
    const { element } = await mount({
      before: ({ room }) =>
        room.fill([
          line('Grace', 0, 'ask @ada, she knows'),
          line('Grace', 1, 'ask @Adam, or write to x@ada'),
          line('Grace', 1, 'not @Adam: @Ada!'),
          line('Grace', 2, 'Ada?'),
          line('Ada', 3, 'I am @Ada'),
        ]),
    });

    const marked = allInside(element, '.row').map((row) => row.matches('.mention'));

    expect(marked).to.deep.equal([true, false, true, false, false]);
    expect(inside(element, '.row').ariaLabel).to.contain('mentions you');
  });

  it('has a text of the other direction beside its author', async () => {
    const { element } = await mount({
      before: ({ room }) => room.fill([line('Grace', 0, 'hello'), line('Linus', 1, 'שלום')]),
    });
    const gaps = (): number[] =>
      allInside(element, '.row').map((row) => {
        const face = row.querySelector('.avatar')!.getBoundingClientRect();
        const text = row.querySelector('.text')!.getBoundingClientRect();
        return Math.round(Math.max(text.left - face.right, face.left - text.right));
      });
    const before = gaps();
    document.documentElement.dir = 'rtl';
    const after = gaps();
    document.documentElement.removeAttribute('dir');

    expect(before[1]).to.equal(before[0]);
    expect(after).to.deep.equal(before);
  });

  it('offers to try a refused change again on its row', async () => {
    const failure = { code: 'forbidden', message: 'You may not.' };
    const failedCid = 'change-of-a-test' as Cid;
    const { element, room } = await mount({
      before: (one) => one.room.fill([{ ...line('Ada', 0), more: { failure, failedCid } }]),
    });
    const retried: Cid[] = [];
    room.retry = (cid) => void retried.push(cid);

    inside(element, '.failure button').click();

    expect(retried).to.deep.equal([failedCid]);
  });

  it('gives every control 24 px at least', async () => {
    const quote = { seq: 1, user: userOf('Grace'), text: 'hi' };
    const more = { reactions: [thumb], replyTo: 1, quote };
    const { element, room } = await mount({
      before: (one) => one.room.fill([{ ...line('Grace', 0), more }]),
    });
    room.fail(element.send('x'), 'unavailable');
    await drawn(element);

    for (const button of allInside(element, 'button')) {
      const { width, height } = button.getBoundingClientRect();
      expect(Math.min(width, height), button.outerHTML).to.be.at.least(24);
    }
  });
});

const moderator = userOf('Grace', 'moderator');
const thumb = { emoji: '👍', count: 12, users: [userOf('Ada'), userOf('Linus')], mine: true };
