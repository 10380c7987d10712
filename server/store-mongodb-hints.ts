/**
 * News from the other servers on one MongoDB. A change stream where there is one; it gives only
 * what a majority has. Whenever it had to be opened anew, entries may have been missed, and every
 * live room is told to look by itself.
 */

import { setTimeout as wait } from 'node:timers/promises';
import type { ChangeStream, ChangeStreamInsertDocument, Collection } from 'mongodb';
import type { HintListener, Hints } from './store.ts';
import { type EntryDocument, entryOf } from './store-mongodb-document.ts';

/** Within what a policy change must be in force everywhere. */
const POLL_MS = 2000;

/** A stream that keeps failing is opened again at most this seldom. */
const REOPEN_MS_MAX = 5000;

type Change = ChangeStreamInsertDocument<EntryDocument>;
type Stream = ChangeStream<EntryDocument, Change>;

/** Hints that hold something open. */
export interface ClosableHints extends Hints {
  close(): Promise<void>;
}

/** One change stream for all rooms, while somebody listens. */
export function streamHints(entries: Collection<EntryDocument>): ClosableHints {
  let running: StreamReader | undefined;
  const stop = async (): Promise<void> => {
    const last = running;
    running = undefined;
    await last?.close();
  };
  return {
    watch: (listener) => {
      const mine = new StreamReader(entries, listener);
      running = mine;
      return () => void mine.close();
    },
    close: stop,
  };
}

/** Without change streams: every live room looks for itself, again and again. */
export function pollingHints(pollMs = POLL_MS): ClosableHints {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearInterval(timer);
  return {
    watch: ({ repair }) => {
      timer = setInterval(repair, pollMs);
      return stop;
    },
    close: async () => stop(),
  };
}

/** Reads one stream after another until it is closed. */
class StreamReader {
  readonly #entries: Collection<EntryDocument>;
  readonly #listener: HintListener;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;
  #stream: Stream | undefined;

  constructor(entries: Collection<EntryDocument>, listener: HintListener) {
    this.#entries = entries;
    this.#listener = listener;
    this.#ended = this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#stream?.close();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (let pauseMs = 100; !signal.aborted; pauseMs = Math.min(2 * pauseMs, REOPEN_MS_MAX)) {
      const hasOpened = await this.#readOne();
      if (hasOpened) pauseMs = 100;
      await pause(pauseMs, signal);
    }
  }

  /**
   * The driver resumes a stream by itself where that loses nothing; any other end comes here.
   * Resolves with whether the stream had been open.
   */
  async #readOne(): Promise<boolean> {
    let hasOpened = false;
    const stream: Stream = this.#entries.watch<EntryDocument, Change>(INSERTS);
    this.#stream = stream;
    try {
      // The first answer means that the server has the stream: only now a look misses nothing.
      let change = await stream.tryNext();
      hasOpened = true;
      this.#listener.repair();
      for (;;) {
        if (change !== null) this.#tell(change);
        change = await stream.next();
      }
    } catch {
      // Nothing is lost: the next stream starts with a repair, and until then the watchdog looks.
      return hasOpened;
    } finally {
      await stream.close();
    }
  }

  #tell({ fullDocument }: Change): void {
    this.#listener.entry(fullDocument.room, entryOf(fullDocument));
  }
}

const INSERTS = [{ $match: { operationType: 'insert' } }];

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch {
    // Nothing is lost: it rejects when the reader closes, which looks at the signal next.
  }
}
