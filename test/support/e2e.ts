/**
 * What an end-to-end test stands on: the real server in its own process with a folder of its own,
 * a site that embeds the built file, and one Chromium for the whole test file.
 */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach } from 'node:test';

import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

import { findBrowser } from './browsers.ts';
import { ChatPage } from './chat-page.ts';
import { HostSite } from './host-site.ts';
import { LIFTED, ServerProcess, temporaryFolder } from './server-process.ts';

const BUILT = path.join(import.meta.dirname, '../../component/dist/mini-chat.min.js');

interface OpenOptions {
  /** Attributes of the element beside `room`. */
  readonly attributes?: string;
  /** The page's body, with `<mini-chat>` in it; instead of one that fills a small page. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One file's server, site and browser. */
class World {
  readonly server: ServerProcess;
  readonly site: HostSite;
  readonly browser: Browser;

  constructor(parts: Pick<World, 'server' | 'site' | 'browser'>) {
    this.server = parts.server;
    this.site = parts.site;
    this.browser = parts.browser;
  }

  /** A person's own browser profile, with the page of a site that has the chat in it. */
  async open(room: string, options: OpenOptions = {}): Promise<ChatPage> {
    const context = await this.browser.newContext();
    const page = await context.newPage();
    const url = this.site.add(this.html(room, options), options.headers);
    const chat = new ChatPage(page);
    await page.goto(url);
    return chat;
  }

  /** A page as a site writes one: one script tag and one element. */
  html(room: string, { attributes = '', body }: OpenOptions = {}): string {
    const element = `<mini-chat room="${room}" ${attributes}></mini-chat>`;
    return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A site</title>
<script type="module" src="${this.server.url}/mini-chat.js"></script></head>
<body>${body ?? element}</body></html>`;
  }
}

/** A world for all tests of this file; ask for it inside of a test. */
export function useWorld(flags: readonly string[] = []): () => World {
  let world: World | undefined;
  const ends: (() => PromiseLike<unknown>)[] = [];
  before(async () => {
    if (!existsSync(BUILT)) throw new Error('Run `npm run build:element` first.');
    const folder = await temporaryFolder();
    ends.push(() => folder[Symbol.asyncDispose]());
    const server = await ServerProcess.start(['--data', folder.dir, ...LIFTED, ...flags]);
    ends.push(() => server.stop());
    const site = await HostSite.open();
    ends.push(() => site.close());
    const browser = await openChromium();
    ends.push(() => browser.close());
    world = new World({ server, site, browser });
  });
  // A test that failed may have left the server down; that is no fault of the next one's.
  beforeEach(() => world?.server.startUnlessUp());
  afterEach(async () => {
    await Promise.all((world?.browser.contexts() ?? []).map((context) => context.close()));
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
  });
  return () => {
    if (world === undefined) throw new Error('There is a world only inside of tests.');
    return world;
  };
}

/** The Chromium of this machine, without a window. */
export async function openChromium(): Promise<Browser> {
  return chromium.launch(await chromiumOptions());
}

/** How to launch it. */
export async function chromiumOptions(): Promise<LaunchOptions> {
  const executablePath = await findBrowser('chromium');
  if (executablePath === undefined) throw new Error('No Chromium here; set CHROME_PATH.');
  return { executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] };
}
