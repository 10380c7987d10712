/**
 * A round of a fault run in real browsers: people write and read in real pages while their network,
 * their server and the pages themselves come and go. What the pages applied is judged by the same
 * checker as everything else.
 */

import { setTimeout as wait } from 'node:timers/promises';

import { HostSite } from '../support/host-site.ts';
import { hostToken } from '../support/host-tokens.ts';
import { pageFaults, pickPageFault } from './browser-faults.ts';
import { addScripts, BrowserPerson, type BrowserProfile } from './browser-person.ts';
import { openProfiles } from './browser-profiles.ts';
import { checkHistory } from './checker.ts';
import { Dice } from './dice.ts';
import { beginFault, type FaultName, type Scene } from './faults.ts';
import { readFinals } from './final-read.ts';
import type { FinalLog, History, Observation } from './history.ts';
import { textFor } from './member.ts';
import type { RoundResult } from './round.ts';
import { Stage } from './stage.ts';

export interface BrowserRunOptions {
  readonly seed: number;
  /** How long faults come and go. */
  readonly stormMs: number;
}

/** What pages can meet on one server, by how often; the rest is `Round`'s. */
const WEIGHTS = {
  'server: kill -9': 4,
  'server: SIGTERM': 4,
  'server: SIGSTOP': 1,
  'client network: reset': 3,
  'client network: black hole': 1,
  'client network: one way': 1,
  'client network: slow': 1,
  'client network: crumbs': 1,
  'client network: cut mid-frame': 2,
  'client network: reply lost': 2,
  'client network: refused': 2,
} as const satisfies Partial<Record<FaultName, number>>;
const ROOMS = 2;
const TEXTS = 40;
const PAUSE_MS = 120;
/** Everything must be answered and everybody at the head by then, also on a slow machine. */
const REST_MS_MAX = 90_000;

/** Runs it and judges it. Rejects when there is no Chromium, or no built file. */
export async function runBrowsers(options: BrowserRunOptions): Promise<BrowserRunResult> {
  const run = new BrowserRun(options);
  try {
    return await run.run();
  } finally {
    await run.close();
  }
}

/** As of any other round, and in which browsers it was. */
export interface BrowserRunResult extends RoundResult {
  readonly engines: readonly string[];
}

class BrowserRun {
  readonly #options: BrowserRunOptions;
  readonly #dice: Dice;
  readonly #rooms: readonly string[];
  readonly #faults = new Map<string, number>();
  readonly #complaints: string[] = [];
  readonly #observations: Observation[] = [];
  readonly #ends: (() => Promise<unknown>)[] = [];
  #people: readonly BrowserPerson[] = [];
  #isStorm = false;

  constructor(options: BrowserRunOptions) {
    this.#options = options;
    this.#dice = new Dice(options.seed);
    this.#rooms = Array.from({ length: ROOMS }, (_, i) => `b${options.seed}-${i + 1}`);
  }

