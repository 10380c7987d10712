/** Gets the browsers that tests need, or says in one line each what could not be had. */

import { adviceFor, type Engine, findBrowser, installBrowsers, wantedEngines } from './browsers.ts';
import { type Counts, noCounts, sumOf } from './counts.ts';

/**
 * Chromium is installed where it is missing. Firefox and WebKit are used where they are; CI
 * installs them too, since what CI skips nobody runs. A missing engine is a failure in CI and for
 * Chromium, else a skip.
 */
export async function prepareBrowsers(write: (text: string) => void): Promise<Counts> {
  const missing: Engine[] = [];
  for (const engine of wantedEngines()) {
    if (isNeeded(engine) && (await findBrowser(engine)) === undefined) missing.push(engine);
  }
  if (missing.length > 0) write(`installing ${missing.join(', ')}: not here\n`);
  await installBrowsers(missing);
  const counts: Counts[] = [];
  for (const engine of wantedEngines()) counts.push(await tell(engine, write));
  return sumOf(counts);
}

async function tell(engine: Engine, write: (text: string) => void): Promise<Counts> {
  const file = await findBrowser(engine);
  if (file !== undefined) {
    write(`${engine}: ${file}\n`);
    return noCounts;
  }
  write(`${engine}: not found; its tests do not run. To run them, ${adviceFor(engine)}.\n`);
  return isNeeded(engine) ? { ...noCounts, failed: 1 } : { ...noCounts, skipped: 1 };
}

function isNeeded(engine: Engine): boolean {
  return process.env['CI'] === 'true' || engine === 'chromium';
}
