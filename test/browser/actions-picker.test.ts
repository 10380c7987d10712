import { expect } from '@open-wc/testing';

import { clearStages, rowAt, settled, Stage } from '../support/actions-page.ts';
import { press } from '../support/element-page.ts';

async function open(stage: Stage): Promise<HTMLInputElement> {
  await stage.open();
  stage.find('[data-act=react]').click();
  await settled();
  return stage.find<HTMLInputElement>('.search');
}

async function search(stage: Stage, words: string): Promise<void> {
  const input = stage.find<HTMLInputElement>('.search');
  input.value = words;
  input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  await settled();
}

function active(stage: Stage): string {
  const id = stage.find('.search').getAttribute('aria-activedescendant') ?? '';
  return stage.find(`#${id}`).innerText.trim();
}

describe('the emoji picker', () => {
  afterEach(clearStages);

  it('opens by the button of a row, with the focus in its search', async () => {
    const stage = new Stage([rowAt(1)]);

    const input = await open(stage);

    expect(stage.root.activeElement).to.equal(input);
    expect(stage.all('[role=option]').length).to.be.greaterThan(200);
    expect(stage.all('[role=group]').map((one) => one.ariaLabel)).to.include('Food and drink');
  });

  it('opens from the menu, in its place', async () => {
    const stage = new Stage([rowAt(1)]);
    await stage.open();
    stage.find('[data-act=more]').click();
    await settled();

    stage.find('[data-deed=picker]').click();
    await settled();

    expect(stage.all('[role=menu]')).to.deep.equal([]);
    expect(stage.root.activeElement).to.equal(stage.find('.search'));
  });

  it('finds by name, and takes the first by Enter', async () => {
    const stage = new Stage([rowAt(1)]);
    const input = await open(stage);

    await search(stage, 'rock');
    const shown = stage.all('.face').map((one) => one.innerText.trim());
    press(input, 'Enter');
    await settled();

    expect(shown).to.have.members(['🚀', '🤘']);
    expect(stage.asked).to.deep.equal(['react 1 🤘 true']);
    expect(stage.all('.over')).to.deep.equal([]);
    expect(stage.root.activeElement).to.equal(stage.find('.row'));
  });

  it('says so when there is none of that name', async () => {
    const stage = new Stage([rowAt(1)]);
    const input = await open(stage);

    await search(stage, 'nothing like it');
    press(input, 'Enter');
    press(input, 'ArrowDown');

    expect(stage.find('.none').innerText).to.equal('No emoji by that name.');
    expect(stage.asked).to.deep.equal([]);
  });

  it('walks its grid by arrows, line by line, and leaves the caret its letters', async () => {
    const stage = new Stage([rowAt(1)]);
    const input = await open(stage);
    const first = active(stage);

    press(input, 'ArrowRight');
    await settled();
    const right = active(stage);
    press(input, 'ArrowDown');
    await settled();
    const under = stage.find('[aria-selected=true]').getBoundingClientRect();
    press(input, 'ArrowUp');
    await settled();
    const back = active(stage);
    await search(stage, 'o');
    const isLeft = press(input, 'ArrowRight');

    expect([first, right, back]).to.deep.equal(['😄', '😀', '😀']);
    const second = stage.all('.face')[1]?.getBoundingClientRect();
    expect(Math.abs(under.left - (second?.left ?? 0))).to.be.lessThan(200);
    expect(isLeft).to.equal(true);
  });

  it('reacts by a click', async () => {
    const stage = new Stage([rowAt(1)]);
    await open(stage);

    stage.find('[title=":pizza:"]').click();
    await settled();

    expect(stage.asked).to.deep.equal(['react 1 🍕 true']);
  });

  it('closes by Esc', async () => {
    const stage = new Stage([rowAt(1)]);
    const input = await open(stage);

    press(input, 'Escape');
    await settled();

    expect(stage.all('.over')).to.deep.equal([]);
    expect(stage.root.activeElement).to.equal(stage.find('.row'));
  });
});
