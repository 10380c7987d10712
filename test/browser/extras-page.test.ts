import { expect } from '@open-wc/testing';
import {
  accentsOf,
  ancestorsOf,
  backgroundOf,
  colorReader,
  isInUse,
} from '../../component/element/extras-page.ts';
import { colorText } from '../../component/element/extras-colors.ts';

/** A page from a piece of HTML; `#here` is where the chat would be. */
function open(html: string): { here: HTMLElement; read: ReturnType<typeof colorReader> } {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const probe = document.createElement('span');
  document.body.replaceChildren(...parsed.body.childNodes, probe);
  return { here: document.querySelector<HTMLElement>('#here')!, read: colorReader(probe) };
}

function background(html: string): string {
  const { here, read } = open(html);
  return colorText(backgroundOf(ancestorsOf(here), read));
}

function accent(html: string): string | undefined {
  const { here, read } = open(html);
  const found = accentsOf(here, read, [])[0];
  return found && colorText(found);
}

describe('extras-page', () => {
  afterEach(() => {
    document.body.replaceChildren();
    document.documentElement.removeAttribute('style');
  });

  it('has the browser tell colours of every space', () => {
    const { read } = open('<p></p>');

    for (const text of ['oklch(0.628 0.2577 29.23)', 'lab(54.29 80.8 69.89)', 'hsl(0 100% 50%)']) {
      expect(colorText(read(text)!), text).to.equal('rgb(255 0 0)');
    }
    expect(read('color-mix(in srgb, red, transparent)')?.[3]).to.be.closeTo(0.5, 0.01);
    expect(read('auto')).to.equal(undefined);
    expect(read('no colour')).to.equal(undefined);
  });

  it('goes through glass, slots and shadow roots to the first that is opaque', () => {
    const { here, read } = open(`<div id="outer"><p id="here"></p></div>`);
    const outer = document.querySelector('#outer')!;
    const root = outer.attachShadow({ mode: 'open' });
    const dark = document.createElement('section');
    dark.style.background = 'rgb(0 0 0 / 0.5)';
    dark.append(document.createElement('slot'));
    root.append(dark);
    document.body.style.background = 'rgb(255 0 0)';

    expect(colorText(backgroundOf(ancestorsOf(here), read))).to.equal('rgb(128 0 0)');
    document.body.removeAttribute('style');
  });

  it('takes the middle of a gradient, and sees through a picture', () => {
    const middle = 'background: linear-gradient(#000, #fff), #f00';
    const picture = 'background: url("data:image/png,rgb(1,2,3)") #00f';

    expect(background(`<div style="${middle}"><p id="here"></p></div>`)).to.equal(
      'rgb(128 128 128)',
    );
    expect(background(`<div style='${picture}'><p id="here"></p></div>`)).to.equal('rgb(0 0 255)');
  });

  it('ends on the canvas, which is dark on a page that says so', () => {
    expect(background('<p id="here"></p>')).to.equal('rgb(255 255 255)');
    document.documentElement.style.colorScheme = 'dark';
    expect(background('<p id="here"></p>')).to.equal('rgb(18 18 18)');
  });

  it('asks accent-color first, then buttons, then links', () => {
    const link = '<a href="#a" style="color: #060">a</a>';
    const button = '<button style="background: #600">b</button>';

    expect(accent(`${link}<p id="here"></p>`)).to.equal('rgb(0 102 0)');
    expect(accent(`${link.repeat(9)}${button}<p id="here"></p>`)).to.equal('rgb(102 0 0)');
    expect(accent(`${button}<p id="here" style="accent-color: #006"></p>`)).to.equal(
      'rgb(0 0 102)',
    );
  });

  it('takes no grey, nothing hidden, and no link that nobody gave a colour', () => {
    const grey = '<button style="background: #777">b</button>';
    const hidden = '<button hidden style="background: #600">b</button>';

    expect(accent(`${grey}${hidden}<a href="#a">a</a><p id="here"></p>`)).to.equal(undefined);
  });

  it('keeps what it had while the only button is in use', () => {
    const { here, read } = open('<button style="background: #600">b</button><p id="here"></p>');
    const button = document.querySelector('button')!;
    button.focus();

    expect(isInUse(button)).to.equal(true);
    expect(accentsOf(here, read, [])).to.deep.equal([]);
    expect(accentsOf(here, read, [[0, 1, 0, 1]])).to.deep.equal([[0, 1, 0, 1]]);
  });
});
