/**
 * What one run saw, on one clock: the input of the checker, and a JSON file that an independent
 * checker can read. Knows nothing of servers and sockets; the recorders of a run fill it.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** One entry as somebody was given it. */
export interface Seen {
  readonly seq: number;
  readonly id: string;
  readonly user: string;
  readonly cid: string;
  /** What a message says; of any other kind, that and its body as JSON: `edit {…}`. */
  readonly text: string;
  /** Absent: a message. */
  readonly kind?: string;
  /** Of every other kind. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** In a view: the message with what later entries did to it; see `shown` in fold-rules.ts. */
  readonly shows?: string;
}

/**
 * One thing that happened, in the order in which it happened. `at` is in milliseconds of one clock
 * and never goes back; of two with the same `at` the one that stands first came first.
 *
 * - `send`: a sender handed a draft over, for the first time or again. `sender` is one outbox: its
 *   drafts keep their order (G6).
 * - `ack` and `nack`: the answer to one `send`.
 * - `begin`: a reader starts in a room with nothing: it applies a page that ends at `head`.
 * - `reset`: a reader was told to drop what it had, and then does as after `begin`.
 * - `resume`: a reader came back; what it applies next must follow what it applied last.
 * - `page`: after `begin` or `reset`, the lines that the page shows as of `head`; a reader of a log
 *   with nothing but messages may apply them one by one instead.
 * - `apply`: a reader took one entry.
 * - `fault`: what the run did. `renews` lists rooms whose log it replaced by another one.
 * - `breach`: the run itself saw a promise of some interface broken.
 * - `rest`: after calm, what a reader shows; it must reach to the head.
 */
export type Observation = { readonly at: number } & (
  | {
      readonly what: 'send';
      readonly room: string;
      readonly user: string;
      readonly cid: string;
      readonly sender: string;
      readonly text: string;
    }
  | {
      readonly what: 'ack';
      readonly room: string;
      readonly user: string;
      readonly cid: string;
      readonly seq: number;
    }
  | {
      readonly what: 'nack';
      readonly room: string;
      readonly user: string;
      readonly cid: string;
      readonly code: string;
      readonly maybe: boolean;
    }
  | {
      readonly what: 'begin' | 'resume';
      readonly room: string;
      readonly reader: string;
      readonly epoch: string;
      readonly head: number;
    }
  | {
      readonly what: 'reset';
      readonly room: string;
      readonly reader: string;
      readonly epoch: string;
      readonly head: number;
      readonly reason: string;
    }
  | {
      readonly what: 'page';
      readonly room: string;
      readonly reader: string;
      readonly view: readonly Seen[];
    }
  | { readonly what: 'apply'; readonly room: string; readonly reader: string; readonly entry: Seen }
  | { readonly what: 'fault'; readonly kind: string; readonly renews?: readonly string[] }
  | { readonly what: 'breach'; readonly room: string; readonly words: string }
  | {
      readonly what: 'rest';
      readonly room: string;
      readonly reader: string;
      readonly view: readonly Seen[];
    }
);

/** What is in `Observation` besides its time. */
export type Happening = Observation extends infer O
  ? O extends Observation
    ? Omit<O, 'at'>
    : never
  : never;

/** A room's whole log, read after calm from one source: a node, or the store itself. */
export interface FinalLog {
  readonly room: string;
  readonly source: string;
  readonly epoch: string;
  readonly floor: number;
  readonly head: number;
  readonly entries: readonly Seen[];
  /** Of a store that takes no text out: that is not what is tried with it. */
  readonly keepsTexts?: true;
}

/** Everything one run saw. */
export interface History {
  readonly format: 'mini-chat-history/1';
  readonly run: string;
  readonly seed: number;
  readonly observations: readonly Observation[];
  readonly finals: readonly FinalLog[];
}

/** Collects a run's observations on one clock. */
export class Recorder {
  readonly observations: Observation[] = [];
  readonly finals: FinalLog[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds what happened just now. */
  note(happening: Happening): void {
    this.observations.push({ at: this.#now(), ...happening } as Observation);
  }

  /** Adds a room's log as read at the end. */
  final(log: FinalLog): void {
    this.finals.push(log);
  }

  /** What was seen so far, as a history. */
  history(run: string, seed: number): History {
    return {
      format: 'mini-chat-history/1',
      run,
      seed,
      observations: this.observations,
      finals: this.finals,
    };
  }
}

/** Writes a history, one observation a line, so that it can be read with plain tools. */
export async function saveHistory(path: string, history: History): Promise<void> {
  const { observations, finals, ...head } = history;
  const lines = (items: readonly unknown[]): string =>
    items.map((item) => `  ${JSON.stringify(item)}`).join(',\n');
  const top = JSON.stringify(head).slice(0, -1);
  const text =
    `${top},\n"observations": [\n${lines(observations)}\n],\n` +
    `"finals": [\n${lines(finals)}\n]}\n`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Reads what `saveHistory` wrote. Rejects for another format. */
export async function loadHistory(path: string): Promise<History> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  if ((value as Partial<History>).format !== 'mini-chat-history/1') {
    throw new Error(`${path} is not a history of this format`);
  }
  return value as History;
}
