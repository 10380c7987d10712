/** A process that holds a data folder: stores 50 entries, says so, and waits to be killed. */

import type { RoomKey } from '../../server/store.ts';
import { openSqliteStore } from '../../server/store-sqlite.ts';
import { sampleEntries } from './log-samples.ts';

const [dir = '', room = ''] = process.argv.slice(2);

try {
  const store = await openSqliteStore({ dir });
  await store.insert(room as RoomKey, sampleEntries(1, 50));
  process.stdout.write('stored\n');
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
