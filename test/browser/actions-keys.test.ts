import { expect } from '@open-wc/testing';

import { stepKey } from '../../component/element/actions-keys.ts';

const QUICK = ['+', '-', '*'];
const DEEDS = ['Reply', 'Edit', 'Delete'];

function menu(dir = 'ltr'): HTMLElement[] {
  const box = document.createElement('div');
  box.dir = dir;
  for (const word of [...QUICK, ...DEEDS]) {
    const button = document.createElement('button');
    button.textContent = word;
    button.className = QUICK.includes(word) ? 'face' : '';
    box.append(button);
  }
  document.body.append(box);
  const buttons = [...box.querySelectorAll('button')];
  box.addEventListener('keydown', (event) => stepKey(event, buttons));
  buttons[0]?.focus();
  return buttons;
}

/** Where each key leads, from where the one before did. */
function walk(...keys: readonly string[]): string[] {
  return keys.map((key) => {
    const init = { key, bubbles: true, cancelable: true };
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', init));
    return document.activeElement?.textContent ?? '';
  });
}

describe('the keys of a menu', () => {
  afterEach(() => document.body.replaceChildren());

  it('go across the reactions, and down past them', () => {
    menu();

    const walked = walk('ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp');

    expect(walked).to.deep.equal(['-', 'Reply', 'Edit', 'Reply', '+']);
  });

  it('go round at both ends, and to them', () => {
    menu();

    const walked = walk('ArrowUp', 'ArrowDown', 'End', 'Home', 'ArrowLeft');

    expect(walked).to.deep.equal(['Delete', '+', 'Delete', '+', 'Delete']);
  });

  it('go the other way where people write from right to left', () => {
    menu('rtl');

    expect(walk('ArrowLeft', 'ArrowLeft', 'ArrowRight')).to.deep.equal(['-', '*', '-']);
  });

  it('jump to what begins with a letter', () => {
    menu();

    expect(walk('d', 'e', 'x', 'Dead')).to.deep.equal(['Delete', 'Edit', 'Edit', 'Edit']);
  });
});
