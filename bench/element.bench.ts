/**
 * Question: what does the element cost a page: bytes, time to the first message, a busy room?
 *
 * Method: Chromium, a fresh profile and a small page for each widget, ours loaded from its server.
 * Time from the start of the navigation to the first frame that holds a message of a room with 50,
 * on a CPU slowed down 4 times. Then 10 000 messages at 200 a second from a real server: tasks
 * over 50 ms, nodes in the document, heap after a collection, time the main thread was busy. Two
 * published widgets get the same messages at the same rate by their own API, from a timer in the
 * page: no network, no server.
 *
 * What would make it lie: headless, with nothing else on the page; a local server (no round
 * trips); others' widgets used in a way their authors would not (the feeds are in pages.ts); two
 * cores that the browser shares with the server and its load.
 */

import { readFile } from 'node:fs/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { type Bench, bound, type Context, Figures, type Goal, shown, type Table } from './bench.ts';
import { costsOf, NO_BROWSER, openPage, seen, startBrowser, type Watched } from './browser.ts';
import { orSkip } from './load-targets.ts';
import { BENCH_ROOM } from './load/other-dialects.ts';
import { deepChat, isBuilt, miniChatWidget, vueAdvancedChat, type Widget } from './pages.ts';
import { root, startLoad } from './processes.ts';
import { installed, type Running, sqlite, startTarget } from './targets.ts';

interface Scale {
  readonly messages: number;
  readonly rate: number;
  readonly slowdown: number;
}

const scales: { readonly [Size in Context['size']]: Scale } = {
  toy: { messages: 100, rate: 200, slowdown: 1 },
  mid: { messages: 2000, rate: 200, slowdown: 4 },
  real: { messages: 10_000, rate: 200, slowdown: 4 },
};

const widgets = [miniChatWidget, deepChat, vueAdvancedChat];
const LONG_TASK_MS = 50;

async function run(context: Context): Promise<{ figures: Figures; skipped: string[] }> {
  const figures = new Figures();
  const skipped: string[] = [];
  const browser = await startBrowser();
  if (browser === undefined) return { figures, skipped: [NO_BROWSER] };
  const server = await startTarget(sqlite);
  if ('missing' in server) throw new Error(server.missing);
  try {
    if (context.wants('peers')) {
      const why = await installed('bench/peers', 'deep-chat');
      if (why !== undefined) skipped.push(why.missing);
    }
    await fill(server);
    for (const widget of widgets.filter(({ name }) => context.wants(name))) {
      if (isBuilt(widget))
        await orSkip(skipped, widget.name, async () => {
          await measure({ context, browser, server, widget, figures });
        });
      else skipped.push(`${widget.words}: ${widget.script} is not there`);
      context.say(`  ${widget.name} done`);
    }
  } finally {
    await browser.close();
    await server.close();
  }
  return { figures, skipped };
}

interface Cell {
  readonly context: Context;
  readonly browser: Browser;
  readonly server: Running;
  readonly widget: Widget;
  readonly figures: Figures;
}

async function measure(cell: Cell): Promise<void> {
  const { context, figures, widget } = cell;
  const { name } = widget;
  const bytes = await readFile(root + widget.script);
  figures.add(`kb/${name}`, bytes.length / 1024);
  figures.add(`kb-gzip/${name}`, gzipSync(bytes, { level: 9 }).length / 1024);
  figures.add(`kb-brotli/${name}`, brotliCompressSync(bytes).length / 1024);
  for (let round = 0; round < context.rounds; round += 1) {
    const { slowdown } = scales[context.size];
    const opened = await openPage(cell.browser, { widget, server: cell.server.url, slowdown });
    figures.add(`first-ms/${name}`, opened.firstMessageMs);
    await opened.page.context().close();
    await busyRoom(cell);
  }
}

