import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

import { openSqliteStore } from '../../../server/store-sqlite.ts';
import type { Store } from '../../../server/store.ts';
import { freshName, freshRoom, sampleEntries, sampleEntry } from '../../support/log-samples.ts';
import { storeConformance } from '../../support/store-conformance.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-sqlite-'));
after(() => rmSync(folder, { recursive: true }));

const dirOf = (data: string): string => path.join(folder, data);

storeConformance('SQLite', (data) => openSqliteStore({ dir: dirOf(data) }), {
  isDurable: true,
});

describe('SQLite store › its folder', () => {
  it('a second process is refused with one sentence that names the folder', async () => {
    const dir = dirOf(freshName());
    const store = await openSqliteStore({ dir });

    const second = startHolder(dir);
    const said = await firstLine(second);
    await once(second, 'exit');

    assert.equal(
      said,
      `Another server uses the data folder ${dir}: stop it, or choose another folder.`,
    );
    await store.close();
  });

  it('the same process is refused, too, and the first store works on', async () => {
    const [dir, room] = [dirOf(freshName()), freshRoom()];
    const store = await openSqliteStore({ dir });

    await assert.rejects(openSqliteStore({ dir }), /Another server uses the data folder/);

    await store.insert(room, sampleEntries(1, 1));
    assert.equal((await store.facts(room)).head, 1);
    await store.close();
  });

  it('G3 › what a killed process had stored is there, and its lock is not', async () => {
    const [dir, room] = [dirOf(freshName()), freshRoom()];
    const holder = startHolder(dir, room);
    assert.equal(await firstLine(holder), 'stored');

    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const store = await openSqliteStore({ dir });

    const everything = await store.read(room, { after: 0, upTo: 100, limit: 100 });
    assert.deepEqual(everything, sampleEntries(1, 50));
    await store.close();
  });

  it('a folder of a newer version is left alone', async () => {
    const dir = dirOf(freshName());
    await (await openSqliteStore({ dir })).close();
    const database = new DatabaseSync(path.join(dir, 'messages.db'));
    database.exec('PRAGMA user_version = 99');
    database.close();

    await assert.rejects(openSqliteStore({ dir }), /was written by a newer mini-chat-server/);
    await assert.rejects(openSqliteStore({ dir }), /newer/, 'the lock was given back');
  });

  it('a folder that cannot be made is refused in words', async () => {
    const file = dirOf(freshName());
    writeFileSync(file, '');

    await assert.rejects(openSqliteStore({ dir: path.join(file, 'inside') }), /ENOTDIR/);
  });
});

describe('SQLite store › when writing fails', () => {
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

  it('a writer that dies rejects what waits and what comes, and a ping', async () => {
    const script = dirOf('dying-writer.mjs');
    writeFileSync(script, DYING_WRITER);
    const store = await openSqliteStore({ dir: dirOf(freshName()), worker: pathToFileURL(script) });
    const room = freshRoom();

    const outcomes = await Promise.allSettled([
      store.insert(room, sampleEntries(1, 1)),
      store.swap('keys', undefined, 'value'),
    ]);

    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    await assert.rejects(store.insert(room, sampleEntries(1, 1)), /dies on demand/);
    await assert.rejects(store.ping(), /dies on demand/);
    assert.equal((await store.facts(room)).head, 0);
    await store.close();
  });

  it('a writer that cannot start rejects the opening and gives the folder back', async () => {
    const dir = dirOf(freshName());
    const worker = pathToFileURL(dirOf('no-such-writer.mjs'));

    await assert.rejects(openSqliteStore({ dir, worker }), /no-such-writer/);

    await (await openSqliteStore({ dir })).close();
  });
});

/** Answers the greeting of `openSqliteStore`, then throws at the next job. */
const DYING_WRITER = `
  import { parentPort } from 'node:worker_threads';
  let heard = 0;
  parentPort.on('message', (jobs) => {
    heard++;
    if (heard > 1) throw new Error('dies on demand');
    parentPort.postMessage(jobs.map(({ id }) => ({ id })));
  });
`;

/** A process that opens the folder, stores 50 entries, says so, and holds on. */
function startHolder(dir: string, room = freshRoom()): ChildProcess {
  const script = path.join(import.meta.dirname, '../../support/sqlite-holder.ts');
  return spawn(process.execPath, ['--conditions=source', script, dir, room], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  return chunk.toString().split('\n')[0]!;
}

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
