import { expect } from '@open-wc/testing';
import 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';

import {
  allInside,
  clearPage,
  drawn,
  inside,
  mount,
  type Mounted,
  press,
} from '../support/element-page.ts';
import { userOf } from '../support/fake-room.ts';

declare const axe: { run(element: Element, options: RunOptions): Promise<AxeResults> };

const users = [
  userOf('Linus', 'guest'),
  userOf('', 'guest'),
  userOf('Grace', 'moderator'),
  userOf('Ada'),
];

/** A chat with four people, whose list was opened as by a finger or a key: by its summary. */
async function opened(): Promise<Mounted> {
  const mounted = await mount({
    before: ({ room }) => room.set({ people: { count: 4, users } }),
  });
  const summary = inside(mounted.element, 'summary');
  summary.focus();
  summary.click();
  // The second file is on its way.
  await import('../../component/element/actions.ts');
  await drawn(mounted.element);
  return mounted;
}

const isOpen = ({ element }: Mounted): boolean =>
  inside<HTMLDetailsElement>(element, 'details').open;

describe('who is here', () => {
  afterEach(clearPage);

  it('is a list by name, with roles, in the chat, of 24 pixels and more to press', async () => {
    const { element } = await opened();
    const list = inside(element, '.who').getBoundingClientRect();
    const chat = element.getBoundingClientRect();

    const words = allInside(element, '.who li').map((line) =>
      [...line.children].map(({ textContent }) => textContent.trim()).join(' '),
    );

    expect(words).to.deep.equal(['Ada you', 'Grace moderator', 'Linus guest']);
    expect(inside(element, 'summary').getBoundingClientRect().height).to.be.at.least(24);
    expect(list.left >= chat.left && list.right <= chat.right).to.equal(true);
    expect(list.bottom <= chat.bottom).to.equal(true);
    const { x, y } = { x: list.left + list.width / 2, y: list.top + list.height / 2 };
    expect(element.shadowRoot?.elementFromPoint(x, y)?.closest('.who')).to.not.equal(null);
  });

  it('follows who comes and goes while it is open', async () => {
    const { element, room } = await opened();

    room.set({ people: { count: 1, users: [userOf('Grace')] } });
    await drawn(element);

    expect(allInside(element, '.who bdi').map((one) => one.innerText)).to.deep.equal(['Grace']);
  });

  it('closes by Escape, with the focus on the number, and no launcher with it', async () => {
    const mounted = await opened();
    const { element } = mounted;
    inside(element, '.who').focus();

    const isFree = press(inside(element, '.who'), 'Escape');
    await drawn(element);

    expect(isFree).to.equal(false);
    expect(isOpen(mounted)).to.equal(false);
    expect(element.shadowRoot?.activeElement?.localName).to.equal('summary');
    expect(press(inside(element, 'summary'), 'Escape')).to.equal(true);
  });

  it('closes when the focus goes on, and by a press elsewhere', async () => {
    const mounted = await opened();
    const { element } = mounted;
    inside(element, '.who').focus();
    await drawn(element);
    const before = isOpen(mounted);

    inside(element, 'textarea').focus();
    await drawn(element);
    const after = [isOpen(mounted)];
    inside(element, 'summary').click();
    await drawn(element);
    after.push(isOpen(mounted));
    document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    await drawn(element);

    expect([before, ...after, isOpen(mounted)]).to.deep.equal([true, false, true, false]);
  });

  it('gives axe nothing to find', async () => {
    const { element } = await opened();

    const { violations } = await axe.run(element, { resultTypes: ['violations'] });

    expect(violations.map(({ id }) => id)).to.deep.equal([]);
  });
});
