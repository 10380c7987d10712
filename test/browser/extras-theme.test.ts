import { expect } from '@open-wc/testing';
import type { MiniChat } from '../../component/element/mini-chat.ts';
import { play, scenes } from '../../scripts/scenes.ts';
import { contrastOf, poorTexts } from '../support/contrasts.ts';
import { becomesTrue, clearPage, drawn, inside, mount } from '../support/element-page.ts';

/** Pages by what they are like: a sheet, what is around the chat, and whether that is dark. */
const pages: Readonly<Record<string, readonly [css: string, body: string, isDark: boolean]>> = {
  'a utility framework': [
    `*, ::before { box-sizing: border-box; margin: 0; border: 0 solid } a { color: inherit }
     button { background: transparent; color: inherit; font: inherit }
     .bg { background-color: oklch(0.985 0.002 247.839); color: oklch(0.21 0.034 264.665) }
     .main { background-color: oklch(0.623 0.214 259.815); color: white }`,
    '<div class="bg"><button class="main">Buy</button><a href="#a">a link</a><div id="place"></div></div>',
    false,
  ],
  'a component framework': [
    `:root { --bs-blue: #0d6efd } body { background: #fff; color: #212529 }
     a { color: #0d6efd } .btn-primary { background: #0d6efd; color: #fff }`,
    '<a href="#a">a link</a><a class="btn btn-primary">Go</a><div id="place"></div>',
    false,
  ],
  'a component framework in the dark': [
    `body { background: #212529; color: #dee2e6 } a { color: #6ea8fe }
     .btn-primary { background: #0d6efd; color: #fff }`,
    '<a href="#a">a link</a><a class="btn btn-primary">Go</a><div id="place"></div>',
    true,
  ],
  'black without a colour scheme': [
    'body { background: #000; color: #eee } a { color: yellow }',
    '<a href="#a">a link</a><div id="place"></div>',
    true,
  ],
  'a gradient': [
    'body { background: linear-gradient(120deg, #667eea, #764ba2); color: #fff } a { color: #fbbf24 }',
    '<a href="#a">a link</a><div id="place"></div>',
    true,
  ],
  'a pale gradient over nothing': [
    `body { background: radial-gradient(circle, oklch(0.97 0.03 90), color-mix(in oklab, #fde, white 40%));
     color: #5b4636 } a { color: #c9a227 }`,
    '<a href="#a">a link</a><div id="place"></div>',
    false,
  ],
  'odd colour spaces': [
    `body { background: color-mix(in lch, color(display-p3 0.1 0.05 0.3), black 30%);
     color: lab(90 0 -20 / 0.9) } button { background: color(display-p3 0 1 0.2); color: #000 }`,
    '<button>Go</button><div id="place"></div>',
    true,
  ],
  'glass over glass': [
    `body { background: #fff; color: #111 } .dark { background: rgb(0 0 0 / 0.85); color: #fff }
     .glass { background: rgb(255 255 255 / 0.1) } a { color: hotpink }`,
    '<a href="#a">l</a><div class="dark"><div class="glass"><div id="place"></div></div></div>',
    true,
  ],
  'a middling grey with pale links': [
    'body { background: #808080; color: #000 } a { color: #ffd1d1 }',
    '<a href="#a">a link</a><div id="place"></div>',
    false,
  ],
  'yellow buttons beside blue links': [
    'body { background: #fff; color: #222 } a { color: #0a58ca } button { background: #ffc107 }',
    '<a href="#a">a link</a><button>Go</button><button>Go</button><div id="place"></div>',
    false,
  ],
  'text as pale as its paper': [
    'body { background: #fafafa; color: #bbb } a { color: #ff0 }',
    '<a href="#a">a link</a><div id="place"></div>',
    false,
  ],
};

const SCENES = ['lively', 'sending-and-failed', 'offline', 'writing', 'name-form'];

let sheet: HTMLStyleElement;

/** A page of this kind, and where its chat goes. */
function open(css: string, body: string): HTMLElement {
  sheet = document.createElement('style');
  sheet.textContent = css;
  document.head.append(sheet);
  const parsed = new DOMParser().parseFromString(body, 'text/html');
  document.body.append(...parsed.body.childNodes);
  return document.querySelector<HTMLElement>('#place')!;
}

async function themed(element: MiniChat): Promise<void> {
  element.theme = 'auto';
  await becomesTrue(() => schemeOf(element) !== '');
  await drawn(element);
}

function schemeOf(element: MiniChat): string {
  const rules = element.renderRoot.adoptedStyleSheets.flatMap(({ cssRules }) => [...cssRules]);
  const rule = rules.find((one) => one.cssText.startsWith(':host { color-scheme')) as CSSStyleRule;
  return rule?.style.colorScheme ?? '';
}

function set(element: MiniChat, name: string): string {
  return getComputedStyle(element).getPropertyValue(name);
}

