/**
 * Logs kept in MongoDB, where any number of servers are one chat. Every write waits for a majority
 * and its journal, every read sees only what a majority has: both are said explicitly, since the
 * defaults of some set-ups are weaker. Numbers and conflicts are the room log's business.
 */

import { randomUUID } from 'node:crypto';
import {
  type ClientSession,
  type Collection,
  type Filter,
  MongoClient,
  type MongoClientOptions,
  ReadConcern,
  type Timestamp,
} from 'mongodb';
import type { Entry, Epoch, Message, Seq } from 'mini-chat/protocol';
import type {
  DraftKey,
  EntryRange,
  Hints,
  LogFacts,
  MessageRange,
  RoomKey,
  Store,
} from './store.ts';
import { documentOf, type EntryDocument, entryOf } from './store-mongodb-document.ts';
import { pollingHints, streamHints } from './store-mongodb-hints.ts';
import { checkTopology, placeOf } from './store-mongodb-topology.ts';

/** Where the database is, and how strictly to look at it. */
export interface MongoOptions {
  /** `mongodb://` or `mongodb+srv://`; a database in its path is used, else `mini_chat`. */
  readonly url: string;
  /** Opens a server that cannot keep the guarantees (docs/GUARANTEES.md), too. */
  readonly acceptsWeakServer?: boolean;
}

const DEFAULT_DATABASE = 'mini_chat';

/** Before the room log's own deadline of 30 s, so that it learns of a slow set in time to retry. */
const WRITE_MS_MAX = 8000;
const READ_MS_MAX = 8000;

/** Heads remembered to make the next look-up short; forgotten all at once beyond this. */
const HEADS_MAX = 10_000;

const CONCERNS = {
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: WRITE_MS_MAX },
  readConcern: new ReadConcern('majority'),
  readPreference: 'primary',
} as const;

const CAUSAL = { causalConsistency: true } as const;

/** What the url may set otherwise; it has no say in the concerns above. */
const TIMEOUTS = {
  serverSelectionTimeoutMS: 5000,
  connectTimeoutMS: 5000,
  // Twice what a write may take: a connection that stays silent longer is gone.
  socketTimeoutMS: 2 * WRITE_MS_MAX,
};

interface FloorDocument {
  readonly _id: string;
  readonly floor: Seq;
}

interface MetaDocument {
  readonly _id: string;
  readonly value: string;
}

type Meta = Collection<MetaDocument>;

/** The collections' names start alike, so that a database may be shared with the host site. */
interface Collections {
  readonly entries: Collection<EntryDocument>;
  readonly floors: Collection<FloorDocument>;
  readonly meta: Meta;
}

/** Connects, makes the indexes, and checks that the server can keep the contract. */
export async function openMongoStore(options: MongoOptions): Promise<Store> {
  const { url, acceptsWeakServer = false } = options;
  const client = new MongoClient(url, optionsFor(url));
  try {
    await client.connect();
    const topology = await checkTopology(client, acceptsWeakServer);
    const database = client.db(databaseIn(url), CONCERNS);
    const collections: Collections = {
      entries: database.collection('mini_chat_entries'),
      floors: database.collection('mini_chat_floors'),
      meta: database.collection('mini_chat_meta'),
    };
    await createIndexes(collections.entries);
    const epoch = await setOnce(client, collections.meta, 'epoch', randomUUID());
    const { hasChangeStreams } = topology;
    const hints = hasChangeStreams ? streamHints(collections.entries) : pollingHints();
    const words = hasChangeStreams ? '' : POLLING;
    const place = `${placeOf(client.options, database.databaseName)}${words}`;
    return new MongoStore({ client, collections, epoch: epoch as Epoch, hints, place });
  } catch (error) {
    await client.close();
    throw error;
  }
}

function optionsFor(url: string): MongoClientOptions {
  const given = new URLSearchParams(url.split('?')[1]);
  const timeouts = Object.entries(TIMEOUTS).filter(([name]) => !given.has(name));
  const options = { ...CONCERNS, appName: 'mini-chat', ignoreUndefined: true };
  return { ...options, ...Object.fromEntries(timeouts) };
}

/** Part of the line printed at start-up, since an operator of several servers must know. */
const POLLING =
  ' (a standalone server, without change streams: what other servers write is looked for every ' +
  'two seconds)';

/** The unique ones are the contract; the third lets a page skip what is not a message. */
async function createIndexes(entries: Collection<EntryDocument>): Promise<void> {
  await entries.createIndexes([
    { key: { room: 1, seq: 1 }, name: 'place', unique: true },
    { key: { room: 1, user: 1, cid: 1 }, name: 'draft', unique: true },
    { key: { room: 1, kind: 1, seq: 1 }, name: 'kind' },
  ]);
}

/** The database in the url's path. `URL` cannot parse several hosts: only the path is looked at. */
function databaseIn(url: string): string {
  const name = /^[^:]+:\/\/[^/]*\/([^?]*)/.exec(url)?.[1] ?? '';
  return name === '' ? DEFAULT_DATABASE : decodeURIComponent(name);
}

/** In one causal session, so that the look sees what the insert met, once a majority has it. */
function setOnce(client: MongoClient, meta: Meta, _id: string, value: string): Promise<string> {
  return client.withSession(CAUSAL, async (session) => {
    try {
      await meta.insertOne({ _id, value }, { session });
      return value;
    } catch (error) {
      // Whatever the error says, the value in force decides; another server may have been first.
      const found = await meta.findOne({ _id }, { session });
      if (found === null) throw error;
      return found.value;
    }
  });
}

