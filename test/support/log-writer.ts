/**
 * A process that writes into a room through a log of its own, as another server would: so many
 * drafts, a few at a time, and a line on stdout for each that was acknowledged.
 * Usage: log-writer.ts URL ROOM USER COUNT
 */

import type { RoomKey } from '../../server/store.ts';
import { openMongoStore } from '../../server/store-mongodb.ts';
import { openLog, sampleDraft } from './log-samples.ts';

const [url = '', room = '', user = '', count = '0'] = process.argv.slice(2);

const AT_ONCE = 4;

const store = await openMongoStore({ url });
const { log } = await openLog(store, room as RoomKey);
let next = 0;
await Promise.all(Array.from({ length: AT_ONCE }, write));
await log.close();
await store.close();

async function write(): Promise<void> {
  while (next < Number(count)) {
    const n = next;
    next++;
    const { seq } = await log.append(sampleDraft(user, `${user} ${n}`, `c${n}`));
    process.stdout.write(`${n} ${seq}\n`);
  }
}
