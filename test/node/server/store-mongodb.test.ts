import assert from 'node:assert/strict';
import { after, describe, it, type TestContext } from 'node:test';

import { openMongoStore } from '../../../server/store-mongodb.ts';
import type { Store } from '../../../server/store.ts';
import {
  draftKeyOf,
  freshName,
  freshRoom,
  openLog,
  sampleDraft,
  sampleEntries,
} from '../../support/log-samples.ts';
import { databaseUrl, startMongo } from '../../support/mongo.ts';
import { openMongoProxy } from '../../support/mongo-proxy.ts';
import { storeConformance } from '../../support/store-conformance.ts';

const mongo = await startMongo();
after(() => mongo.close());

const urlOf = (data: string): string => databaseUrl(mongo.url, data);
const open = (data: string): Promise<Store> => openMongoStore({ url: urlOf(data) });

storeConformance('MongoDB', open, { isDurable: true, urlOf });

/** In this order, however the test ends: an open socket would keep the whole file running. */
function closeAfter(t: TestContext, ...open: readonly { close(): Promise<void> }[]): void {
  for (const one of open) t.after(() => one.close());
}

describe('MongoDB store', () => {
  it('says where messages are kept without a password', async () => {
    const url = urlOf('its_place');
    const store = await openMongoStore({ url });

    assert.match(store.place, /^MongoDB at [\w.:-]+(, [\w.:-]+)*, database its_place/);
    await store.close();
  });

  it('G3 › every write asks for a majority and its journal, whatever the url asks for', async (t) => {
    const proxy = await openMongoProxy(mongo.url);
    const weak = '&w=1&journal=false&readConcernLevel=local&readPreference=secondaryPreferred';
    const store = await openMongoStore({ url: proxy.urlOf(freshName()) + weak });
    closeAfter(t, store, proxy);
    const room = freshRoom();

    await store.insert(room, sampleEntries(1, 2));
    await store.swap('a', undefined, 'b');
    await store.swap('a', 'b', 'c');

    const writes = proxy.commands.filter(({ name }) => ['insert', 'update'].includes(name));
    assert.equal(writes.length, 4);
    for (const { fields } of writes) {
      assert.deepEqual(fields['writeConcern'], { w: 'majority', wtimeout: 8000, j: true });
    }
  });

  it('every read asks the primary for what a majority has', async (t) => {
    const proxy = await openMongoProxy(mongo.url);
    const weak = '&readConcernLevel=local&readPreference=secondaryPreferred';
    const store = await openMongoStore({ url: proxy.urlOf(freshName()) + weak });
    closeAfter(t, store, proxy);
    const room = freshRoom();
    await store.insert(room, sampleEntries(1, 2));

    await store.facts(room);
    await store.read(room, { after: 0, upTo: 2, limit: 2 });
    await store.lines(room, { before: 3, limit: 2 });
    await store.find(room, [draftKeyOf('ada', 'cid-1')]);

    const reads = proxy.commands.filter(({ name }) => name === 'find');
    assert.ok(reads.length >= 5);
    for (const { fields } of reads) {
      assert.equal(fields['readConcern'].level, 'majority');
      // To a server that is asked directly, the driver sends this where the url says nothing.
      assert.equal(fields['$readPreference']?.mode ?? 'primary', 'primaryPreferred');
    }
  });

  it('G4, G9 › inserts whose reply was lost, retry and all, are stored once', async (t) => {
    const proxy = await openMongoProxy(mongo.url);
    const store = await openMongoStore({ url: proxy.urlOf(freshName()) });
    closeAfter(t, store, proxy);
    const room = freshRoom();
    const { log, released } = await openLog(store, room);
    proxy.loseReplies('insert', 4);

    const drafts = Array.from({ length: 10 }, (_, n) => sampleDraft('ada', `line ${n}`));
    const sent = await Promise.all(drafts.map((draft) => log.append(draft)));

    assert.deepEqual(
      sent.map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    assert.deepEqual(released, sent);
    assert.deepEqual(await store.read(room, { after: 0, upTo: 99, limit: 99 }), sent);
  });

  it('after a failed write, reads wait for what it may have left', async (t) => {
    const proxy = await openMongoProxy(mongo.url);
    const store = await openMongoStore({ url: proxy.urlOf(freshName()) });
    closeAfter(t, store, proxy);
    const room = freshRoom();
    await store.insert(room, sampleEntries(1, 1));
    await assert.rejects(store.insert(room, sampleEntries(1, 1)));

    await store.facts(room);

    const read = proxy.commands.findLast(({ name }) => name === 'find');
    assert.ok(read?.fields['readConcern'].afterClusterTime !== undefined);
  });

  it('a server that does not answer is refused in time, without the password', async () => {
    const url = 'mongodb://me:s3cret@127.0.0.1:9/?serverSelectionTimeoutMS=50';

    await assert.rejects(openMongoStore({ url }), (error) => !String(error).includes('s3cret'));
  });
});
