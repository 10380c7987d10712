/** Which store the settings ask for. A database's driver is loaded only where it is used. */

import { openMemoryStore } from './store-memory.ts';
import type { Store } from './store.ts';
import type { Config } from './settings.ts';

/** Opens the store. Rejects with one sentence for the person who started the server. */
export async function openStore(config: Config): Promise<Store> {
  const { memory, mongo, data, acceptWeakMongo } = config;
  if (memory) return openMemoryStore();
  if (mongo !== undefined) {
    const { openMongoStore } = await import('./store-mongodb.ts');
    return openMongoStore({ url: mongo, acceptsWeakServer: acceptWeakMongo });
  }
  const { openSqliteStore } = await import('./store-sqlite.ts');
  return openSqliteStore({ dir: data });
}
