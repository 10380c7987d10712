import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { placeBeside } from '../../../component/element/actions-place.ts';

const view = { width: 320, height: 500 };
const box = { width: 200, height: 150 };
const under = { above: false, alignRight: true };

function anchorAt(
  left: number,
  top: number,
): { [Edge in 'left' | 'top' | 'right' | 'bottom']: number } {
  return { left, top, right: left + 30, bottom: top + 20 };
}

describe('placeBeside', () => {
  it('goes under the anchor, with the right edges in line', () => {
    assert.deepEqual(placeBeside(anchorAt(250, 100), box, view, under), { left: 80, top: 126 });
  });

  it('goes over it where there is no room below', () => {
    assert.equal(placeBeside(anchorAt(250, 400), box, view, under).top, 244);
  });

  it('goes over it when that is wanted, and under it where there is no room above', () => {
    const over = { above: true, alignRight: false };

    assert.deepEqual(placeBeside(anchorAt(20, 400), box, view, over), { left: 20, top: 244 });
    assert.equal(placeBeside(anchorAt(20, 40), box, view, over).top, 66);
  });

  it('stays within the window where it fits on neither side', () => {
    const low = { width: 320, height: 200 };

    assert.deepEqual(placeBeside(anchorAt(0, 90), box, low, under), { left: 6, top: 44 });
  });

  it('shows its upper left corner when it is larger than the window', () => {
    const large = { width: 400, height: 600 };

    assert.deepEqual(placeBeside(anchorAt(0, 90), large, view, under), { left: 6, top: 6 });
  });
});
