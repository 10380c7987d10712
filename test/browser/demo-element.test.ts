import { expect } from '@open-wc/testing';

import type { ReadyDetail } from '../../component/element/events.ts';
import type { MiniChat } from '../../component/element/mini-chat.ts';
import { clearPage, inside, nextFrame, textsOf, typeText } from '../support/element-page.ts';

import '../../component/element/mini-chat.ts';

/** As in the documents: an element that names no server. */
async function mountDemo(server: string, name: string): Promise<MiniChat> {
  const element = document.createElement('mini-chat');
  for (const [key, value] of Object.entries({ server, name, room: 'lobby', lang: 'en' })) {
    element.setAttribute(key, value);
  }
  document.body.append(element);
  await becomesTrue(() => element.matches(':state(live)'));
  return element;
}

async function becomesTrue(isSo: () => boolean): Promise<void> {
  while (!isSo()) await nextFrame();
}

describe('MiniChat with server="demo:"', () => {
  afterEach(clearPage);

  it('lets two people on one page talk, write and react', async () => {
    const [ada, ben] = [await mountDemo('demo:ada', 'Ada'), await mountDemo('demo:ben', 'Ben')];
    const text = `hello ${Date.now()}`;

    ada.send(text);
    await becomesTrue(() => textsOf(ben).includes(text));
    typeText(ben, 'hm');
    await becomesTrue(() => /Ben/.test(inside(ada, '[part~=typing]').textContent));

    expect(inside(ada, '[part~=people]').textContent).to.match(/2/);
  });

  it('is one guest wherever the address is the same, and another where it is not', async () => {
    const ready: string[] = [];
    const note = (event: Event): void => {
      const { user } = (event as CustomEvent<ReadyDetail>).detail;
      ready.push(user?.id ?? '');
    };
    document.addEventListener('mini-chat-ready', note);
    await mountDemo('demo:ada', 'Ada');
    await mountDemo('demo:ada', 'Ada');
    await mountDemo('demo:ben', 'Ben');
    document.removeEventListener('mini-chat-ready', note);

    expect(ready).to.have.length(3);
    expect(new Set(ready).size).to.equal(2);
  });
});
