/**
 * Question: what does the element cost a page: bytes, time to the first message, a busy room?
 *
 * Method: Chromium, a fresh profile and a small page for each widget, ours loaded from its server.
 * Time from the start of the navigation to the first frame that holds a message of a room with 50,
 * on a CPU slowed down 4 and 6 times, all rounds. Then, once, 10 000 messages at 200 a second from
 * a real server: tasks over 50 ms, heap after a collection, time the main thread was busy. Two
 * published widgets get the same messages at the same rate by their own API, from a timer in the
 * page: no network, no server. Ours goes through the same on a slow CPU, with a reader at the end,
 * above and inside, and through cuts of its network (hot-room.ts).
 *
 * What would make it lie: headless, with nothing else on the page; a local server (no round
 * trips); others' widgets used in a way their authors would not (their pages are in pages.ts), and
 * stopped after a minute where they cannot keep up; two cores that the browser shares with the
 * server and its load; slow is what Chromium makes of it, by stopping the thread now and then.
 */

import { readFile } from 'node:fs/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { type Bench, bound, type Context, Figures, type Goal, shown, type Table } from './bench.ts';
import { costsOf, NO_BROWSER, openPage, startBrowser, takeSeen, type Watched } from './browser.ts';
import { type Flow, hotGoals, hotRoom, hotTable, withWriter } from './hot-room.ts';
import { orSkip } from './load-targets.ts';
import { deepChat, isBuilt, miniChatWidget, vueAdvancedChat, type Widget } from './pages.ts';
import { root } from './processes.ts';
import { installed, type Running, sqlite, startTarget } from './targets.ts';

interface Scale {
  readonly flow: Flow;
  readonly slowdowns: readonly number[];
  readonly cuts: number;
}

const scales: { readonly [Size in Context['size']]: Scale } = {
  toy: { flow: { messages: 100, rate: 200 }, slowdowns: [4], cuts: 2 },
  mid: { flow: { messages: 2000, rate: 200 }, slowdowns: [4, 6], cuts: 20 },
  real: { flow: { messages: 10_000, rate: 200 }, slowdowns: [4, 6], cuts: 200 },
};

const widgets = [miniChatWidget, deepChat, vueAdvancedChat];
/** A widget that cannot keep up gets no longer than this. */
const FEED_MS_MAX = 60_000;

async function run(context: Context): Promise<{ figures: Figures; skipped: string[] }> {
  const figures = new Figures();
  const skipped: string[] = [];
  const browser = await startBrowser();
  if (browser === undefined) return { figures, skipped: [NO_BROWSER] };
  const server = await startTarget(sqlite);
  if ('missing' in server) throw new Error(server.missing);
  const setting: Setting = { context, browser, server, figures };
  try {
    // A page of messages, so that there is a first one to show.
    await withWriter(server.url, async (send) => void (await send({ messages: 50, rate: 200 })));
    const able = await ableWidgets(context, skipped);
    for (const widget of able) await orSkip(skipped, widget.words, () => first(setting, widget));
    for (const widget of able.filter(({ isFed }) => isFed))
      await orSkip(skipped, widget.words, () => fed(setting, widget));
    if (able.includes(miniChatWidget)) {
      const { flow, cuts } = scales[context.size];
      skipped.push(...(await hotRoom(context, { browser, server, flow, cuts, figures })));
    }
  } finally {
    await browser.close();
    await server.close();
  }
  for (const line of skipped) context.say(`  skipped: ${line}`);
  return { figures, skipped };
}

interface Setting {
  readonly context: Context;
  readonly browser: Browser;
  readonly server: Running;
  readonly figures: Figures;
}

async function ableWidgets(context: Context, skipped: string[]): Promise<readonly Widget[]> {
  const wanted = widgets.filter(({ name }) => context.wants(name));
  const why = wanted.some(({ isFed }) => isFed) && (await installed('bench/peers', 'deep-chat'));
  if (why) skipped.push(why.missing);
  for (const { words, script } of wanted.filter((widget) => !isBuilt(widget)))
    skipped.push(`${words}: ${script} is not there`);
  return wanted.filter(isBuilt);
}

