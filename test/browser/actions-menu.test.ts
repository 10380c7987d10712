import { expect } from '@open-wc/testing';

import {
  ada,
  clearStages,
  EVERYTHING,
  grace,
  rowAt,
  settled,
  Stage,
} from '../support/actions-page.ts';
import { press } from '../support/element-page.ts';

const MENU = '.over.menu';

async function open(stage: Stage, index = 0): Promise<void> {
  await stage.open();
  stage.find(`.row:nth-of-type(${index + 1})`).focus();
  press(stage.find(`.row:nth-of-type(${index + 1})`), 'Enter');
  await settled();
}

/** A key where the focus is. */
async function key({ root }: Stage, name: string): Promise<void> {
  if (root.activeElement) press(root.activeElement, name);
  await settled();
}

/** What can be done, without the keys for it. */
function words(stage: Stage): string[] {
  return stage.all(`${MENU} .deed`).map((one) => one.innerText.replace('↑', '').trim());
}

function focused({ root }: Stage): HTMLElement {
  return root.activeElement as HTMLElement;
}

describe('the menu of a message', () => {
  afterEach(clearStages);

  it('opens by Enter on a row, in the top layer, and takes the focus', async () => {
    const stage = new Stage([rowAt(1)]);

    await open(stage);

    expect(stage.find(MENU).matches(':popover-open')).to.equal(true);
    expect(stage.find('[role=menu]').ariaLabel).to.equal('What to do with the message of Grace');
    expect(focused(stage).dataset['emoji']).to.equal('👍');
  });

  it('opens by the Enter that made the file load', async () => {
    const stage = new Stage([rowAt(1)]);
    await stage.draw();
    stage.find('.row').focus();

    await stage.open(new KeyboardEvent('keydown', { key: 'Enter' }));
    await settled();

    expect(stage.find(MENU).matches(':popover-open')).to.equal(true);
  });

  it('opens by the button that a row shows, and closes by it again', async () => {
    const stage = new Stage([rowAt(1)]);
    await stage.open();
    const button = stage.find('[data-act=more]');
    const click = async (): Promise<void> => {
      button.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
      button.click();
      await settled();
    };

    await click();
    const isOpen = stage.all(MENU).length === 1;
    await click();

    expect(isOpen).to.equal(true);
    expect(stage.all(MENU)).to.deep.equal([]);
  });

  it('offers what this reader may do, and no more', async () => {
    const own = new Stage([rowAt(1, { user: ada })]);
    await open(own);
    const ofOwn = words(own);
    const other = new Stage([rowAt(1)]);
    await open(other);
    const moderator = new Stage([rowAt(1, { pinned: true })], [...EVERYTHING, 'moderate', 'pin']);
    await open(moderator);
    const reader = new Stage([rowAt(1)], ['join', 'history']);
    await open(reader);

    expect(ofOwn).to.deep.equal(['Reply', 'Edit', 'Copy text', 'Copy link', 'Delete…']);
    expect(words(other)).to.deep.equal(['Reply', 'Copy text', 'Copy link']);
    expect(words(moderator)).to.include.members(['Unpin', 'Delete…']);
    expect(words(reader)).to.deep.equal(['Copy text', 'Copy link']);
    expect(reader.all('.quick')).to.deep.equal([]);
  });

  it('tells of the up arrow where that would edit', async () => {
    const last = new Stage([rowAt(1, { user: ada }), rowAt(2, { user: ada }), rowAt(3)]);
    await open(last, 1);
    const edit = last.find('[data-deed=edit]');
    const keys = [edit.getAttribute('aria-keyshortcuts'), last.find('kbd').innerText];
    const other = new Stage([rowAt(1, { user: ada }), rowAt(2, { user: ada })]);
    await open(other);

    expect(keys).to.deep.equal(['ArrowUp', '↑']);
    expect(last.all('kbd').length).to.equal(1);
    expect(other.find('[data-deed=edit]').hasAttribute('aria-keyshortcuts')).to.equal(false);
    expect(other.all('kbd')).to.deep.equal([]);
  });

  it('is not there for drafts, notices and what was deleted', async () => {
    const stage = new Stage([
      rowAt(1, { state: 'sending', seq: undefined }),
      rowAt(2, { kind: 'notice' }),
      rowAt(3, { deleted: true, text: '' }),
    ]);
    await stage.open();

    for (const row of stage.all('.row')) {
      row.focus();
      press(row, 'Enter');
      await settled();
    }

    expect(stage.all('[data-act]')).to.deep.equal([]);
    expect(stage.all(MENU)).to.deep.equal([]);
  });

  it('closes by Esc and gives the focus back to its row', async () => {
    const stage = new Stage([rowAt(1), rowAt(2)]);
    await open(stage, 1);

    await key(stage, 'Escape');

    expect(stage.all(MENU)).to.deep.equal([]);
    expect(focused(stage)).to.equal(stage.all('.row')[1]);
  });

  it('closes by a press outside, and when its message is deleted', async () => {
    const stage = new Stage([rowAt(1)]);
    await open(stage);
    document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    await settled();
    const afterPress = stage.all(MENU).length;
    stage.find('.row').focus();
    press(stage.find('.row'), 'Enter');
    await settled();
    const again = stage.all(MENU).length;

    await stage.set({ rows: [rowAt(1, { deleted: true, text: '' })] });
    await settled();

    expect([afterPress, again]).to.deep.equal([0, 1]);
    expect(stage.all(MENU).length).to.equal(0);
    expect(focused(stage) === stage.find('.row')).to.equal(true);
  });

  it('reacts and takes a reaction back', async () => {
    const mine = { emoji: '🎉', count: 1, users: [ada], mine: true };
    const stage = new Stage([rowAt(1, { reactions: [mine] })]);
    await open(stage);
    const checked = stage.all('.quick [aria-checked=true]').map((one) => one.innerText.trim());

    stage.find('[data-emoji="🎉"]').click();
    await settled();
    press(stage.find('.row'), 'Enter');
    await settled();
    stage.find('[data-emoji="👍"]').click();

    expect(checked).to.deep.equal(['🎉']);
    expect(stage.asked).to.deep.equal(['react 1 🎉 false', 'react 1 👍 true']);
  });

  it('says who gave a reaction, by name, and joins in', async () => {
    const reactions = [{ emoji: '🚀', count: 3, users: [grace, ada], mine: true }];
    const stage = new Stage([rowAt(1, { reactions })]);
    await open(stage);
    const [given] = words(stage);

    await key(stage, 'ArrowDown');
    const checked = focused(stage).ariaChecked;
    focused(stage).click();

    expect(given?.replace(/\s+/g, ' ')).to.equal('🚀 Grace, Ada, and 1 other');
    expect(checked).to.equal('true');
    expect(stage.asked).to.deep.equal(['react 1 🚀 false']);
  });

  it('says it, and no more, where the reader may not react', async () => {
    const reactions = [{ emoji: '🚀', count: 1, users: [grace], mine: false }];
    const stage = new Stage([rowAt(1, { reactions })], ['join', 'history']);
    await open(stage);
    const [given] = words(stage);

    focused(stage).click();

    expect(given?.replace(/\s+/g, ' ')).to.equal('🚀 Grace');
    expect(focused(stage).ariaDisabled).to.equal('true');
    expect(stage.asked).to.deep.equal([]);
  });

  it('pins and unpins', async () => {
    const stage = new Stage([rowAt(1)], [...EVERYTHING, 'pin']);
    await open(stage);
    stage.find('[data-deed=pin]').click();
    await settled();
    await stage.set({ rows: [rowAt(1, { pinned: true })] });
    press(stage.find('.row'), 'Enter');
    await settled();

    stage.find('[data-deed=unpin]').click();

    expect(stage.asked).to.deep.equal(['pin 1 true', 'pin 1 false']);
  });

  it('asks before it deletes, in place, and a held key is no answer', async () => {
    const stage = new Stage([rowAt(1, { user: ada })]);
    await open(stage);
    stage.find('[data-deed=remove]').click();
    await settled();
    const question = stage.find('[role=alertdialog]').innerText;
    const isTaken = !press(focused(stage), 'Enter', { repeat: true });

    stage.find('[data-deed=back]').click();
    await settled();
    const kept = [...stage.asked];
    press(stage.find('.row'), 'Enter');
    await settled();
    stage.find('[data-deed=remove]').click();
    await settled();
    focused(stage).click();
    await settled();

    expect(question).to.contain('Delete this message for everyone?');
    expect(isTaken).to.equal(true);
    expect(kept).to.deep.equal([]);
    expect(stage.asked).to.deep.equal(['remove 1']);
    expect(focused(stage)).to.equal(stage.find('.row'));
  });

  it('opens the links of the text, and leads to what was answered', async () => {
    const stage = new Stage([rowAt(1), rowAt(2, { replyTo: 1 })]);
    await stage.open();
    const link = document.createElement('a');
    link.href = 'https://example.org/page/';
    const text = stage.find('.row:nth-of-type(2) .text');
    text.append(link);
    let clicks = 0;
    link.addEventListener('click', (event) => {
      clicks += 1;
      event.preventDefault();
    });
    press(stage.find('.row:nth-of-type(2)'), 'Enter');
    stage.find('.row:nth-of-type(2)').focus();
    press(stage.find('.row:nth-of-type(2)'), 'Enter');
    await settled();
    const shown = words(stage);

    stage.find('[data-link="0"]').click();
    await settled();
    stage.find('.row:nth-of-type(2) [data-act=more]').click();
    await settled();
    stage.find('[data-deed=toQuote]').click();
    await settled();

    expect(shown[0]).to.equal('Open example.org/page');
    expect(clicks).to.equal(1);
    expect(stage.asked).to.deep.equal(['show 1']);
    expect(stage.all(MENU)).to.deep.equal([]);
  });

  it('leaves Enter alone on a message whose change was refused: it leads to "Retry"', async () => {
    const stage = new Stage([rowAt(1, { failure: { code: 'forbidden', message: '' } })]);
    await stage.open();
    stage.find('.row').focus();

    expect(press(stage.find('.row'), 'Enter')).to.equal(true);
    stage.find('[data-act=more]').click();
    await settled();
    expect(stage.all(MENU).length).to.equal(1);
  });

  it('has words in other languages', async () => {
    await import('../../component/element/languages.ts');
    const stage = new Stage([rowAt(1, { user: ada })]);
    stage.lang = 'pt-BR';

    await open(stage);

    expect(words(stage)).to.include.members(['Responder', 'Editar', 'Apagar…']);
    expect(grace.name).to.equal('Grace');
  });
});
