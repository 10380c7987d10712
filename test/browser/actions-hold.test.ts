import { expect } from '@open-wc/testing';

import { isHot } from '../../component/element/actions-hold.ts';
import { clearStages, rowAt, settled, Stage } from '../support/actions-page.ts';

function rows(apartMs: number) {
  return Array.from({ length: 30 }, (_, i) => rowAt(i + 1, { at: i * apartMs }));
}

/** A log at its end, with the focus in it. */
async function inside(apartMs: number): Promise<Stage> {
  const stage = new Stage(rows(apartMs));
  await stage.open();
  const log = stage.find('.log');
  log.scrollTop = log.scrollHeight;
  stage.all('.row').at(-1)?.focus({ preventScroll: true });
  await stage.draw();
  return stage;
}

async function leave({ root }: Stage): Promise<void> {
  (root.activeElement as HTMLElement).blur();
  await settled();
}

describe('Hold', () => {
  afterEach(clearStages);

  it('holds a log that runs while the reader is inside, and lets it go afterwards', async () => {
    const stage = await inside(5);
    const held = [...stage.asked];

    await leave(stage);

    expect(held).to.deep.equal(['hold true']);
    expect(stage.asked).to.deep.equal(['hold true', 'hold false']);
  });

  it('leaves a room alone that people can follow', async () => {
    const stage = await inside(1000);

    await leave(stage);

    expect(stage.asked).to.deep.equal([]);
  });

  it('leaves a reader where they scrolled meanwhile', async () => {
    const stage = await inside(5);
    stage.find('.log').scrollTop = 0;

    await leave(stage);

    expect(stage.asked).to.deep.equal(['hold true']);
  });

  it('calls a room hot by its newest rows alone', () => {
    expect(isHot(rows(100))).to.equal(true);
    expect(isHot(rows(300))).to.equal(false);
    expect(isHot(rows(1).slice(0, 5))).to.equal(false);
  });
});
