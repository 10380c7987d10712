/**
 * Writing without mini-chat: what one commit for each message costs in SQLite, and what MongoDB's
 * driver does with the same batches when nothing is checked and nobody waits for an order.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const TEXT = 'm'.repeat(200);

/** The tables of the SQLite store as far as a message needs them; used by the server baseline. */
export const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE entries (
    room TEXT, seq INTEGER, id TEXT, user TEXT, cid TEXT, kind TEXT, body TEXT, at INTEGER,
    PRIMARY KEY (room, seq)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX once ON entries (room, user, cid);
`;

export const INSERT = 'INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

/** Durable messages a second when each is its own transaction; no sockets, no threads. */
export function oneCommitEach(args: { readonly windowMs: number }): { perSecond: number } {
  const dir = mkdtempSync(join(tmpdir(), 'mini-chat-bench-'));
  const database = new DatabaseSync(join(dir, 'one.db'));
  database.exec(SCHEMA);
  const insert = database.prepare(INSERT);
  const body = JSON.stringify({ text: TEXT });
  const began = performance.now();
  let seq = 0;
  while (performance.now() - began < args.windowMs) {
    seq += 1;
    insert.run('bench', seq, `id${seq}`, 'g_1', `cid-${seq}`, 'message', body, Date.now());
  }
  const seconds = (performance.now() - began) / 1000;
  database.close();
  rmSync(dir, { recursive: true, force: true });
  return { perSecond: seq / seconds };
}

export interface BareMany {
  readonly url: string;
  readonly rooms: number;
  /** Entries in one call; the mean of what the room logs wrote. */
  readonly batch: number;
  readonly warmupMs: number;
  readonly windowMs: number;
}

/**
 * Documents a second: in each room one ordered insertMany after another, majority and journal. With
 * the two indexes that decide who wrote first, and no other.
 */
export async function bareInsertMany(args: BareMany): Promise<{ perSecond: number }> {
  const fromServer = createRequire(new URL('../server/package.json', import.meta.url));
  const { MongoClient } = fromServer('mongodb') as typeof import('mongodb');
  const client = await MongoClient.connect(args.url);
  try {
    const entries = client.db().collection('bare');
    await entries.createIndex({ room: 1, seq: 1 }, { unique: true });
    await entries.createIndex({ room: 1, user: 1, cid: 1 }, { unique: true });
    const from = performance.now() + args.warmupMs;
    const until = from + args.windowMs;
    const run = crypto.randomUUID().slice(0, 8);
    let count = 0;
    let last = until;
    const isOpen = (): boolean => performance.now() < until || count === 0;
    const room = async (name: string): Promise<void> => {
      for (let seq = 0; isOpen(); seq += args.batch) {
        const batch = Array.from({ length: args.batch }, (_, at) => documentOf(name, seq + at + 1));
        const options = { ordered: true, writeConcern: { w: 'majority' as const, j: true } };
        await entries.insertMany(batch, options);
        const now = performance.now();
        if (now < from || !isOpen()) continue;
        count += batch.length;
        last = Math.max(until, now);
      }
    };
    const rooms = Array.from({ length: args.rooms }, (_, at) => room(`${run}/${at}`));
    await Promise.all(rooms);
    return { perSecond: (count / (last - from)) * 1000 };
  } finally {
    await client.close();
  }
}

function documentOf(room: string, seq: number): Record<string, unknown> {
  const who = { user: 'g_1', name: 'Member 1', role: 'guest' };
  const what = { kind: 'message', body: { text: TEXT }, at: Date.now() };
  return { room, seq, id: `id${seq}`, cid: `cid-${seq}`, ...who, ...what };
}
