import { expect } from '@open-wc/testing';

import type { ReadyDetail } from '../../component/element/events.ts';
import type { MiniChat } from '../../component/element/mini-chat.ts';
import { becomesTrue, clearPage, inside, textsOf, typeText } from '../support/element-page.ts';

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

describe('MiniChat with server="demo:"', () => {
  afterEach(clearPage);

  it('lets two people on one page talk, write and react', async () => {
    const [ada, ben] = [await mountDemo('demo:ada', 'Ada'), await mountDemo('demo:ben', 'Ben')];
    const text = `hello ${Date.now()}`;

    ada.send(text);
    await becomesTrue(() => textsOf(ben).includes(text));
    typeText(ben, 'hm');
    await becomesTrue(() => /Ben/.test(inside(ada, '[part~=typing]').textContent));

    await becomesTrue(() => inside(ada, '[part~=people] summary').innerText === '2 online');
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
    await becomesTrue(() => ready.length >= 3);
    document.removeEventListener('mini-chat-ready', note);

    expect(ready).to.have.length(3);
    expect(new Set(ready).size).to.equal(2);
  });
});
