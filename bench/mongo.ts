/** The MongoDB that benches use: that of the tests. Figures from a stand-in say so beside them. */

import { databaseUrl, type MongoKind, startMongo } from '../test/support/mongo.ts';

export interface Mongo {
  /** An address whose database is used by nobody else. */
  database(): string;
  /** What it is, for the tables. */
  readonly words: string;
  close(): Promise<void>;
}

const words: { readonly [Kind in MongoKind]: string } = {
  given: 'MongoDB: the server at MONGO_URL',
  mongod: 'MongoDB: mongod on this machine',
  'stand-in': 'MongoDB: a stand-in, so that only ratios mean anything',
};

/** Starts one, or answers with why there is none. */
export async function findMongo(): Promise<Mongo | { readonly missing: string }> {
  try {
    const { url, kind, close } = await startMongo();
    return {
      words: words[kind],
      close,
      database: () => databaseUrl(url, `bench-${crypto.randomUUID().slice(0, 12)}`),
    };
  } catch (error) {
    // The ladder says in its last words what to do; the bench shows them and goes on.
    return { missing: `MongoDB: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The database of a bench that was told to leave MongoDB out. */
export const UNWANTED = { missing: 'MongoDB: not asked for' } as const;
