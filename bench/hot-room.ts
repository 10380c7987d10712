/**
 * One open element in a hot room: what it holds and what moves, while the reader is at the end,
 * above it, or inside; then cuts of the network, and what is left in memory.
 */

import type { Browser, Page } from 'playwright-core';
import { CuttingProxy } from '../test/support/cutting-proxy.ts';
import { bound, type Context, type Figures, type Goal, shown, type Table } from './bench.ts';
import { costsOf, detachedNodes, openPage, takeSeen, type Watched } from './browser.ts';
import { orSkip } from './load-targets.ts';
import { BENCH_ROOM } from './load/other-dialects.ts';
import { miniChatWidget, TEXT } from './pages.ts';
import { startLoad } from './processes.ts';
import type { Running } from './targets.ts';

export interface Flow {
  readonly messages: number;
  /** Messages a second. */
  readonly rate: number;
}

interface Scene {
  readonly name: string;
  readonly words: string;
  readonly slowdown: number;
  /** Lets all messages come; answers with the seconds they took. */
  readonly play: (page: Page, flow: (part: number) => Promise<number>) => Promise<number>;
  /** The network is cut this often afterwards. */
  readonly hasCuts?: boolean;
}

const scenes: readonly Scene[] = [
  { name: 'end', words: 'at the end', slowdown: 1, play: atEnd, hasCuts: true },
  { name: 'end-slow', words: 'at the end, CPU ÷ 4', slowdown: 4, play: atEnd },
  { name: 'above', words: 'scrolled up, CPU ÷ 4', slowdown: 4, play: above },
  { name: 'inside', words: 'pointer, then focus inside, CPU ÷ 4', slowdown: 4, play: inside },
];

/** In the page of a scene. */
interface Noted {
  /** Boxes in the list: messages, and the lines between them. */
  rowsMax: number;
  /** How far the row that is watched has moved in any frame; all of the log when it went. */
  driftPx: number;
  watch(): void;
  leave(): void;
}

/** Plays every scene, each on a page of its own, and takes down its figures. */
export async function hotRoom(
  context: Context,
  o: { browser: Browser; server: Running; flow: Flow; cuts: number; figures: Figures },
): Promise<string[]> {
  const skipped: string[] = [];
  for (const scene of scenes) {
    await orSkip(skipped, `hot room, ${scene.words}`, () => stage(scene, o));
    context.say(`  ${scene.words} done`);
  }
  return skipped;
}

async function stage(scene: Scene, o: Parameters<typeof hotRoom>[1]): Promise<void> {
  const proxy = await CuttingProxy.open(Number(new URL(o.server.url).port));
  const server = new URL(proxy.addressOf('')).origin.replace('ws', 'http');
  const { slowdown } = scene;
  const widget = miniChatWidget;
  const opened = await openPage(o.browser, { widget, server, slowdown });
  try {
    await played(scene, opened, o);
    if (scene.hasCuts === true) await cuts(opened, proxy, o);
    // First, since it is a collection of its own, and the more thorough one.
    o.figures.add(`hot/detached/${scene.name}`, await detachedNodes(opened));
    o.figures.add(`hot/heap-mb/${scene.name}`, (await costsOf(opened)).heapMb);
  } finally {
    await opened.page.context().close();
    await proxy.close();
  }
}

async function played(
  { name, play }: Scene,
  opened: Watched,
  { server, flow, figures }: { server: Running; flow: Flow; figures: Figures },
): Promise<void> {
  const { page } = opened;
  const add = (what: string, value: number): void => figures.add(`hot/${what}/${name}`, value);
  await page.evaluate(NOTE);
  await withWriter(server.url, async (send) => {
    const before = await costsOf(opened);
    await takeSeen(page);
    const seconds = await play(page, (part) =>
      send({ messages: Math.round(flow.messages * part), rate: flow.rate }),
    );
    const { longTasks, frames, gapMs, ms } = await takeSeen(page);
    const after = await costsOf(opened);
    add('long-tasks', longTasks.length);
    add('longest-ms', Math.max(0, ...longTasks));
    add('frames', frames / (ms / 1000));
    add('gap-ms', gapMs);
    add('busy', (after.busyMs - before.busyMs) / ms);
    add('rate', flow.messages / seconds);
    add('sent', flow.messages);
    add('nodes', after.nodes);
  });
  const { rowsMax, driftPx } = await noted(page);
  add('rows', rowsMax);
  add('drift-px', driftPx);
}

