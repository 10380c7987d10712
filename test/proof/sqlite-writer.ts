/**
 * The process whose power is cut: writes entries to the SQLite store as fast as it takes them, some
 * rooms at a time, and says each batch on stdout once the store says that it is durable.
 * Usage: sqlite-writer.ts DIR SEED BATCHES; 0 batches: until it is ended.
 */

import { writeSync } from 'node:fs';
import type { RoomKey } from '../../server/store.ts';
import { openSqliteStore } from '../../server/store-sqlite.ts';
import { sampleEntries } from '../support/log-samples.ts';
import { Dice } from './dice.ts';

const ROOMS = 3;

const [dir = '', seed = '1', batches = '0'] = process.argv.slice(2);
const dice = new Dice(Number(seed));
const store = await openSqliteStore({ dir });
writeSync(1, 'open\n');

let left = batches === '0' ? Infinity : Number(batches);
await Promise.all(Array.from({ length: ROOMS }, (_, i) => fill(`main/power-${i}` as RoomKey)));
await store.close();

async function fill(room: RoomKey): Promise<void> {
  let { head } = await store.facts(room);
  while (left > 0) {
    left -= 1;
    const count = dice.pick([1, 1, 2, 7, 40]);
    const entries = sampleEntries(head + 1, head + count);
    await store.insert(room, entries);
    head += count;
    // At once, and not buffered: what stands here has left the process.
    writeSync(1, `durable ${room} ${head}\n`);
  }
}
