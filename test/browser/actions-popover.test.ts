import { expect } from '@open-wc/testing';

import { drawn, onPressOutside, showBeside } from '../../component/element/actions-popover.ts';
import { clearStages, rowAt, Stage } from '../support/actions-page.ts';

function boxes(): { readonly box: HTMLElement; readonly anchor: HTMLElement } {
  const [box, anchor] = [document.createElement('div'), document.createElement('div')];
  box.popover = 'manual';
  box.style.cssText = 'inset: auto; margin: 0; width: 100px; height: 50px; padding: 0; border: 0';
  anchor.style.cssText = 'position: fixed; left: 150px; top: 100px; width: 40px; height: 20px';
  document.body.append(anchor, box);
  return { box, anchor };
}

describe('a box in the top layer', () => {
  afterEach(clearStages);

  it('opens under what it belongs to, and moves when it is shown again', () => {
    const { box, anchor } = boxes();

    showBeside(box, anchor);
    const first = box.getBoundingClientRect();
    anchor.style.top = '30px';
    showBeside(box, anchor);
    const second = box.getBoundingClientRect();

    expect(box.matches(':popover-open')).to.equal(true);
    expect([first.right, first.top]).to.deep.equal([190, 126]);
    expect(second.top).to.equal(56);
  });

  it('begins where the line does when it is over it', () => {
    const { box, anchor } = boxes();

    showBeside(box, anchor, anchor);

    const { left, bottom } = box.getBoundingClientRect();
    expect([left, bottom]).to.deep.equal([150, 94]);
  });

  it('leaves in sight what is between its anchor and what it is to be over', () => {
    const { box, anchor } = boxes();
    const banner = document.createElement('div');
    banner.style.cssText = 'position: fixed; left: 0; top: 70px; width: 400px; height: 30px';
    document.body.append(banner);

    showBeside(box, anchor, banner);
    banner.remove();

    const { left, bottom } = box.getBoundingClientRect();
    expect([left, bottom]).to.deep.equal([150, 64]);
  });

  it('hears presses and scrolling outside until it stops listening', () => {
    const { box, anchor } = boxes();
    let presses = 0;
    const press = (at: Element): boolean =>
      at.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));

    const stop = onPressOutside(box, () => (presses += 1));
    press(box);
    press(anchor);
    anchor.dispatchEvent(new WheelEvent('wheel', { bubbles: true, composed: true }));
    stop();
    press(anchor);

    expect(presses).to.equal(2);
  });

  it('is told when what changed is drawn', async () => {
    const stage = new Stage([]);
    await stage.draw();
    stage.snapshot = { ...stage.snapshot, rows: [rowAt(1)] };

    await drawn(stage.kit());

    expect(stage.all('.row').length).to.equal(1);
  });
});
