/** A box in the top layer, over everything on the page, beside what it belongs to. */

import type { Kit } from './kit.ts';
import { placeBeside } from './actions-place.ts';

/** The element, as far as a box needs to know when it has drawn. */
interface Drawing {
  readonly updateComplete: Promise<void>;
}

/** Draws what changed; resolves when it is in the document. */
export async function drawn(kit: Kit): Promise<void> {
  kit.changed();
  await (kit.host as HTMLElement & Drawing).updateComplete;
}

/**
 * Opens the box if it is closed, and puts it beside its anchor; `over`: above this one, so that
 * what is between the two stays to be seen. By CSSOM: no style attribute.
 */
export function showBeside(box: HTMLElement, anchor: Element, over?: Element | null): void {
  if (!box.matches(':popover-open')) box.showPopover();
  const isRtl = getComputedStyle(box).direction === 'rtl';
  const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
  // A list over the composer begins where the line does; a menu ends where its button does.
  const alignRight = over ? isRtl : !isRtl;
  const size = { width: box.offsetWidth, height: box.offsetHeight };
  const { left, right, bottom } = anchor.getBoundingClientRect();
  const { top } = (over ?? anchor).getBoundingClientRect();
  const edges = { left, top, right, bottom };
  const place = placeBeside(edges, size, view, { above: !!over, alignRight });
  box.style.left = `${place.left}px`;
  box.style.top = `${place.top}px`;
}

/** Calls back for what is done outside of the box: a press, or scrolling. Returns how to stop. */
export function onPressOutside(box: HTMLElement, heard: (event: Event) => void): () => void {
  const hear = (event: Event): void => {
    if (!event.composedPath().includes(box)) heard(event);
  };
  const types = ['pointerdown', 'wheel'] as const;
  for (const type of types) document.addEventListener(type, hear, { capture: true, passive: true });
  return () => {
    for (const type of types) document.removeEventListener(type, hear, true);
  };
}
