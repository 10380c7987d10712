import { expect } from '@open-wc/testing';

import {
  allInside,
  clearPage,
  drawn,
  inside,
  mount,
  type Mounted,
  press,
  typeText,
} from '../support/element-page.ts';
import { chatter } from '../support/fake-room.ts';

/** Whether the second file was asked for; once for all elements of a page, so order matters. */
function isAskedFor(): boolean {
  return performance.getEntriesByType('resource').some(({ name }) => /\/actions\.ts/.test(name));
}

function over(target: Element): void {
  target.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, composed: true }));
}

async function acted({ element }: Mounted): Promise<void> {
  while (element.renderRoot.querySelector('.action') === null) await drawn(element);
}

describe('the second file', () => {
  afterEach(clearPage);

  it('is not asked for by reading, writing and scrolling', async () => {
    const { element } = await mount({ before: ({ room }) => room.fill(chatter(60)) });

    inside(element, '.log').scrollTop = 0;
    over(inside(element, '.heading'));
    press(typeText(element, 'plain words'), 'Enter');
    await drawn(element);
    element.focus();
    await drawn(element);

    expect(isAskedFor()).to.equal(false);
  });

  it('comes with the pointer over a message, and gives rows their actions', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(3)) });

    over(inside(mounted.element, '.row .text'));
    await acted(mounted);

    expect(isAskedFor()).to.equal(true);
    for (const row of allInside(mounted.element, '.row')) {
      expect(row.querySelector('.actions .action')).not.to.equal(null);
    }
  });

  it('comes with the focus on a message, and only where it is needed', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(3)) });
    const other = await mount({ room: 'other', before: ({ room }) => room.fill(chatter(3)) });

    inside(mounted.element, '.row').focus();
    await acted(mounted);

    expect(other.element.renderRoot.querySelector('.action')).to.equal(null);
  });
});
