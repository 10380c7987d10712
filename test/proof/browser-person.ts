/**
 * A person of a fault run who sits in a real browser: opens pages, has them treated badly, and
 * brings what they noted onto the clock of the run.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { transformSync } from 'esbuild';

import type { HostSite } from '../support/host-site.ts';
import type { Noted, PagePlan, PageState } from './browser-page.ts';
import type { Observation } from './history.ts';

/** One page of one browser: the least that all engines can do. */
export interface BrowserTab {
  readonly goto: (url: string) => Promise<unknown>;
  readonly evaluate: (expression: string) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

/** A browser profile of its own. */
export interface BrowserProfile {
  readonly engine: string;
  readonly newTab: () => Promise<BrowserTab>;
  /** Undefined where this engine cannot do it. */
  readonly setOffline?: (isOffline: boolean) => Promise<unknown>;
  readonly freeze?: (tab: BrowserTab, isFrozen: boolean) => Promise<unknown>;
  readonly goBack?: (tab: BrowserTab) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

/** How far a page's clock may be from that of the run. */
interface Shift {
  readonly low: number;
  readonly high: number;
}

/** Pages say the time in whole milliseconds, where they must not tell more. */
const CLOCK_STEP_MS = 1;
const CLOCK_LOOKS = 5;
const READY_MS_MAX = 30_000;
const BUILT = path.join(import.meta.dirname, '../../component/dist/mini-chat.min.js');
const SOURCE = path.join(import.meta.dirname, 'browser-page.ts');

/** Puts on the site what every person's page loads, and returns their addresses. */
export function addScripts(site: HostSite): { readonly built: string; readonly page: string } {
  const headers = { 'Content-Type': 'text/javascript; charset=utf-8' };
  const { code: page } = transformSync(readFileSync(SOURCE, 'utf8'), { loader: 'ts' });
  return {
    built: site.add(readFileSync(BUILT, 'utf8'), headers),
    page: site.add(page, headers),
  };
}

/** Invariant: one tab is the person's; whatever others of the profile noted comes out there. */
export class BrowserPerson {
  readonly profile: BrowserProfile;
  readonly name: string;
  /** What all of this person's pages saw, each at the earliest or latest time it can have been. */
  readonly observations: Observation[] = [];
  readonly #url: string;
  readonly #away: string;
  readonly #shifts = new Map<string, Shift>();
  #tab: BrowserTab;

  private constructor(profile: BrowserProfile, tab: BrowserTab, parts: Parts) {
    this.profile = profile;
    this.name = parts.plan.name;
    this.#tab = tab;
    this.#away = parts.site.add('<!doctype html><title>Elsewhere</title>');
    this.#url = parts.site.add(
      `<!doctype html><html lang="en"><title>${this.name}</title>` +
        `<script>window.plan = ${JSON.stringify(parts.plan).replaceAll('<', '\\u003c')}</script>` +
        `<script type="module" src="${parts.page}"></script></html>`,
    );
  }

  static async open(profile: BrowserProfile, parts: Parts): Promise<BrowserPerson> {
    const person = new BrowserPerson(profile, await profile.newTab(), parts);
    await person.#load(person.#tab);
    return person;
  }

  async ask<T>(expression: string): Promise<T> {
    return (await this.#tab.evaluate(`person.${expression}`)) as T;
  }

  state(): Promise<PageState> {
    return this.ask<PageState>('state()');
  }

  /** Loads the page anew, writing as before. */
  async reload(): Promise<void> {
    await this.#load(this.#tab);
    await this.ask('write(true)');
  }

  /** Goes elsewhere, and comes back by the browser's own button. */
  async leave(): Promise<void> {
    await this.#tab.goto(this.#away);
  }

  async comeBack(): Promise<void> {
    if (this.profile.goBack === undefined) await this.#tab.goto(this.#url);
    else await this.profile.goBack(this.#tab);
    await this.#greet(this.#tab);
    await this.ask('write(true)');
  }

  /** Opens a second tab beside the first, and closes the first. */
  async moveToNewTab(bothMs: number): Promise<void> {
    const [before, next] = [this.#tab, await this.profile.newTab()];
    await this.#load(next);
    await next.evaluate('person.write(true)');
    await wait(bothMs);
    // A tab that is closed tells nobody what it wrote after the last look.
    await this.ask('write(false)');
    await this.drain();
    this.#tab = next;
    await before.close();
  }

  freeze(isFrozen: boolean): Promise<unknown> | undefined {
    return this.profile.freeze?.(this.#tab, isFrozen);
  }

  /** Takes what was noted up to now. */
  async drain(): Promise<void> {
    for (const { life, at, happening } of await this.ask<readonly Noted[]>('take()')) {
      const shift = this.#shifts.get(life);
      if (shift === undefined) throw new Error(`nobody has asked ${life} what time it is`);
      // Sent early and learned late: whatever the clocks, what is judged wrong then was wrong.
      const by = happening.what === 'send' ? shift.low : shift.high;
      this.observations.push({ at: at + by, ...happening } as Observation);
    }
  }

  async #load(tab: BrowserTab): Promise<void> {
    await tab.goto(this.#url);
    await this.#greet(tab);
  }

  /** Waits for the page's script, and compares clocks with it. */
  async #greet(tab: BrowserTab): Promise<void> {
    const until = performance.now() + READY_MS_MAX;
    while (!(await tab.evaluate('Boolean(window.person)'))) {
      if (performance.now() > until) throw new Error(`${this.name} does not load`);
      await wait(20);
    }
    const { life } = (await tab.evaluate('person.state()')) as PageState;
    let best: Shift = { low: -Infinity, high: Infinity };
    for (let look = 0; look < CLOCK_LOOKS; look += 1) {
      const before = performance.now();
      const there = (await tab.evaluate('person.clock()')) as number;
      const low = before - there - CLOCK_STEP_MS;
      const high = performance.now() - there + CLOCK_STEP_MS;
      if (high - low < best.high - best.low) best = { low, high };
    }
    this.#shifts.set(life, this.#shifts.get(life) ?? best);
  }
}

interface Parts {
  readonly plan: PagePlan;
  readonly site: HostSite;
  /** The address of the page's script. */
  readonly page: string;
}
