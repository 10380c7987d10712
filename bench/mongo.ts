/** The MongoDB that benches may use; figures from a stand-in say so beside them. */

export interface Mongo {
  /** An address whose database is used by nobody else. */
  database(): string;
  /** What it is, for the tables. */
  readonly words: string;
  close(): Promise<void>;
}

/** The server at MONGO_URL, or undefined. */
export function findMongo(): Promise<Mongo | undefined> {
  const url = process.env['MONGO_URL'];
  if (url === undefined) return Promise.resolve(undefined);
  return Promise.resolve({
    words: 'the server at MONGO_URL',
    close: () => Promise.resolve(),
    database: () => {
      const own = new URL(url);
      own.pathname = `/bench-${crypto.randomUUID().slice(0, 12)}`;
      return own.href;
    },
  });
}

export const NO_MONGO = 'MongoDB: set MONGO_URL to a replica set that may be written to';