async function busyRoom({ context, browser, server, widget, figures }: Cell): Promise<void> {
  const { name } = widget;
  const { messages, rate } = scales[context.size];
  const opened = await openPage(browser, { widget, server: server.url, slowdown: 1 });
  const before = await costsOf(opened);
  const longBefore = (await seen(opened.page)).longTasks.length;
  const flow = { messages, rate };
  const feed = widget.feed === undefined ? fromServer(server, flow) : fromPage(opened, flow);
  const seconds = await feed;
  const after = await costsOf(opened);
  const long = (await seen(opened.page)).longTasks.slice(longBefore);
  figures.add(`long-tasks/${name}`, long.filter((ms) => ms > LONG_TASK_MS).length);
  figures.add(`longest-ms/${name}`, Math.max(0, ...long));
  figures.add(`nodes/${name}`, after.nodes);
  figures.add(`heap-mb/${name}`, after.heapMb - before.heapMb);
  figures.add(`busy/${name}`, (after.busyMs - before.busyMs) / 1000 / seconds);
  figures.add(`rate/${name}`, messages / seconds);
  await opened.page.context().close();
}

interface Flow {
  readonly messages: number;
  readonly rate: number;
}

/** A page of messages, so that there is a first one to show. */
async function fill({ url }: Running): Promise<void> {
  await withWriter(url, async (ask) => {
    await ask.ask('fill', { id: 'a', messages: 50, inFlight: 10 });
  });
}

/** Answers with the seconds it took. */
async function fromServer({ url }: Running, { messages, rate }: Flow): Promise<number> {
  let perSecond = Number.NaN;
  await withWriter(url, async (ask) => {
    const windowMs = (messages / rate) * 1000;
    const got = await ask.ask('openLoop', { id: 'a', rate, senders: 5, warmupMs: 0, windowMs });
    perSecond = got.perSecond;
  });
  return messages / perSecond;
}

async function withWriter(
  url: string,
  work: (ask: ReturnType<typeof startLoad>['remote']) => Promise<void>,
): Promise<void> {
  const { remote, close } = startLoad();
  try {
    const run = crypto.randomUUID().slice(0, 8);
    const room = { dialect: 'mini-chat' as const, urls: [url], room: BENCH_ROOM };
    await remote.ask('open', { id: 'a', ...room, run, members: 10, textBytes: 200 });
    await work(remote);
  } finally {
    await close();
  }
}

/** From a timer in the page; a widget that cannot keep up stretches the time, which is shown. */
async function fromPage({ page }: Watched, flow: Flow): Promise<number> {
  return await page.evaluate(async ({ messages, rate }) => {
    const { benchAdd } = globalThis as unknown as { benchAdd: (text: string) => void };
    const began = performance.now();
    for (let sent = 0; sent < messages;) {
      const due = Math.min(messages, Math.floor(((performance.now() - began) * rate) / 1000));
      for (; sent < due; sent += 1) benchAdd('m'.repeat(200));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return (performance.now() - began) / 1000;
  }, flow);
}

const columns: readonly (readonly [string, string])[] = [
  ['kb-gzip', 'script, KB gzipped'],
  ['kb-brotli', 'KB brotli'],
  ['first-ms', 'first message, ms, CPU ÷ 4'],
  ['long-tasks', 'tasks over 50 ms'],
  ['longest-ms', 'longest, ms'],
  ['nodes', 'nodes'],
  ['heap-mb', 'heap growth, MB'],
  ['busy', 'main thread busy'],
  ['rate', 'messages/s reached'],
];

function tables(figures: Figures): readonly Table[] {
  return [
    {
      title: 'One page, then 10 000 messages at 200 a second',
      columns: ['', ...columns.map(([, words]) => words)],
      rows: widgets.map(({ name, words }) => [
        words,
        ...columns.map(([what]) => shown(figures.at(`${what}/${name}`))),
      ]),
    },
  ];
}

function goals(figures: Figures): readonly Goal[] {
  return [
    bound('the one file, gzipped', figures.at('kb-gzip/mini-chat'), { atMost: 25, unit: 'KB' }),
    bound('tasks over 50 ms in 10 000 messages', figures.at('long-tasks/mini-chat'), {
      atMost: 0,
      unit: 'tasks',
    }),
  ];
}

function losses(figures: Figures): readonly string[] {
  return columns.flatMap(([what, title]) =>
    widgets.flatMap(({ name, words }) => {
      const [ours, theirs] = [figures.at(`${what}/mini-chat`), figures.at(`${what}/${name}`)];
      if (what === 'rate' || !(ours > theirs)) return [];
      return [`${title}: ${shown(ours)}, ${words} ${shown(theirs)}`];
    }),
  );
}

export const element: Bench = {
  name: 'element',
  question: 'What does the element cost a page?',
  run,
  tables,
  goals,
  losses,
};