/** What each cut leaves behind; the first ones are not counted, they may bring things for good. */
async function cuts(
  opened: Watched,
  proxy: CuttingProxy,
  o: { readonly cuts: number; readonly figures: Figures },
): Promise<void> {
  const early = Math.ceil(o.cuts / 10);
  await cutOff(opened.page, proxy, early);
  const before = await costsOf(opened);
  await cutOff(opened.page, proxy, o.cuts - early);
  const after = await costsOf(opened);
  for (const what of ['nodes', 'listeners', 'documents'] as const)
    o.figures.add(`hot/cuts/${what}`, after[what] - before[what]);
}

async function atEnd(_: Page, flow: (part: number) => Promise<number>): Promise<number> {
  return await flow(1);
}

async function above(page: Page, flow: (part: number) => Promise<number>): Promise<number> {
  await page.mouse.move(...MIDDLE);
  await page.mouse.wheel(0, -700);
  await page.mouse.move(...OUTSIDE);
  await page.waitForFunction(() => {
    const root = document.querySelector('mini-chat')?.shadowRoot;
    return root?.querySelector('.pill') !== null;
  });
  await watchRow(page);
  return await flow(1);
}

/** The room is hot before the reader comes in: nobody pauses a room that is quiet. */
async function inside(page: Page, flow: (part: number) => Promise<number>): Promise<number> {
  const quiet = await flow(0.1);
  const pointed = page.mouse.move(...MIDDLE).then(() => watchStill(page));
  const pointing = await flow(0.4);
  await pointed;
  await page.mouse.move(...OUTSIDE);
  await atItsEnd(page);
  const hot = await flow(0.1);
  await page.evaluate(() => {
    const root = document.querySelector('mini-chat')?.shadowRoot;
    root?.querySelector<HTMLElement>('.row[tabindex="0"]')?.focus();
  });
  const focused = watchStill(page);
  const focusing = await flow(0.4);
  await focused;
  await page.evaluate(() => (document.querySelector('mini-chat') as HTMLElement).focus());
  await atItsEnd(page);
  return quiet + pointing + hot + focusing;
}

/** Watches once the log stands still: the first time, the file that does it is on its way. */
async function watchStill(page: Page): Promise<void> {
  const isStill = (): boolean => {
    const root = document.querySelector('mini-chat')?.shadowRoot;
    return root?.querySelector('.pill') !== null;
  };
  // If it never does, that is what the figure will say.
  await page.waitForFunction(isStill, undefined, { timeout: STILL_MS_MAX }).catch(() => undefined);
  await watchRow(page);
}

const STILL_MS_MAX = 2000;
const MIDDLE = [300, 300] as const;
const OUTSIDE = [300, 680] as const;

async function watchRow(page: Page): Promise<void> {
  await page.evaluate(() => (globalThis as unknown as { benchNoted: Noted }).benchNoted.watch());
}

/** The log follows its end again, and no row is watched. Rejects when it does not. */
async function atItsEnd(page: Page): Promise<void> {
  await page.evaluate(() => (globalThis as unknown as { benchNoted: Noted }).benchNoted.leave());
  await page.waitForFunction(() => {
    const log = document.querySelector('mini-chat')?.shadowRoot?.querySelector('.log');
    return log && log.scrollHeight - log.clientHeight - log.scrollTop < 24;
  });
}

async function noted(page: Page): Promise<Pick<Noted, 'rowsMax' | 'driftPx'>> {
  return await page.evaluate(() => {
    const { benchNoted } = globalThis as unknown as { benchNoted: Noted };
    const { rowsMax, driftPx } = benchNoted;
    return { rowsMax, driftPx };
  });
}

/** Runs in the page. What is measured is what was painted, and measuring lays nothing out. */
const NOTE = (): void => {
  const root = document.querySelector('mini-chat')?.shadowRoot;
  const [log, list] = [root?.querySelector('.log'), root?.querySelector('.list')];
  if (!log || !list) throw new Error('there is no log');
  let watched: { key: string; top: number } | undefined;
  const rows = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('.row')];
  const topOf = (element: Element): number =>
    element.getBoundingClientRect().top - log.getBoundingClientRect().top;
  const noted: Noted = {
    rowsMax: list.childElementCount,
    driftPx: 0,
    watch() {
      const row = rows().find((one) => topOf(one) >= 0);
      if (row) watched = { key: row.dataset['key'] ?? '', top: topOf(row) };
    },
    leave() {
      watched = undefined;
    },
  };
  Object.assign(globalThis, { benchNoted: noted });
  new MutationObserver(() => {
    noted.rowsMax = Math.max(noted.rowsMax, list.childElementCount);
  }).observe(list, { childList: true });
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    if (!watched) return;
    const { key, top } = watched;
    const row = rows().find(({ dataset }) => dataset['key'] === key);
    const drift = row ? Math.abs(topOf(row) - top) : log.clientHeight;
    noted.driftPx = Math.max(noted.driftPx, drift);
  };
  const each = (): void => {
    painted.port2.postMessage(null);
    requestAnimationFrame(each);
  };
  requestAnimationFrame(each);
};

