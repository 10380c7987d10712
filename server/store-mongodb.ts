/**
 * Logs kept in MongoDB, where any number of servers are one chat. Every write waits for a majority
 * and its journal, every read sees only what a majority has: both are said explicitly, since the
 * defaults of some set-ups are weaker. Numbers and conflicts are the room log's business.
 */

import { randomUUID } from 'node:crypto';
import {
  type Collection,
  type Filter,
  MongoClient,
  type MongoClientOptions,
  ReadConcern,
} from 'mongodb';
import type { Change, Entry, Epoch, Kind, Line, Ms, Seq, UserId } from 'mini-chat/protocol';
import { changesOf, checkFloor, emojiAfter, firstSince, linesOf } from './store-entry.ts';
import type {
  DraftKey,
  EntryRange,
  Hints,
  LineRange,
  LogFacts,
  ReactionKey,
  RoomKey,
  Store,
  View,
  Views,
} from './store.ts';
import {
  type Collections,
  collectionsIn,
  createIndexes,
  markKey,
  type MetaDocument,
} from './store-mongodb-collections.ts';
import { aboutKey, documentOf, type EntryDocument, entryOf } from './store-mongodb-document.ts';
import { readViews, saveViews, scrub, trim, twice, unscrubbed } from './store-mongodb-erasing.ts';
import { pollingHints, streamHints } from './store-mongodb-hints.ts';
import { MongoNews } from './store-mongodb-news.ts';
import { CAUSAL, MongoSessions } from './store-mongodb-sessions.ts';
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

/** What the url may set otherwise; it has no say in the concerns above. */
const TIMEOUTS = {
  serverSelectionTimeoutMS: 5000,
  connectTimeoutMS: 5000,
  // Twice what a write may take: a connection that stays silent longer is gone.
  socketTimeoutMS: 2 * WRITE_MS_MAX,
};

