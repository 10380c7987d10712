import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

import { openDataFolder } from '../../../server/store-sqlite-file.ts';
import { SqliteReader } from '../../../server/store-sqlite-reader.ts';
import { SqliteWriter } from '../../../server/store-sqlite-writer.ts';
import { openSqliteStore } from '../../../server/store-sqlite.ts';
import { freshName, freshRoom, sampleEntries } from '../../support/log-samples.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-writer-'));
after(() => rmSync(folder, { recursive: true }));

const dirOf = (data: string): string => path.join(folder, data);

describe('SqliteWriter', () => {
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

  it('has a writer at rest start while the turn that asked goes on', async () => {
    const data = openDataFolder(dirOf(freshName()));
    const writer = new SqliteWriter({ path: data.path, pagesMax: 0 });
    const reader = new SqliteReader(data.reader);
    const room = freshRoom();
    await writer.ask({ do: 'insert', room, entries: sampleEntries(1, 1) });

    const asked = writer.ask({ do: 'insert', room, entries: sampleEntries(2, 2) });
    const word = new Int32Array(new SharedArrayBuffer(4));
    for (let ms = 0; ms < 5000 && reader.facts(room).head < 2; ms += 1) Atomics.wait(word, 0, 0, 1);

    assert.equal(reader.facts(room).head, 2);
    await asked;
    await writer.close();
    data.close();
  });

  it('answers what was asked before it closed, and refuses what comes after', async () => {
    const data = openDataFolder(dirOf(freshName()));
    const writer = new SqliteWriter({ path: data.path, pagesMax: 0 });
    const room = freshRoom();

    const asked = [
      writer.ask({ do: 'insert', room, entries: sampleEntries(1, 3) }),
      writer.ask({ do: 'swap', name: 'a', next: 'b' }),
    ];
    await writer.close();

    assert.deepEqual(await Promise.all(asked), ['', 'b']);
    const late = writer.ask({ do: 'insert', room, entries: sampleEntries(4, 4) });
    await assert.rejects(late, /ended/);
    data.close();
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