/** Each time until the chat is live again. */
async function cutOff(page: Page, proxy: CuttingProxy, cuts: number): Promise<void> {
  for (let cut = 0; cut < cuts; cut += 1) {
    const gone = page.waitForFunction(() => document.querySelector('mini-chat:not(:state(live))'));
    proxy.cut('');
    await gone;
    proxy.mend('');
    await page.waitForFunction(() => {
      // The news that makes a client try at once, as when a phone finds its network again.
      dispatchEvent(new Event('online'));
      return document.querySelector('mini-chat:state(live)');
    });
  }
}

/** Answers with the seconds that the messages took. */
type Send = (flow: Flow) => Promise<number>;

/** Ten members who come, write and go. */
export async function withWriter(url: string, work: (send: Send) => Promise<void>): Promise<void> {
  const { remote, close } = startLoad();
  try {
    const run = crypto.randomUUID().slice(0, 8);
    const room = { dialect: 'mini-chat' as const, urls: [url], room: BENCH_ROOM, members: 10 };
    await remote.ask('open', { id: 'a', ...room, run, textBytes: TEXT.length, text: TEXT });
    await work(async ({ messages, rate }) => {
      const load = { rate, senders: 5, warmupMs: 0, windowMs: (messages / rate) * 1000 };
      const { perSecond, leftOver: lost } = await remote.ask('openLoop', { id: 'a', ...load });
      if (lost > 0) throw new Error(`the server fell behind by ${lost} messages`);
      return messages / perSecond;
    });
  } finally {
    await close();
  }
}

const columns: readonly (readonly [string, string])[] = [
  ['rows', 'rows in the document at most'],
  ['long-tasks', 'tasks over 50 ms'],
  ['longest-ms', 'longest, ms'],
  ['frames', 'frames/s'],
  ['gap-ms', 'longest gap, ms'],
  ['busy', 'main thread busy'],
  ['drift-px', 'row moved, px'],
  ['heap-mb', 'heap after, MB'],
  ['detached', 'detached nodes'],
];

export function hotTable(figures: Figures): Table {
  return {
    title: 'The element in a hot room, 10 000 messages at 200 a second',
    columns: ['reader', ...columns.map(([, words]) => words)],
    rows: scenes.map(({ name, words }) => [
      words,
      ...columns.map(([what]) => shown(figures.at(`hot/${what}/${name}`))),
    ]),
  };
}

export function hotGoals(figures: Figures): readonly Goal[] {
  const all = (what: string): number =>
    Math.max(...scenes.map(({ name }) => figures.at(`hot/${what}/${name}`)));
  const at = (what: string, ...names: readonly string[]): number =>
    Math.max(...names.map((name) => figures.at(`hot/${what}/${name}`)));
  return [
    bound('rows in the document', all('rows'), { atMost: 300, unit: 'rows' }),
    bound('tasks over 50 ms', at('long-tasks', 'end'), { atMost: 0, unit: 'tasks' }),
    bound('tasks over 50 ms, CPU ÷ 4', all('long-tasks'), { atMost: 0, unit: 'tasks' }),
    bound('the row under the eye of a reader above', at('drift-px', 'above'), {
      atMost: 1,
      unit: 'px',
    }),
    bound('rows while the reader is inside', at('drift-px', 'inside'), { atMost: 1, unit: 'px' }),
    bound('heap after 10 000 messages, and 200 cuts', all('heap-mb'), { atMost: 60, unit: 'MB' }),
    bound('detached nodes', all('detached'), { atMost: 0, unit: 'nodes' }),
    bound('nodes that 180 cuts leave', figures.at('hot/cuts/nodes'), { atMost: 10, unit: 'nodes' }),
    bound('listeners that 180 cuts leave', figures.at('hot/cuts/listeners'), {
      atMost: 0,
      unit: 'listeners',
    }),
    bound('documents that 180 cuts leave', figures.at('hot/cuts/documents'), {
      atMost: 0,
      unit: 'documents',
    }),
  ];
}
