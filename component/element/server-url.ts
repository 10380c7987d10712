/** Where the chat server is, when the page does not say. */

/** The origin the script came from; a bundled or inlined script has the page's. */
export function defaultServer(scriptUrl: string, pageUrl: string | undefined): string {
  const candidates = [scriptUrl, pageUrl ?? ''];
  const found = candidates.find((address) => /^https?:/.test(address));
  return found === undefined ? '' : new URL(found).origin;
}
