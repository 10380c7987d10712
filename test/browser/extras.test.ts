import { expect } from '@open-wc/testing';
import type { MiniChat } from '../../component/element/mini-chat.ts';
import {
  allInside,
  becomesTrue,
  clearPage,
  drawn,
  inside,
  mount,
  textsOf,
} from '../support/element-page.ts';
import { chatter, userOf } from '../support/fake-room.ts';

function shows(element: MiniChat, text: string): Promise<void> {
  return becomesTrue(() => textsOf(element).includes(text));
}

function isAskedFor(): boolean {
  return performance.getEntriesByType('resource').some(({ name }) => /\/extras\.ts/.test(name));
}

describe('the extras', () => {
  afterEach(clearPage);

  it('are not asked for by a page that wants none of them', async () => {
    const { element } = await mount({ before: ({ room }) => room.fill(chatter(3)) });
    await drawn(element);

    expect(isAskedFor()).to.equal(false);
  });
});

describe('renderMessage', () => {
  afterEach(clearPage);

  it('draws what a message says, in place of it alone', async () => {
    const { element, room } = await mount({ before: (it) => it.room.fill(chatter(2)) });
    room.receive(userOf('Grace'), 'a node');
    room.receive(userOf('Grace'), 'a <b>text</b>');
    room.receive(userOf('Ada'), 'a template');

    element.renderMessage = ({ text }, { html, isOwn, room: id }) => {
      if (text === 'a node') return Object.assign(document.createElement('em'), { id: 'node' });
      if (text === 'a <b>text</b>') return `${text}!`;
      return text === 'a template' ? html`<u>${id} ${isOwn}</u>` : undefined;
    };

    await shows(element, 'a <b>text</b>!');
    expect(inside(element, '.text em').id).to.equal('node');
    expect(inside(element, '.text u').textContent).to.equal('lobby true');
    expect(element.renderRoot.querySelector('.text b')).to.equal(null);
    expect(textsOf(element)[0]).to.contain('Line 0');
    expect(allInside(element, '.row .name')).to.have.length.above(1);
  });

  it('is asked once for each message, until it is another function', async () => {
    const { element, room } = await mount({ before: (it) => it.room.fill(chatter(2)) });
    const asked: string[] = [];
    element.renderMessage = ({ text }) => `${asked.push(text)}`;
    await shows(element, '2');

    room.set({ typing: [{ id: userOf('Grace').id, name: 'Grace' }] });
    await drawn(element);
    expect(asked).to.have.length(2);
    room.alter(1 as never, { text: 'edited' });
    await shows(element, '3');
    element.renderMessage = () => 'another';

    await shows(element, 'another');
    element.renderMessage = undefined;
    await shows(element, 'edited');
  });

  it('tells the page once what it throws, and shows the message', async () => {
    const errors: string[] = [];
    const { element } = await mount({
      before({ element: it, room }) {
        room.fill(chatter(3));
        it.addEventListener('mini-chat-error', ({ detail }) =>
          errors.push(`${detail.code} ${detail.message}`),
        );
        it.renderMessage = ({ text }) => {
          if (text.includes('Line 1')) return 'drawn';
          throw new Error(text.slice(0, 6));
        };
      },
    });

    await shows(element, 'drawn');

    expect(textsOf(element)[0]).to.contain('Line 0');
    expect(errors).to.deep.equal(['render_message Error: Line 0']);
  });
});
