/** One round of a fault run: members write while faults come and go, then calm, then a verdict. */

import { setTimeout as wait } from 'node:timers/promises';
import { type Line, nicksOf } from '../support/irc.ts';
import { hostToken } from '../support/host-tokens.ts';
import { checkHistory, type Verdict } from './checker.ts';
import { Dice } from './dice.ts';
import { beginFault, type FaultName, pickFault, type Scene, startServer } from './faults.ts';
import { readEnds, readUnscrubbed } from './final-read.ts';
import { type History, Recorder } from './history.ts';
import type { Member } from './member.ts';
import { meetMembers } from './meet.ts';
import type { Stage } from './stage.ts';

export interface RoundOptions {
  readonly stage: Stage;
  readonly seed: number;
  /** How long faults come and go. */
  readonly stormMs: number;
  /** Drafts that all members together hand over in a second. */
  readonly draftsPerSecond: number;
  /** Whether members also edit, react and delete; else every reader is followed step by step. */
  readonly changes?: boolean;
  /** Said line by line in one room, by as many as fit, instead of drafts of the members' own. */
  readonly script?: readonly Line[];
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
}

const ROOMS = 3;
const CHAT_MEMBERS = 4;
const RAW_MEMBERS = 8;
const TICK_MS = 20;
/** Between two looks at whether a server still wants clients. */
const BALANCE_MS = 500;
/** Drafts without an answer beyond which a member waits; each line may be down for seconds. */
const WAITING_MAX = 60;
/** Everything must be answered and everybody at the head by then. */
const REST_MS_MAX = 60_000;
/** Twice the time between two looks of a server's watchdog. */
const SCRUBBED_MS_MAX = 60_000;
/** How many messages each member deletes before a crash, and how long after that it comes. */
const ERASED_EACH = 3;
const ERASING_MS = 40;

export class Round {
  readonly #options: RoundOptions;
  readonly #dice: Dice;
  readonly #recorder = new Recorder(() => performance.now());
  readonly #rooms: readonly string[];
  readonly #faults = new Map<string, number>();
  readonly #complaints: string[] = [];
  readonly #held = new Set<object>();
  #members: readonly Member[] = [];
  #isStorm = false;

  constructor(options: RoundOptions) {
    this.#options = options;
    this.#dice = new Dice(options.seed);
    // A room of its own for each round: the log of one stays short enough to be read whole.
    const count = options.script === undefined ? ROOMS : 1;
    this.#rooms = Array.from({ length: count }, (_, i) => `r${options.seed}-${i + 1}`);
  }

  readonly #complain = (words: string): void => void this.#complaints.push(words);

  /** Runs it and judges it. The stage is calm before and after. */
  async run(): Promise<RoundResult> {
    const { stage, stormMs, seed, lanes: count = 2 } = this.#options;
    stage.spread();
    this.#members = await meetMembers({
      ...{ stage, seed, rooms: this.#rooms, recorder: this.#recorder, dice: this.#dice },
      changes: this.#options.changes ?? false,
      ...{ chats: CHAT_MEMBERS, raws: RAW_MEMBERS },
    });
    try {
      await this.#until(() => this.#members.every(({ isLive }) => isLive));
      this.#isStorm = true;
      const lanes = Array.from({ length: count }, () => this.#faultLane());
      const writing = this.#options.script === undefined ? this.#write() : this.#recite();
      const balancing = this.#balance();
      await wait(stormMs);
      this.#isStorm = false;
      await Promise.all([...lanes, writing, balancing]);
      await this.#crashAmidDeletions();
      this.#complaints.push(...stage.takeOwnEnds());
      await stage.calm();
      await this.#rest();
      this.#complaints.push(...stage.takeOwnEnds());
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

  /** The script in its order and evenly over the storm; who speaks in it always uses one member. */
  async #recite(): Promise<void> {
    const { script = [], stormMs } = this.#options;
    const nicks = nicksOf(script);
    const members = this.#members;
    for (const { nick, text } of script) {
      const member = members[nicks.indexOf(nick) % members.length];
      while (this.#isStorm && (member?.waiting ?? 0) >= WAITING_MAX) await wait(TICK_MS);
      member?.write(text);
      await wait(stormMs / script.length);
    }
  }

  /** A node without its database sends its clients away: there must be somewhere to go. */
  async #balance(): Promise<void> {
    const { stage } = this.#options;
    while (this.#isStorm && stage.servers.length > 1) {
      await stage.balance();
      await wait(BALANCE_MS);
    }
  }

  async #faultLane(): Promise<void> {
    const { stage, only } = this.#options;
    const [dice, complain] = [this.#dice, this.#complain];
    const scene: Scene = { stage, dice, members: this.#members, held: this.#held, complain };
    while (this.#isStorm) {
      await wait(dice.between(50, 900));
      if (!this.#isStorm) return;
      await this.#fault(only === undefined ? pickFault(scene) : dice.pick(only), scene);
    }
  }

  async #fault(name: FaultName, scene: Scene): Promise<void> {
    const fault = await beginFault(name, scene);
    if (fault === undefined) return;
    this.#count(name);
    await wait(fault.holdMs);
    await fault.end();
    // As browsers do when the network is back or the page is looked at; else backoffs would grow
    // until hardly anybody is there to be hurt by the next fault.
    if (this.#dice.chance(0.5)) for (const member of this.#members) member.wake();
  }

  /** What a crash leaves between a deletion and its scrub must be made good at the next start. */
  async #crashAmidDeletions(): Promise<void> {
    const { stage, changes = false, only } = this.#options;
    if (!changes || only?.includes('server: kill -9') === false) return;
    const { process } = this.#dice.pick(stage.servers);
    for (let left = ERASED_EACH; left > 0; left -= 1) {
      for (const member of this.#members) member.erase?.();
    }
    await wait(this.#dice.between(0, ERASING_MS));
    await process.crash();
    this.#count('server: kill -9');
    await startServer(process, { complain: this.#complain });
  }

  async #rest(): Promise<void> {
    for (const member of this.#members) member.wake();
    await this.#until(() => this.#members.every(({ isLive, waiting }) => isLive && waiting === 0));
    await this.#scrubbed();
    const token = await hostToken({ sub: 'judge', name: 'judge' });
    const { finals, pages } = await readEnds(this.#options.stage, this.#rooms, token);
    for (const { view, ...told } of pages) {
      this.#recorder.note({ what: 'begin', ...told });
      this.#recorder.note({ what: 'page', room: told.room, reader: told.reader, view });
    }
    const heads = new Map(finals.map(({ room, head }) => [room, head]));
    await this.#until(() => this.#members.every((member) => member.isAtRest(heads)));
    for (const final of finals) this.#recorder.final(final);
    for (const member of this.#members) member.rest();
  }

  #count(kind: FaultName): void {
    this.#recorder.note({ what: 'fault', kind });
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
  }

  /** A scrub that failed is tried again by a server's watchdog, or at its next start. */
  async #scrubbed(): Promise<void> {
    const { stage, changes = false } = this.#options;
    if (!changes) return;
    const until = performance.now() + SCRUBBED_MS_MAX;
    for (;;) {
      const left = await readUnscrubbed(stage);
      if (left.length === 0) return;
      if (performance.now() > until) {
        this.#complaints.push(`not scrubbed after ${SCRUBBED_MS_MAX} ms: ${left.join(', ')}`);
        return;
      }
      await wait(200);
    }
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
