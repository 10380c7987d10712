import { expect } from '@open-wc/testing';

import { ChatError } from '../../component/client/client.ts';
import type { Cid } from '../../component/protocol/ops.ts';
import {
  allInside,
  clearPage,
  drawn,
  holdTime,
  inside,
  mount,
  type Mounted,
  next,
  say,
  textsOf,
  typeText,
} from '../support/element-page.ts';
import { chatter, FakeClient, userOf } from '../support/fake-room.ts';

const grace = userOf('Grace');

function spoken({ element }: Mounted): string[] {
  return allInside(element, '[aria-live="polite"] p').map(({ textContent }) => textContent ?? '');
}

/** Resolves when the announcer has said something, or more than before. */
async function heard(mounted: Mounted, count = 1): Promise<string[]> {
  while (spoken(mounted).length < count) await drawn(mounted.element);
  return spoken(mounted);
}

async function nameless(): Promise<Mounted> {
  const client = new FakeClient(userOf('', 'guest'));
  return mount({ client, before: ({ room }) => room.fill(chatter(3)) });
}

async function submitName({ element }: Mounted, name: string): Promise<void> {
  inside<HTMLInputElement>(element, 'input').value = name;
  inside<HTMLFormElement>(element, 'form').requestSubmit();
  await drawn(element);
}

