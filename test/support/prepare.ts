/** Gets the browsers that tests need, or says in one line each what could not be had. */

import { adviceFor, type Engine, findBrowser, installBrowser, wantedEngines } from './browsers.ts';
import { type Counts, noCounts, sumOf } from './counts.ts';

/**
 * Chromium is installed where it is missing. Firefox and WebKit are used where they are; CI
 * installs them too, since what CI skips nobody runs. A missing engine is a failure in CI and for
 * Chromium, else a skip.
 */
export async function prepareBrowsers(write: (text: string) => void): Promise<Counts> {
  const counts: Counts[] = [];
  for (const engine of wantedEngines()) counts.push(await prepare(engine, write));
  return sumOf(counts);
}

async function prepare(engine: Engine, write: (text: string) => void): Promise<Counts> {
  const isCi = process.env['CI'] === 'true';
  let file = await findBrowser(engine);
  if (file === undefined && (isCi || engine === 'chromium')) {
    write(`${engine}: not here, installing\n`);
    file = await installBrowser(engine);
  }
  if (file !== undefined) {
    write(`${engine}: ${file}\n`);
    return noCounts;
  }
  write(`${engine}: not found; its tests do not run. To run them, ${adviceFor(engine)}.\n`);
  const isNeeded = isCi || engine === 'chromium';
  return isNeeded ? { ...noCounts, failed: 1 } : { ...noCounts, skipped: 1 };
}
