/**
 * Volatile facts between the servers on one MongoDB: documents of a small collection that expire by
 * themselves. Told at most once and lost without a word: nothing here waits or tries again.
 */

import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';
import { NEWS_LENGTH_MAX } from './store.ts';

/** One piece of news. */
export interface NewsDocument {
  readonly _id: string;
  /** Which server told it. */
  readonly node: string;
  readonly news: string;
  /** By the database's clock. */
  readonly at: Date;
}

/** News under way to the database; what comes beyond is lost, as when it cannot be reached. */
const UNDERWAY_MAX = 100;

/** Two writes become visible in another order than that of their times, but not by more. */
const OVERLAP_MS = 1000;

/** This server's end. Its own news never come back to it. */
export class MongoNews {
  readonly node = randomUUID();
  readonly #collection: Collection<NewsDocument>;
  readonly #underway = new Set<Promise<unknown>>();
  /** As of the last look: what it found, and the newest time in it. */
  #seen: ReadonlySet<string> = new Set();
  #readTo: number | undefined;

  constructor(collection: Collection<NewsDocument>) {
    this.#collection = collection;
  }

  get collection(): Collection<NewsDocument> {
    return this.#collection;
  }

  /** Throws when it is longer than all can be expected to take. */
  tell(news: string): void {
    if (news.length > NEWS_LENGTH_MAX) throw new RangeError(`news of ${news.length} code units`);
    if (this.#underway.size >= UNDERWAY_MAX) return;
    const telling = this.#write(news);
    this.#underway.add(telling);
    void telling.finally(() => this.#underway.delete(telling));
  }

  /** What others told since the last look; nothing at the first one. */
  async look(): Promise<readonly string[]> {
    const from = (this.#readTo ?? 0) - OVERLAP_MS;
    const found = await this.#collection.find({ at: { $gte: new Date(from) } }).toArray();
    const isFirst = this.#readTo === undefined;
    const fresh = found.filter(({ _id, node }) => node !== this.node && !this.#seen.has(_id));
    this.#seen = new Set(found.map(({ _id }) => _id));
    this.#readTo = Math.max(this.#readTo ?? 0, ...found.map(({ at }) => at.getTime()));
    return isFirst ? [] : fresh.map(({ news }) => news);
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underway);
  }

  /** An upsert, since only an update can take the database's own time. */
  async #write(news: string): Promise<void> {
    const fields = { $set: { node: this.node, news }, $currentDate: { at: true } } as const;
    const weak = { upsert: true, writeConcern: { w: 1 } } as const;
    try {
      await this.#collection.updateOne({ _id: randomUUID() }, fields, weak);
    } catch {
      // Nothing is lost that anybody relies on: volatile facts are told again and again.
    }
  }
}
