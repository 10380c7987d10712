/** Profiles in the browsers that are here: two in Chromium, and one in Firefox where it is. */

import type { Browser, Page } from 'playwright-core';
import puppeteer from 'puppeteer';

import { findBrowser } from '../support/browsers.ts';
import { openChromium } from '../support/e2e.ts';
import type { BrowserProfile, BrowserTab } from './browser-person.ts';

const CHROMIUM_PROFILES = 2;

/** What the run ends with. `complain` hears of each error that a page did not catch. */
export async function openProfiles(
  complain: (words: string) => void,
): Promise<{ readonly profiles: readonly BrowserProfile[]; readonly close: () => Promise<void> }> {
  const chromium = await openChromium();
  const profiles: BrowserProfile[] = [];
  for (let left = CHROMIUM_PROFILES; left > 0; left -= 1) {
    profiles.push(await chromiumProfile(chromium, complain));
  }
  const firefox = await firefoxProfile();
  if (firefox !== undefined) profiles.push(firefox);
  return {
    profiles,
    close: async () => {
      await Promise.all([chromium.close(), firefox?.close()]);
    },
  };
}

async function chromiumProfile(
  browser: Browser,
  complain: (words: string) => void,
): Promise<BrowserProfile> {
  const context = await browser.newContext();
  const pages = new Map<BrowserTab, Page>();
  const pageOf = (tab: BrowserTab): Page => {
    const page = pages.get(tab);
    if (page === undefined) throw new Error('This tab is of another browser.');
    return page;
  };
  context.on('page', (page) => {
    page.on('pageerror', (error) => complain(`a page did not catch ${String(error)}`));
  });
  return {
    engine: 'Chromium',
    newTab: async () => {
      const page = await context.newPage();
      const tab: BrowserTab = {
        goto: (url) => page.goto(url),
        evaluate: (expression) => page.evaluate(expression),
        close: () => page.close(),
      };
      pages.set(tab, page);
      return tab;
    },
    setOffline: (isOffline) => context.setOffline(isOffline),
    freeze: async (tab, isFrozen) => {
      const session = await context.newCDPSession(pageOf(tab));
      const state = isFrozen ? 'frozen' : 'active';
      await session.send('Page.setWebLifecycleState', { state });
      await session.detach();
    },
    goBack: (tab) => pageOf(tab).goBack(),
    close: () => context.close(),
  };
}

async function firefoxProfile(): Promise<BrowserProfile | undefined> {
  const executablePath = await findBrowser('firefox');
  if (executablePath === undefined) return undefined;
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath });
  return {
    engine: 'Firefox',
    newTab: async () => {
      const page = await browser.newPage();
      return {
        goto: (url) => page.goto(url),
        evaluate: (expression) => page.evaluate(expression),
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}
