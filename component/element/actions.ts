/** What a reader does with a message: loaded once it is needed. */

/** Begins. */
export function begin(): void {
  // Nothing yet.
}
