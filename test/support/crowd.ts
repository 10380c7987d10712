/**
 * Many people who speak a recorded conversation, each with a real client over a network that fails:
 * they fall away at random, keep writing meanwhile, and come back.
 */

import { setImmediate as turn } from 'node:timers/promises';

import { ChatClient, type Room } from '../../component/client/client.ts';
import { until } from '../../scripts/fill.ts';
import type { CuttingProxy } from './cutting-proxy.ts';
import { type Line, nicksOf } from './irc.ts';
import { pick, type Random } from './seed.ts';

/** One line in this many loses somebody. */
const LOSS = 12;
/** How many lines somebody is away at most. */
const AWAY_LINES_MAX = 60;
/** Lines under way at most: beyond, they would all be in the outboxes and none in the air. */
const AHEAD_MAX = 25;

interface CrowdOptions {
  readonly room: string;
  readonly lines: readonly Line[];
  /** The doors of each server; people are spread over them. */
  readonly proxies: readonly CuttingProxy[];
  readonly random: Random;
}

/** What a reader has of a line, as text to compare. */
export interface Heard {
  readonly seq: number | undefined;
  readonly nick: string;
  readonly text: string;
}

interface Person {
  readonly who: string;
  readonly proxy: CuttingProxy;
  readonly client: ChatClient;
  readonly room: Room;
}

/** Everyone who speaks, and one who only reads. */
export class Crowd {
  readonly #options: CrowdOptions;
  readonly #people = new Map<string, Person>();
  /** Who is away, and until which line. */
  readonly #away = new Map<Person, number>();
  losses = 0;

  constructor(options: CrowdOptions) {
    this.#options = options;
    for (const nick of [...nicksOf(options.lines), READER])
      this.#people.set(nick, this.#meet(nick));
  }

  /** Resolves when all have joined. */
  async gather(): Promise<void> {
    const rooms = [...this.#people.values()].map(({ room }) => room);
    for (const room of rooms) room.join();
    await Promise.all(rooms.map((room) => until(room, ({ status }) => status === 'live')));
  }

  /** Says all lines, losing people on the way; `between` runs before each line. */
  async speak(between: (index: number) => Promise<void>): Promise<void> {
    const { lines, random } = this.#options;
    const people = [...this.#people.values()];
    for (const [index, { nick, text }] of lines.entries()) {
      await between(index);
      for (const [person, back] of this.#away) if (back === index) this.#comeBack(person);
      if (random() * LOSS < 1)
        this.#lose(pick(random, people), index + 1 + random() * AWAY_LINES_MAX);
      this.#people.get(nick)?.room.send(text);
      await turn();
      if (index % AHEAD_MAX === 0) await this.#waitForSomebody();
    }
  }

  /** The reader has no network from now until `settle`. */
  loseReader(): void {
    const reader = this.#people.get(READER);
    if (reader !== undefined) this.#lose(reader, Infinity);
  }

  /** Those who have a network try it now, instead of when their backoff ends. */
  wake(): void {
    for (const person of this.#people.values()) {
      if (!this.#away.has(person)) person.client.reconnect();
    }
  }

  /** Everybody comes back. Resolves when all have everything; else rejects, naming who has not. */
  async settle(): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(this.#behind())), SETTLE_MS);
    try {
      await Promise.race([this.#settleAll(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The reader comes last, when all is said, so that it is as far behind as can be. */
  async #settleAll(): Promise<void> {
    const reader = this.#people.get(READER);
    const speakers = [...this.#people.values()].filter((person) => person !== reader);
    for (const person of speakers) this.#comeBack(person);
    await Promise.all(speakers.map(({ room }) => this.#settled(room)));
    if (reader === undefined) return;
    this.#comeBack(reader);
    await this.#settled(reader.room);
  }

  /** What each reader ended with. */
  heard(): ReadonlyMap<string, readonly Heard[]> {
    return new Map([...this.#people].map(([nick, { room }]) => [nick, heardIn(room)]));
  }

  /** How many had their log replaced. */
  get resets(): number {
    return [...this.#people.values()].filter(({ room }) => room.snapshot.resets > 0).length;
  }

  close(): void {
    for (const { client } of this.#people.values()) client.close();
  }

  #meet(name: string): Person {
    const { proxies, room, random } = this.#options;
    const count = this.#people.size;
    const proxy = proxies[count % proxies.length]!;
    const who = `p${count}`;
    const server = proxy.addressOf(who);
    const client = new ChatClient({ server, name, storage: null, environment: { random } });
    return { who, proxy, client, room: client.room(room) };
  }

  #lose(person: Person, until: number): void {
    if (this.#away.has(person)) return;
    this.losses += 1;
    this.#away.set(person, Math.floor(until));
    person.proxy.cut(person.who);
  }

  #comeBack(person: Person): void {
    this.#away.delete(person);
    person.proxy.mend(person.who);
    person.client.reconnect();
  }

  /** Resolves when somebody who is here has nothing unsent: the others are not far behind. */
  async #waitForSomebody(): Promise<void> {
    const here = [...this.#people.values()].filter((person) => !this.#away.has(person));
    await Promise.any(
      here.map(({ room }) =>
        until(room, ({ status, rows }) => status === 'live' && rows.at(-1)?.state !== 'sending'),
      ),
    );
  }

  #behind(): string {
    const { length } = this.#options.lines;
    const states = [...this.#people].map(([nick, { room }]) => {
      const { status, head, rows } = room.snapshot;
      const unsent = rows.filter(({ state }) => state !== 'sent').length;
      return head !== length || unsent > 0 ? `${nick}: ${status} at ${head}, ${unsent} unsent` : '';
    });
    return `Not settled at ${length}:\n${states.filter((state) => state !== '').join('\n')}`;
  }

  /** All drafts are sent, all lines are here, back to the first one. */
  async #settled(room: Room): Promise<void> {
    const { length } = this.#options.lines;
    await until(room, ({ status, head, rows }) => {
      return status === 'live' && head === length && rows.every(({ state }) => state === 'sent');
    });
    while (room.snapshot.hasOlder) await room.loadOlder();
  }
}

const READER = 'reader';
/** Ten times what a busy machine with two cores needs. */
const SETTLE_MS = 60_000;

function heardIn({ snapshot }: Room): readonly Heard[] {
  return snapshot.rows.map(({ seq, user, text }) => ({ seq, nick: user.name, text }));
}