describe('Chat', () => {
  afterEach(clearPage);

  it('tells the page when it is ready, once, and of each change of the connection', async () => {
    const told: string[] = [];
    const { element, room } = await mount({
      before(mounted) {
        mounted.room.set({ status: 'connecting' });
        mounted.element.addEventListener('mini-chat-ready', () => told.push('ready'));
        mounted.element.addEventListener('mini-chat-status', ({ detail }) => {
          told.push(detail.status);
        });
      },
    });

    for (const status of ['live', 'offline', 'live'] as const) {
      room.set({ status });
      await drawn(element);
    }

    expect(told).to.deep.equal(['connecting', 'live', 'ready', 'offline', 'live']);
  });

  it('tells the page of each live message, and of none that was there before', async () => {
    const told: unknown[] = [];
    const { element, room } = await mount({
      before(mounted) {
        mounted.room.fill(chatter(5));
        mounted.element.addEventListener('mini-chat-message', ({ detail }) => {
          told.push([detail.message.body.text, detail.isOwn]);
        });
      },
    });

    room.receive(grace, 'hi');
    room.receive(userOf('Ada'), 'from my other tab');
    await drawn(element);

    expect(told).to.deep.equal([
      ['hi', false],
      ['from my other tab', true],
    ]);
  });

  it('lets events out of shadow roots, up to the page', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    const place = document.createElement('main');
    host.attachShadow({ mode: 'open' }).append(place);
    const told = next(document.body, 'mini-chat-send');

    const { element } = await mount({ place });
    await say(element, 'hello');

    expect((await told).detail.text).to.equal('hello');
  });

  it('asks the page before it sends, and sends nothing when the page says no', async () => {
    const { element, room } = await mount();
    element.addEventListener('mini-chat-before-send', (event) => event.preventDefault());

    await say(element, 'not now');

    expect(room.sent).to.deep.equal([]);
    expect(inside<HTMLTextAreaElement>(element, 'textarea').value).to.equal('not now');
  });

  it('sends what the page made of the text, and nothing when that is empty', async () => {
    const { element, room } = await mount();
    element.addEventListener('mini-chat-before-send', ({ detail }) => {
      detail.text = detail.text === '/clear' ? '' : detail.text.toUpperCase();
    });

    await say(element, 'hello');
    await say(element, '/clear');

    expect(room.sent).to.deep.equal(['HELLO']);
    expect(inside<HTMLTextAreaElement>(element, 'textarea').value).to.equal('');
  });

  it('shows an own message as sending at once, then as sent, in the same row', async () => {
    const { element, room } = await mount();
    const cid = element.send('hello');
    await drawn(element);
    const row = inside(element, '.row');
    const wasSending = row.classList.contains('sending');

    room.ack(cid);
    await drawn(element);

    expect(wasSending).to.equal(true);
    expect(inside(element, '.row') === row).to.equal(true);
    expect(row.classList.contains('sent')).to.equal(true);
  });

  it('says what was not sent and why, to the reader and to the page', async () => {
    const mounted = await mount();
    const { element, room } = mounted;
    const told = next(element, 'mini-chat-error');

    room.fail(element.send('hello'), 'rate_limited');
    const sentences = await heard(mounted);

    expect((await told).detail.code).to.equal('rate_limited');
    expect(inside(element, '.failure').innerText).to.contain('Not sent – Something went wrong: ');
    expect(sentences[0]).to.equal('Not sent – hello');
  });

  it('sends again with Retry, and forgets with Discard', async () => {
    const { element, room } = await mount();
    room.fail(element.send('one'), 'unavailable');
    room.fail(element.send('two'), 'unavailable');
    await drawn(element);

    const [retry, , , discard] = allInside(element, '.failure button');
    retry?.click();
    discard?.click();
    await drawn(element);

    expect(textsOf(element)).to.deep.equal(['one']);
    expect(inside(element, '.row').classList.contains('sending')).to.equal(true);
    expect(element.shadowRoot?.activeElement?.tagName).to.equal('TEXTAREA');
  });

  it('reads out what others say now, and neither history nor own messages', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(5)) });

    mounted.room.receive(userOf('Ada'), 'mine');
    mounted.room.receive(grace, 'hi');

    expect(await heard(mounted)).to.deep.equal(['Grace: hi']);
  });

  it('reads out what the room says now, and none of it from history', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(5)) });
    const { element, room } = mounted;
    room.alter(2, { kind: 'notice' });
    await drawn(element);

    room.proclaim(userOf('Ada'), 'said by this reader');
    room.proclaim(grace, 'The door is open.');
    const sentences = await heard(mounted);
    room.alter(3, { edited: Date.now() });
    await drawn(element);

    expect(sentences).to.deep.equal(['The door is open.']);
    expect(allInside(element, '.said p').length).to.equal(1);
  });

  it('reads a burst out as a number', async () => {
    const mounted = await mount();

    for (let i = 0; i < 5; i += 1) mounted.room.receive(grace, `${i}`);

    expect(await heard(mounted)).to.deep.equal(['5 new messages']);
  });

  it('asks a newcomer for a name, and lets them read meanwhile', async () => {
    const { element } = await nameless();

    expect(textsOf(element).length).to.equal(3);
    expect(inside(element, 'label').innerText).to.equal('What should we call you?');
    expect(element.renderRoot.querySelector('textarea')).to.equal(null);
    expect(document.activeElement === document.body).to.equal(true);
  });

  it('takes the name, then lets the newcomer write', async () => {
    const mounted = await nameless();

    await submitName(mounted, 'Kim');

    expect(mounted.client.names).to.deep.equal(['Kim']);
    expect(mounted.element.shadowRoot?.activeElement?.tagName).to.equal('TEXTAREA');
  });

  it('says under the field why a name was not taken', async () => {
    const mounted = await nameless();

    mounted.client.nameFault = new ChatError('bad_name', { why: 'too long' });
    await submitName(mounted, 'Kim');

    expect(inside(mounted.element, '.note').innerText.trim()).to.equal(
      'Choose a name of up to 40 characters that can all be shown.',
    );
    expect(inside(mounted.element, 'input').getAttribute('aria-invalid')).to.equal('true');
  });

  it('says that it is offline after a moment, and that it is back', async () => {
    const { element, room } = await mount();
    const goOn = holdTime();
    room.set({ status: 'offline' });
    await drawn(element);
    const atOnce = inside(element, '.status').innerText.trim();
    goOn();
    while (!inside(element, '.status').innerText.includes('No connection')) await drawn(element);

    inside(element, '.status button').click();
    const goOnAgain = holdTime();
    room.set({ status: 'live' });
    await drawn(element);
    const words = inside(element, '.status').innerText.trim();
    goOnAgain();

    expect(atOnce).to.equal('');
    expect(words).to.equal('You are back online.');
  });

  it('tries to reconnect when it is told to', async () => {
    const { element, room, client } = await mount();
    room.set({ status: 'refused', refusal: { code: 'token_expired', message: '' } });
    await drawn(element);

    inside(element, '[role="alert"] button').click();

    expect(inside(element, '[role="alert"]').innerText).to.contain('Your sign-in has run out.');
    expect(client.reconnects).to.equal(1);
  });

  it('says the words of the server for a code that it does not know', async () => {
    const { element, room } = await mount();

    room.set({ status: 'refused', refusal: { code: 'full_moon', message: 'The moon is full.' } });
    await drawn(element);

    expect(inside(element, '[role="alert"]').innerText).to.contain('The moon is full.');
  });

  it('says what is missing when it has no room, or one that cannot be', async () => {
    const { element } = await mount({ before: (one) => (one.element.room = '') });
    const none = inside(element, '[role="alert"]').innerText;
    const told = next(element, 'mini-chat-error');

    element.client = undefined;
    element.server = 'https://';
    element.room = 'lobby';
    await drawn(element);

    expect(none).to.contain('Set the room attribute');
    expect(inside(element, '[role="alert"]').innerText).to.contain('Something went wrong');
    expect((await told).detail.code).to.equal('bad_server');
  });

  it('keeps unsent text when the connection goes and comes', async () => {
    const { element, room } = await mount();
    typeText(element, 'half a thought');

    room.set({ status: 'offline' });
    await drawn(element);
    room.set({ status: 'live' });
    await drawn(element);

    expect(inside<HTMLTextAreaElement>(element, 'textarea').value).to.equal('half a thought');
  });
});

describe('what others do to messages', () => {
  afterEach(clearPage);

  it('is not announced as a new message', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(3)) });

    mounted.room.alter(1, { text: 'changed', edited: Date.now() });
    mounted.room.alter(2, { reactions: [{ emoji: '👍', count: 1, users: [grace], mine: false }] });
    mounted.room.receive(grace, 'a new one');

    expect(await heard(mounted)).to.deep.equal(['Grace: a new one']);
  });

  it('is told to screen readers and the page when it was refused', async () => {
    const mounted = await mount({ before: ({ room }) => room.fill(chatter(3)) });
    const told = next(mounted.element, 'mini-chat-error');

    const failure = { code: 'forbidden', message: 'You may not.' };
    mounted.room.alter(2, { failure, failedCid: 'a-change' as Cid });

    expect((await heard(mounted, 2))[0]).to.match(/^Not sent – Line 1:/);
    expect((await told).detail.code).to.equal('forbidden');
  });

  it('learns from the room that the reader writes, and stops', async () => {
    const { element, room } = await mount();

    typeText(element, 'h');
    typeText(element, 'hi');
    typeText(element, '');

    expect(room.asked).to.deep.equal(['typing true', 'typing true', 'typing false']);
  });
});
