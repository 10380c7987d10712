/**
 * `npm run screenshots [NAME…]`: a picture of every state into ./screenshots/, for people to look
 * at; `npm run screenshots readme` makes README's two into docs/. Chromium only; the fake room of
 * the tests plays the server.
 */

import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../test/support/browsers.ts';

const ROOT = path.join(import.meta.dirname, '..');
const TO = path.join(ROOT, 'screenshots');
const PAGE_URL = 'http://localhost/pictures';

/** One way to look at scenes. */
interface Look {
  readonly name: string;
  readonly options: BrowserContextOptions;
  /** Scenes shown this way; all when absent. */
  readonly only?: readonly string[];
  /** Instead of the scene's own language. */
  readonly lang?: string;
  /** The folder; made only when it is asked for by name. */
  readonly to?: string;
}

const wide = { viewport: { width: 768, height: 560 }, deviceScaleFactor: 1 };
const readme = { viewport: { width: 640, height: 580 }, deviceScaleFactor: 2 };
const narrow = { viewport: { width: 320, height: 560 }, deviceScaleFactor: 1 };

/** Where words may not fit, as those of other languages are longer or taller. */
const wordy = [
  'empty',
  'lively',
  'name-form',
  'name-refused',
  'too-long',
  'unread-above',
  'unread-pill',
  'sending-and-failed',
  'offline',
  'refused',
  'refused-later',
  'read-only',
  'menu-moderator',
  'delete-sure',
  'replying',
  'editing',
  'picker',
];

/** Two from the right, one of long words, two of letters as wide as high; one without words. */
const spoken = ['ar', 'he', 'de', 'ja', 'zh', 'fa'];

/** Whose size is the window's. */
const inWindow = [
  'launcher',
  'launcher-unread',
  'launcher-open',
  'launcher-open-rtl',
  'page',
  'page-rtl',
];

const looks: readonly Look[] = [
  { name: 'light', options: wide },
  { name: 'dark', options: { ...wide, colorScheme: 'dark' } },
  { name: 'narrow', options: narrow },
  {
    name: 'narrow-dark',
    options: { ...narrow, colorScheme: 'dark' },
    only: ['conversation', 'lively', 'name-form', 'menu-own', 'picker'],
  },
  {
    name: 'short',
    options: { viewport: { width: 640, height: 240 } },
    only: ['conversation', 'name-form', 'writing', 'empty', 'refused', 'refused-later'],
  },
  {
    name: 'zoom200',
    // What 200 % makes of a window of 640 by 560: half the pixels, each twice as large.
    options: { viewport: { width: 320, height: 280 }, deviceScaleFactor: 2 },
    only: ['conversation', 'name-form', 'sending-and-failed', 'offline'],
  },
  {
    name: 'forced-colours',
    options: { ...wide, forcedColors: 'active' },
    only: [
      'conversation',
      'lively',
      'name-form',
      'writing',
      'sending-and-failed',
      'unread-line',
      'unread-pill',
      'refused',
      'row-focus',
      'menu-own',
      'delete-sure',
      'picker',
      'complete-name',
      'replying',
      ...inWindow,
    ],
  },
  {
    name: 'readme',
    options: readme,
    only: ['conversation'],
    to: 'docs',
  },
  {
    name: 'readme-dark',
    options: { ...readme, colorScheme: 'dark' },
    only: ['conversation'],
    to: 'docs',
  },
  {
    name: 'desktop',
    options: { viewport: { width: 1280, height: 800 } },
    only: ['conversation', 'lively', 'long-text', 'empty', ...inWindow],
  },
  {
    name: 'desktop-dark',
    options: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
    only: ['conversation', 'lively', ...inWindow],
  },
  ...spoken.flatMap((lang) => [
    { name: lang, lang, options: wide, only: wordy },
    { name: `${lang}-narrow`, lang, options: narrow, only: wordy },
  ]),
];

async function main(wanted: readonly string[]): Promise<void> {
  const executablePath = await findBrowser('chromium');
  if (executablePath === undefined) throw new Error('No Chromium found; set CHROME_PATH.');
  const script = await bundle();
  if (wanted.length === 0) await rm(TO, { recursive: true, force: true });
  await mkdir(TO, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const look of looks) {
      const context = await browser.newContext(look.options);
      const page = await open(await context.newPage(), script);
      await picture(page, look, wanted);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

async function picture(page: Page, look: Look, wanted: readonly string[]): Promise<void> {
  const names = await page.evaluate('sceneNames');
  for (const name of names as readonly string[]) {
    if (look.only !== undefined && !look.only.includes(name)) continue;
    const file = `${name}-${look.name}.png`;
    const isWanted = wanted.some((part) => file.includes(part));
    if (!isWanted && (wanted.length > 0 || look.to !== undefined)) continue;
    await page.evaluate(`showScene(${JSON.stringify(name)}, ${JSON.stringify(look.lang)})`);
    const place = path.join(look.to ?? 'screenshots', file);
    await page.screenshot({ path: path.join(ROOT, place), animations: 'disabled' });
    process.stdout.write(`${place}\n`);
  }
}

async function open(page: Page, script: string): Promise<Page> {
  const body = `<!doctype html><html lang="en"><title>mini-chat</title>
    <style>
      :root { color-scheme: light dark; }
      body { margin: 0; background: light-dark(#eceef3, #0c0d10); }
      main { box-sizing: border-box; block-size: 100vh; padding: 12px; }
      mini-chat { block-size: 100%; }
    </style><main></main><script type="module">${script}</script>`;
  await page.route('**/*', (route) => route.fulfill({ body, contentType: 'text/html' }));
  await page.goto(PAGE_URL);
  await page.waitForFunction('"showScene" in globalThis');
  return page;
}

async function bundle(): Promise<string> {
  const result = await build({
    stdin: {
      contents: `import './component/element/mini-chat.ts';
        import { play, scenes as inPlace } from './scripts/scenes.ts';
        import { modeScenes } from './scripts/scenes-modes.ts';
        const scenes = [...inPlace, ...modeScenes];
        globalThis.sceneNames = scenes.map(({ name }) => name);
        globalThis.showScene = async (name, lang) => {
          const scene = scenes.find((one) => one.name === name);
          const spoken = lang && { lang, dir: /^(ar|fa|he)$/.test(lang) ? 'rtl' : undefined };
          await play({ ...scene, ...spoken }, document.querySelector('main'));
        };`,
      resolveDir: ROOT,
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['source'],
    tsconfig: path.join(ROOT, 'tsconfig.json'),
  });
  // The script stands inside the page, and must not end its own element.
  return (result.outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');
}

await main(process.argv.slice(2));
