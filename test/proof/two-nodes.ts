/**
 * Two nodes with real room logs on one store, in time that a test moves: what one writes reaches
 * the other by hints, and by a look at the store every half minute.
 */

import type { Cid, Entry, EntryId, User, UserId } from 'mini-chat/protocol';
import { RoomLog } from '../../server/room-log.ts';
import { openMemoryStore } from '../../server/store-memory.ts';
import type { HintListener, RoomKey, Store } from '../../server/store.ts';
import { FakeClock } from '../support/clock.ts';
import { methodsOf } from '../support/gated-store.ts';
import { sampleLimits } from '../support/log-samples.ts';
import { Dice } from './dice.ts';
import { type History, Recorder, type Seen } from './history.ts';

const ROOM = 'main/hints' as RoomKey;
const NODES = ['one', 'two'] as const;
const SENDERS = 6;
/** The watchdog's time, as the server has it. */
export const WATCHDOG_MS = 30_000;

export interface TwoNodesOptions {
  readonly seed: number;
  readonly drafts: number;
  /** Stands between the store's news and a node's log. */
  readonly between: (listener: HintListener, clock: FakeClock) => HintListener;
}

/** What a run came to. */
export interface TwoNodesResult {
  readonly history: History;
  /** From durable to released on the other node, for each entry that it did not write itself. */
  readonly latenciesMs: readonly number[];
}

interface Node {
  readonly name: string;
  readonly log: RoomLog;
}

/** Sends drafts through both nodes at random times, and waits until both have everything. */
export async function runTwoNodes(options: TwoNodesOptions): Promise<TwoNodesResult> {
  const run = new TwoNodesRun(options);
  return run.run();
}

class TwoNodesRun {
  readonly #options: TwoNodesOptions;
  readonly #dice: Dice;
  readonly #clock = new FakeClock();
  readonly #recorder = new Recorder(() => this.#clock.now());
  readonly #listeners: HintListener[] = [];
  readonly #store: Store;
  readonly #durableAt = new Map<number, number>();
  readonly #latenciesMs: number[] = [];
  readonly #views = new Map<string, Seen[]>();
  #ids = 0;

  constructor(options: TwoNodesOptions) {
    this.#options = options;
    this.#dice = new Dice(options.seed);
    const inner = openMemoryStore();
    const insert: Store['insert'] = async (room, entries) => {
      await inner.insert(room, entries);
      for (const { seq } of entries) this.#durableAt.set(seq, this.#clock.now());
      for (const entry of entries) for (const it of this.#listeners) it.entry(room, entry);
    };
    this.#store = { ...methodsOf(inner), insert };
  }

  async run(): Promise<TwoNodesResult> {
    const { drafts, seed } = this.#options;
    const dice = this.#dice;
    const nodes = await Promise.all(NODES.map((name) => this.#open(name)));
    const answers: Promise<void>[] = [];
    for (let count = 1; count <= drafts; count += 1) {
      answers.push(this.#send(dice.pick(nodes), count));
      if (dice.chance(0.4)) await this.#clock.advance(dice.between(0, 40));
    }
    for (let passed = 0; passed <= WATCHDOG_MS; passed += 1000) await this.#clock.advance(1000);
    await Promise.all(answers);
    for (const { name, log } of nodes) {
      const view = this.#views.get(name) ?? [];
      this.#recorder.note({ what: 'rest', room: ROOM, reader: name, view });
      const { epoch, floor, head } = log.facts;
      const entries = await this.#store.read(ROOM, { after: 0, upTo: head, limit: head });
      this.#recorder.final({
        ...{ room: ROOM, source: name, epoch, floor, head },
        entries: entries.map(seenOf),
      });
    }
    await Promise.all(nodes.map(({ log }) => log.close()));
    const history = this.#recorder.history('two nodes and their hints', seed);
    return { history, latenciesMs: this.#latenciesMs };
  }

  async #open(name: string): Promise<Node> {
    const clock = this.#clock;
    const log = await RoomLog.open({
      store: this.#store,
      room: ROOM,
      release: (entries) => this.#released(name, entries),
      now: () => clock.wall(),
      wait: (ms, signal) =>
        new Promise<void>((resolve) => {
          const cancel = clock.after(ms, resolve);
          signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
        }),
      random: () => this.#dice.between(0, 99) / 100,
      mintId: () => `${name}-${(this.#ids += 1)}` as EntryId,
      limits: sampleLimits,
    });
    const { epoch } = log.facts;
    this.#recorder.note({ what: 'begin', room: ROOM, reader: name, epoch, head: 0 });
    this.#listeners.push(
      this.#options.between(
        { entry: (_, entry) => log.take(entry), repair: () => void log.repair(), news: nothing },
        clock,
      ),
    );
    const look = (): void => {
      void log.repair();
      clock.after(WATCHDOG_MS, look);
    };
    clock.after(WATCHDOG_MS, look);
    return { name, log };
  }

  async #send({ name, log }: Node, count: number): Promise<void> {
    const who = `s${count % SENDERS}-${name}` as UserId;
    const user: User = { id: who, name: who, role: 'member' };
    const cid = `cid-${count}` as Cid;
    const text = `line ${count}`;
    const about = { room: ROOM, user: who, cid };
    this.#recorder.note({ what: 'send', ...about, sender: who, text });
    const { seq } = await log.append({ user, cid, kind: 'message', body: { text } });
    this.#recorder.note({ what: 'ack', ...about, seq });
  }

  #released(reader: string, entries: readonly Entry[]): void {
    const view = this.#views.get(reader) ?? [];
    this.#views.set(reader, view);
    for (const entry of entries) {
      const durableAt = this.#durableAt.get(entry.seq);
      if (durableAt !== undefined) this.#latenciesMs.push(this.#clock.now() - durableAt);
      view.push(seenOf(entry));
      this.#recorder.note({ what: 'apply', room: ROOM, reader, entry: seenOf(entry) });
    }
  }
}

function seenOf({ seq, id, user, cid, body }: Entry): Seen {
  return { seq, id, user: user.id, cid, text: 'text' in body ? body.text : '' };
}

function nothing(): void {}
