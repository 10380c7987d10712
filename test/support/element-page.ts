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

/** Takes everything away, storage included. */
export async function clearPage(): Promise<void> {
  document.body.replaceChildren();
  // What was being written is kept when an element goes; only then may storage be emptied.
  await Promise.resolve();
  localStorage.clear();
}

/**
 * Resolves when the element has drawn what happened, and what that brought about: scroll events
 * and resizes come with the next frame, and may ask for another update.
 */
export async function drawn(element: MiniChat): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    await element.updateComplete;
    await nextFrame();
  }
  await element.updateComplete;
}

/** Resolves after the next frame, or in a second where there are none: in a hidden tab. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1000);
    requestAnimationFrame(() => setTimeout(resolve));
  });
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
