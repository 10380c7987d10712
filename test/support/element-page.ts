/** Elements in the page of a browser test: put there, looked into, and taken away again. */

import type { MiniChat } from '../../component/element/mini-chat.ts';
import { FakeClient, type FakeRoom, userOf } from './fake-room.ts';

import '../../component/element/mini-chat.ts';

/** An element with its fake room. */
export interface Mounted {
  readonly element: MiniChat;
  readonly room: FakeRoom;
  readonly client: FakeClient;
}

/** What may differ from a plain chat of 600 by 480 in English. */
export interface Mount {
  readonly client?: FakeClient;
  readonly room?: string;
  readonly place?: Element;
  /** Before the element is connected. */
  before?(mounted: Mounted): void;
}

/** Puts a chat into the page and waits until it has drawn. */
export async function mount({
  room: id = 'lobby',
  place,
  before,
  ...rest
}: Mount = {}): Promise<Mounted> {
  const client = rest.client ?? new FakeClient(userOf('Ada'));
  const element = document.createElement('mini-chat');
  element.lang = 'en';
  element.room = id;
  element.client = client.asClient;
  Object.assign(element.style, { inlineSize: '600px', blockSize: '480px' });
  const mounted = { element, client, room: client.room(id) };
  before?.(mounted);
  (place ?? document.body).append(element);
  await drawn(element);
  return mounted;
}

/** Takes everything away, storage included; time goes on. */
export async function clearPage(): Promise<void> {
  Date.now = now;
  document.body.replaceChildren();
  // What was being written is kept when an element goes; only then may storage be emptied.
  await Promise.resolve();
  localStorage.clear();
}

/**
 * Resolves when the element has drawn what happened, and what that brought about: scroll events
 * and resizes come with the next frame, and may ask for another update. A busy machine may bring
 * them later: it is over when there were frames without an update.
 */
export async function drawn(element: MiniChat): Promise<void> {
  let quiet = 0;
  for (let frames = 0; frames < FRAMES_MIN || (quiet < QUIET_FRAMES && frames < FRAMES_MAX);) {
    const { updateComplete } = element;
    await updateComplete;
    await nextFrame();
    frames += 1;
    quiet = element.updateComplete === updateComplete ? quiet + 1 : 0;
  }
  await element.updateComplete;
}

const FRAMES_MIN = 3;
const QUIET_FRAMES = 2;
/** What moves all the time is looked at all the same. */
const FRAMES_MAX = 30;

/** Resolves after the next frame, or in a second where there are none: in a hidden tab. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    // Where there are frames, one of a busy machine may be late; what comes with it is later still.
    setTimeout(resolve, document.hidden ? 1000 : LATE_FRAME_MS);
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

const LATE_FRAME_MS = 5000;

/** Resolves when it is so; rejects when it does not become so. */
export async function becomesTrue(isSo: () => boolean): Promise<void> {
  const started = performance.now();
  while (!isSo()) {
    if (performance.now() - started > WAIT_MS)
      throw new Error(`It never became so: ${String(isSo)}`);
    await nextFrame();
  }
}

/** For a file that the test server has yet to compile, on a machine that is busy otherwise. */
const WAIT_MS = 20_000;

const { now } = Date;

/** Stops the time that the element reads, however slow this machine is. Returns what ends that. */
export function holdTime(): () => void {
  const at = now();
  Date.now = () => at;
  return () => void (Date.now = now);
}

/** The first match inside the element. Throws when there is none. */
export function inside<T extends HTMLElement = HTMLElement>(
  element: MiniChat,
  selector: string,
): T {
  const found = element.renderRoot.querySelector<T>(selector);
  if (found === null) throw new Error(`nothing matches ${selector}`);
  return found;
}

/** All matches inside the element. */
export function allInside(element: MiniChat, selector: string): HTMLElement[] {
  return [...element.renderRoot.querySelectorAll<HTMLElement>(selector)];
}

/** What rows say, top to bottom. */
export function textsOf(element: MiniChat): string[] {
  return allInside(element, '.row .text').map((text) => text.innerText.trim());
}

/** Types into the composer as a reader would, in one go. */
export function typeText(element: MiniChat, text: string): HTMLTextAreaElement {
  const input = inside<HTMLTextAreaElement>(element, 'textarea');
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  return input;
}

/** A key press, as far as listeners can see. Returns whether its default was left alone. */
export function press(target: Element, key: string, init: KeyboardEventInit = {}): boolean {
  const options = { key, bubbles: true, composed: true, cancelable: true, ...init };
  return target.dispatchEvent(new KeyboardEvent('keydown', options));
}

/** Types a text and presses Enter. */
export async function say(element: MiniChat, text: string): Promise<void> {
  press(typeText(element, text), 'Enter');
  await drawn(element);
}

/** The next event of this type at a target. */
export function next<Type extends keyof HTMLElementEventMap>(
  target: HTMLElement,
  type: Type,
): Promise<HTMLElementEventMap[Type]> {
  return new Promise((resolve) => {
    target.addEventListener(type, resolve, { once: true });
  });
}
