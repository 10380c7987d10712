/** The writer of the power cuts, and what of its work is missing in a folder after a cut. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RoomKey } from '../../server/store.ts';
import { openSqliteStore } from '../../server/store-sqlite.ts';
import { sampleEntry } from '../support/log-samples.ts';

/** For node: writes that many batches, or until it is ended when it is 0. */
export function writerArgs(dir: string, seed: number, batches: number): readonly string[] {
  const writer = join(import.meta.dirname, 'sqlite-writer.ts');
  return ['--conditions=source', writer, dir, String(seed), String(batches)];
}

/** Opens what is left as a server would, and says what is missing or wrong. */
export async function lossIn(
  dir: string,
  durable: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  try {
    const store = await openSqliteStore({ dir });
    try {
      for (const [room, head] of durable) {
        const facts = await store.facts(room as RoomKey);
        if (facts.head < head) return `${room} ends at ${facts.head}, ${head} was durable`;
        const range = { after: 0, upTo: facts.head, limit: facts.head };
        const entries = await store.read(room as RoomKey, range);
        const wrong = entries.findIndex((entry, i) => !isSample(entry, i + 1));
        if (wrong !== -1) return `${room} has another entry at ${wrong + 1}`;
        if (entries.length !== facts.head) return `${room} has ${entries.length} entries`;
      }
    } finally {
      await store.close();
    }
    return integrityOf(join(dir, 'messages.db'));
  } catch (error) {
    return `it does not open: ${String(error)}`;
  }
}

function isSample(entry: unknown, seq: number): boolean {
  return JSON.stringify(entry) === JSON.stringify(sampleEntry(seq));
}

function integrityOf(file: string): string | undefined {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database.prepare('PRAGMA integrity_check').get();
    const words = String(row?.['integrity_check']);
    return words === 'ok' ? undefined : words;
  } finally {
    database.close();
  }
}