interface MongoStoreParts {
  readonly client: MongoClient;
  readonly collections: Collections;
  readonly epoch: Epoch;
  readonly hints: Hints & { close(): Promise<void> };
  readonly place: string;
}

class MongoStore implements Store {
  readonly place: string;
  readonly hints: Hints;
  readonly #parts: MongoStoreParts;
  readonly #heads = new Map<RoomKey, Seq>();
  readonly #writes = new Set<Promise<unknown>>();
  /** When the last failed write was, by the server's clock: reads wait until it is decided. */
  #doubtfulTime: Timestamp | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: MongoStoreParts) {
    this.#parts = parts;
    this.place = parts.place;
    this.hints = parts.hints;
  }

  async facts(room: RoomKey): Promise<LogFacts> {
    const [newest, floor] = await Promise.all([this.#newest(room), this.#floor(room)]);
    const { epoch } = this.#parts;
    if (newest === undefined) return { epoch, head: 0, headId: '', headAt: 0, floor };
    return { epoch, head: newest.seq, headId: newest.id, headAt: newest.at, floor };
  }

  insert(room: RoomKey, entries: readonly Entry[]): Promise<void> {
    const documents = entries.map((entry) => documentOf(room, entry));
    return this.#write(async (session) => {
      await this.#parts.collections.entries.insertMany(documents, { ordered: true, session });
    });
  }

  /** Bounded on both sides: seqs are dense, so the bounds are the limit. */
  async read(room: RoomKey, { after, upTo, limit }: EntryRange): Promise<readonly Entry[]> {
    const last = Math.min(upTo, after + limit);
    if (last <= after) return [];
    return this.#entries({ room, seq: { $gt: after, $lte: last } });
  }

  /** A query per user, an index range each: one `$or` of all is not planned well everywhere. */
  async find(room: RoomKey, drafts: readonly DraftKey[]): Promise<readonly Entry[]> {
    const byUser = Map.groupBy(drafts, ({ user }) => user);
    const found = [...byUser].map(([user, group]) =>
      this.#entries({ room, user, cid: { $in: group.map(({ cid }) => cid) } }),
    );
    return (await Promise.all(found)).flat();
  }

  /** Looks through windows that widen backwards, each bounded by seq, until the page is full. */
  async messages(room: RoomKey, { before, limit }: MessageRange): Promise<readonly Message[]> {
    let end = before;
    let page: readonly Message[] = [];
    for (let width = limit; end > 1 && page.length < limit; width *= 4) {
      const start = Math.max(1, end - width);
      const seq = { $gte: start, $lt: end };
      const older = await this.#messagesIn({ room, kind: 'message', seq }, limit - page.length);
      page = [...older, ...page];
      end = start;
    }
    return page;
  }

  swap(name: string, expected: string | undefined, next: string): Promise<string> {
    const { client, collections } = this.#parts;
    const { meta } = collections;
    const _id = `fact:${name}`;
    if (expected === undefined) return setOnce(client, meta, _id, next);
    return client.withSession(CAUSAL, async (session) => {
      await meta.updateOne({ _id, value: expected }, { $set: { value: next } }, { session });
      const found = await meta.findOne({ _id }, { session });
      if (found === null) throw new Error(`nothing is kept as "${name}"`);
      return found.value;
    });
  }

  async ping(): Promise<void> {
    const database = this.#parts.client.db('admin');
    await database.command({ ping: 1 }, { readPreference: 'primary' });
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    await this.#parts.hints.close();
    await Promise.allSettled(this.#writes);
    await this.#parts.client.close();
  }

  /** Looks from the head known last upwards, and from the start only when that is gone. */
  async #newest(room: RoomKey): Promise<Entry | undefined> {
    const known = this.#heads.get(room) ?? 0;
    const [newest] = await this.#entries({ room, seq: { $gte: known } }, { seq: -1 }, 1);
    if (newest === undefined && known === 0) return undefined;
    if (this.#heads.size >= HEADS_MAX) this.#heads.clear();
    this.#heads.set(room, newest?.seq ?? 0);
    return newest ?? this.#newest(room);
  }

  async #floor(room: RoomKey): Promise<Seq> {
    const { floors } = this.#parts.collections;
    const found = await this.#read((session) => floors.findOne({ _id: room }, { session }));
    return found?.floor ?? 1;
  }

  async #entries(
    filter: Filter<EntryDocument>,
    sort: { seq: 1 | -1 } = { seq: 1 },
    limit = 0,
  ): Promise<readonly Entry[]> {
    const { entries } = this.#parts.collections;
    const documents = await this.#read((session) =>
      entries.find(filter, { session, sort, limit, maxTimeMS: READ_MS_MAX }).toArray(),
    );
    return documents.map(entryOf);
  }

  async #messagesIn(filter: Filter<EntryDocument>, limit: number): Promise<readonly Message[]> {
    const newestFirst = await this.#entries(filter, { seq: -1 }, limit);
    return newestFirst.filter((entry) => entry.kind === 'message').reverse();
  }

  /** A session of its own: two writes of one session at a time would break the driver's retries. */
  async #write(work: (session: ClientSession) => Promise<void>): Promise<void> {
    const session = this.#parts.client.startSession(CAUSAL);
    const writing = work(session);
    this.#writes.add(writing);
    try {
      await writing;
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
  async #read<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    const session = this.#parts.client.startSession(CAUSAL);
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
