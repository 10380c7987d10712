/**
 * `sound`: one short tone for a message of somebody else, when nobody looks at the page. Of all
 * tabs of a browser one makes it: the first to write the message's id where all of them read it.
 */

import type { MessageDetail } from './events.ts';

const KEY = 'mini-chat:sound';

/** Ids that are remembered; more never come at once. */
const CLAIMS_MAX = 50;

/** A tab that somebody looks at claims first, and keeps still for all of them. */
const UNSEEN_WAIT_MS = 250;

/** A busy room is no alarm clock. */
const PAUSE_MS = 1000;

/** How long a context may take to start. Later the tone would be about nothing. */
const START_MS_MAX = 500;

let soundedAt = -Infinity;

/** One element's. */
export class Sound {
  #isOn = false;
  readonly #host: HTMLElement;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** May be said again and again. */
  turn(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    const change = isOn ? 'addEventListener' : 'removeEventListener';
    this.#host[change]('mini-chat-message', this.#onMessage as EventListener);
  }

  readonly #onMessage = (event: CustomEvent<MessageDetail>): void => {
    const { isOwn, message } = event.detail;
    if (!isOwn) void hear(message.id);
  };
}

async function hear(id: string): Promise<void> {
  const isSeen = document.visibilityState === 'visible' && document.hasFocus();
  if (!isSeen) await after(UNSEEN_WAIT_MS);
  if (!(await claim(id)) || isSeen || performance.now() - soundedAt < PAUSE_MS) return;
  soundedAt = performance.now();
  await play();
}

/** Whether this tab is the first to ask. The lock makes reading and writing one step. */
async function claim(id: string): Promise<boolean> {
  const take = (): boolean => {
    const ids = (localStorage.getItem(KEY) ?? '').split(' ');
    if (ids.includes(id)) return false;
    localStorage.setItem(KEY, [...ids, id].slice(-CLAIMS_MAX).join(' '));
    return true;
  };
  try {
    // Only on https and localhost; elsewhere two tabs may sound at once.
    return await (navigator.locks ? navigator.locks.request(KEY, take) : take());
  } catch {
    // Where storage is forbidden each tab is a guest of its own, and sounds for itself.
    return true;
  }
}

/** Two tones that fade. Browsers refuse who never acted on the page: that is no error. */
async function play(): Promise<void> {
  if (navigator.userActivation?.hasBeenActive === false) return;
  const context = new AudioContext();
  try {
    await Promise.race([context.resume(), after(START_MS_MAX)]);
    if (context.state === 'running') await toneOf(context);
  } catch {
    // Refused, or no device to play it on.
  }
  await context.close();
}

const HERTZ = [660, 880];
const TONE_S = 0.12;
const FADE_S = 0.25;
const VOLUME = 0.08;

/** Resolves when it is over. */
function toneOf(context: AudioContext): Promise<unknown> {
  const { currentTime: start, destination } = context;
  const end = start + TONE_S + FADE_S;
  const tone = context.createOscillator();
  const volume = context.createGain();
  HERTZ.forEach((hertz, i) => tone.frequency.setValueAtTime(hertz, start + i * TONE_S));
  volume.gain.setValueAtTime(VOLUME, start);
  volume.gain.exponentialRampToValueAtTime(0.001, end);
  tone.connect(volume).connect(destination);
  const over = new Promise((resolve) => tone.addEventListener('ended', resolve));
  tone.start(start);
  tone.stop(end);
  return Promise.race([over, after((end - start) * 1000 + START_MS_MAX)]);
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