  async run(): Promise<BrowserRunResult> {
    const { seed, stormMs } = this.#options;
    const stage = await Stage.open('sqlite', this.#dice);
    this.#ends.push(() => stage.close());
    await this.#meet(stage);
    await this.#until(({ isLive }) => isLive);
    await this.#all((person) => person.ask('write(true)'));
    this.#isStorm = true;
    const lanes = [this.#faultLane(stage), this.#pageLane()];
    await wait(stormMs);
    this.#isStorm = false;
    await Promise.all(lanes);
    await stage.calm();
    const finals = await this.#rest(stage);
    this.#complaints.push(...stage.takeOwnEnds());
    const history = this.#history(finals);
    const engines = this.#people.map(({ profile }) => profile.engine);
    const parts = { seed, history, faults: this.#faults, complaints: this.#complaints, engines };
    return { ...parts, verdict: checkHistory(history) };
  }

  /** Ends whatever was begun, also after a failure. */
  async close(): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
  }

  async #meet(stage: Stage): Promise<void> {
    const site = await HostSite.open();
    this.#ends.push(() => site.close());
    const { profiles, close } = await openProfiles((words) => this.#complaints.push(words));
    this.#ends.push(close);
    const { built, page } = addScripts(site);
    const open = (profile: BrowserProfile, i: number): Promise<BrowserPerson> => {
      const name = `page${i + 1}`;
      const server = `ws://127.0.0.1:${stage.lines[i % stage.lines.length]?.proxy.port}/ws`;
      const texts = Array.from({ length: TEXTS }, (_, count) => textFor(this.#dice, name, count));
      const plan = { script: built, server, name, rooms: this.#rooms, texts, pauseMs: PAUSE_MS };
      return BrowserPerson.open(profile, { plan, site, page });
    };
    this.#people = await Promise.all(profiles.map(open));
  }

  async #faultLane(stage: Stage): Promise<void> {
    const dice = new Dice(this.#dice.seed());
    const complain = (words: string): void => void this.#complaints.push(words);
    const scene: Scene = { stage, dice, members: [], held: new Set(), complain };
    while (this.#isStorm) {
      await wait(dice.between(200, 1500));
      const name = dice.weighted(WEIGHTS);
      const fault = this.#isStorm ? await beginFault(name, scene) : undefined;
      if (fault === undefined) continue;
      this.#note(name);
      await wait(fault.holdMs);
      await fault.end();
    }
  }

  async #pageLane(): Promise<void> {
    const dice = new Dice(this.#dice.seed());
    while (this.#isStorm) {
      await wait(dice.between(200, 1200));
      const person = dice.pick(this.#people);
      const name = pickPageFault(person, dice);
      if (!this.#isStorm) return;
      this.#note(name);
      await pageFaults[name](person, dice);
      await person.drain();
      // As people do who press "Try again"; else waits would grow until hardly anybody is there.
      if (dice.chance(0.5)) await person.ask('wake()');
    }
  }

  async #rest(stage: Stage): Promise<readonly FinalLog[]> {
    await this.#all((person) => person.ask('write(false)'));
    await this.#all((person) => person.ask('wake()'));
    await this.#until(({ isLive, waiting }) => isLive && waiting === 0);
    const token = await hostToken({ sub: 'judge', name: 'judge' });
    const finals = await readFinals(stage, this.#rooms, token);
    const heads = new Map(finals.map(({ room, head }) => [room, head]));
    await this.#until(({ last }) => this.#rooms.every((room) => last[room] === heads.get(room)));
    await this.#all((person) => person.ask('rest()'));
    await this.#all((person) => person.drain());
    return finals;
  }

  async #all(run: (person: BrowserPerson) => Promise<unknown>): Promise<void> {
    await Promise.all(this.#people.map(run));
  }

  /** Waits for a fact about every page, and complains when it does not come. */
  async #until(isIt: (state: Awaited<ReturnType<BrowserPerson['state']>>) => boolean) {
    const until = performance.now() + REST_MS_MAX;
    for (;;) {
      const states = await Promise.all(this.#people.map((person) => person.state()));
      if (states.every(isIt)) return;
      if (performance.now() > until) {
        const words = states.map((state) => JSON.stringify(state)).join('\n  ');
        this.#complaints.push(`not at rest after ${REST_MS_MAX} ms:\n  ${words}`);
        return;
      }
      await wait(50);
    }
  }

  #note(kind: string): void {
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    this.#observations.push({ at: performance.now(), what: 'fault', kind });
  }

  #history(finals: readonly FinalLog[]): History {
    const { seed } = this.#options;
    const seen = this.#people.flatMap(({ observations }) => observations);
    // Stable: what one page noted at one time keeps its order.
    const observations = [...this.#observations, ...seen].sort((a, b) => a.at - b.at);
    const all = [...observations, ...missedAcks(observations)];
    return { format: 'mini-chat-history/1', run: 'browsers', seed, observations: all, finals };
  }
}

/**
 * A page that is closed takes its last notes along: of a draft that somebody read, its author had
 * an answer. One that nobody read stays unanswered, and is what the checker looks for.
 */
function missedAcks(observations: readonly Observation[]): readonly Observation[] {
  const at = observations.at(-1)?.at ?? 0;
  const open = new Map<string, Observation & { readonly what: 'send' }>();
  const key = (room: string, user: string, cid: string): string => `${room} ${user} ${cid}`;
  const seqs = new Map<string, number>();
  for (const seen of observations) {
    if (seen.what === 'send') open.set(key(seen.room, seen.user, seen.cid), seen);
    if (seen.what === 'ack') open.delete(key(seen.room, seen.user, seen.cid));
    if (seen.what !== 'apply') continue;
    const { user, cid, seq } = seen.entry;
    seqs.set(key(seen.room, user, cid), seq);
  }
  return [...open].flatMap(([name, { room, user, cid }]) => {
    const seq = seqs.get(name);
    return seq === undefined ? [] : [{ at, what: 'ack' as const, room, user, cid, seq }];
  });
}
