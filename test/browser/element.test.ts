import { expect } from '@open-wc/testing';

import { MiniChat } from '../../component/element/element.ts';
import {
  allInside,
  clearPage,
  drawn,
  inside,
  mount,
  next,
  press,
  textsOf,
  typeText,
} from '../support/element-page.ts';
import { chatter, FakeClient, userOf } from '../support/fake-room.ts';

/** Elements that are defined late: a tag of its own per test, since a tag is defined once. */
let tags = 0;
function lateTag(): string {
  tags += 1;
  return `late-chat-${tags}`;
}

function define(tag: string): void {
  customElements.define(tag, class extends MiniChat {});
}

describe('MiniChat in its page', () => {
  afterEach(clearPage);

  it('counts in the title of its page only where asked, and leaves the rest of it alone', async () => {
    document.title = 'My shop';
    const { element, room } = await mount({ before: (one) => one.room.fill(chatter(60)) });
    inside(element, '.log').scrollTop = 0;
    await drawn(element);
    const titles: string[] = [];
    const note = async (): Promise<void> => {
      await drawn(element);
      titles.push(document.title);
    };

    room.receive(userOf('Grace'), 'one');
    await note();
    element.badge = true;
    await note();
    room.receive(userOf('Grace'), 'two');
    document.title = document.title.replace('My shop', 'My other shop');
    await note();
    element.scrollToLatest();
    await note();
    inside(element, '.log').scrollTop = 0;
    await drawn(element);
    room.receive(userOf('Grace'), 'three');
    await note();
    element.remove();
    await Promise.resolve();

    expect(titles).to.deep.equal([
      'My shop',
      '(1) My shop',
      '(2) My other shop',
      'My other shop',
      '(1) My other shop',
    ]);
    expect(document.title).to.equal('My other shop');
  });

  it('takes attributes and properties that were there before its definition', async () => {
    const tag = lateTag();
    const client = new FakeClient(userOf('Ada'));
    document.body.innerHTML = `<${tag} room="early" heading="Early birds"></${tag}>`;
    const element = document.body.firstElementChild as MiniChat;
    element.client = client.asClient;

    define(tag);
    await drawn(element);

    expect(client.room('early').holders).to.equal(1);
    expect(inside(element, '.heading').innerText).to.equal('Early birds');
  });

  it('waits for properties that are set after it was put into the page', async () => {
    const client = new FakeClient(userOf('Ada'));
    const element = document.createElement('mini-chat');
    document.body.append(element);

    element.client = client.asClient;
    element.room = 'late';
    await drawn(element);

    expect(client.room('late').joins).to.equal(1);
  });

  it('stays joined, with its place and its text, when it is moved', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(60)) });
    const { element, room } = mounted;
    const log = inside(element, '.log');
    log.scrollTop = 300;
    await drawn(element);
    const { scrollTop } = log;
    typeText(element, 'half a thought');
    const elsewhere = document.createElement('section');
    document.body.append(elsewhere);

    elsewhere.append(element);
    await drawn(element);

    expect(room.joins).to.equal(1);
    expect(room.holders).to.equal(1);
    expect(log.scrollTop).to.equal(scrollTop);
    expect(inside<HTMLTextAreaElement>(element, 'textarea').value).to.equal('half a thought');
  });

  it('leaves the room when it is taken out, and comes back when it is put back', async () => {
    const { element, room } = await mount({ before: (one) => one.room.fill(chatter(60)) });
    const log = inside(element, '.log');
    const first = allInside(element, '.row')[0];

    element.remove();
    await drawn(element);
    const away = room.holders;
    document.body.append(element);
    await drawn(element);

    expect(away).to.equal(0);
    expect(room.holders).to.equal(1);
    expect(allInside(element, '.row')[0] === first).to.equal(true);
    expect(log.scrollHeight - log.clientHeight - log.scrollTop).to.be.at.most(1);
  });

  it('draws nothing while it is out, though something had changed just before', async () => {
    const { element, room } = await mount({ before: (one) => one.room.fill(chatter(60)) });
    const rows = allInside(element, '.row');

    room.set({ status: 'offline' });
    element.remove();
    await drawn(element);

    expect(room.holders).to.equal(0);
    expect(allInside(element, '.row')).to.deep.equal(rows);
  });

  it('stands where another one stood that went: place in the log, and text', async () => {
    const client = new FakeClient(userOf('Ada'));
    const before = await mount({ client, before: ({ room }) => room.fill(chatter(60)) });
    inside(before.element, '.log').scrollTop = 900;
    await drawn(before.element);
    typeText(before.element, 'half a thought');
    const place = topRowOf(before.element);
    before.element.remove();

    const { element } = await mount({ client });

    expect(topRowOf(element)).to.deep.equal(place);
    expect(inside<HTMLTextAreaElement>(element, 'textarea').value).to.equal('half a thought');
  });

  it('begins at the end when the one before showed another log', async () => {
    const client = new FakeClient(userOf('Ada'));
    const before = await mount({ client, before: ({ room }) => room.fill(chatter(60)) });
    inside(before.element, '.log').scrollTop = 900;
    await drawn(before.element);
    before.element.remove();
    await drawn(before.element);
    before.room.set({ resets: 1 });

    const log = inside((await mount({ client })).element, '.log');

    expect(log.scrollHeight - log.clientHeight - log.scrollTop).to.be.at.most(1);
  });

  it('leaves no timer and no listener behind when it is taken out', async () => {
    const { element, room } = await mount();
    element.remove();
    await drawn(element);
    let updates = 0;
    element.requestUpdate = () => (updates += 1);

    room.set({ status: 'offline' });
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('pagehide'));

    expect(updates).to.equal(0);
  });

  it('is a chat of its own when it is cloned', async () => {
    const client = new FakeClient(userOf('Ada'));
    const { element } = await mount({ client });
    element.setAttribute('room', 'lobby');

    const clone = element.cloneNode(true) as MiniChat;
    clone.client = client.asClient;
    document.body.append(clone);
    await drawn(clone);
    client.room('lobby').receive(userOf('Grace'), 'to both');
    await drawn(clone);
    await drawn(element);

    expect(textsOf(element)).to.deep.equal(['to both']);
    expect(textsOf(clone)).to.deep.equal(['to both']);
    expect(client.room('lobby').holders).to.equal(2);
  });

  it('shows one room per element, and takes away only its own', async () => {
    const client = new FakeClient(userOf('Ada'));
    const lobby = await mount({ client });
    const attic = await mount({ client, room: 'attic' });

    attic.room.receive(userOf('Grace'), 'up here');
    await drawn(attic.element);
    lobby.element.remove();
    await drawn(attic.element);

    expect(textsOf(attic.element)).to.deep.equal(['up here']);
    expect([lobby.room.holders, attic.room.holders]).to.deep.equal([0, 1]);
  });

  it('goes to another room when the attribute says so', async () => {
    const client = new FakeClient(userOf('Ada'));
    const { element, room } = await mount({ client });
    room.receive(userOf('Grace'), 'in the lobby');
    client.room('attic').fill(chatter(3));
    const ready = next(element, 'mini-chat-ready');

    element.setAttribute('room', 'attic');

    expect((await ready).detail.room).to.equal('attic');
    expect(textsOf(element).length).to.equal(3);
    expect([room.holders, client.room('attic').holders]).to.deep.equal([0, 1]);
  });

  it('works inside the shadow root of another element', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    const root = host.attachShadow({ mode: 'open' });
    const place = document.createElement('main');
    root.append(place);

    const { element, room } = await mount({ place });
    room.receive(userOf('Grace'), 'deep');
    await drawn(element);

    expect(textsOf(element)).to.deep.equal(['deep']);
  });

  it('speaks the language around it, through shadow roots, once its words come', async () => {
    const host = document.createElement('div');
    host.lang = 'pt-BR';
    document.body.append(host);
    const place = document.createElement('main');
    host.attachShadow({ mode: 'open' }).append(place);

    const { element } = await mount({
      place,
      before: (one) => one.element.removeAttribute('lang'),
    });
    const early = inside(element, '.void').innerText;
    await import('../../component/element/languages.ts');
    await drawn(element);

    expect(early).to.contain('Nothing here yet');
    expect(inside(element, '.void').innerText).to.contain('Nada por aqui ainda');
  });

  it('changes its language with the attribute, and its words with a property', async () => {
    await import('../../component/element/languages.ts');
    const { element } = await mount();

    element.lang = 'pt';
    await drawn(element);
    const portuguese = inside(element, '.void').innerText;
    element.messages = { emptyTitle: 'Silêncio' };
    await drawn(element);

    expect(portuguese).to.contain('Nada por aqui ainda');
    expect(inside(element, '.void').innerText).to.contain('Silêncio');
    expect(inside(element, '.void').innerText).to.contain('Diga olá.');
  });

  it('keeps bare keys from the page, and lets combinations through', async () => {
    const { element } = await mount();
    const input = inside(element, 'textarea');
    const heard: string[] = [];
    const hear = (event: KeyboardEvent): void => void heard.push(event.key);
    window.addEventListener('keydown', hear);

    press(input, 'j');
    press(input, 'Escape');
    press(input, 'k', { ctrlKey: true });
    press(input, 'p', { metaKey: true });
    // AltGr is Ctrl and Alt to a listener, but it types.
    if (knowsAltGraph()) press(input, '@', { ctrlKey: true, modifierAltGraph: true });
    window.removeEventListener('keydown', hear);

    expect(heard).to.deep.equal(['k', 'p']);
  });

  it('lets keys of slotted content through: they are the page’s own', async () => {
    const { element } = await mount();
    const input = document.createElement('input');
    input.slot = 'footer';
    element.append(input);
    let heard = 0;
    const hear = (): void => void (heard += 1);
    window.addEventListener('keydown', hear);

    press(input, 'j');
    window.removeEventListener('keydown', hear);

    expect(heard).to.equal(1);
  });

  it('focuses where the reader writes when it is told to', async () => {
    const { element } = await mount();
    const before = document.activeElement === document.body;

    element.focus();

    expect(before).to.equal(true);
    expect(element.shadowRoot?.activeElement?.tagName).to.equal('TEXTAREA');
  });

  it('shows its status as states for style sheets', async () => {
    const { element, room } = await mount();
    const live = element.matches(':state(live)');
    const empty = element.matches(':state(empty)');

    room.receive(userOf('Grace'), 'hi');
    room.set({ status: 'offline' });
    await drawn(element);

    expect([live, empty]).to.deep.equal([true, true]);
    expect(element.matches(':state(offline)')).to.equal(true);
    expect(element.matches(':state(live)')).to.equal(false);
    expect(element.matches(':state(empty)')).to.equal(false);
  });

  it('sends what the page tells it to, without asking the page', async () => {
    const { element, room } = await mount();
    let asked = 0;
    element.addEventListener('mini-chat-before-send', () => (asked += 1));
    const sent = next(element, 'mini-chat-send');

    const cid = element.send('from the page');

    expect((await sent).detail).to.deep.equal({ text: 'from the page', cid });
    expect(room.sent).to.deep.equal(['from the page']);
    expect(asked).to.equal(0);
  });

  it('draws once per frame, however fast messages come', async () => {
    const { element, room } = await mount();
    await drawn(element);
    let draws = 0;
    const original = element.requestUpdate.bind(element);
    element.requestUpdate = (...args) => {
      original(...args);
    };
    const root = inside(element, '.list');
    const observer = new MutationObserver(() => (draws += 1));
    observer.observe(root, { childList: true });

    for (let i = 0; i < 50; i += 1) {
      room.receive(userOf('Grace'), `${i}`);
      await Promise.resolve();
    }
    await element.updateComplete;
    await Promise.resolve();

    expect(textsOf(element).length).to.equal(50);
    expect(draws).to.equal(1);
    observer.disconnect();
  });
});

/** WebKit cannot make such an event in a script; its keyboards have no AltGr either. */
function knowsAltGraph(): boolean {
  return new KeyboardEvent('keydown', { modifierAltGraph: true }).getModifierState('AltGraph');
}

/** The first row in sight, and how far it is from the top of the log. */
function topRowOf(element: MiniChat): readonly unknown[] {
  const topOf = (one: Element): number => one.getBoundingClientRect().top;
  const log = inside(element, '.log');
  const row = allInside(element, '.row').findLast((one) => topOf(one) <= topOf(log));
  return [row?.dataset['key'], row && Math.round(topOf(row) - topOf(log))];
}
