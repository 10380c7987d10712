/** A room's whole log after calm: as the store has it, and as each server shows it in pages. */

import { DatabaseSync } from 'node:sqlite';
import { type Collection, MongoClient } from 'mongodb';
import type { Entry } from 'mini-chat/protocol';
import { RawClient } from '../support/raw-client.ts';
import type { FinalLog, Seen } from './history.ts';
import { rowOf, seenOf } from './seen.ts';
import type { Stage } from './stage.ts';

const PAGE = 100;

/** A room in a server's pages, from its beginning to its head. */
export interface ServerPages {
  readonly room: string;
  /** The server's name. */
  readonly reader: string;
  readonly epoch: string;
  readonly head: number;
  readonly view: readonly Seen[];
}

/** Every room's log from the store. */
export async function readFinals(
  stage: Stage,
  rooms: readonly string[],
  token: string,
): Promise<readonly FinalLog[]> {
  return (await readEnds(stage, rooms, token)).finals;
}

/** The same, and what each server shows of it. */
export async function readEnds(
  stage: Stage,
  rooms: readonly string[],
  token: string,
): Promise<{ readonly finals: readonly FinalLog[]; readonly pages: readonly ServerPages[] }> {
  const pages: ServerPages[] = [];
  for (const { process } of stage.servers) {
    pages.push(...(await readServer(process.port, { reader: process.name, rooms, token })));
  }
  const finals: FinalLog[] = [];
  const { mongoUrl } = stage;
  for (const room of rooms) {
    const epoch = pages.find((page) => page.room === room)?.epoch ?? '';
    const entries =
      mongoUrl === undefined ? readFile(stage.file, room) : await readMongo(mongoUrl, room);
    const head = entries.at(-1)?.seq ?? 0;
    finals.push({ room, source: 'store', epoch, floor: 1, head, entries });
  }
  return { finals, pages };
}

/** Deletions that the store knows of, and whose texts are still in it; of any room. */
export async function readUnscrubbed({ file, mongoUrl }: Stage): Promise<readonly string[]> {
  if (mongoUrl !== undefined) {
    return withEntries(mongoUrl, async (entries) => {
      const rows = await entries.find({ unscrubbed: { $exists: true } }).toArray();
      return rows.map((row) => String(row['unscrubbed']));
    });
  }
  return withFile(file, (database) => {
    const rows = database.prepare('SELECT room, target FROM unscrubbed').all();
    return rows.map((row) => `${String(row['room'])} ${String(row['target'])}`);
  });
}

interface Asked {
  readonly reader: string;
  readonly rooms: readonly string[];
  readonly token: string;
}

async function readServer(
  port: number,
  { reader, rooms, token }: Asked,
): Promise<readonly ServerPages[]> {
  const client = await RawClient.connect(`http://127.0.0.1:${port}`);
  try {
    await client.hello({ token });
    const pages: ServerPages[] = [];
    for (const room of rooms) {
      const { epoch, head } = await client.join(room);
      const view: Seen[] = [];
      for (let before = head + 1; before > 1;) {
        client.send({ op: 'history', room, before, limit: PAGE, re: before });
        const { messages } = await client.next('page');
        view.unshift(...messages.map(rowOf));
        const oldest = messages[0]?.seq;
        if (oldest === undefined || oldest >= before) break;
        before = oldest;
      }
      pages.push({ room, reader, epoch, head, view });
    }
    return pages;
  } finally {
    client.destroy();
  }
}

function readFile(file: string, room: string): readonly Seen[] {
  return withFile(file, (database) => {
    const rows = database
      .prepare('SELECT seq, id, user, cid, kind, body FROM entries WHERE room = ? ORDER BY seq')
      .all(`main/${room}`);
    return rows.map((row) =>
      storedOf({ ...row, body: JSON.parse(String(row['body'])) as unknown }),
    );
  });
}

function withFile<T>(file: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

function readMongo(url: string, room: string): Promise<readonly Seen[]> {
  return withEntries(url, async (entries) => {
    const rows = await entries.find({ room: `main/${room}` }).toArray();
    return rows.map(storedOf).sort((a, b) => a.seq - b.seq);
  });
}

async function withEntries<T>(url: string, read: (entries: Collection) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { readConcern: { level: 'majority' } });
  try {
    return await read(client.db().collection('mini_chat_entries'));
  } finally {
    await client.close();
  }
}

/** As it lies there: nobody has checked it before us. */
function storedOf(row: Readonly<Record<string, unknown>>): Seen {
  const stored = { ...row, seq: Number(row['seq']), user: { id: row['user'] } };
  return seenOf(stored as unknown as Entry);
}
