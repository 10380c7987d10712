/** One page in Chromium: opens it, watches what it costs, and closes it. */

import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../test/support/browsers.ts';
import { servePage, type Widget } from './pages.ts';

export const NO_BROWSER = 'Chromium: not found (set CHROME_PATH)';

/** Undefined when there is none. */
export async function startBrowser(): Promise<Browser | undefined> {
  const executablePath = await findBrowser('chromium');
  if (executablePath === undefined) return undefined;
  return await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

const SHOWN_MS_MAX = 30_000;

export interface Watched {
  readonly page: Page;
  readonly cdp: CDPSession;
  /** From the start of the navigation to the first frame with a message in it. */
  readonly firstMessageMs: number;
}

/** Runs in the page from its beginning: notes the first row, every long task and every frame. */
const WATCH = (row: string): void => {
  const seen: Writable<Seen> = { longTasks: [], frames: 0, gapMs: 0, ms: 0 };
  Object.assign(globalThis, { benchSeen: seen });
  const { benchShown } = globalThis as never as { benchShown: () => void };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  const isShown = (root: Document | ShadowRoot): boolean =>
    root.querySelector(row) !== null ||
    [...root.querySelectorAll('*')].some(
      ({ shadowRoot }) => shadowRoot !== null && isShown(shadowRoot),
    );
  let last = Infinity;
  const look = (now: number): void => {
    if (seen.firstRowAt === undefined && isShown(document)) {
      seen.firstRowAt = performance.now();
      benchShown();
    }
    seen.frames += 1;
    seen.gapMs = Math.max(seen.gapMs, now - last);
    last = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

type Writable<Of> = { -readonly [Name in keyof Of]: Of[Name] };

interface Seen {
  /** Durations in ms. */
  readonly longTasks: number[];
  readonly frames: number;
  /** The longest time between two frames. */
  readonly gapMs: number;
  readonly ms: number;
  readonly firstRowAt?: number;
}

/** What the page has noted since the last time; the first row stays noted. */
export function takeSeen(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    const { benchSeen } = globalThis as unknown as { benchSeen: Seen & { at?: number } };
    const now = performance.now();
    const seen = { ...benchSeen, ms: now - (benchSeen.at ?? 0) };
    Object.assign(benchSeen, { longTasks: [], frames: 0, gapMs: 0, at: now });
    return seen;
  });
}

/** Opens a widget on a page of its own, in a fresh profile. */
export async function openPage(
  browser: Browser,
  o: { readonly widget: Widget; readonly server: string; readonly slowdown: number },
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 800, height: 700 } });
  const page = await context.newPage();
  // The page calls. To ask it costs a slow one 0.2 s, and just while it waits for its server.
  const shown = Promise.withResolvers<void>();
  await page.exposeFunction('benchShown', shown.resolve);
  await page.addInitScript(WATCH, o.widget.row);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: o.slowdown });
  const site = await servePage(o.widget, o.server);
  context.once('close', site.close);
  await page.goto(site.url);
  const late = setTimeout(() => shown.reject(new Error('no message was shown')), SHOWN_MS_MAX);
  await shown.promise.finally(() => clearTimeout(late));
  const { firstRowAt = Number.NaN } = await takeSeen(page);
  return { page, cdp, firstMessageMs: firstRowAt };
}

interface PageCosts {
  readonly nodes: number;
  readonly listeners: number;
  readonly documents: number;
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
    listeners: at('JSEventListeners'),
    documents: at('Documents'),
    heapMb: at('JSHeapUsedSize') / 2 ** 20,
    busyMs: at('TaskDuration') * 1000,
  };
}

/**
 * Nodes that scripts still hold although no document does. Templates, which are never in one, and
 * what is inside of them do not count.
 */
export async function detachedNodes({ page, cdp }: Watched): Promise<number> {
  await page.evaluate(RENEW_SLOTS);
  await cdp.send('HeapProfiler.collectGarbage');
  const group = { objectGroup: 'bench' };
  const { result } = await cdp.send('Runtime.evaluate', { expression: 'Node.prototype', ...group });
  const { objects } = await cdp.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId ?? '',
    ...group,
  });
  const counted = await cdp.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    returnByValue: true,
    functionDeclaration: `function () {
      // Attributes are nodes too, in no document themselves: what describes an element to who
      // drives the browser asks for them.
      const isConnected = (node) => (node.ownerElement ?? node).isConnected;
      // Prototypes are found, too; they have a constructor of their own.
      return this.filter((node) => !Object.hasOwn(node, 'constructor') && !isConnected(node) &&
        node.ownerDocument === document && !(node instanceof HTMLTemplateElement)).length;
    }`,
  });
  await cdp.send('Runtime.releaseObjectGroup', group);
  return Number(counted.result.value);
}

/**
 * Runs in the page. Chromium lists the slots of a shadow root, and a slot that was removed stays
 * listed, with all it was removed with, until a child of the host comes or goes. The composer that
 * makes way for the form of a guest's name has one: by the heap's snapshot nothing else held it.
 */
const RENEW_SLOTS = (): void => {
  for (const host of document.querySelectorAll('*')) {
    const slot = host.shadowRoot?.querySelector('slot');
    const text = new Text(' ');
    if (slot) host.append(text);
    slot?.assignedNodes();
    text.remove();
    slot?.assignedNodes();
  }
};
