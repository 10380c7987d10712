import { expect } from '@open-wc/testing';

import { ada, clearStages, rowAt, settled, Stage } from '../support/actions-page.ts';
import { press } from '../support/element-page.ts';
import { userOf } from '../support/fake-room.ts';

const HINTS = '.over.hints';

async function talking(): Promise<Stage> {
  const linus = userOf('Linus Torvalds');
  const stage = new Stage([rowAt(1, { user: linus }), rowAt(2), rowAt(3, { user: ada })]);
  await stage.open();
  await stage.set({ people: { count: 2, users: [ada, userOf('Édith')] } });
  return stage;
}

/** Letters at the end of the text, as a reader types them. */
async function type(stage: Stage, text: string): Promise<HTMLTextAreaElement> {
  const input = stage.find<HTMLTextAreaElement>('textarea');
  input.focus();
  input.value = text;
  stage.text = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await settled();
  return input;
}

function hints(stage: Stage): string[] {
  return stage
    .all(`${HINTS} [role=option]`)
    .map((one) => one.innerText.replace(/\s+/g, ' ').trim());
}

describe('completion in the composer', () => {
  afterEach(clearStages);

  it('knows who is there and who wrote, the last writer first, without oneself', async () => {
    const stage = await talking();

    await type(stage, 'hi @');

    expect(hints(stage)).to.deep.equal(['Grace', 'Linus Torvalds', 'Édith']);
    expect(stage.find(HINTS).matches(':popover-open')).to.equal(true);
  });

  it('finds by any part of a name, without case and accents', async () => {
    const stage = await talking();

    await type(stage, '@tor');
    const byLast = hints(stage);
    await type(stage, '@edi');
    const plain = hints(stage);
    await type(stage, 'mail@gra');

    expect(byLast).to.deep.equal(['Linus Torvalds']);
    expect(plain).to.deep.equal(['Édith']);
    expect(hints(stage)).to.deep.equal([]);
  });

  it('goes on by arrows, and takes one by Enter or Tab without sending', async () => {
    const stage = await talking();
    const input = await type(stage, 'hi @');

    press(input, 'ArrowDown');
    await settled();
    const pointed = input.getAttribute('aria-activedescendant');
    const isLeft = press(input, 'Enter');
    await settled();

    expect(pointed).to.equal('hint-1');
    expect(isLeft).to.equal(false);
    expect(input.value).to.equal('hi @Linus Torvalds ');
    expect(hints(stage)).to.deep.equal([]);
    expect(stage.root.activeElement).to.equal(input);
  });

  it('points from the text to the list while there is one, and says its first line', async () => {
    const stage = await talking();

    const input = await type(stage, '@g');
    const names = input.getAttributeNames().filter((name) => name.startsWith('aria-'));
    press(input, 'Escape');
    await settled();

    expect(names).to.include.members([
      'aria-controls',
      'aria-activedescendant',
      'aria-autocomplete',
    ]);
    expect(stage.asked).to.deep.equal(['say 1 suggestion: Grace']);
    expect(input.getAttributeNames()).not.to.include('aria-activedescendant');
    expect(hints(stage)).to.deep.equal([]);
    expect(input.value).to.equal('@g');
  });

  it('completes emoji by name from two letters on', async () => {
    const stage = await talking();

    await type(stage, 'so :r');
    const one = hints(stage);
    const input = await type(stage, 'so :roc');
    const two = hints(stage);
    press(input, 'Tab');
    await settled();

    expect(one).to.deep.equal([]);
    expect(two[0]).to.equal('🤘 :rock_on:');
    expect(input.value).to.equal('so 🤘 ');
  });

  it('turns a whole name into its emoji at the second colon', async () => {
    const stage = await talking();

    const input = await type(stage, 'yes :+1:');

    expect(input.value).to.equal('yes 👍');
    await type(stage, 'at 10:30:');
    expect(input.value).to.equal('at 10:30:');
  });

  it('takes one by a click, and leaves the focus in the text', async () => {
    const stage = await talking();
    const input = await type(stage, '@');

    const down = new PointerEvent('pointerdown', { bubbles: true, cancelable: true });
    stage.find(`${HINTS} [role=option]`).dispatchEvent(down);
    stage.find(`${HINTS} [role=option]`).click();
    await settled();

    expect(down.defaultPrevented).to.equal(true);
    expect(input.value).to.equal('@Grace ');
    expect(stage.root.activeElement).to.equal(input);
  });

  it('does not come by walking through a text, and goes with the focus', async () => {
    const stage = await talking();
    const input = await type(stage, '@g');
    stage.find('.row').focus();
    await settled();
    const afterFocus = hints(stage);

    input.focus();
    input.dispatchEvent(new KeyboardEvent('keyup', { key: 'ArrowLeft', bubbles: true }));
    await settled();

    expect(afterFocus).to.deep.equal([]);
    expect(hints(stage)).to.deep.equal([]);
  });

  it('leaves Enter to an input method', async () => {
    const stage = await talking();
    const input = await type(stage, '@g');

    const isLeft = press(input, 'Enter', { isComposing: true });

    expect(isLeft).to.equal(true);
    expect(input.value).to.equal('@g');
  });
});