/** Connects, makes the indexes, and checks that the server can keep the contract. */
export async function openMongoStore(options: MongoOptions): Promise<Store> {
  const { url, acceptsWeakServer = false } = options;
  const client = new MongoClient(url, optionsFor(url));
  try {
    await client.connect();
    const topology = await checkTopology(client, acceptsWeakServer);
    const database = client.db(databaseIn(url), CONCERNS);
    const collections = collectionsIn(database);
    await createIndexes(collections);
    const epoch = await setOnce(client, collections.meta, 'epoch', randomUUID());
    const { hasChangeStreams } = topology;
    const news = new MongoNews(collections.news);
    const hints = hasChangeStreams ? streamHints(collections.entries, news) : pollingHints(news);
    const words = hasChangeStreams ? '' : POLLING;
    const place = `${placeOf(client.options, database.databaseName)}${words}`;
    // A server that is alone cannot be deposed without knowing it, and refuses the question.
    const surest = new ReadConcern(hasChangeStreams ? 'linearizable' : 'majority');
    return new MongoStore({ client, collections, epoch: epoch as Epoch, hints, place, surest });
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

/** The database in the url's path. `URL` cannot parse several hosts: only the path is looked at. */
function databaseIn(url: string): string {
  const name = /^[^:]+:\/\/[^/]*\/([^?]*)/.exec(url)?.[1] ?? '';
  return name === '' ? DEFAULT_DATABASE : decodeURIComponent(name);
}

type Meta = Collection<MetaDocument>;

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
  readonly surest: ReadConcern;
}

class MongoStore implements Store {
  readonly place: string;
  readonly hints: Hints;
  readonly #parts: MongoStoreParts;
  readonly #sessions: MongoSessions;
  readonly #heads = new Map<RoomKey, Seq>();
  #closing: Promise<void> | undefined;

  constructor(parts: MongoStoreParts) {
    this.#parts = parts;
    this.#sessions = new MongoSessions(parts.client);
    this.place = parts.place;
    this.hints = parts.hints;
  }

  async facts(room: RoomKey): Promise<LogFacts> {
    const [newest, floor] = await Promise.all([this.#newest(room), this.#floor(room)]);
    const { epoch } = this.#parts;
    if (newest === undefined) return { epoch, head: 0, headId: '', headAt: 0, floor };
    const facts = { epoch, head: newest.seq, headId: newest.id, headAt: newest.at, floor };
    // The floor was raised after the head was read: beyond it at most one more look is needed.
    return floor > facts.head + 1 ? this.facts(room) : facts;
  }

  /** One document by a unique index: what a linearizable read can vouch for. Takes no session. */
  async holds(room: RoomKey, seq: Seq): Promise<boolean> {
    const { entries } = this.#parts.collections;
    const options = { readConcern: this.#parts.surest, maxTimeMS: READ_MS_MAX };
    return (await entries.findOne({ room, seq }, options)) !== null;
  }

  insert(room: RoomKey, entries: readonly Entry[]): Promise<void> {
    const documents = entries.map((entry) => documentOf(room, entry));
    return this.#sessions.write(async (session) => {
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
  async lines(room: RoomKey, { before, limit }: LineRange): Promise<readonly Line[]> {
    let end = before;
    let page: readonly Entry[] = [];
    for (let width = limit; end > 1 && page.length < limit; width *= 4) {
      const start = Math.max(1, end - width);
      const seq = { $gte: start, $lt: end };
      const query = { filter: { room, seq }, direction: -1, limit: limit - page.length } as const;
      const older = await this.#byKinds(['message', 'notice'], query);
      page = [...older.toReversed(), ...page];
      end = start;
    }
    return linesOf(page);
  }

  async changes(room: RoomKey, { after, upTo, limit }: EntryRange): Promise<readonly Change[]> {
    const filter = { room, seq: { $gt: after, $lte: upTo } };
    const query = { filter, direction: 1, limit } as const;
    return changesOf(await this.#byKinds(['edit', 'delete', 'react', 'pin'], query));
  }

  async reactionsOf(
    room: RoomKey,
    asked: readonly ReactionKey[],
    upTo: Seq,
  ): Promise<readonly (ReactionKey & { readonly emoji: readonly string[] })[]> {
    const emojiOf = async ({ target, user }: ReactionKey): Promise<readonly string[]> => {
      const all = await this.#entries({ about: aboutKey(room, target, 'react', user) });
      const known = all.filter(({ seq }) => seq <= upTo);
      return emojiAfter(known.flatMap((entry) => (entry.kind === 'react' ? entry.body : [])));
    };
    return Promise.all(asked.map(async (key) => ({ ...key, emoji: await emojiOf(key) })));
  }

  views(room: RoomKey, { from, to }: { from: Seq; to: Seq }): Promise<Views> {
    const { collections } = this.#parts;
    return this.#sessions.read((session) => readViews(collections, room, { from, to, session }));
  }

  saveViews(room: RoomKey, views: readonly View[], upTo: Seq): Promise<void> {
    const { collections } = this.#parts;
    return this.#sessions.write((session) =>
      saveViews(collections, room, { views, upTo, session }),
    );
  }

  scrub(room: RoomKey, target: Seq): Promise<void> {
    const { collections } = this.#parts;
    return this.#sessions.write((session) => scrub(collections, room, { target, session }));
  }

  unscrubbed(): Promise<readonly { readonly room: RoomKey; readonly target: Seq }[]> {
    return this.#sessions.read((session) => unscrubbed(this.#parts.collections, session));
  }

  async trim(room: RoomKey, floor: Seq): Promise<void> {
    const { head } = await this.facts(room);
    checkFloor(floor, head);
    const { collections } = this.#parts;
    await this.#sessions.write((session) => trim(collections, room, { floor, session }));
  }

  async firstSince(room: RoomKey, from: Ms): Promise<Seq | undefined> {
    const { floor, head } = await this.facts(room);
    const atOf = async (seq: Seq): Promise<Ms | undefined> =>
      (await this.#entries({ room, seq }))[0]?.at;
    return firstSince({ floor, head, atOf }, from);
  }

  /** From one room to the next, so that nothing of what they hold is looked through. */
  async rooms({ after, limit }: { after: string; limit: number }): Promise<readonly RoomKey[]> {
    const { entries } = this.#parts.collections;
    const options = { sort: { room: 1 }, projection: { room: 1, _id: 0 } } as const;
    const found: RoomKey[] = [];
    while (found.length < limit) {
      const filter = { room: { $gt: (found.at(-1) ?? after) as RoomKey } };
      const next = await this.#sessions.read((session) =>
        entries.findOne(filter, { ...options, session }),
      );
      if (next === null) break;
      found.push(next.room);
    }
    return found;
  }

  async readMark(room: RoomKey, user: UserId): Promise<Seq> {
    const { marks } = this.#parts.collections;
    const _id = markKey(room, user);
    const found = await this.#sessions.read((session) => marks.findOne({ _id }, { session }));
    return found?.seq ?? 0;
  }

  markRead(room: RoomKey, user: UserId, seq: Seq): Promise<void> {
    const { marks } = this.#parts.collections;
    const _id = markKey(room, user);
    return this.#sessions.write((session) =>
      twice(() => marks.updateOne({ _id }, { $max: { seq } }, { upsert: true, session })),
    );
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
    await this.#sessions.settled();
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
    const { rooms } = this.#parts.collections;
    const found = await this.#sessions.read((session) => rooms.findOne({ _id: room }, { session }));
    return found?.floor ?? 1;
  }

  /** A query per kind, an index range each, since not every planner merges them; in order. */
  async #byKinds(
    kinds: readonly Kind[],
    { filter, direction, limit }: KindsQuery,
  ): Promise<readonly Entry[]> {
    const found = await Promise.all(
      kinds.map((kind) => this.#entries({ ...filter, kind }, { seq: direction }, limit)),
    );
    return found
      .flat()
      .sort((a, b) => direction * (a.seq - b.seq))
      .slice(0, limit);
  }

  async #entries(
    filter: Filter<EntryDocument>,
    sort: { seq: 1 | -1 } = { seq: 1 },
    limit = 0,
  ): Promise<readonly Entry[]> {
    const { entries } = this.#parts.collections;
    const documents = await this.#sessions.read((session) =>
      entries.find(filter, { session, sort, limit, maxTimeMS: READ_MS_MAX }).toArray(),
    );
    return documents.map(entryOf);
  }
}

interface KindsQuery {
  readonly filter: Filter<EntryDocument>;
  readonly direction: 1 | -1;
  readonly limit: number;
}
