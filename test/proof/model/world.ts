/** One schedule: a few nodes on one bad database, a few clients, faults at random, then calm. */

import type { Entry } from 'mini-chat/protocol';
import { checkHistory, type Verdict } from '../checker.ts';
import { Dice } from '../dice.ts';
import { type History, Recorder } from '../history.ts';
import { seenOf } from '../seen.ts';
import { Agenda } from './agenda.ts';
import { SimClient } from './client.ts';
import { calm, Database, EPOCH, type Hostility } from './database.ts';
import { type Mutant, real } from './mutants.ts';
import { ROOM, SimNode } from './node.ts';

/** Virtual milliseconds of writing and faults. */
const STORM_MS = 500;

/** Late commands run at most this long after they were sent. */
const LATE_MS = 700;

/** A schedule that has not come to rest by then never will; the checker says what is missing. */
const REST_MS_MAX = 6000;

/** Longer than anything on a wire, so that no ack of the old log comes after it. */
const RESTORE_MS = 15;

const WATCHDOG_MS = 120;

const faultWeights = {
  elect: 5,
  crash: 3,
  cut: 4,
  partition: 2,
  reload: 2,
  lag: 3,
  stutter: 3,
  rejoin: 2,
  restore: 0.3,
} as const;

export class World {
  readonly seed: number;
  readonly #dice: Dice;
  readonly #agenda = new Agenda();
  readonly #recorder = new Recorder(() => this.#agenda.now);
  readonly #database: Database;
  readonly #nodes: readonly SimNode[];
  readonly #clients: readonly SimClient[];
  readonly #lostHint: number;
  #isCalm = false;
  #isRestoring = false;
  #isOver = false;

  constructor(seed: number, mutant: Mutant = real) {
    this.seed = seed;
    this.#dice = new Dice(seed);
    const dice = this.#dice;
    const agenda = this.#agenda;
    this.#lostHint = dice.pick([0, 0.2, 0.2, 0.9]);
    const onCommit = (entry: Entry): void => this.#hint(entry);
    const database = new Database({ agenda, dice, flaws: mutant.flaws, onCommit });
    this.#database = database;
    this.#nodes = Array.from({ length: dice.between(1, 3) }, (_, i) => {
      const clockMs = dice.between(-50, 50);
      const { openLog } = mutant;
      const parts = { agenda, dice, database, recorder: this.#recorder, openLog, clockMs };
      return new SimNode({ name: `n${i + 1}`, ...parts });
    });
    const nodes = this.#nodes;
    const recorder = this.#recorder;
    this.#clients = Array.from(
      { length: dice.between(2, 4) },
      (_, i) => new SimClient({ name: `c${i + 1}`, agenda, dice, nodes, recorder }),
    );
    this.#plan();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Does what is next. The caller lets promises run before the next step. */
  step(): void {
    this.#agenda.step();
    if (this.#isCalm && this.#agenda.now > STORM_MS + LATE_MS) this.#isOver = this.#isAtRest();
    if (this.#agenda.now > STORM_MS + REST_MS_MAX) this.#isOver = true;
  }

  /** What this schedule came to. */
  history(): History {
    for (const client of this.#clients) client.rest();
    const { log } = this.#database;
    const head = log.at(-1)?.seq ?? 0;
    const entries = log.map(seenOf);
    const final = { room: ROOM, source: 'database', epoch: EPOCH, floor: 1, head, entries };
    this.#recorder.final({ ...final, keepsTexts: true });
    return this.#recorder.history('model', this.seed);
  }

  verdict(): Verdict {
    return checkHistory(this.history());
  }

  #plan(): void {
    const dice = this.#dice;
    this.#database.hostility = hostilityOf(dice);
    for (const node of this.#nodes) {
      void node.start();
      this.#watch(node, dice.between(1, WATCHDOG_MS));
    }
    for (let left = dice.between(4, 14); left > 0; left -= 1) {
      const client = dice.pick(this.#clients);
      const burst = dice.pick([1, 1, 1, 2, 4]);
      this.#agenda.after(dice.between(5, STORM_MS), () => {
        for (let i = 0; i < burst; i += 1) client.write();
      });
    }
    for (let left = dice.between(0, 8); left > 0; left -= 1) {
      this.#agenda.after(dice.between(5, STORM_MS), () => this.#fault());
    }
    this.#agenda.after(STORM_MS, () => this.#calm());
  }

  #fault(): void {
    const dice = this.#dice;
    const kind = dice.weighted(faultWeights);
    if (this.#isRestoring) return;
    if (kind !== 'restore') this.#recorder.note({ what: 'fault', kind });
    switch (kind) {
      case 'restore':
        return this.#restore();
      case 'rejoin':
        return dice.pick(this.#clients).rejoin();
      case 'elect':
        return this.#database.elect();
      case 'crash':
        return this.#crash(dice.pick(this.#nodes));
      case 'cut':
        return dice.pick(this.#clients).drop();
      case 'partition':
        return dice.pick(this.#nodes).partition(dice.between(10, 400));
      case 'reload':
        return dice.pick(this.#clients).reload();
      case 'lag':
        return this.#database.lag(dice.pick([0, 50, 200]));
      case 'stutter':
        return dice.pick(this.#clients).stutter();
    }
  }

  /** As operators do it: every node stops, an older backup takes its place, every node starts. */
  #restore(): void {
    this.#isRestoring = true;
    for (const node of this.#nodes) node.crash();
    this.#agenda.after(RESTORE_MS, () => {
      this.#recorder.note({ what: 'fault', kind: 'restore', renews: [ROOM] });
      this.#database.restore();
      this.#isRestoring = false;
      for (const node of this.#nodes) void node.start();
    });
  }

  #crash(node: SimNode): void {
    if (!node.isUp) return;
    node.crash();
    this.#agenda.after(this.#dice.between(5, 80), () => {
      if (!this.#isRestoring && !node.hasLife) void node.start();
    });
  }

  /** The change stream: a hint to every node, unless it is lost; some twice, all at any time. */
  #hint(entry: Entry): void {
    const dice = this.#dice;
    const { life } = this.#database;
    for (const node of this.#nodes) {
      if (!this.#isCalm && dice.chance(this.#lostHint)) continue;
      const times = dice.chance(0.1) ? 2 : 1;
      for (let i = 0; i < times; i += 1) {
        this.#agenda.after(dice.pick([1, 3, 10, 60]), () => {
          // A change stream ends with the database that it watches.
          if (this.#database.life === life) node.take(entry);
        });
      }
    }
  }

  #watch(node: SimNode, ms: number): void {
    this.#agenda.after(ms, () => {
      node.repair();
      // In the calm there is little to find; so the dog may be slow.
      this.#watch(node, this.#isCalm ? 3 * WATCHDOG_MS : WATCHDOG_MS);
    });
  }

  #calm(): void {
    this.#isCalm = true;
    this.#database.hostility = calm;
    this.#database.lag(0);
    for (const node of this.#nodes) node.heal();
  }

  #isAtRest(): boolean {
    const head = this.#database.head;
    return this.#database.isSettled && this.#clients.every((client) => client.isAtRest(head));
  }
}

/** Some databases are nearly good, some are awful, each in its own way. */
function hostilityOf(dice: Dice): Hostility {
  const often = (): number => dice.pick([0, 0.03, 0.1, 0.3]);
  return {
    lostReply: often(),
    lateTwin: often(),
    swallowed: dice.pick([0, 0, 0.02, 0.1]),
    pausedBatch: often(),
    retried: dice.pick([0, 0.5, 0.9]),
  };
}
