/** One page in Chromium: opens it, watches what it costs, and closes it. */

import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../test/support/browsers.ts';
import { servePage, type Widget } from './pages.ts';

export const NO_BROWSER = 'Chromium: not found (set CHROME_PATH)';

/** Undefined when there is none. */
export async function startBrowser(): Promise<Browser | undefined> {
  const executablePath = await findBrowser('chromium');
  if (executablePath === undefined) return undefined;
  // Exact memory figures, and a gc that can be asked for.
  const args = ['--no-sandbox', '--enable-precise-memory-info', '--js-flags=--expose-gc'];
  return await chromium.launch({ executablePath, args });
}

export interface Watched {
  readonly page: Page;
  readonly cdp: CDPSession;
  /** From the start of the navigation to the first frame with a message in it. */
  readonly firstMessageMs: number;
}

/** Runs in the page from its beginning: notes the first row and every long task. */
const WATCH = (row: string): void => {
  const seen: { longTasks: number[]; firstRowAt?: number } = { longTasks: [] };
  Object.assign(globalThis, { benchSeen: seen });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  const isShown = (root: Document | ShadowRoot): boolean =>
    root.querySelector(row) !== null ||
    [...root.querySelectorAll('*')].some(
      ({ shadowRoot }) => shadowRoot !== null && isShown(shadowRoot),
    );
  const look = (): void => {
    if (isShown(document)) seen.firstRowAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
};

interface Seen {
  readonly longTasks: number[];
  readonly firstRowAt?: number;
}

/** What the page has noted so far. */
export function seen(page: Page): Promise<Seen> {
  return page.evaluate(() => (globalThis as unknown as { benchSeen: Seen }).benchSeen);
}

/** Opens a widget on a page of its own, in a fresh profile. */
export async function openPage(
  browser: Browser,
  o: { readonly widget: Widget; readonly server: string; readonly slowdown: number },
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 800, height: 700 } });
  const page = await context.newPage();
  await page.addInitScript(WATCH, o.widget.row);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: o.slowdown });
  const site = await servePage(o.widget, o.server);
  context.once('close', site.close);
  await page.goto(site.url);
  if (o.widget.feed !== undefined) {
    // The feed is our own text, written as a function's body; it returns the way to add a message.
    await page.evaluate(
      `(async () => { globalThis.benchAdd = await (async () => {${o.widget.feed}})() })()`,
    );
  }
  await page.waitForFunction(
    () => 'firstRowAt' in (globalThis as never as { benchSeen: object }).benchSeen,
  );
  const { firstRowAt = Number.NaN } = await seen(page);
  return { page, cdp, firstMessageMs: firstRowAt };
}

interface PageCosts {
  readonly nodes: number;
  readonly heapMb: number;
  /** Time the main thread was at work. */
  readonly busyMs: number;
}

/** After a collection, so that garbage is not counted. */
export async function costsOf({ cdp }: Watched): Promise<PageCosts> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const at = (name: string): number =>
    metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return {
    nodes: at('Nodes'),
    heapMb: at('JSHeapUsedSize') / 2 ** 20,
    busyMs: at('TaskDuration') * 1000,
  };
}
