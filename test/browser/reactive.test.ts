import { expect } from '@open-wc/testing';
import { html } from 'lit/html.js';

import { nextFrame, ReactiveElement } from '../../component/element/reactive.ts';

/** What it was asked to do, in order. */
const calls: string[] = [];
let frame: Promise<void> = Promise.resolve();

class Probe extends ReactiveElement {
  static override properties = { word: {}, flag: { type: Boolean }, thing: { attribute: false } };
  static override styles = [':host { color: rgb(1, 2, 3); }'];
  declare word: string;
  declare flag: boolean;
  declare thing: unknown;

  constructor() {
    super();
    this.word = 'first';
    this.flag = false;
  }

  protected override scheduled(): Promise<void> {
    calls.push('scheduled');
    return frame;
  }

  protected override willUpdate(): void {
    calls.push('willUpdate');
    // Seen by the render that follows; asks for no other.
    this.thing = this.word;
  }

  protected override render() {
    calls.push('render');
    if (this.word === 'bad') throw new Error('bad word');
    return html`<p>${this.word}${this.flag}${this.thing}</p>`;
  }

  protected override updated(): void {
    calls.push('updated');
  }
}

function textOf(element: Element): string | null | undefined {
  return element.shadowRoot?.querySelector('p')?.textContent;
}

describe('ReactiveElement', () => {
  before(() => customElements.define('reactive-probe', Probe));

  beforeEach(() => {
    calls.length = 0;
    frame = Promise.resolve();
  });

  afterEach(() => document.body.replaceChildren());

  async function mount(attributes = ''): Promise<Probe> {
    document.body.insertAdjacentHTML(
      'beforeend',
      `<reactive-probe ${attributes}></reactive-probe>`,
    );
    const element = document.body.lastElementChild as Probe;
    await element.updateComplete;
    return element;
  }

  it('observes the attributes of its properties', () => {
    expect(Probe.observedAttributes).to.deep.equal(['word', 'flag']);
  });

  it('reads attributes, and what they become', async () => {
    const element = await mount('word="one" flag');
    const first = textOf(element);

    element.removeAttribute('word');
    element.removeAttribute('flag');
    await element.updateComplete;

    expect(first).to.equal('onetrueone');
    expect(textOf(element)).to.equal('false');
  });

  it('renders at once the first time, then when it is scheduled, once for all changes', async () => {
    const element = await mount();
    expect(calls).to.deep.equal(['willUpdate', 'render', 'updated']);
    calls.length = 0;

    element.word = 'a';
    element.word = 'b';
    element.flag = true;
    await element.updateComplete;

    expect(calls).to.deep.equal(['scheduled', 'willUpdate', 'render', 'updated']);
    expect(textOf(element)).to.equal('btrueb');
  });

  it('renders nothing for a value that it has', async () => {
    const element = await mount();
    calls.length = 0;

    element.word = 'first';
    await element.updateComplete;

    expect(calls).to.deep.equal([]);
  });

  it('takes what was set before it was defined, above its attributes', async () => {
    class Late extends Probe {}
    const element = document.createElement('reactive-late') as Late;
    element.setAttribute('word', 'attribute');
    element.word = 'property';
    document.body.append(element);

    customElements.define('reactive-late', Late);
    await element.updateComplete;

    expect(element.word).to.equal('property');
    expect(textOf(element)).to.equal('propertyfalseproperty');
    expect(Object.hasOwn(element, 'word')).to.equal(false);
  });

  it('waits with the first render until it is in a document', async () => {
    const element = document.createElement('reactive-probe') as Probe;
    element.word = 'early';
    await Promise.resolve();
    expect(calls).to.deep.equal([]);

    document.body.append(element);
    await element.updateComplete;

    expect(textOf(element)).to.equal('earlyfalseearly');
  });

  it('goes on after a render that failed', async () => {
    const element = await mount();
    const failed = await fail(element);

    element.word = 'good';
    await element.updateComplete;

    expect(failed).to.equal('bad word');
    expect(textOf(element)).to.equal('goodfalsegood');
  });

  it('has one style sheet for all, and keeps its root when it is moved', async () => {
    const [one, other] = [await mount(), await mount()];
    const root = one.shadowRoot;

    document.body.append(one);
    await one.updateComplete;

    expect(one.shadowRoot).to.equal(root);
    expect(getComputedStyle(one).color).to.equal('rgb(1, 2, 3)');
    expect(one.shadowRoot?.adoptedStyleSheets[0]).to.equal(other.shadowRoot?.adoptedStyleSheets[0]);
  });
});

describe('nextFrame', () => {
  it('comes in the frame, or in a task that follows it', async () => {
    // A frame that is so late that nobody waits for it tells nothing.
    let order: string[] = [];
    for (let wasLate = true; wasLate;) {
      order = [];
      const asked = performance.now();
      const after = nextFrame(true).then(() => order.push('after'));
      const inside = nextFrame().then(() => order.push('inside'));
      const frame = new Promise<void>((resolve) => {
        requestAnimationFrame(() => {
          order.push('frame');
          wasLate = performance.now() - asked > 200;
          resolve();
        });
      });
      await Promise.all([after, inside, frame]);
    }

    expect(order).to.deep.equal(['inside', 'frame', 'after']);
  });
});

/** Renders a word that it refuses, and returns why. */
async function fail(element: Probe): Promise<string> {
  element.word = 'bad';
  try {
    await element.updateComplete;
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
