import { expect } from '@open-wc/testing';
import { html, render } from 'lit';

import { renderMarkup } from '../../component/element/markup.ts';
import { floods, hostileMarkup } from '../support/hostile-markup.ts';

const ALLOWED = new Set(['P', 'PRE', 'CODE', 'BLOCKQUOTE', 'UL', 'OL', 'LI', 'STRONG', 'EM', 'A']);
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  A: ['href', 'rel', 'target', 'title'],
  LI: ['value'],
};

/** Renders a text into the page, so that whatever could run would run. */
function show(source: string): HTMLElement {
  const place = document.createElement('div');
  place.style.whiteSpace = 'pre-wrap';
  document.body.append(place);
  render(html`${renderMarkup(source)}`, place);
  return place;
}

function check(place: HTMLElement, source: string): void {
  for (const element of place.querySelectorAll('*')) {
    expect(ALLOWED.has(element.tagName), `${element.tagName} of ${source}`).to.equal(true);
    const allowed = ATTRIBUTES[element.tagName] ?? [];
    for (const name of element.getAttributeNames()) {
      expect(allowed.includes(name), `${name} of ${source}`).to.equal(true);
    }
  }
  for (const link of place.querySelectorAll('a')) {
    expect(link.protocol).to.match(/^(https?|mailto):$/);
    expect(link.username + link.password).to.equal('');
    expect(link.rel).to.equal('noopener noreferrer nofollow ugc');
    expect(link.target).to.equal('_blank');
    expect(link.querySelector('a')).to.equal(null);
    expect(link.textContent).to.not.equal('');
  }
}

describe('renderMarkup', () => {
  let ran = 0;

  before(() => {
    Object.assign(globalThis, { hostileRan: () => (ran += 1) });
  });

  afterEach(() => {
    document.body.replaceChildren();
  });

  it('runs no script of the hostile texts and makes no element that it does not know', async () => {
    const places = hostileMarkup.map((source) => {
      const place = show(source);
      check(place, source.slice(0, 200));
      return place;
    });
    // Errors of images and loads of frames come in tasks of their own.
    const image = new Image();
    const isOver = new Promise((resolve) => image.addEventListener('error', resolve));
    image.src = 'data:image/png;base64,bad';
    await isOver;

    expect(ran).to.equal(0);
    expect(places.length).to.equal(hostileMarkup.length);
  });

  it('sees a script that does run, so that the test above can fail', async () => {
    const place = document.createElement('div');
    document.body.append(place);
    const isOver = new Promise((resolve) => Object.assign(globalThis, { hostileOver: resolve }));
    place.innerHTML = '<img src="data:image/png;base64,bad" onerror="hostileRan();hostileOver()">';
    await isOver;

    expect(ran).to.equal(1);
    ran = 0;
  });

  it('draws 1 KB of nested marks of every arrangement', () => {
    for (const [name, source] of floods(1024)) {
      const place = show(source);
      check(place, name);
      place.remove();
    }
  });

  it('draws each block with its own tag', () => {
    const place = show('**a** *b* `d` [e](https://e.example)\n> f\n- g\n3. h\n```js\ni < j\n```');

    const tags = [...place.querySelectorAll('*')].map(({ localName }) => localName);
    expect(tags.join(' ')).to.equal('p strong em code a blockquote p ul li p ol li p pre code');
    expect(place.querySelector('ol li')?.getAttribute('value')).to.equal('3');
    expect(place.querySelector('pre')?.textContent).to.equal('i < j');
    expect(place.querySelector('a')?.title).to.equal('https://e.example/');
  });

  it('shows spaces and line breaks as they were typed', () => {
    const place = show('a  b\n c\n\nd');

    expect(place.textContent).to.equal('a  b\n c\n\nd');
  });

  it('changes what is drawn when the text changes', () => {
    const place = show('**a**');

    render(html`${renderMarkup('`b`\n- c')}`, place);

    expect(place.querySelectorAll('strong').length).to.equal(0);
    expect(place.textContent).to.equal('bc');
  });
});
