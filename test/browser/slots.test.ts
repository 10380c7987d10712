/** What a page puts into the slots: seen in its place, reached by keyboard in the order seen. */

import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';

import {
  allInside,
  becomesTrue,
  clearPage,
  drawn,
  inside,
  mount,
  typeText,
} from '../support/element-page.ts';
import { userOf } from '../support/fake-room.ts';

/** A button of the page in a slot, named after it. */
function fillSlot(element: Element, slot: string): HTMLButtonElement {
  const button = document.createElement('button');
  button.slot = slot;
  button.textContent = slot;
  element.append(button);
  return button;
}

function isShown(one: Element): boolean {
  return one.getClientRects().length > 0;
}

function boxOf(one: Element): DOMRect {
  return one.getBoundingClientRect();
}

/** What has the focus, inside of the element or around it. */
function focused(): string {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.getAttribute('part') ?? at?.textContent.trim() ?? '';
}

describe('Slots', () => {
  afterEach(clearPage);

  it('show what the page has for “header” in place of the heading, and beside the rest', async () => {
    const { element } = await mount();
    const heading = inside(element, '.heading');
    const before = isShown(heading);

    const own = fillSlot(element, 'header');
    await drawn(element);
    const during = [isShown(own), isShown(heading), isShown(inside(element, '.me'))];
    const [bar, box] = [boxOf(inside(element, '.header')), boxOf(own)];
    own.remove();
    await drawn(element);

    expect(before).to.equal(true);
    expect(during).to.deep.equal([true, false, true]);
    expect(box.top).to.be.at.least(bar.top);
    expect(box.bottom).to.be.at.most(bar.bottom);
    expect(isShown(heading)).to.equal(true);
  });

  it('show “empty” in place of the words of a room, for as long as there is no message', async () => {
    const { element, room } = await mount();
    const before = inside(element, '.void').innerText;

    const own = fillSlot(element, 'empty');
    await drawn(element);
    const during = [isShown(own), inside(element, '.void').innerText.trim()];
    room.receive(userOf('Grace'), 'hi');
    await drawn(element);

    expect(before).to.contain('Nothing here yet');
    expect(during).to.deep.equal([true, '']);
    expect(isShown(own)).to.equal(false);
  });

  for (const dir of ['ltr', 'rtl']) {
    it(`show “composer-actions” between the text and Send, ${dir}`, async () => {
      const { element } = await mount({ before: (one) => (one.element.dir = dir) });

      const own = boxOf(fillSlot(element, 'composer-actions'));
      await drawn(element);

      const parts = [boxOf(inside(element, '.input')), own, boxOf(inside(element, '.send'))];
      const [text, actions, send] = dir === 'ltr' ? parts : parts.toReversed();
      expect(own.width).to.be.above(0);
      expect(text?.right).to.be.at.most(actions?.left ?? NaN);
      expect(actions?.right).to.be.at.most(send?.left ?? NaN);
    });
  }

  it('send nothing when a button of the page among them is pressed', async () => {
    const { element, room } = await mount();
    const buttons = ['composer-actions', 'footer'].map((slot) => fillSlot(element, slot));
    const input = typeText(element, 'half a word');
    await drawn(element);

    for (const button of buttons) button.click();
    await drawn(element);

    expect(room.sent).to.deep.equal([]);
    expect(input.value).to.equal('half a word');
  });

  it('show “footer” below the composer, and also where there is none', async () => {
    const { element } = await mount();
    const own = fillSlot(element, 'footer');
    const action = fillSlot(element, 'composer-actions');
    await drawn(element);
    const [composer, box] = [boxOf(inside(element, '.composer')), boxOf(own)];
    const chat = boxOf(inside(element, '.chat'));

    element.readonly = true;
    await drawn(element);

    expect(box.top).to.be.at.least(composer.bottom);
    expect(box.bottom).to.be.at.most(chat.bottom);
    expect([isShown(own), isShown(action)]).to.deep.equal([true, false]);
  });

  it('are reached by Tab in the order in which one reads them', async () => {
    const { element } = await mount();
    // Not in order: where something is shown decides, not where the page has it.
    for (const slot of ['footer', 'composer-actions', 'empty', 'header']) fillSlot(element, slot);
    for (const where of ['beforebegin', 'afterend'] as const) {
      const button = document.createElement('button');
      button.textContent = where;
      element.insertAdjacentElement(where, button);
    }
    typeText(element, 'half a word');
    await drawn(element);
    (element.previousElementSibling as HTMLElement).focus();

    const order = [focused()];
    while (order.length < 8) {
      await sendKeys({ press: 'Tab' });
      // No two of them have one name.
      await becomesTrue(() => focused() !== order.at(-1));
      order.push(focused());
    }

    expect(order).to.deep.equal([
      'beforebegin',
      'header',
      'empty',
      'input',
      'composer-actions',
      'send',
      'footer',
      'afterend',
    ]);
  });

  it('are neither seen nor reached in a launcher that is closed', async () => {
    const { element } = await mount({
      before({ element: one }) {
        one.removeAttribute('style');
        one.mode = 'launcher';
      },
    });
    const own = ['header', 'empty', 'composer-actions', 'footer'].map((slot) =>
      fillSlot(element, slot),
    );
    await drawn(element);
    const closed = own.map(isShown);

    element.open();
    await drawn(element);

    expect(closed).to.deep.equal([false, false, false, false]);
    expect(own.map(isShown)).to.deep.equal([true, true, true, true]);
    expect(allInside(element, '.close').map(isShown)).to.deep.equal([true]);
  });
});
