/**
 * News from the other servers on one MongoDB. A change stream where there is one; it gives only
 * what a majority has. Whenever it had to be opened anew, entries may have been missed, and every
 * live room is told to look by itself.
 */

import { setTimeout as wait } from 'node:timers/promises';
import type { ChangeStream, ChangeStreamInsertDocument, Collection, Document } from 'mongodb';
import type { HintListener, Hints } from './store.ts';
import { type EntryDocument, entryOf } from './store-mongodb-document.ts';
import type { MongoNews } from './store-mongodb-news.ts';

/** Within what a policy change must be in force everywhere. */
const POLL_MS = 2000;

/** A stream that keeps failing is opened again at most this seldom. */
const REOPEN_MS_MAX = 5000;

interface Closable {
  close(): Promise<void>;
}

/** Hints that hold something open. */
export interface ClosableHints extends Hints, Closable {}

/** One change stream for all rooms, and one for volatile facts, while somebody listens. */
export function streamHints(entries: Collection<EntryDocument>, news: MongoNews): ClosableHints {
  let running: readonly Closable[] = [];
  const closeAll = async (readers: readonly Closable[]): Promise<void> => {
    await Promise.all(readers.map((reader) => reader.close()));
  };
  return {
    watch: (listener) => {
      const mine = [entryReader(entries, listener), newsReader(news, listener)];
      running = mine;
      return () => void closeAll(mine);
    },
    tell: (words) => news.tell(words),
    close: async () => {
      await closeAll(running);
      await news.settled();
    },
  };
}

const entryReader = (entries: Collection<EntryDocument>, listener: HintListener): Closable =>
  new StreamReader(entries, {
    opened: () => listener.repair(),
    told: (document) => listener.entry(document.room, entryOf(document)),
  });

const newsReader = ({ collection, node }: MongoNews, { news }: HintListener): Closable =>
  new StreamReader(collection, {
    // What was told meanwhile is told again soon.
    opened: () => {},
    told: (document) => {
      if (document.node !== node) news(document.news);
    },
  });

/** Without change streams: every live room looks for itself, again and again. */
export function pollingHints(news: MongoNews, pollMs = POLL_MS): ClosableHints {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearInterval(timer);
  const look = async (listener: HintListener): Promise<void> => {
    try {
      for (const words of await news.look()) listener.news(words);
    } catch {
      // Nothing is lost that anybody relies on: the next look is soon.
    }
  };
  return {
    watch: (listener) => {
      timer = setInterval(() => {
        listener.repair();
        void look(listener);
      }, pollMs);
      void look(listener);
      return stop;
    },
    tell: (words) => news.tell(words),
    close: async () => {
      stop();
      await news.settled();
    },
  };
}

/** What a reader calls; neither may throw. */
interface StreamListener<T> {
  /** Whenever a stream was opened: what came before it may have been missed. */
  readonly opened: () => void;
  readonly told: (document: T) => void;
}

/** Reads the insertions of one stream after another until it is closed. */
class StreamReader<T extends Document> implements Closable {
  readonly #collection: Collection<T>;
  readonly #listener: StreamListener<T>;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;
  #stream: ChangeStream<T, ChangeStreamInsertDocument<T>> | undefined;

  constructor(collection: Collection<T>, listener: StreamListener<T>) {
    this.#collection = collection;
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
    const stream = this.#collection.watch<T, ChangeStreamInsertDocument<T>>(INSERTS);
    this.#stream = stream;
    try {
      // The first answer means that the server has the stream: only now a look misses nothing.
      let change = await stream.tryNext();
      hasOpened = true;
      this.#listener.opened();
      for (;;) {
        if (change !== null) this.#listener.told(change.fullDocument);
        change = await stream.next();
      }
    } catch {
      // Nothing is lost: the next stream starts with a repair, and until then the watchdog looks.
      return hasOpened;
    } finally {
      await stream.close();
    }
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
