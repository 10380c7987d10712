/**
 * What a phone's keyboard leaves of the window, for style sheets: no browser tells them, so that a
 * script has to. By CSSOM: no style attribute in a template.
 */

/** Keeps `--_top` and `--_height` of a box as they are. */
export function followView(boxOf: () => HTMLElement | null, signal: AbortSignal): void {
  const view = window.visualViewport;
  view?.addEventListener('resize', follow, { signal });
  view?.addEventListener('scroll', follow, { signal });

  function follow(): void {
    const { height, offsetTop, scale } = view as VisualViewport;
    const box = boxOf();
    // Drawn apart by two fingers, it is a part of the page that the reader looks at.
    if (box && scale < 1.01) box.style.cssText = `--_top:${offsetTop}px;--_height:${height}px`;
  }
}
