import { expect } from '@open-wc/testing';

import { Presses } from '../../component/element/actions-presses.ts';

/** Until after a long press of this test's own length. */
const LONG_MS = 20;

interface Held {
  readonly row: HTMLElement;
  readonly pressed: Element[];
  readonly presses: Presses;
  /** An event of a finger on the row, or of something else. Returns whether it was let through. */
  does(type: string, init?: PointerEventInit): boolean;
}

function held(): Held {
  const host = document.createElement('div');
  document.body.append(host);
  const root = host.attachShadow({ mode: 'open' });
  const row = document.createElement('div');
  row.className = 'row';
  row.append('words', document.createElement('button'));
  root.append(row);
  const pressed: Element[] = [];
  const presses = new Presses(root, (one) => pressed.push(one), LONG_MS);
  presses.listen();
  const does = (type: string, init: PointerEventInit = {}): boolean => {
    const common = { bubbles: true, composed: true, cancelable: true, isPrimary: true };
    return row.dispatchEvent(new PointerEvent(type, { ...common, pointerType: 'touch', ...init }));
  };
  return { row, pressed, presses, does };
}

/** Timers of one length come in their order: this one comes after the press would have. */
function longAfter(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LONG_MS + 5));
}

describe('a long press', () => {
  afterEach(() => document.body.replaceChildren());

  it('is a finger that stays', async () => {
    const { row, pressed, does } = held();

    does('pointerdown');
    does('pointermove', { clientY: 5 });
    await longAfter();

    expect(pressed).to.deep.equal([row]);
  });

  it('is not a mouse, a finger that moves or lifts, or a press on a button', async () => {
    const { row, pressed, does } = held();

    does('pointerdown', { pointerType: 'mouse' });
    await longAfter();
    does('pointerdown');
    does('pointermove', { clientY: 40 });
    await longAfter();
    does('pointerdown');
    does('pointerup');
    await longAfter();
    const init = { bubbles: true, isPrimary: true, pointerType: 'touch' };
    row.querySelector('button')?.dispatchEvent(new PointerEvent('pointerdown', init));
    await longAfter();

    expect(pressed).to.deep.equal([]);
  });

  it('goes on when it began before anybody listened', async () => {
    const over = { type: 'pointerover', pointerType: 'touch', timeStamp: performance.now() };
    const out = { type: 'pointerout', pointerType: 'touch', timeStamp: over.timeStamp + 5 };
    const late = { ...out, timeStamp: over.timeStamp + LONG_MS };
    const old = { ...over, timeStamp: over.timeStamp - 60_000 };
    const mouse = { ...over, pointerType: 'mouse' };
    const cases = [[over], [over, out, over], [over, late], [over, out], [old], [mouse], []];

    const found = [];
    for (const acts of cases) {
      const { row, pressed, presses } = held();
      const { x, y } = row.getBoundingClientRect();
      const at = { clientX: x + 2, clientY: y + 2 };
      presses.resume(acts.map((act) => ({ ...act, ...at }) as PointerEvent));
      await longAfter();
      found.push(pressed.includes(row));
      document.body.replaceChildren();
    }

    expect(found).to.deep.equal([true, true, true, false, false, false, false]);
  });

  it('takes the place of the menu and the click of the platform, once', async () => {
    const { does } = held();

    does('pointerdown');
    await longAfter();
    const first = does('click', { detail: 1 });
    const second = does('click', { detail: 1 });
    does('pointerdown');
    await longAfter();
    const menu = does('contextmenu');

    expect([first, second, menu]).to.deep.equal([false, true, false]);
  });

  it('takes a click on what has come under the finger, and none that a key makes', async () => {
    const { row, does } = held();
    const menu = document.createElement('button');
    row.after(menu);
    const clicks = [0, 1].map((detail) => new MouseEvent('click', { detail, cancelable: true }));

    does('pointerdown');
    await longAfter();
    const free = clicks.map((click) => menu.dispatchEvent(click));

    expect(free).to.deep.equal([true, false]);
  });
});
