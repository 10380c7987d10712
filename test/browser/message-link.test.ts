import { expect } from '@open-wc/testing';

import { beginLink, endLink, linkedSeq } from '../../component/element/message-link.ts';
import {
  becomesTrue,
  clearPage,
  drawn,
  inside,
  mount,
  type Mounted,
} from '../support/element-page.ts';
import { userOf } from '../support/fake-room.ts';

const lines = Array.from({ length: 60 }, (_, i) => ({
  by: userOf('Grace'),
  text: `line ${i + 1}`,
  at: i,
}));

const filled = ({ room }: Mounted): void => room.fill(lines);

/** Goes there as a link does; resolves when the page has heard of it. */
async function go(hash: string): Promise<void> {
  const heard = new Promise((resolve) => {
    window.addEventListener('hashchange', resolve, { once: true });
  });
  location.hash = hash;
  await heard;
}

/** What the reader is on, in this chat. */
const focusedIn = ({ element }: Mounted): string =>
  element.shadowRoot?.activeElement?.querySelector('.text')?.textContent.trim() ?? '';

describe('a link to a message', () => {
  afterEach(async () => {
    await clearPage();
    history.replaceState(null, '', location.href.split('#')[0]);
    beginLink();
    window.scrollTo(0, 0);
  });

  it('names one message of one room', () => {
    const found: number[] = [];
    for (const hash of ['mini-chat-a-7', 'mini-chat-a-b-7', 'mini-chat-a-', 'mini-chat-7', 'a-7']) {
      history.replaceState(null, '', `#${hash}`);
      found.push(linkedSeq('a'));
    }

    expect(found).to.deep.equal([7, 0, 0, 0, 0]);
  });

  it('is followed once, until the address changes', () => {
    history.replaceState(null, '', '#mini-chat-a-7');
    const seqs = [linkedSeq('a')];

    endLink();
    seqs.push(linkedSeq('a'));
    beginLink();
    seqs.push(linkedSeq('a'));

    expect(seqs).to.deep.equal([7, 0, 7]);
  });

  it('leads a chat that is open there, and none of another room', async () => {
    const chat = await mount({ before: filled });
    const other = await mount({ room: 'other', before: filled });

    await go('mini-chat-lobby-7');
    await becomesTrue(() => focusedIn(chat) === 'line 7');
    await drawn(other.element);
    const focusedInOther = focusedIn(other);
    await go('mini-chat-lobby-9');
    await becomesTrue(() => focusedIn(chat) === 'line 9');

    expect(focusedInOther).to.equal('');
  });

  it('leaves a reader alone who has gone on, also when the element is made anew', async () => {
    history.replaceState(null, '', '#mini-chat-lobby-7');
    const { element, client } = await mount({ before: filled });
    element.scrollToLatest();
    await drawn(element);
    element.remove();

    const again = await mount({ client });
    const log = inside(again.element, '.log');

    expect(focusedIn(again)).to.equal('');
    expect(log.scrollHeight - log.clientHeight - log.scrollTop).to.be.below(2);
  });

  it('says it once when there is no such message', async () => {
    const chat = await mount({ before: filled });
    const words = (): string => inside(chat.element, '.status').innerText;

    await go('mini-chat-lobby-999');
    await becomesTrue(() => words() === 'That message is gone.');
    await go('mini-chat-lobby-9');
    await becomesTrue(() => focusedIn(chat) === 'line 9');
    chat.element.remove();
    const again = await mount({ client: chat.client });

    expect(inside(again.element, '.status').innerText).to.equal('');
  });

  it('opens a launcher, once', async () => {
    const chat = await mount({
      before: (mounted) => {
        filled(mounted);
        mounted.element.mode = 'launcher';
      },
    });
    const before = chat.element.isOpen;

    await go('mini-chat-lobby-7');
    await becomesTrue(() => focusedIn(chat) === 'line 7');
    const wasOpen = chat.element.isOpen;
    chat.element.close();
    await drawn(chat.element);

    expect(before).to.equal(false);
    expect(wasOpen).to.equal(true);
    expect(chat.element.isOpen).to.equal(false);
  });

  it('brings a chat far down the page into sight, though it was to wait for that', async () => {
    history.replaceState(null, '', '#mini-chat-lobby-7');
    const tall = document.createElement('div');
    tall.style.blockSize = '4000px';
    document.body.append(tall);

    const chat = await mount({
      before: (mounted) => {
        filled(mounted);
        mounted.element.loading = 'lazy';
      },
    });
    await becomesTrue(() => focusedIn(chat) === 'line 7');
    const { top, bottom } = chat.element.getBoundingClientRect();

    expect(top < innerHeight && bottom > 0).to.equal(true);
  });
});
