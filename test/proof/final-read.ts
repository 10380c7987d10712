/** A room's whole log after calm: as a server tells it page by page, and as the store has it. */

import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import type { Line } from 'mini-chat/protocol';
import { RawClient } from '../support/raw-client.ts';
import type { FinalLog, Seen } from './history.ts';
import type { Stage } from './stage.ts';

const PAGE = 100;

/** Every room's log from every source that the stage has. */
export async function readFinals(
  stage: Stage,
  rooms: readonly string[],
  token: string,
): Promise<readonly FinalLog[]> {
  const finals: FinalLog[] = [];
  for (const { process } of stage.servers) {
    finals.push(...(await readServer(process.port, { source: process.name, rooms, token })));
  }
  const { mongoUrl } = stage;
  for (const room of rooms) {
    const epoch = finals.find((log) => log.room === room)?.epoch ?? '';
    const entries =
      mongoUrl === undefined ? readFile(stage.file, room) : await readMongo(mongoUrl, room);
    finals.push(finalOf(room, { source: 'store', epoch, entries }));
  }
  return finals;
}

interface Asked {
  readonly source: string;
  readonly rooms: readonly string[];
  readonly token: string;
}

async function readServer(
  port: number,
  { source, rooms, token }: Asked,
): Promise<readonly FinalLog[]> {
  const client = await RawClient.connect(`http://127.0.0.1:${port}`);
  try {
    await client.hello({ token });
    const finals: FinalLog[] = [];
    for (const room of rooms) {
      const { epoch, head } = await client.join(room);
      const entries: Seen[] = [];
      for (let before = head + 1; before > 1;) {
        client.send({ op: 'history', room, before, limit: PAGE, re: before });
        const { messages } = await client.next('page');
        entries.unshift(...messages.map(seenOf));
        const oldest = messages[0]?.seq;
        if (oldest === undefined || oldest >= before) break;
        before = oldest;
      }
      finals.push({ ...finalOf(room, { source, epoch, entries }), head });
    }
    return finals;
  } finally {
    client.destroy();
  }
}

function readFile(file: string, room: string): readonly Seen[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database
      .prepare('SELECT seq, id, user, cid, body FROM entries WHERE room = ? ORDER BY seq')
      .all(`main/${room}`);
    return rows.map((row) =>
      storedOf({ ...row, body: JSON.parse(String(row['body'])) as unknown }),
    );
  } finally {
    database.close();
  }
}

async function readMongo(url: string, room: string): Promise<readonly Seen[]> {
  const client = new MongoClient(url, { readConcern: { level: 'majority' } });
  try {
    const rows = await client
      .db()
      .collection('mini_chat_entries')
      .find({ room: `main/${room}` })
      .toArray();
    return rows.map(storedOf).sort((a, b) => a.seq - b.seq);
  } finally {
    await client.close();
  }
}

function finalOf(
  room: string,
  { source, epoch, entries }: Pick<FinalLog, 'source' | 'epoch' | 'entries'>,
): FinalLog {
  return { room, source, epoch, floor: 1, head: entries.at(-1)?.seq ?? 0, entries };
}

function seenOf({ seq, id, user, cid, body }: Line): Seen {
  return { seq, id, user: user.id, cid, text: body.text };
}

function storedOf(row: Readonly<Record<string, unknown>>): Seen {
  const { seq, id, user, cid, body } = row as unknown as Omit<Seen, 'text'> & {
    readonly body: { readonly text: string };
  };
  return { seq: Number(seq), id, user, cid, text: body.text };
}
