/** One page in one engine, whichever it is: the least that all three can do. */

import { setTimeout as wait } from 'node:timers/promises';

import puppeteer from 'puppeteer';

import type { Engine } from './browsers.ts';
import { openChromium } from './e2e.ts';
import { WebkitLauncher } from './webkit-launcher.ts';

/** A page that is looked at and typed into. */
export interface EnginePage {
  readonly goto: (url: string) => Promise<unknown>;
  /** The value of an expression in the page. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  readonly type: (text: string) => Promise<unknown>;
  readonly press: (key: 'Enter') => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

/** A fact that has not come true by then will not. */
const WAIT_MS = 40_000;

/** Opens an engine by its file (for WebKit, its driver). */
export async function openEngine(engine: Engine, file: string): Promise<EnginePage> {
  if (engine === 'webkit') return openWebkit(file);
  if (engine === 'firefox') return openFirefox(file);
  const browser = await openChromium();
  const page = await browser.newPage();
  return {
    goto: (url) => page.goto(url),
    evaluate: (expression) => page.evaluate(expression),
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    close: () => browser.close(),
  };
}

/** Resolves when the expression is true in the page. */
export async function isTrue(page: EnginePage, expression: string): Promise<void> {
  const until = performance.now() + WAIT_MS;
  while (!(await page.evaluate(`Boolean(${expression})`))) {
    if (performance.now() > until) throw new Error(`Never true: ${expression}`);
    await wait(50);
  }
}

async function openFirefox(executablePath: string): Promise<EnginePage> {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath });
  const page = await browser.newPage();
  return {
    goto: (url) => page.goto(url),
    evaluate: (expression) => page.evaluate(expression),
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    close: () => browser.close(),
  };
}

async function openWebkit(driver: string): Promise<EnginePage> {
  const launcher = new WebkitLauncher(driver);
  const { keyboard } = launcher.getPage();
  return {
    goto: (url) => launcher.startSession('page', url),
    evaluate: (expression) => launcher.execute(`return ${expression}`),
    type: (text) => keyboard.type(text),
    press: (key) => keyboard.press(key),
    close: () => launcher.stop(),
  };
}
