import { expect } from '@open-wc/testing';
import 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';

import { ada, clearStages, EVERYTHING, rowAt, settled, Stage } from '../support/actions-page.ts';
import { press } from '../support/element-page.ts';

declare const axe: { run(element: Element, options: RunOptions): Promise<AxeResults> };

/** Rules that axe breaks in an element shown to it. */
async function broken({ host }: Stage): Promise<string[]> {
  // A stage is a fragment: it has no landmarks and no heading of a page.
  const rules = { region: { enabled: false } };
  const { violations } = await axe.run(host, { rules });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).join(' ')}`);
}

describe('the second file', () => {
  afterEach(clearStages);

  it('gives each message its buttons, for what may be done', async () => {
    const stage = new Stage([rowAt(1)]);
    await stage.open();
    const all = stage.all('[data-act]').map((one) => one.ariaLabel);

    await stage.set({ can: ['join', 'history'] });
    const less = stage.all('[data-act]').map((one) => one.ariaLabel);

    expect(all).to.deep.equal(['React', 'Reply', 'Message actions']);
    expect(less).to.deep.equal(['Message actions']);
    expect(stage.all('[data-act]').every((one) => one.tabIndex === -1)).to.equal(true);
  });

  it('does what made it load: the up arrow', async () => {
    const stage = new Stage([rowAt(1, { user: ada, text: 'mine' })]);
    await stage.draw();
    stage.find('textarea').focus();

    await stage.open(new KeyboardEvent('keydown', { key: 'ArrowUp' }));
    await settled();

    expect(stage.text).to.equal('mine');
  });

  it('does what made it load: an "@"', async () => {
    const stage = new Stage([rowAt(1)]);
    stage.text = '@';
    await stage.draw();
    stage.find('textarea').focus();

    await stage.open(new InputEvent('input'));
    await settled();

    expect(stage.all('[role=option]').length).to.equal(1);
  });

  it('does what was done last while it was on its way: a key after a pointer', async () => {
    const stage = new Stage([rowAt(1, { user: ada, text: 'mine' })]);
    await stage.draw();
    stage.find('textarea').focus();

    const key = new KeyboardEvent('keydown', { key: 'ArrowUp' });
    await stage.open(new PointerEvent('pointerover'), key, new PointerEvent('pointerout'));
    await settled();

    expect(stage.text).to.equal('mine');
  });

  it('leaves other keys to the composer and the log', async () => {
    const stage = new Stage([rowAt(1)]);
    await stage.open();
    const input = stage.find('textarea');

    input.focus();
    const inText = ['Enter', 'Escape', 'Tab', 'a'].map((key) => press(input, key));
    stage.find('.row').focus();
    const inLog = ['ArrowUp', 'Escape', 'Tab'].map((key) => press(stage.find('.row'), key));

    expect([...inText, ...inLog]).to.deep.equal([true, true, true, true, true, true, true]);
  });

  it('has one style sheet for all elements of a page', async () => {
    const [one, other] = [new Stage([]), new Stage([])];
    await one.open();
    await other.open();

    expect(one.root.adoptedStyleSheets[1]).to.equal(other.root.adoptedStyleSheets[1]);
    expect(one.root.adoptedStyleSheets.length).to.equal(2);
  });

  it('closes everything with the room', async () => {
    const stage = new Stage([rowAt(1)]);
    await stage.open();
    stage.find('[data-act=more]').click();
    await settled();

    stage.reset();
    await stage.draw();

    expect(stage.all('.over, .banner')).to.deep.equal([]);
  });

  it('gives axe nothing to find: menu, question, picker, list, banner', async () => {
    const reactions = [{ emoji: '🚀', count: 1, users: [ada], mine: true }];
    const stage = new Stage([rowAt(1, { user: ada, reactions })], [...EVERYTHING, 'pin']);
    await stage.open();
    const found: string[] = [];
    const look = async (): Promise<void> => {
      await settled();
      found.push(...(await broken(stage)));
    };

    stage.find('[data-act=more]').click();
    await look();
    stage.find('[data-deed=remove]').click();
    await look();
    stage.find('[data-deed=back]').click();
    await settled();
    stage.find('[data-act=react]').click();
    await look();
    press(stage.find('.search'), 'Escape');
    await settled();
    stage.find('[data-act=reply]').click();
    await look();
    stage.text = ':roc';
    await stage.draw();
    stage.find('textarea').dispatchEvent(new InputEvent('input', { bubbles: true }));
    await look();

    expect(stage.all('.hints').length).to.equal(1);
    expect(found).to.deep.equal([]);
  });
});
