/** Opens a store for a bench, and tells whether there is a MongoDB to open one on. */

import { openMemoryStore } from '../server/store-memory.ts';
import { openSqliteStore } from '../server/store-sqlite.ts';
import type { Store } from '../server/store.ts';

export type StoreChoice =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite' }
  /** `url` names a database that nobody else uses. */
  | { readonly kind: 'mongodb'; readonly url: string };

export async function openStore(choice: StoreChoice, dir: string): Promise<Store> {
  switch (choice.kind) {
    case 'memory':
      return openMemoryStore();
    case 'sqlite':
      return openSqliteStore({ dir });
    case 'mongodb': {
      // Loaded only here: the driver takes a quarter of a second that no other run should pay.
      const { openMongoStore } = await import('../server/store-mongodb.ts');
      return openMongoStore({ url: choice.url });
    }
  }
}
