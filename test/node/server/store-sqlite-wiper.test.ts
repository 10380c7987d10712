import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it, type TestContext } from 'node:test';

import type { Entry, Message } from 'mini-chat/protocol';

import { openSqliteStore } from '../../../server/store-sqlite.ts';
import type { RoomKey, Store } from '../../../server/store.ts';
import {
  freshName,
  freshRoom,
  roomKey,
  sampleEdit,
  sampleEntries,
  sampleEntry,
} from '../../support/log-samples.ts';
import { seededRandom, seedOfRun } from '../../support/seed.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-wiper-'));
after(() => rmSync(folder, { recursive: true }));

const dirOf = (): string => path.join(folder, freshName());

describe('SQLite wiper', () => {
  it('a scrubbed text, its edits and its view are in no file', async (t) => {
    const [dir, room] = [dirOf(), freshRoom()];
    const store = await open(t, dir);
    const message = secret(2, 'first');
    await store.insert(room, [
      sampleEntry(1),
      message,
      sampleEntry(3, { body: { text: 'it stays' } }),
      { ...sampleEdit(4, 2), body: { target: 2, text: 'SECRET second' } } as Entry,
    ]);
    const view = { ...message, body: { text: 'SECRET second' }, edited: 4 } as Message;
    await store.saveViews(room, [{ asOf: 4, message: view }], 4);
    assert.ok(filesOf(dir).includes('SECRET first') && filesOf(dir).includes('SECRET second'));

    await store.scrub(room, 2);
    await idle(dir);

    assert.ok(!filesOf(dir).includes('SECRET'));
    assert.ok(filesOf(dir).includes('it stays'));
    await store.close();
    assert.ok(!filesOf(dir).includes('SECRET'));
  });

  it('nor is what SQLite copied when it divided its pages', async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    const random = seededRandom(seed);
    const dir = dirOf();
    const store = await open(t, dir);
    const rooms = Array.from({ length: 60 }, (_, n) => roomKey(`room${n}`));
    const written = await fillAtRandom(store, rooms, random);
    const [scrubbed, kept] = [new Set<string>(), new Set<string>()];
    const all = [...written].flatMap(([room, count]) =>
      sampleEntries(1, count).map(({ seq }) => ({ room, seq, isScrubbed: random() < 0.5 })),
    );
    for (const { room, seq, isScrubbed } of all) {
      (isScrubbed ? scrubbed : kept).add(markOf(room, seq));
    }
    const scrubs = all.filter(({ isScrubbed }) => isScrubbed);
    await Promise.all(scrubs.map(({ room, seq }) => store.scrub(room, seq)));
    await idle(dir);

    const found = new Set<string>(filesOf(dir).match(/<test\/room\d+ \d+>/g));

    assert.ok(scrubbed.size > 2000);
    assert.deepEqual(
      [...scrubbed].filter((mark) => found.has(mark)),
      [],
    );
    assert.ok([...kept].every((mark) => found.has(mark)));
    await store.close();
    assertSound(dir);
  });

  it('a trimmed text is in no file', async (t) => {
    const [dir, room] = [dirOf(), freshRoom()];
    const store = await open(t, dir);
    await fillInTurns(store, [room, freshRoom()], 700);

    await store.trim(room, 650);
    await idle(dir);

    const files = filesOf(dir);
    for (let seq = 1; seq < 650; seq++) assert.ok(!files.includes(markOf(room, seq)), `${seq}`);
    for (let seq = 650; seq <= 700; seq++) assert.ok(files.includes(markOf(room, seq)), `${seq}`);
    await store.close();
    assertSound(dir);
  });

  it("somebody else's long read delays it, and nobody waits for that", async (t) => {
    const [dir, room] = [dirOf(), freshRoom()];
    const store = await open(t, dir);
    await store.insert(room, [secret(1, 'text')]);
    const other = new DatabaseSync(path.join(dir, 'messages.db'), { readOnly: true });
    other.exec('BEGIN');
    other.prepare('SELECT count(*) FROM entries').get();

    await store.scrub(room, 1);
    await store.insert(room, [sampleEntry(2)]);

    assert.ok(filesOf(dir).includes('SECRET'), 'the reader still sees it');
    other.exec('COMMIT');
    other.close();
    await idle(dir);
    assert.ok(!filesOf(dir).includes('SECRET'));
    await store.close();
  });

  it('what a crash left to be wiped is wiped by the next start', async (t) => {
    const [dir, room] = [dirOf(), freshRoom()];
    const store = await open(t, dir);
    await store.insert(room, [secret(1, 'text')]);
    await store.close();
    const database = new DatabaseSync(path.join(dir, 'messages.db'));
    database.exec("INSERT INTO meta VALUES ('sweep', '')");
    database.close();

    const again = await open(t, dir);

    await idle(dir);
    await again.close();
  });
});

/** Closed however the test ends: an open store would keep the whole file running. */
async function open(t: TestContext, dir: string): Promise<Store> {
  const store = await openSqliteStore({ dir });
  t.after(() => store.close());
  return store;
}

const secret = (seq: number, text: string): Entry =>
  sampleEntry(seq, { body: { text: `SECRET ${text}` } });

const markOf = (room: RoomKey, seq: number): string => `<${room} ${seq}>`;

/** Some messages in some rooms at a time, so that pages are divided at every place. */
async function fillAtRandom(
  store: Store,
  rooms: readonly RoomKey[],
  random: () => number,
): Promise<ReadonlyMap<RoomKey, number>> {
  const heads = new Map<RoomKey, number>();
  for (let round = 0; round < 150; round++) {
    const chosen = rooms.filter(() => random() < 0.25);
    const inserts = chosen.map((room) => {
      const head = heads.get(room) ?? 0;
      const last = head + 1 + Math.floor(random() * 5);
      heads.set(room, last);
      const entries = sampleEntries(head + 1, last).map(({ seq }) => {
        const text = markOf(room, seq) + 'x'.repeat(random() * random() * 900);
        return sampleEntry(seq, { body: { text: text + markOf(room, seq) } });
      });
      return store.insert(room, entries);
    });
    await Promise.all(inserts);
  }
  return heads;
}

/** Rooms that grow together, as they do: their rows are pushed apart again and again. */
async function fillInTurns(store: Store, rooms: readonly RoomKey[], count: number): Promise<void> {
  for (let seq = 1; seq <= count; seq++) {
    const text = (room: RoomKey): string => markOf(room, seq).repeat(1 + ((seq * 31) % 23));
    await Promise.all(
      rooms.map((room) => store.insert(room, [sampleEntry(seq, { body: { text: text(room) } })])),
    );
  }
}

/** Everything that lies in the folder, byte for byte. */
const filesOf = (dir: string): string =>
  readdirSync(dir)
    .map((file) => readFileSync(path.join(dir, file)).toString('latin1'))
    .join('\n');

/** Resolves once the writer has nothing left to wipe. */
async function idle(dir: string): Promise<void> {
  const database = new DatabaseSync(path.join(dir, 'messages.db'), { readOnly: true });
  const due = database.prepare("SELECT 1 FROM meta WHERE name = 'sweep'");
  try {
    while (due.get() !== undefined) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    database.close();
  }
}

function assertSound(dir: string): void {
  const database = new DatabaseSync(path.join(dir, 'messages.db'));
  assert.equal(database.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
  database.close();
}
