import { expect } from '@open-wc/testing';

import { Composer } from '../../component/element/composer.ts';
import {
  becomesTrue,
  clearPage,
  drawn,
  inside,
  mount,
  next,
  press,
  say,
  typeText,
} from '../support/element-page.ts';
import { FakeClient, userOf } from '../support/fake-room.ts';
import { ChatError } from '../../component/client/client.ts';

function composition(type: string): CompositionEvent {
  return new CompositionEvent(type, { bubbles: true, composed: true });
}

/** Resolves when storage has it; typing is kept after a pause. */
function kept(text: string): Promise<void> {
  return becomesTrue(() => Object.values(localStorage).includes(text));
}

describe('Composer', () => {
  afterEach(clearPage);

  it('sends with Enter, and is empty then', async () => {
    const { element, room } = await mount();

    await say(element, 'hello');

    expect(room.sent).to.deep.equal(['hello']);
    expect(inside<HTMLTextAreaElement>(element, 'textarea').value).to.equal('');
  });

  it('sends with the button, and gives the focus back to the text', async () => {
    const { element, room } = await mount();
    typeText(element, 'hello');
    await drawn(element);

    inside(element, '.send').click();
    await drawn(element);

    expect(room.sent).to.deep.equal(['hello']);
    expect(element.shadowRoot?.activeElement?.tagName).to.equal('TEXTAREA');
  });

  it('breaks the line with Shift+Enter', async () => {
    const { element, room } = await mount();
    const input = typeText(element, 'one');

    const wasLeftAlone = press(input, 'Enter', { shiftKey: true });

    expect(wasLeftAlone).to.equal(true);
    expect(room.sent).to.deep.equal([]);
  });

  it('sends nothing that is blank', async () => {
    const { element, room } = await mount();

    await say(element, ' \n ');

    expect(room.sent).to.deep.equal([]);
  });

  it('leaves Enter to an input method at work', async () => {
    const { element, room } = await mount();
    const input = typeText(element, 'にほん');

    press(input, 'Enter', { isComposing: true });
    press(input, 'Enter', { keyCode: 229 });

    expect(room.sent).to.deep.equal([]);
  });

  it('leaves Enter to an input method that has just ended, as in Safari', async () => {
    const { element, room } = await mount();
    const input = typeText(element, 'にほん');
    input.dispatchEvent(composition('compositionstart'));

    input.dispatchEvent(composition('compositionend'));
    press(input, 'Enter');
    const sentAtOnce = [...room.sent];
    await new Promise((resolve) => setTimeout(resolve));
    press(input, 'Enter');

    expect(sentAtOnce).to.deep.equal([]);
    expect(room.sent).to.deep.equal(['にほん']);
  });

  it('grows with its text, up to a limit, and shrinks again', async () => {
    const { element } = await mount();
    const input = inside(element, 'textarea');
    const { height } = input.getBoundingClientRect();

    typeText(element, 'one\ntwo\nthree');
    await drawn(element);
    const three = input.getBoundingClientRect().height;
    typeText(element, 'line\n'.repeat(100));
    await drawn(element);
    const most = input.getBoundingClientRect().height;
    typeText(element, '');
    await drawn(element);

    expect(three).to.be.above(height * 1.5);
    expect(most).to.be.below(220);
    expect(input.getBoundingClientRect().height).to.equal(height);
  });

  it('is written in 16 px at least, or phones zoom in', async () => {
    const { element } = await mount();
    element.style.setProperty('--mini-chat-font-size', '11px');

    expect(getComputedStyle(inside(element, 'textarea')).fontSize).to.equal('16px');
  });

  it('counts what is left near the limit, and sends nothing beyond it', async () => {
    const { element, room } = await mount();
    room.set({ limits: { ...room.snapshot.limits, textMax: 300 } });

    typeText(element, 'x'.repeat(50));
    await drawn(element);
    const far = inside(element, '.note').innerText.trim();
    typeText(element, `${'x'.repeat(298)}😀`);
    await drawn(element);
    const near = inside(element, '.note').innerText.trim();
    await say(element, 'x'.repeat(302));

    expect(far).to.equal('');
    expect(near).to.equal('1 character left');
    expect(inside(element, '.note').innerText.trim()).to.equal('2 characters too many');
    expect(inside<HTMLButtonElement>(element, '.send').disabled).to.equal(true);
    expect(room.sent).to.deep.equal([]);
    expect(inside<HTMLTextAreaElement>(element, 'textarea').value.length).to.equal(302);
  });

  it('keeps a text that could not be taken, with words', async () => {
    const { element, room } = await mount();
    room.sendFault = new ChatError('outbox_full', { max: 200 });
    const told = next(element, 'mini-chat-error');

    await say(element, 'one too many');

    expect((await told).detail.code).to.equal('outbox_full');
    expect(inside<HTMLTextAreaElement>(element, 'textarea').value).to.equal('one too many');
    expect(inside(element, '.note.fault').innerText).to.contain('Too many messages wait');
  });

  it('has the text again after a reload, and not after it was sent', async () => {
    const first = await mount();
    typeText(first.element, 'half a thou');
    await kept('half a thou');

    const again = await mount({ client: new FakeClient(userOf('Ada')) });
    const found = inside<HTMLTextAreaElement>(again.element, 'textarea').value;
    await say(again.element, 'half a thought');

    expect(found).to.equal('half a thou');
    expect(Object.keys(localStorage).filter((key) => key.includes(':text:'))).to.deep.equal([]);
  });

  it('keeps the text when the page goes before the pause is over', async () => {
    const { element } = await mount();
    typeText(element, 'going');

    window.dispatchEvent(new Event('pagehide'));

    expect(Object.values(localStorage)).to.include('going');
  });

  it('keeps one text per room and per user', async () => {
    const ada = new FakeClient(userOf('Ada'));
    const { element } = await mount({ client: ada });
    typeText(element, 'for the lobby');

    element.room = 'attic';
    await drawn(element);
    const inAttic = inside<HTMLTextAreaElement>(element, 'textarea').value;
    element.room = 'lobby';
    await drawn(element);
    const inLobby = inside<HTMLTextAreaElement>(element, 'textarea').value;
    const bob = await mount({ client: new FakeClient(userOf('Bob')) });

    expect([inAttic, inLobby]).to.deep.equal(['', 'for the lobby']);
    expect(inside<HTMLTextAreaElement>(bob.element, 'textarea').value).to.equal('');
  });

  it('keeps the draft while another text is in its place, and gives it back', () => {
    const sent: string[] = [];
    const composer = composerOf((text) => sent.push(text));
    composer.open('a place');
    composer.text = 'my draft';

    composer.borrow('of an old message');
    composer.text = 'of an edited message';
    composer.flush();
    const kept = localStorage.getItem('mini-chat:text:a place');
    composer.submit();

    expect(kept).to.equal('my draft');
    expect(sent).to.deep.equal(['of an edited message']);
    expect(composer.text).to.equal('my draft');
    composer.borrow();
    expect(composer.text).to.equal('my draft');
  });

  it('does not take away what another tab is writing', async () => {
    const composer = composerOf();
    composer.open('a place');
    composer.text = 'mine';
    composer.flush();
    localStorage.setItem('mini-chat:text:a place', 'of the other tab');

    composer.submit();

    expect(localStorage.getItem('mini-chat:text:a place')).to.equal('of the other tab');
  });

  it('works without storage', async () => {
    const original = Object.getOwnPropertyDescriptor(window, 'localStorage');
    Object.defineProperty(window, 'localStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
    try {
      const { element, room } = await mount();

      await say(element, 'hello');

      expect(room.sent).to.deep.equal(['hello']);
    } finally {
      if (original) Object.defineProperty(window, 'localStorage', original);
    }
  });
});

/** One whose texts are always taken. */
function composerOf(take: (text: string) => void = () => undefined): Composer {
  return new Composer({
    submit(text) {
      take(text);
      return true;
    },
    changed: () => undefined,
    typing: () => undefined,
    input: () => null,
  });
}
