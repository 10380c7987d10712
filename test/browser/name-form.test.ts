import { expect } from '@open-wc/testing';

import { ChatError } from '../../component/client/client.ts';
import {
  clearPage,
  drawn,
  inside,
  mount,
  type Mounted,
  press,
  typeText,
} from '../support/element-page.ts';
import { FakeClient, userOf } from '../support/fake-room.ts';

const ann = userOf('Ann', 'guest');

/** A guest who has a name and half a text. */
async function writing(): Promise<Mounted> {
  const mounted = await mount({ client: new FakeClient(ann) });
  typeText(mounted.element, 'half written');
  await drawn(mounted.element);
  return mounted;
}

/** The same, with the form there. */
async function renaming(): Promise<Mounted> {
  const mounted = await writing();
  inside(mounted.element, '.me').click();
  await drawn(mounted.element);
  return mounted;
}

async function submit({ element }: Mounted, name: string): Promise<void> {
  inside<HTMLInputElement>(element, '#name').value = name;
  inside<HTMLFormElement>(element, 'form').requestSubmit();
  await drawn(element);
}

/** What has the focus inside, and what it says. */
function focused({ element }: Mounted): readonly unknown[] {
  const at = element.shadowRoot?.activeElement;
  const isField = at instanceof HTMLTextAreaElement || at instanceof HTMLInputElement;
  return [at?.tagName, isField && at.value];
}

const COMPOSER = ['TEXTAREA', 'half written'];

describe('NameForm', () => {
  afterEach(clearPage);

  it('comes by a button that says the name and what it does, 24 pixels high', async () => {
    const { element } = await writing();
    const button = inside(element, '.me');

    expect(button.tagName).to.equal('BUTTON');
    // The face has letters, too, and is hidden from screen readers.
    expect(inside(element, '.me .avatar').ariaHidden).to.equal('true');
    expect(button.textContent?.trim()).to.equal('AAnn – Change name');
    expect(button.getAttribute('aria-expanded')).to.equal('false');
    expect(button.tabIndex).to.equal(0);
    expect(button.getBoundingClientRect().height).to.be.at.least(24);
  });

  it('has the name that there is, all of it marked, and the focus', async () => {
    const mounted = await renaming();
    const input = inside<HTMLInputElement>(mounted.element, '#name');

    expect(focused(mounted)).to.deep.equal(['INPUT', 'Ann']);
    expect([input.selectionStart, input.selectionEnd]).to.deep.equal([0, 3]);
    expect(inside(mounted.element, '.button.main').innerText.trim()).to.equal('Change name');
    expect(inside(mounted.element, '.me').getAttribute('aria-expanded')).to.equal('true');
  });

  it('takes another name, then gives the composer back, with draft and focus', async () => {
    const mounted = await renaming();

    await submit(mounted, 'Anna');

    expect(mounted.client.names).to.deep.equal(['Anna']);
    expect(inside(mounted.element, '.me').innerText).to.contain('Anna');
    expect(focused(mounted)).to.deep.equal(COMPOSER);
  });

  it('has its hint on one line', async () => {
    const { element } = await renaming();
    const note = inside(element, '.note');

    const lines = note.clientHeight / Number.parseFloat(getComputedStyle(note).lineHeight);

    expect(lines).to.be.closeTo(1, 0.1);
  });

  it('says why a name was not taken, and stays with what was typed', async () => {
    const mounted = await renaming();

    mounted.client.nameFault = new ChatError('bad_name', { why: 'too long' });
    await submit(mounted, 'Anna');

    expect(inside(mounted.element, '.note').innerText.trim()).to.equal(
      'Choose a name of up to 40 characters that can all be shown.',
    );
    expect(inside(mounted.element, '#name').getAttribute('aria-invalid')).to.equal('true');
    expect(focused(mounted)).to.deep.equal(['INPUT', 'Anna']);
  });

  it('goes by Escape, which then closes no launcher, and forgets what was wrong', async () => {
    const mounted = await renaming();
    mounted.client.nameFault = new ChatError('bad_name', { why: 'too long' });
    await submit(mounted, 'Anna');

    const wasLeftAlone = press(inside(mounted.element, '#name'), 'Escape');
    await drawn(mounted.element);
    const back = focused(mounted);
    inside(mounted.element, '.me').click();
    await drawn(mounted.element);

    expect(wasLeftAlone).to.equal(false);
    expect(back).to.deep.equal(COMPOSER);
    expect(focused(mounted)).to.deep.equal(['INPUT', 'Ann']);
    expect(inside(mounted.element, '.note').innerText.trim()).to.equal(
      'Everyone here will see it.',
    );
  });

  it('goes by Cancel, which a first name does not have', async () => {
    const mounted = await renaming();
    const { element, room } = mounted;
    const cancel = inside(element, 'form .link');
    const { width, height } = cancel.getBoundingClientRect();

    cancel.click();
    await drawn(element);
    const back = focused(mounted);
    room.set({ user: userOf('', 'guest') });
    await drawn(element);

    expect(cancel.innerText.trim()).to.equal('Cancel');
    expect(Math.min(width, height)).to.be.at.least(24);
    expect(mounted.client.names).to.deep.equal([]);
    expect(back).to.deep.equal(COMPOSER);
    expect(inside(element, '#name').isConnected).to.equal(true);
    expect(element.renderRoot.querySelector('form .link')).to.equal(null);
  });

  it('leaves Escape to an input method', async () => {
    const mounted = await renaming();

    press(inside(mounted.element, '#name'), 'Escape', { isComposing: true });
    await drawn(mounted.element);

    expect(focused(mounted)).to.deep.equal(['INPUT', 'Ann']);
  });

  it('goes by the button that brought it', async () => {
    const mounted = await renaming();

    inside(mounted.element, '.me').click();
    await drawn(mounted.element);

    expect(focused(mounted)).to.deep.equal(COMPOSER);
  });

  it('answers whoever did not wait under the composer, and leaves the focus alone', async () => {
    const mounted = await renaming();
    const { element, client } = mounted;
    const { promise, reject } = Promise.withResolvers<undefined>();
    client.setName = () => promise;
    await submit(mounted, 'Anna');
    press(inside(element, '#name'), 'Escape');
    await drawn(element);
    inside(element, '.me').focus();

    reject(new ChatError('bad_name', { why: 'too long' }));
    await drawn(element);

    expect(focused(mounted)[0]).to.equal('BUTTON');
    expect(inside(element, '.note').innerText).to.contain('Choose a name of up to 40');
  });

  it('gives way when the page goes to another room', async () => {
    const { element } = await renaming();

    element.room = 'garden';
    await drawn(element);

    expect(inside(element, 'textarea').isConnected).to.equal(true);
  });

  it('is offered to guests alone, where they can write', async () => {
    const { element, room } = await writing();
    const tags: string[] = [];
    const look = async (): Promise<void> => {
      await drawn(element);
      tags.push(inside(element, '.me').tagName);
    };

    room.set({ user: { ...ann, role: 'member' } });
    await look();
    room.set({ user: ann });
    await look();
    element.readonly = true;
    await look();
    element.readonly = false;
    room.set({ status: 'refused', refusal: { code: 'guests_off', message: '' } });
    await look();

    expect(tags).to.deep.equal(['SPAN', 'BUTTON', 'SPAN', 'SPAN']);
  });
});
