/** One round of a fault run: members write while faults come and go, then calm, then a verdict. */

import { setTimeout as wait } from 'node:timers/promises';
import { hostToken } from '../support/host-tokens.ts';
import { ChatMember } from './chat-member.ts';
import { checkHistory, type Verdict } from './checker.ts';
import { Dice } from './dice.ts';
import { beginFault, type FaultName, pickFault, type Scene } from './faults.ts';
import { readFinals } from './final-read.ts';
import { type History, Recorder } from './history.ts';
import type { Member, MemberOptions } from './member.ts';
import { RawMember } from './raw-member.ts';
import type { Stage } from './stage.ts';

export interface RoundOptions {
  readonly stage: Stage;
  readonly seed: number;
  /** How long faults come and go. */
  readonly stormMs: number;
  /** Drafts that all members together hand over in a second. */
  readonly draftsPerSecond: number;
  /** Only these kinds; all that fit when it is not said. */
  readonly only?: readonly FaultName[];
  /** Faults that may overlap; two when it is not said. */
  readonly lanes?: number;
}

export interface RoundResult {
  readonly seed: number;
  readonly history: History;
  readonly verdict: Verdict;
  readonly faults: ReadonlyMap<string, number>;
  /** What went wrong outside of the history: drains that end badly, members that hang. */
  readonly complaints: readonly string[];
  /** From a server's sudden end until each of its members was live again. */
  readonly liveAgainMs: readonly number[];
}

const ROOMS = 3;
const CHAT_MEMBERS = 4;
const RAW_MEMBERS = 8;
const TICK_MS = 20;
/** Drafts without an answer beyond which a member waits; each line may be down for seconds. */
const WAITING_MAX = 60;
/** Everything must be answered and everybody at the head by then. */
const REST_MS_MAX = 60_000;

export class Round {
  readonly #options: RoundOptions;
  readonly #dice: Dice;
  readonly #recorder = new Recorder(() => performance.now());
  readonly #rooms: readonly string[];
  readonly #faults = new Map<string, number>();
  readonly #complaints: string[] = [];
  readonly #liveAgainMs: number[] = [];
  readonly #held = new Set<object>();
  #members: readonly Member[] = [];
  #isStorm = false;
  #active = 0;

  constructor(options: RoundOptions) {
    this.#options = options;
    this.#dice = new Dice(options.seed);
    // A room of its own for each round: the log of one stays short enough to be read whole.
    this.#rooms = Array.from({ length: ROOMS }, (_, i) => `r${options.seed}-${i + 1}`);
  }

  /** Runs it and judges it. The stage is calm before and after. */
  async run(): Promise<RoundResult> {
    const { stage, stormMs, seed, lanes: count = 2 } = this.#options;
    this.#members = await this.#meet();
    try {
      await this.#until(() => this.#members.every(({ isLive }) => isLive));
      this.#isStorm = true;
      const lanes = Array.from({ length: count }, () => this.#faultLane());
      const writing = this.#write();
      await wait(stormMs);
      this.#isStorm = false;
      await Promise.all([...lanes, writing]);
      await stage.calm();
      await this.#rest();
    } finally {
      for (const member of this.#members) member.close();
    }
    const history = this.#recorder.history(`faults on ${stage.store}`, seed);
    return {
      seed,
      history,
      verdict: checkHistory(history),
      faults: this.#faults,
      complaints: this.#complaints,
      liveAgainMs: this.#liveAgainMs,
    };
  }

  async #meet(): Promise<readonly Member[]> {
    const members: Member[] = [];
    for (let i = 0; i < CHAT_MEMBERS + RAW_MEMBERS; i += 1) {
      const options = await this.#memberOptions(i);
      members.push(i < CHAT_MEMBERS ? new ChatMember(options) : new RawMember(options));
    }
    return members;
  }

  async #memberOptions(i: number): Promise<MemberOptions> {
    const { stage, seed } = this.#options;
    const name = `${i < CHAT_MEMBERS ? 'chat' : 'raw'}${i + 1}`;
    const line = stage.lines[i % stage.lines.length];
    // Each in two of the three rooms, so that one connection serves several.
    const rooms = this.#rooms.filter((_, place) => place !== i % ROOMS);
    const sub = `${seed}-${name}`;
    return {
      name,
      user: `u_${sub}`,
      token: await hostToken({ sub, name }),
      server: `ws://127.0.0.1:${line?.proxy.port}/ws`,
      rooms,
      recorder: this.#recorder,
      dice: new Dice(this.#dice.seed()),
    };
  }

  async #write(): Promise<void> {
    const { draftsPerSecond } = this.#options;
    const chance = (draftsPerSecond * TICK_MS) / 1000 / this.#members.length;
    while (this.#isStorm) {
      for (const member of this.#members) {
        for (let left = chance; left > 0; left -= 1) {
          if (member.waiting < WAITING_MAX && this.#dice.chance(left)) member.write();
        }
      }
      await wait(TICK_MS);
    }
  }

  async #faultLane(): Promise<void> {
    const { stage, only } = this.#options;
    const complain = (words: string): void => void this.#complaints.push(words);
    const dice = this.#dice;
    const scene: Scene = { stage, dice, members: this.#members, held: this.#held, complain };
    while (this.#isStorm) {
      await wait(dice.between(50, 900));
      if (!this.#isStorm) return;
      await this.#fault(only === undefined ? pickFault(scene) : dice.pick(only), scene);
    }
  }

  async #fault(name: FaultName, scene: Scene): Promise<void> {
    const began = performance.now();
    this.#active += 1;
    const wasLive = this.#members.filter(({ isLive }) => isLive);
    const fault = await beginFault(name, scene);
    if (fault !== undefined) {
      this.#recorder.note({ what: 'fault', kind: name });
      this.#faults.set(name, (this.#faults.get(name) ?? 0) + 1);
      await wait(fault.holdMs);
      await fault.end();
      if (name === 'server: kill -9') await this.#watchReturn(began, wasLive);
    }
    this.#active -= 1;
  }

  /** Measures how soon members are back after a crash, when nothing else is going on. */
  async #watchReturn(began: number, members: readonly Member[]): Promise<void> {
    const missing = new Set(members.filter(({ isLive }) => !isLive));
    while (missing.size > 0 && this.#active === 1 && performance.now() - began < 10_000) {
      await wait(10);
      for (const member of missing) {
        if (!member.isLive) continue;
        missing.delete(member);
        this.#liveAgainMs.push(performance.now() - began);
      }
    }
  }

  async #rest(): Promise<void> {
    for (const member of this.#members) member.wake();
    await this.#until(() => this.#members.every(({ isLive, waiting }) => isLive && waiting === 0));
    const token = await hostToken({ sub: 'judge', name: 'judge' });
    const finals = await readFinals(this.#options.stage, this.#rooms, token);
    const heads = new Map(finals.map(({ room, head }) => [room, head]));
    await this.#until(() => this.#members.every((member) => member.isAtRest(heads)));
    for (const final of finals) this.#recorder.final(final);
    for (const member of this.#members) member.rest();
  }

  /** Waits for a fact, and complains when it does not come. */
  async #until(isIt: () => boolean): Promise<void> {
    const started = performance.now();
    while (!isIt()) {
      if (performance.now() - started > REST_MS_MAX) {
        const words = this.#members.map((member) => member.describe()).join('\n  ');
        this.#complaints.push(`not at rest after ${REST_MS_MAX} ms:\n  ${words}`);
        return;
      }
      await wait(20);
    }
  }
}