describe('theme="auto"', () => {
  afterEach(async () => {
    sheet?.remove();
    document.documentElement.removeAttribute('class');
    document.body.removeAttribute('style');
    await clearPage();
  });

  for (const [name, [css, body, isDark]] of Object.entries(pages)) {
    it(`is read with 4.5 on ${name}`, async function () {
      this.timeout(90_000);
      const place = open(css, body);
      for (const scene of scenes.filter((one) => SCENES.includes(one.name))) {
        const { element } = await play(scene, place);
        await themed(element);

        expect(schemeOf(element)).to.equal(isDark ? 'dark' : 'light');
        expect(poorTexts(element.renderRoot, 4.5), scene.name).to.deep.equal([]);
        const input = element.renderRoot.querySelector('textarea');
        if (input) expect(contrastOf(input)).to.be.at.least(4.5);
        element.remove();
      }
    });
  }

  it('takes the accent of buttons before that of links, and the font', async () => {
    const place = open(
      'body { font-family: "Courier New" } a { color: #006600 } button { background: #800000 }',
      '<a href="#a">1</a><a href="#b">2</a><a href="#c">3</a><button>Go</button><div id="place"></div>',
    );
    const { element } = await mount({ place });

    await themed(element);

    expect(set(element, '--mini-chat-accent')).to.equal('rgb(128 0 0)');
    expect(getComputedStyle(inside(element, '.base')).fontFamily).to.equal('"Courier New"');
  });

  it('takes the accent of links where that of buttons would be another colour', async () => {
    const place = open(
      ...(pages['yellow buttons beside blue links']!.slice(0, 2) as [string, string]),
    );
    const { element } = await mount({ place });

    await themed(element);

    expect(set(element, '--mini-chat-accent')).to.equal('rgb(10 88 202)');
  });

  it('sees rules that a script has put in a sheet, once a pointer or the focus comes', async () => {
    const place = open('body { background: #fff; color: #111 }', '<div id="place"></div>');
    const { element } = await mount({ place });
    await themed(element);

    sheet.sheet!.insertRule('body { background: #111; color: #eee }', 1);
    element.dispatchEvent(new PointerEvent('pointerenter'));
    await becomesTrue(() => schemeOf(element) === 'dark');
    sheet.sheet!.deleteRule(1);
    inside(element, 'textarea').focus();
    await becomesTrue(() => schemeOf(element) === 'light');
  });

  it('follows a class, a style sheet and the end of a transition, in the frame that shows it', async () => {
    const place = open(
      'html { background: #fff; color: #111 } html.dark { background: #111; color: #eee }',
      '<div id="place"></div>',
    );
    const { element } = await mount({ place });
    await themed(element);

    document.documentElement.className = 'dark';
    // Observers are heard in a microtask: our frame is asked for after the element's own.
    await Promise.resolve();
    await new Promise(requestAnimationFrame);
    expect(schemeOf(element)).to.equal('dark');

    sheet.textContent += 'html.dark { background: #fed; color: #111 }';
    await becomesTrue(() => set(element, '--mini-chat-surface') === 'rgb(255 238 221)');
    sheet.textContent += 'html { transition: background-color 0.1s linear }';
    await drawn(element);
    sheet.textContent += 'html.dark { background: #003; color: #eee }';
    await becomesTrue(() => set(element, '--mini-chat-surface') === 'rgb(0 0 51)');
    expect(schemeOf(element)).to.equal('dark');
  });

  it('leaves alone what the page sets, further up or on the element, and fits the rest to it', async () => {
    const place = open(
      'body { --mini-chat-surface: #102030 } mini-chat { --mini-chat-accent: #f0f }',
      '<div id="place"></div>',
    );
    const { element } = await mount({ place });

    await themed(element);

    expect(set(element, '--mini-chat-surface')).to.equal('#102030');
    expect(set(element, '--mini-chat-accent')).to.equal('#f0f');
    expect(schemeOf(element)).to.equal('dark');
    expect(element.getAttribute('style')).not.to.contain('--mini-chat');
    sheet.textContent = 'mini-chat { --mini-chat-ink: #fedcba }';
    await becomesTrue(() => set(element, '--mini-chat-surface').startsWith('rgb('));
    expect(set(element, '--mini-chat-ink')).to.equal('#fedcba');
  });

  it('goes as it came, and comes back with the element', async () => {
    const place = open('body { background: #000; color: #fff }', '<div id="place"></div>');
    const { element } = await mount({ place });
    const before = set(element, '--mini-chat-surface');
    await themed(element);

    element.remove();
    await Promise.resolve();
    place.append(element);
    await becomesTrue(() => schemeOf(element) === 'dark');
    element.theme = '';
    await becomesTrue(() => schemeOf(element) === '');

    expect(set(element, '--mini-chat-surface')).to.equal(before);
  });
});
