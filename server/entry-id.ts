/** Ids of entries: what tells apart two logs that gave one seq to different entries. */

import { randomFillSync } from 'node:crypto';
import type { EntryId } from 'mini-chat/protocol';

/** 96 bits, so that ids made by any number of servers never meet. */
const ID_BYTES = 12;

/** Made for many ids at once: a call for each would be 1 % of a server's work in a large room. */
const pool = Buffer.alloc(ID_BYTES * 256);
let used = pool.length;

/** 16 characters of base64url. */
export function mintEntryId(): EntryId {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.toString('base64url', used - ID_BYTES, used) as EntryId;
}
