/**
 * What a phone's keyboard leaves of the window, for style sheets: no browser tells them, so a script
 * has to. By CSSOM: no style attribute in a template.
 */

const TYPES = ['resize', 'scroll'] as const;

/** Keeps `--_top` and `--_height` of a box as they are. Returns how to stop. */
export function followView(boxOf: () => HTMLElement | null): () => void {
  const view = globalThis.visualViewport;
  const follow = (): void => {
    const { height, offsetTop, scale } = view as VisualViewport;
    const style = boxOf()?.style;
    // Drawn apart by two fingers, it is a part of the page that the reader looks at.
    if (scale > 1.01) return;
    style?.setProperty('--_top', `${offsetTop}px`);
    style?.setProperty('--_height', `${height}px`);
  };
  for (const type of TYPES) view?.addEventListener(type, follow);
  return () => {
    for (const type of TYPES) view?.removeEventListener(type, follow);
  };
}
