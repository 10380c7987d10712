import { expect } from '@open-wc/testing';

import {
  allInside,
  clearPage,
  drawn,
  inside,
  mount,
  type Mounted,
  press,
} from '../support/element-page.ts';
import { chatter, userOf } from '../support/fake-room.ts';

async function ten(): Promise<Mounted> {
  const reactions = [{ emoji: '👍', count: 1, users: [], mine: false }];
  const text = 'see https://example.org/';
  const linked = { by: userOf('Grace'), text, at: Date.now(), more: { reactions } };
  return mount({ before: ({ room }) => room.fill([...chatter(9), linked]) });
}

function focused({ element }: Mounted): Element | null {
  return element.shadowRoot?.activeElement ?? null;
}

/** Presses a key where the focus is. */
function key(mounted: Mounted, name: string): void {
  const target = focused(mounted);
  if (target) press(target, name);
}

function rows({ element }: Mounted): HTMLElement[] {
  return allInside(element, '.row');
}

describe('log keys', () => {
  afterEach(clearPage);

  it('lets Tab into the log at one place: the newest message', async () => {
    const mounted = await ten();

    const stops = allInside(mounted.element, '.log [tabindex="0"]');

    expect(stops.map((row) => rows(mounted).indexOf(row))).to.deep.equal([9]);
    const others = allInside(mounted.element, '.log a, .log button');
    expect(others.every(({ tabIndex }) => tabIndex === -1)).to.equal(true);
  });

  it('walks the messages with arrows, Home and End, and stops at both ends', async () => {
    const mounted = await ten();
    const all = rows(mounted);
    const walked: number[] = [];
    all.at(-1)?.focus();

    for (const name of ['ArrowUp', 'ArrowUp', 'ArrowDown', 'Home', 'ArrowUp', 'End', 'ArrowDown']) {
      key(mounted, name);
      walked.push(all.indexOf(focused(mounted) as HTMLElement));
    }

    expect(walked).to.deep.equal([8, 7, 8, 0, 0, 9, 9]);
  });

  it('remembers where the reader was', async () => {
    const mounted = await ten();
    rows(mounted)[4]?.focus();
    await drawn(mounted.element);

    inside(mounted.element, 'textarea').focus();
    await drawn(mounted.element);

    const stops = allInside(mounted.element, '.log [tabindex="0"]');
    expect(stops.map((row) => rows(mounted).indexOf(row))).to.deep.equal([4]);
  });

  it('goes into a message with Enter, along its links and buttons, and out with Esc', async () => {
    const mounted = await ten();
    const last = rows(mounted).at(-1);
    last?.focus();

    key(mounted, 'Enter');
    const link = focused(mounted);
    key(mounted, 'ArrowRight');
    const button = focused(mounted);
    key(mounted, 'Escape');
    const row = focused(mounted);
    key(mounted, 'Escape');
    await drawn(mounted.element);

    expect(link?.tagName).to.equal('A');
    expect(button?.tagName).to.equal('BUTTON');
    expect(row === last).to.equal(true);
    expect(focused(mounted)?.tagName).to.equal('TEXTAREA');
  });

  it('passes over what cannot be pressed', async () => {
    const mounted = await ten();
    mounted.room.set({ can: ['join', 'history'] });
    await drawn(mounted.element);
    const last = rows(mounted).at(-1);
    last?.focus();
    while (!last?.querySelector('.action')) await drawn(mounted.element);
    last.querySelector('a')?.focus();

    key(mounted, 'ArrowRight');

    expect(focused(mounted)?.matches('.action')).to.equal(true);
  });

  it('leaves keys with modifiers to the browser', async () => {
    const mounted = await ten();
    const last = rows(mounted).at(-1);
    last?.focus();

    const wasLeftAlone = last && press(last, 'ArrowUp', { ctrlKey: true });

    expect(wasLeftAlone).to.equal(true);
    expect(focused(mounted) === last).to.equal(true);
  });

  it('keeps the focus on a row while messages come, however many', async () => {
    const mounted = await ten();
    const last = rows(mounted).at(-1);
    last?.focus();

    for (let i = 0; i < 500; i += 1) mounted.room.receive(userOf('Grace'), `new ${i}`);
    await drawn(mounted.element);

    expect(focused(mounted) === last).to.equal(true);
  });
});
