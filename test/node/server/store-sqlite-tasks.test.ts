import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';

import { openDataFolder } from '../../../server/store-sqlite-file.ts';
import { SqliteReader } from '../../../server/store-sqlite-reader.ts';
import { MORE, WriteTasks } from '../../../server/store-sqlite-tasks.ts';
import { openSqliteStore } from '../../../server/store-sqlite.ts';
import { freshName, freshRoom, sampleEntries } from '../../support/log-samples.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-tasks-'));
after(() => rmSync(folder, { recursive: true }));

const EVERYTHING = { after: 0, upTo: 1_000_000, limit: 1_000_000 };

describe('SQLite write tasks', () => {
  it('a long trim goes in steps, the floor first; a crash between is finished later', async () => {
    const [dir, room] = [path.join(folder, freshName()), freshRoom()];
    const data = openDataFolder(dir);
    const database = new DatabaseSync(data.path);
    const tasks = new WriteTasks(database);
    tasks.run({ do: 'insert', room, entries: sampleEntries(1, 1200) });

    const said = tasks.run({ do: 'trim', room, floor: 1150 });

    assert.equal(said, MORE);
    const reader = new SqliteReader(data.reader);
    assert.equal(reader.facts(room).floor, 1150);
    const left = reader.read(room, EVERYTHING);
    assert.ok(left.length > 51 && left.length < 1200);
    // The process ends here.
    database.close();
    data.close();
    const store = await openSqliteStore({ dir });
    await store.trim(room, 1150);
    const seqs = (await store.read(room, EVERYTHING)).map(({ seq }) => seq);
    assert.deepEqual([seqs.length, seqs[0]], [51, 1150]);
    await store.close();
  });
});
