/**
 * What a phone's keyboard leaves of the window, for style sheets: no browser tells them, so that a
 * script has to. By CSSOM: no style attribute in a template.
 */

/** Keeps `--_top` and `--_height` of the box around everything as they are. */
export function followView(root: ParentNode, signal: AbortSignal): void {
  const view = window.visualViewport;
  for (const type of ['resize', 'scroll']) view?.addEventListener(type, follow, { signal });

  function follow(): void {
    const { height, offsetTop, scale } = view as VisualViewport;
    const box = root.querySelector<HTMLElement>('.base');
    // Drawn apart by two fingers, it is a part of the page that the reader looks at.
    if (box && scale < 1.01) box.style.cssText = `--_top:${offsetTop}px;--_height:${height}px`;
  }
}
