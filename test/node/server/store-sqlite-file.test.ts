import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';

import { openDataFolder } from '../../../server/store-sqlite-file.ts';
import type { User } from 'mini-chat/protocol';

import { isChange, isLine } from '../../../server/store-entry.ts';
import { openSqliteStore } from '../../../server/store-sqlite.ts';
import {
  freshName,
  freshRoom,
  sampleEdit,
  sampleEntries,
  sampleEntry,
  sampleReaction,
  sampleUser,
} from '../../support/log-samples.ts';
import { writeVersion1 } from '../../support/sqlite-version-1.ts';
import { awkwardTexts } from '../../support/stores-under-test.ts';

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

  it('a folder of version 1 becomes one of version 2, with everything that was in it', async () => {
    const dir = dirOf(freshName());
    const user: User = { ...sampleUser('zoë'), avatar: 'https://a.example/z.png' };
    const rooms = new Map([
      [freshRoom(), sampleEntries(1, 700)],
      [freshRoom(), awkwardTexts.map((text, n) => sampleEntry(n + 1, { user, body: { text } }))],
      [freshRoom(), [sampleEntry(1), sampleEdit(2, 1), sampleReaction(3, 1, '👍'), deletion]],
    ]);
    const facts = new Map([['guest-keys', 'a ring of keys']]);
    writeVersion1(dir, { epoch: 'the first epoch', facts, rooms });

    for (const _ of ['migrates', 'opens again']) {
      const store = await openSqliteStore({ dir });
      for (const [room, entries] of rooms) {
        assert.deepEqual(await store.read(room, EVERYTHING), entries);
        const { epoch, head, headId, floor } = await store.facts(room);
        const want = ['the first epoch', entries.length, entries.at(-1)?.id, 1];
        assert.deepEqual([epoch, head, headId, floor], want);
        const cids = entries.map(({ user: { id }, cid }) => ({ user: id, cid }));
        assert.deepEqual(await store.find(room, cids), entries);
        const lines = await store.lines(room, { before: 1000, limit: 1000 });
        assert.deepEqual(lines, entries.filter(isLine));
        assert.deepEqual(await store.changes(room, EVERYTHING), entries.filter(isChange));
      }
      const [, , changed] = [...rooms.keys()];
      assert.deepEqual(await store.unscrubbed(), [{ room: changed, target: 1 }]);
      assert.equal(await store.swap('guest-keys', undefined, 'other'), 'a ring of keys');
      assert.equal((await store.rooms({ after: '', limit: 9 })).length, 3);
      await store.close();
    }
    assert.deepEqual(schemaOf(dir), schemaOf(await freshFolder()));
  });

  it('a folder of version 1 takes new entries, changes and erasures', async () => {
    const [dir, room] = [dirOf(freshName()), freshRoom()];
    writeVersion1(dir, {
      epoch: 'e',
      facts: new Map(),
      rooms: new Map([[room, sampleEntries(1, 9)]]),
    });
    const store = await openSqliteStore({ dir });

    await store.insert(room, [sampleEdit(10, 3), sampleEntry(11)]);
    await store.scrub(room, 3);
    await store.trim(room, 2);

    const [first, second] = await store.read(room, EVERYTHING);
    assert.deepEqual([first, second?.body], [sampleEntry(2), { text: '' }]);
    assert.equal((await store.facts(room)).head, 11);
    await store.close();
  });

  it('a migration that is cut short leaves version 1 as it was', async () => {
    const [dir, room] = [dirOf(freshName()), freshRoom()];
    const rooms = new Map([[room, sampleEntries(1, 9)]]);
    writeVersion1(dir, { epoch: 'e', facts: new Map(), rooms });
    const file = path.join(dir, 'messages.db');
    const before = schemaOf(dir);
    // A name that the migration takes makes its last steps fail.
    const blocked = new DatabaseSync(file);
    blocked.exec('CREATE TABLE read_marks (a)');
    blocked.close();

    await assert.rejects(openSqliteStore({ dir }), /read_marks/);

    const free = new DatabaseSync(file);
    free.exec('DROP TABLE read_marks');
    free.close();
    assert.deepEqual(schemaOf(dir), before);
    const store = await openSqliteStore({ dir });
    assert.deepEqual(await store.read(room, EVERYTHING), sampleEntries(1, 9));
    await store.close();
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

const EVERYTHING = { after: 0, upTo: 1_000_000, limit: 1_000_000 };

const deletion = sampleEntry(4, { kind: 'delete', body: { target: 1 } });

async function freshFolder(): Promise<string> {
  const dir = dirOf(freshName());
  await (await openSqliteStore({ dir })).close();
  return dir;
}

/** Every table's columns, and every index's statement, whatever made them. */
function schemaOf(dir: string): readonly unknown[] {
  const database = new DatabaseSync(path.join(dir, 'messages.db'));
  const rows = database
    .prepare(
      `SELECT m.type, m.name, CASE m.type WHEN 'index' THEN m.sql END AS sql,
         (SELECT group_concat(c.name || ' ' || c.type) FROM pragma_table_info(m.name) c) AS columns
       FROM sqlite_schema m ORDER BY m.name`,
    )
    .all();
  database.close();
  return rows.map((row) => ({ ...row }));
}

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
