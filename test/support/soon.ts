/** How long "within a second" is on a machine that may be busy otherwise. */

import type { Page } from 'playwright-core';

const SECOND_MS = 1000;
/** In a second, where nothing is in the way. */
const LOOKS = 60;
const LOOKS_MEASURED = 6;

/** A second, or as long as this machine needs now to look at as many frames of these pages. */
export async function soonMs(...pages: readonly Page[]): Promise<number> {
  const started = performance.now();
  for (let looks = 0; looks < LOOKS_MEASURED; looks += 1) await Promise.all(pages.map(look));
  return Math.max(SECOND_MS, ((performance.now() - started) * LOOKS) / LOOKS_MEASURED);
}

function look(page: Page): Promise<void> {
  return page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve))),
  );
}
