import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { openSqliteStore } from '../../../server/store-sqlite.ts';
import type { Store } from '../../../server/store.ts';
import { freshName, freshRoom, sampleEntries, sampleEntry } from '../../support/log-samples.ts';
import { storeConformance } from '../../support/store-conformance.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-sqlite-'));
after(() => rmSync(folder, { recursive: true }));

const dirOf = (data: string): string => path.join(folder, data);

storeConformance('SQLite', (data) => openSqliteStore({ dir: dirOf(data) }), { isDurable: true });

describe('SQLite store', () => {
  it('says in which file messages are kept', async () => {
    const dir = dirOf(freshName());
    const store = await openSqliteStore({ dir });

    assert.equal(store.place, `SQLite, in ${path.join(dir, 'messages.db')}`);
    await store.close();
  });

  it('a full disk rejects the insert, keeps what was there, and reads go on', async () => {
    const [dir, room] = [dirOf(freshName()), freshRoom()];
    const store = await openSqliteStore({ dir, pagesMax: 60 });
    const text = 'x'.repeat(4000);
    const stored = await fill(store, (seq) =>
      store.insert(room, [sampleEntry(seq, { body: { text } })]),
    );

    const others = [freshRoom(), freshRoom()].map((other) =>
      store.insert(
        other,
        sampleEntries(1, 200).map(({ seq }) => sampleEntry(seq, { body: { text } })),
      ),
    );
    const outcomes = await Promise.allSettled(others);

    assert.ok(stored > 5);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal((await store.facts(room)).head, stored);
    await store.ping();
    await store.close();
  });
});

/** Inserts until one is refused; gives how many were stored. */
async function fill(store: Store, insert: (seq: number) => Promise<void>): Promise<number> {
  for (let seq = 1; seq < 1000; seq++) {
    try {
      await insert(seq);
    } catch {
      // This is what it waits for.
      return seq - 1;
    }
  }
  throw new Error(`${store.place} never became full`);
}
