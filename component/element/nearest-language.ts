/** Which language the page is in, where the element stands. */

/** The nearest `lang` around the element, through shadow roots, else the browser's language. */
export function nearestLanguage(element: Element): string {
  let found: Element | null | undefined = element.closest('[lang]');
  let root = element.getRootNode();
  while (!found && root instanceof ShadowRoot) {
    found = root.host.closest('[lang]');
    root = root.host.getRootNode();
  }
  return found?.getAttribute('lang') || navigator.language;
}
