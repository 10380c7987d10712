import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Store } from '../../../server/store.ts';
import { Scrubber } from '../../../server/scrub.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';
import { methodsOf } from '../../support/gated-store.ts';
import { roomKey, sampleEntry } from '../../support/log-samples.ts';
import { newCid, type RawClient } from '../../support/raw-client.ts';
import { startServer } from '../../support/server.ts';

const MAIN = 'main/lobby';

/** A store in which message 1 was deleted, and a crash came before its text was gone. */
async function openUnscrubbed(room = roomKey('a')): Promise<Store> {
  const store = methodsOf(openMemoryStore());
  await store.insert(room, [
    sampleEntry(1),
    sampleEntry(2, { kind: 'edit', body: { target: 1, text: 'secret, too' } }),
    sampleEntry(3),
    sampleEntry(4, { kind: 'delete', body: { target: 1 } }),
  ]);
  return store;
}

const textsOf = async (store: Store, room = roomKey('a')): Promise<readonly unknown[]> => {
  const entries = await store.read(room, { after: 0, upTo: 9, limit: 9 });
  return entries.map(({ body }) => ('text' in body ? body.text : undefined));
};

const change = async (client: RawClient, kind: string, body: object): Promise<void> => {
  client.send({ op: 'send', room: 'lobby', cid: newCid(), kind, body });
  await client.next('ack');
};

describe('Scrubber', () => {
  it('repairs what a crash left between a deletion and its scrub', async () => {
    const store = await openUnscrubbed();
    const scrubber = new Scrubber({ store });

    await scrubber.repair();

    assert.deepEqual(await textsOf(store), ['', '', 'line 3', undefined]);
    assert.deepEqual(await store.unscrubbed(), []);
    await scrubber.close();
  });

  it('tells a failure, and the next repair does what was left', async () => {
    const store = await openUnscrubbed();
    const { scrub } = store;
    const faults: unknown[] = [];
    const scrubber = new Scrubber({ store, onFault: (error) => faults.push(error) });
    store.scrub = () => Promise.reject(new Error('away'));

    scrubber.scrub(roomKey('a'), 1);
    await scrubber.repair();
    store.scrub = scrub;
    await scrubber.repair();
    await scrubber.repair();

    assert.equal(faults.length, 2);
    assert.deepEqual(await textsOf(store), ['', '', 'line 3', undefined]);
    await scrubber.close();
  });

  it('closes once what it began is done, and begins nothing more', async () => {
    const store = await openUnscrubbed();
    const gate = Promise.withResolvers<void>();
    const { scrub } = store;
    let scrubs = 0;
    store.scrub = async (room, target) => {
      scrubs += 1;
      await gate.promise;
      return scrub(room, target);
    };
    const scrubber = new Scrubber({ store });

    scrubber.scrub(roomKey('a'), 1);
    const closed = scrubber.close().then(() => textsOf(store));
    await scrubber.repair();
    gate.resolve();

    assert.deepEqual(await closed, ['', '', 'line 3', undefined]);
    assert.equal(scrubs, 1);
  });
});

describe('Scrubber › in a server', () => {
  it('is started with it', async (t) => {
    const room = MAIN as ReturnType<typeof roomKey>;
    const store = await openUnscrubbed(room);

    await startServer(t, { store });
    while ((await store.unscrubbed()).length > 0);

    assert.deepEqual(await textsOf(store, room), ['', '', 'line 3', undefined]);
  });

  it('empties a message and its edits once the deletion is acked, and close waits', async (t) => {
    const store = methodsOf(openMemoryStore());
    const { scrub } = store;
    const gate = Promise.withResolvers<void>();
    store.scrub = (room, target) => gate.promise.then(() => scrub(room, target));
    const room = MAIN as ReturnType<typeof roomKey>;
    const server = await startServer(t, { store });
    const ann = await server.member('Ann', 'lobby');
    await change(ann, 'message', { text: 'secret' });
    await change(ann, 'edit', { target: 1, text: 'secret, too' });

    await change(ann, 'delete', { target: 1 });
    assert.deepEqual(await textsOf(store, room), ['secret', 'secret, too', undefined]);
    setImmediate(gate.resolve);
    await server.close();

    assert.deepEqual(await textsOf(store, room), ['', '', undefined]);
  });
});
