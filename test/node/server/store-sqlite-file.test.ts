import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';

import { openDataFolder } from '../../../server/store-sqlite-file.ts';
import { openSqliteStore } from '../../../server/store-sqlite.ts';
import { freshName, freshRoom, sampleEntries } from '../../support/log-samples.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-folder-'));
after(() => rmSync(folder, { recursive: true }));

const dirOf = (data: string): string => path.join(folder, data);

describe('SQLite data folder', () => {
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

  it("is nobody else's to read: it holds the keys of guests", async () => {
    const dir = dirOf(freshName());

    openDataFolder(dir).close();

    assert.equal(statSync(dir).mode & 0o077, 0);
  });

  it('is read by a connection that cannot write', () => {
    const { reader, close } = openDataFolder(dirOf(freshName()));

    assert.throws(() => reader.exec("INSERT INTO meta VALUES ('a', 'b')"), /readonly/);
    const mode = reader.prepare('PRAGMA journal_mode').get();
    assert.deepEqual({ ...mode }, { journal_mode: 'wal' });
    close();
  });
});

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
