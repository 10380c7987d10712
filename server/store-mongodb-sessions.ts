/** Causal sessions of one MongoDB client: how a read comes to see what a failed write left. */

import type { ClientSession, MongoClient, Timestamp } from 'mongodb';

/** What a session of ours is opened with. */
export const CAUSAL = { causalConsistency: true } as const;

/** A session for every piece of work: two at a time in one would break the driver's retries. */
export class MongoSessions {
  readonly #client: MongoClient;
  readonly #writes = new Set<Promise<unknown>>();
  /** When the last failed write was, by the server's clock: reads wait until it is decided. */
  #doubtfulTime: Timestamp | undefined;

  constructor(client: MongoClient) {
    this.#client = client;
  }

  /** Resolves when every write under way has ended, well or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes);
  }

  async write<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    const session = this.#client.startSession(CAUSAL);
    const writing = work(session);
    this.#writes.add(writing);
    try {
      return await writing;
    } catch (error) {
      const { operationTime } = session;
      if (isLater(operationTime, this.#doubtfulTime)) this.#doubtfulTime = operationTime;
      throw error;
    } finally {
      this.#writes.delete(writing);
      await session.endSession();
    }
  }

  /** Causally after every failed write, so that a row they left is seen once it is committed. */
  async read<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    const session = this.#client.startSession(CAUSAL);
    if (this.#doubtfulTime !== undefined) session.advanceOperationTime(this.#doubtfulTime);
    try {
      return await work(session);
    } finally {
      await session.endSession();
    }
  }
}

const isLater = (time: Timestamp | undefined, than: Timestamp | undefined): boolean =>
  time !== undefined && (than === undefined || time.greaterThan(than));