/** What a visitor waits for. */
async function first(o: Setting, widget: Widget): Promise<void> {
  const { context, browser, server, figures } = o;
  const { name } = widget;
  const bytes = await readFile(root + widget.script);
  figures.add(`kb-gzip/${name}`, gzipSync(bytes, { level: 9 }).length / 1024);
  figures.add(`kb-brotli/${name}`, brotliCompressSync(bytes).length / 1024);
  for (let round = 0; round < context.rounds; round += 1) {
    for (const slowdown of scales[context.size].slowdowns) {
      const opened = await openPage(browser, { widget, server: server.url, slowdown });
      figures.add(`first-ms-${slowdown}/${name}`, opened.firstMessageMs);
      if (slowdown === 4) figures.add(`heap-first-mb/${name}`, (await costsOf(opened)).heapMb);
      await opened.page.context().close();
    }
  }
  context.say(`  ${name}: first message done`);
}

async function fed({ context, browser, server, figures }: Setting, widget: Widget): Promise<void> {
  const { name } = widget;
  const { flow } = scales[context.size];
  const opened = await openPage(browser, { widget, server: server.url, slowdown: 1 });
  const before = await costsOf(opened);
  await takeSeen(opened.page);
  const { sent, seconds } = await fromPage(opened, flow);
  const { longTasks } = await takeSeen(opened.page);
  const after = await costsOf(opened);
  figures.add(`long-tasks/${name}`, longTasks.length);
  figures.add(`longest-ms/${name}`, Math.max(0, ...longTasks));
  figures.add(`nodes/${name}`, after.nodes);
  figures.add(`heap-mb/${name}`, after.heapMb);
  figures.add(`busy/${name}`, (after.busyMs - before.busyMs) / 1000 / seconds);
  figures.add(`rate/${name}`, sent / seconds);
  figures.add(`sent/${name}`, sent);
  await opened.page.context().close();
  context.say(`  ${name}: busy room done`);
}

interface Sent {
  readonly sent: number;
  readonly seconds: number;
}

/** From a timer in the page. */
async function fromPage({ page }: Watched, { messages, rate }: Flow): Promise<Sent> {
  const o = { messages, rate, msMax: FEED_MS_MAX };
  return await page.evaluate(async ({ messages, rate, msMax }) => {
    const { benchAdd } = globalThis as unknown as { benchAdd: () => void };
    const began = performance.now();
    const passed = (): number => performance.now() - began;
    let sent = 0;
    while (sent < messages && passed() < msMax) {
      const due = Math.min(messages, Math.floor((passed() * rate) / 1000));
      for (; sent < due && passed() < msMax; sent += 1) benchAdd();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { sent, seconds: passed() / 1000 };
  }, o);
}

const columns: readonly (readonly [string, string])[] = [
  ['kb-gzip', 'script, KB gzipped'],
  ['kb-brotli', 'KB brotli'],
  ['first-ms-4', 'first message, ms, CPU ÷ 4'],
  ['first-ms-6', 'CPU ÷ 6'],
  ['heap-first-mb', 'heap with 50, MB'],
];

const busyColumns: readonly (readonly [string, string])[] = [
  ['long-tasks', 'tasks over 50 ms'],
  ['longest-ms', 'longest, ms'],
  ['nodes', 'nodes'],
  ['heap-mb', 'heap after, MB'],
  ['busy', 'main thread busy'],
  ['rate', 'messages/s reached'],
  ['sent', 'messages'],
];

/** Of ours, the figures of a busy room are those of a reader at the end. */
function at(figures: Figures, what: string, { name, isFed }: Widget): number {
  const isHot = !isFed && busyColumns.some(([busy]) => busy === what);
  return figures.at(isHot ? `hot/${what}/end` : `${what}/${name}`);
}

function tables(figures: Figures): readonly Table[] {
  const tableOf = (title: string, list: typeof columns): Table => ({
    title,
    columns: ['', ...list.map(([, words]) => words)],
    rows: widgets.map((widget) => [
      widget.words,
      ...list.map(([what]) => shown(at(figures, what, widget))),
    ]),
  });
  return [
    tableOf('One page with 50 messages', columns),
    tableOf('10 000 messages at 200 a second, for a minute at most', busyColumns),
    hotTable(figures),
  ];
}

function goals(figures: Figures): readonly Goal[] {
  return [
    bound('the one file, gzipped', figures.at('kb-gzip/mini-chat'), { atMost: 25, unit: 'KB' }),
    ...hotGoals(figures),
  ];
}

function losses(figures: Figures): readonly string[] {
  const all = [...columns, ...busyColumns].filter(([what]) => !/^(rate|sent)$/.test(what));
  return all.flatMap(([what, title]) =>
    widgets.flatMap((widget) => {
      const ours = at(figures, what, miniChatWidget);
      const theirs = at(figures, what, widget);
      return ours > theirs ? [`${title}: ${shown(ours)}, ${widget.words} ${shown(theirs)}`] : [];
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
