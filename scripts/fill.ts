/**
 * `npm run demo:fill -- FILE ROOM [SERVER]`: lets the people of a recorded IRC conversation speak
 * in a room of a running server, each with a real client of their own, to see a living room.
 */

import { readFile } from 'node:fs/promises';

import { ChatClient, type Room, type RoomSnapshot } from '../component/client/client.ts';
import type { Cid } from '../component/protocol/ops.ts';
import { type Line, parseIrc } from './irc.ts';

const USAGE = 'npm run demo:fill -- FILE ROOM [SERVER]';
const SERVER = 'http://localhost:8888';

/** Servers let few greet at once from one address. */
const GREETING_MAX = 10;

interface Filling {
  readonly server: string;
  readonly room: string;
  readonly lines: readonly Line[];
}

/** Resolves when all was said and is durable. Rejects when the server refuses somebody. */
export async function fill({ server, room, lines }: Filling): Promise<void> {
  const clients: ChatClient[] = [];
  try {
    const rooms = new Map<string, Room>();
    for (const nicks of inGroups([...new Set(lines.map(({ nick }) => nick))], GREETING_MAX)) {
      for (const name of nicks) {
        const client = new ChatClient({ server, name, storage: null });
        clients.push(client);
        rooms.set(name, client.room(room));
        rooms.get(name)?.join();
      }
      await Promise.all(
        nicks.map((nick) => until(rooms.get(nick), ({ status }) => status === 'live')),
      );
    }
    // One after the other, since what people say answers what was said before.
    for (const { nick, text } of lines) {
      const speaker = rooms.get(nick);
      const cid = speaker?.send(text);
      await until(speaker, (snapshot) => isSaid(snapshot, cid));
    }
  } finally {
    for (const client of clients) client.close();
  }
}

/** Resolves when the room is as wanted. Rejects when it is refused, or one of its drafts is. */
export function until(
  room: Room | undefined,
  isWanted: (snapshot: RoomSnapshot) => boolean,
): Promise<void> {
  if (room === undefined) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const { snapshot } = room;
      const failure = snapshot.refusal ?? snapshot.rows.at(-1)?.failure;
      const isRefused = snapshot.status === 'refused' || snapshot.rows.at(-1)?.state === 'failed';
      if (isRefused) reject(new Error(`${room.id}: ${failure?.message ?? 'refused'}`));
      else if (isWanted(snapshot)) resolve();
      else return;
      stop();
    };
    const stop = room.subscribe(look);
    look();
  });
}

function isSaid({ rows }: RoomSnapshot, cid: Cid | undefined): boolean {
  return rows.findLast((row) => row.cid === cid)?.state === 'sent';
}

function inGroups<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

async function main([file, room, server = SERVER]: readonly string[]): Promise<void> {
  if (file === undefined || room === undefined) throw new Error(`Usage: ${USAGE}`);
  const lines = parseIrc(await readFile(file, 'utf8'));
  if (lines.length === 0) throw new Error(`${file} has no line such as "[12:18] <nick> text".`);
  await fill({ server, room, lines });
  process.stdout.write(`${lines.length} messages are in "${room}" of ${server}\n`);
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
