import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { MongoClient } from 'mongodb';
import type { Message } from 'mini-chat/protocol';

import { openMongoStore } from '../../../server/store-mongodb.ts';
import type { RoomKey, Store } from '../../../server/store.ts';
import {
  freshName,
  freshRoom,
  sampleEdit,
  sampleEntries,
  sampleEntry,
} from '../../support/log-samples.ts';
import { databaseUrl, startMongo } from '../../support/mongo.ts';
import { openMongoProxy } from '../../support/mongo-proxy.ts';

const mongo = await startMongo();
const client = new MongoClient(mongo.url);
after(async () => {
  await client.close();
  await mongo.close();
});

const EVERYTHING = { after: 0, upTo: 10_000, limit: 10_000 };
const SECRET = 'the secret itself';

describe('what the MongoDB store erases', () => {
  const data = freshName();
  let store: Store;
  before(async () => {
    store = await openMongoStore({ url: databaseUrl(mongo.url, data) });
  });
  after(() => store.close());

  it('G3 › every write of it asks for a majority and its journal', async (t) => {
    const proxy = await openMongoProxy(mongo.url);
    const proxied = await openMongoStore({ url: `${proxy.urlOf(freshName())}&w=1` });
    t.after(() => proxied.close());
    t.after(() => proxy.close());
    const room = freshRoom();
    await proxied.insert(room, secretEntries());
    const from = proxy.commands.length;

    await proxied.saveViews(room, [{ asOf: 4, message: sampleEntry(3) as Message }], 4);
    await proxied.scrub(room, 1);
    await proxied.trim(room, 3);

    const names = ['update', 'delete', 'bulkWrite'];
    const writes = proxy.commands.slice(from).filter(({ name }) => names.includes(name));
    assert.ok(writes.length >= 8);
    for (const { fields } of writes) {
      assert.deepEqual(fields['writeConcern'], { w: 'majority', wtimeout: 8000, j: true });
    }
  });

  it('a scrubbed text is in no document of any collection', async () => {
    const room = freshRoom();
    await store.insert(room, secretEntries());
    const message = sampleEntry(1, { body: { text: SECRET } }) as Message;
    await store.saveViews(room, [{ asOf: 4, message }], 4);
    assert.ok((await wholeDatabase()).includes(SECRET));

    await store.scrub(room, 1);
    await store.saveViews(room, [{ asOf: 4, message }], 4);

    assert.ok(!(await wholeDatabase()).includes(SECRET));
  });

  it('a scrub that fails half-way leaves the deletion unscrubbed, and may be done again', async () => {
    const room = freshRoom();
    await store.insert(room, secretEntries());

    await rejectsAfter({ command: 'update', passing: 2 }, () => store.scrub(room, 1));

    assert.deepEqual(await unscrubbedIn(room), [1]);
    await store.scrub(room, 1);
    assert.deepEqual(await unscrubbedIn(room), []);
    assert.ok(!(await wholeDatabase()).includes(SECRET));
  });

  it('a trim that fails half-way has raised the floor, and may be done again', async () => {
    const room = freshRoom();
    for (const first of [1, 601, 1201, 1801]) {
      const entries = sampleEntries(first, first + 599);
      for (const at of [0, 200, 400]) await store.insert(room, entries.slice(at, at + 200));
    }

    await rejectsAfter({ command: 'delete', passing: 1 }, () => store.trim(room, 2350));

    assert.equal((await store.facts(room)).floor, 2350);
    const left = (await store.read(room, EVERYTHING)).map(({ seq }) => seq);
    assert.ok(left.length > 51 && left.length < 2400, `${left.length} are left`);
    await store.trim(room, 2350);
    const seqs = (await store.read(room, EVERYTHING)).map(({ seq }) => seq);
    assert.deepEqual([seqs.length, seqs[0], seqs.at(-1)], [51, 2350, 2400]);
  });

  it('views that come after a trim are not kept below its floor', async () => {
    const room = freshRoom();
    await store.insert(room, sampleEntries(1, 9));
    await store.trim(room, 5);

    const views = [2, 7].map((seq) => ({ asOf: 9, message: sampleEntry(seq) as Message }));
    await store.saveViews(room, views, 9);

    const kept = await store.views(room, { from: 1, to: 99 });
    assert.deepEqual(kept, { views: views.slice(1), viewedTo: 9 });
  });

  const unscrubbedIn = async (room: RoomKey): Promise<readonly number[]> =>
    (await store.unscrubbed()).filter((one) => one.room === room).map(({ target }) => target);

  async function wholeDatabase(): Promise<string> {
    const database = client.db(data);
    const all = (await database.listCollections().toArray()).map(({ name }) =>
      database.collection(name).find().toArray(),
    );
    return JSON.stringify(await Promise.all(all));
  }
});

/** The server refuses commands of this name after letting some through, until it is done. */
async function rejectsAfter(
  { command, passing }: { readonly command: string; readonly passing: number },
  work: () => Promise<unknown>,
): Promise<void> {
  const admin = client.db('admin');
  // "Operation failed": no code that a driver tries again by itself.
  const data = { failCommands: [command], errorCode: 96 };
  await admin.command({ configureFailPoint: 'failCommand', mode: { skip: passing }, data });
  try {
    await assert.rejects(work());
  } finally {
    await admin.command({ configureFailPoint: 'failCommand', mode: 'off' });
  }
}

const secretEntries = (): readonly ReturnType<typeof sampleEntry>[] => [
  sampleEntry(1, { body: { text: SECRET } }),
  sampleEntry(2),
  sampleEntry(3),
  { ...sampleEdit(4, 1), body: { target: 1, text: SECRET } } as ReturnType<typeof sampleEntry>,
  sampleEntry(5, { kind: 'delete', body: { target: 1 } }),
];
