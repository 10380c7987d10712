import { expect } from '@open-wc/testing';
import {
  becomesTrue,
  clearPage,
  drawn,
  mount,
  type Mounted,
  nextFrame,
} from '../support/element-page.ts';
import { userOf } from '../support/fake-room.ts';

const { hasFocus } = document;
const { AudioContext: Before } = window;
/** No tone follows another sooner. */
const PAUSE_MS = 1000;

let tones: number;
let soundedAt = -Infinity;
let state: AudioContextState;

/** Counts, and makes no noise; a real context of a test's browser may have no device to play on. */
class CountedContext extends EventTarget {
  readonly currentTime = 0;
  readonly destination = {};
  get state(): AudioContextState {
    return state;
  }
  async resume(): Promise<void> {
    if (state === 'suspended') throw new DOMException('no gesture', 'NotAllowedError');
  }
  async close(): Promise<void> {}
  createOscillator(): unknown {
    const tone = new EventTarget();
    const frequency = { setValueAtTime: () => undefined };
    return Object.assign(tone, {
      frequency,
      connect: (next: unknown) => next,
      start: () => {
        tones += 1;
        soundedAt = performance.now();
      },
      stop: () => queueMicrotask(() => tone.dispatchEvent(new Event('ended'))),
    });
  }
  createGain(): unknown {
    const nothing = (): undefined => undefined;
    const gain = { setValueAtTime: nothing, exponentialRampToValueAtTime: nothing };
    return { gain, connect: (next: unknown) => next };
  }
}

/** Until a claim is made, which a tab that nobody looks at does after a wait. */
async function settled(): Promise<void> {
  const key = 'mini-chat:sound';
  const before = localStorage.getItem(key);
  for (let i = 0; i < 200 && localStorage.getItem(key) === before; i += 1) await nextFrame();
  for (let i = 0; i < 3; i += 1) await nextFrame();
}

/** The browser says that the claim is made some time after it can be read. */
async function sounded(): Promise<void> {
  await becomesTrue(() => tones > 0);
  for (let i = 0; i < 3; i += 1) await nextFrame();
}

async function listening(): Promise<Mounted> {
  const mounted = await mount();
  mounted.element.sound = true;
  await drawn(mounted.element);
  // The element has asked for it before, and begins with it first.
  await import('../../component/element/extras.ts');
  await drawn(mounted.element);
  return mounted;
}

describe('sound', () => {
  beforeEach(async () => {
    await becomesTrue(() => performance.now() - soundedAt >= PAUSE_MS);
    tones = 0;
    state = 'running';
    Object.assign(window, { AudioContext: CountedContext });
    Object.defineProperty(navigator, 'userActivation', {
      configurable: true,
      value: { hasBeenActive: true },
    });
    document.hasFocus = () => false;
  });

  afterEach(async () => {
    Object.assign(window, { AudioContext: Before });
    Reflect.deleteProperty(navigator, 'userActivation');
    document.hasFocus = hasFocus;
    await clearPage();
  });

  it('is one tone for a message of somebody else, and none of history or of oneself', async () => {
    const { room } = await listening();
    room.fill([{ by: userOf('Grace'), text: 'long ago', at: 0 }]);
    room.receive(userOf('Ada'), 'my own');
    room.receive(userOf('Grace'), 'hello');

    await sounded();

    expect(tones).to.equal(1);
    expect(localStorage.getItem('mini-chat:sound')!.trim()).to.equal('e3');
  });

  it('is none where somebody looks, and this tab claims it for all', async () => {
    const { room } = await listening();
    document.hasFocus = () => true;

    room.receive(userOf('Grace'), 'hello');
    await settled();

    expect(tones).to.equal(0);
    expect(localStorage.getItem('mini-chat:sound')!.trim()).to.equal('e1');
  });

  it('is none where another tab was first', async () => {
    const { room } = await listening();
    localStorage.setItem('mini-chat:sound', 'e1');
    room.receive(userOf('Grace'), 'claimed');
    room.receive(userOf('Grace'), 'free');

    await sounded();

    expect(localStorage.getItem('mini-chat:sound')).to.equal('e1 e2');
    expect(tones, 'that of the second message').to.equal(1);
  });

  it('is refused by the browser without an error', async () => {
    const { room, element } = await listening();
    let errors = 0;
    element.addEventListener('mini-chat-error', () => (errors += 1));
    state = 'suspended';

    room.receive(userOf('Grace'), 'hello');
    await settled();

    expect(tones).to.equal(0);
    expect(errors).to.equal(0);
  });

  it('ends with the attribute', async () => {
    const { room, element } = await listening();
    element.sound = false;
    await drawn(element);

    // Where somebody looks, a claim is made at once, before what is asked for after it.
    document.hasFocus = () => true;
    room.receive(userOf('Grace'), 'hello');
    await navigator.locks.request('mini-chat:sound', () => undefined);

    expect(localStorage.getItem('mini-chat:sound')).to.equal(null);
  });
});
