import { expect } from '@open-wc/testing';

import { ada, clearStages, rowAt, settled, Stage } from '../support/actions-page.ts';
import { press } from '../support/element-page.ts';

async function talking(): Promise<Stage> {
  const stage = new Stage([rowAt(1), rowAt(2, { user: ada, text: 'mine' }), rowAt(3)]);
  await stage.open();
  return stage;
}

async function keyInText(stage: Stage, key: string): Promise<boolean> {
  const input = stage.find('textarea');
  input.focus();
  const isLeft = press(input, key);
  await settled();
  return isLeft;
}

async function reply(stage: Stage): Promise<void> {
  stage.find('[data-act=reply]').click();
  await settled();
}

describe('what the next text is', () => {
  afterEach(clearStages);

  it('is an answer after "reply", once', async () => {
    const stage = await talking();
    await reply(stage);
    const banner = stage.find('.banner').innerText.replace(/\s+/g, ' ').trim();
    const focused = stage.root.activeElement;
    stage.write('yes');
    await stage.submit();
    stage.write('and more');
    await stage.submit();

    expect(banner).to.equal('Reply to Grace Text 1');
    expect(focused).to.equal(stage.find('textarea'));
    expect(stage.asked).to.deep.equal(['say Reply to Grace', 'send yes to 1', 'plain and more']);
    expect(stage.all('.banner')).to.deep.equal([]);
  });

  it('shows how a long text begins, on a page from right to left, too', async () => {
    const stage = new Stage([rowAt(1, { text: 'Begins here and goes on and on. '.repeat(20) })]);
    stage.host.dir = 'rtl';
    await stage.open();

    await reply(stage);

    const text = stage.find('.banner span[dir]');
    const begin = document.createRange();
    const node = [...text.childNodes].find((one) => one instanceof Text && one.data.trim() !== '');
    if (!node) throw new Error('There is no text.');
    begin.setStart(node, 0);
    begin.setEnd(node, 1);
    const box = text.getBoundingClientRect();
    expect(begin.getBoundingClientRect().left).to.be.within(box.left - 1, box.right);
    expect(text.scrollWidth).to.be.above(text.clientWidth);
  });

  it('keeps what was written when an answer is called off', async () => {
    const stage = await talking();
    stage.write('half a');
    await reply(stage);

    await keyInText(stage, 'Escape');

    expect(stage.text).to.equal('half a');
    expect(stage.all('.banner')).to.deep.equal([]);
  });

  it('is a new text for the last own message after the up arrow in an empty composer', async () => {
    const stage = await talking();

    const isLeft = await keyInText(stage, 'ArrowUp');
    const text = stage.find<HTMLTextAreaElement>('textarea').value;
    stage.write('mine, better');
    await stage.submit();

    expect(isLeft).to.equal(false);
    expect(text).to.equal('mine');
    expect(stage.asked.filter((what) => !what.startsWith('say'))).to.deep.equal([
      'edit 2 mine, better',
    ]);
    expect(stage.text).to.equal('');
  });

  it('leaves the up arrow to a text that is there', async () => {
    const stage = await talking();
    stage.write('a');
    await stage.draw();

    expect(await keyInText(stage, 'ArrowUp')).to.equal(true);
    expect(stage.all('.banner')).to.deep.equal([]);
  });

  it('gives the draft back by Esc, and after an edit was sent', async () => {
    const stage = await talking();
    stage.write('my draft');
    await edit(stage);
    const borrowed = stage.text;
    await keyInText(stage, 'Escape');
    const afterEsc = stage.text;
    await edit(stage);
    stage.write('mine, again');
    await stage.submit();

    expect([borrowed, afterEsc, stage.text]).to.deep.equal(['mine', 'my draft', 'my draft']);
  });

  it('sends no edit that changes nothing', async () => {
    const stage = await talking();
    await edit(stage);

    await stage.submit();

    expect(stage.asked.filter((what) => what.startsWith('edit'))).to.deep.equal([]);
    expect(stage.all('.banner')).to.deep.equal([]);
  });

  it('goes from an edit to an answer with the draft, not with the text of the edit', async () => {
    const stage = await talking();
    stage.write('my draft');
    await edit(stage);

    await reply(stage);

    expect(stage.text).to.equal('my draft');
    expect(stage.find('.banner').innerText).to.contain('Reply to Grace');
  });

  it('is a message of its own when the message it was for is deleted', async () => {
    const stage = await talking();
    await reply(stage);
    await stage.set({ rows: [rowAt(1, { deleted: true, text: '' })] });
    const banner = stage.find('.banner').innerText;
    stage.write('too late');

    await stage.submit();

    expect(banner).to.contain('That message is gone');
    expect(stage.asked).to.include('plain too late');
  });

  it('is forgotten with the room', async () => {
    const stage = await talking();
    await reply(stage);

    stage.reset();
    await stage.draw();

    expect(stage.all('.banner')).to.deep.equal([]);
  });
});

async function edit(stage: Stage): Promise<void> {
  stage.find('.row:nth-of-type(2) [data-act=more]').click();
  await settled();
  stage.find('[data-deed=edit]').click();
  await settled();
}
