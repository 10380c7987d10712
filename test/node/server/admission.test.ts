import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Store } from '../../../server/store.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';
import { openClockedLog, ROOM, watch } from '../../support/clocked-log.ts';
import { faultyStore } from '../../support/faulty-store.ts';
import { methodsOf } from '../../support/gated-store.ts';
import {
  changeDraft,
  sampleDraft,
  sampleEntries,
  sampleLimits,
} from '../../support/log-samples.ts';

const like = (user: string, on: boolean, cid?: string): ReturnType<typeof changeDraft> =>
  changeDraft(user, 'react', { target: 1, emoji: '👍', on }, cid);
const remove = (user: string): ReturnType<typeof changeDraft> =>
  changeDraft(user, 'delete', { target: 1 });

describe('Admission', () => {
  it('costs a batch of plain messages no read', async () => {
    const store = faultyStore(openMemoryStore());
    const { log } = await openClockedLog(store);
    for (const call of ['facts', 'read', 'find', 'lines'] as const) store.reject(call, 99);
    store.views = store.changes = store.reactionsOf = () => assert.fail('a read');

    const sent = await Promise.all(['a', 'b'].map((text) => log.append(sampleDraft('ada', text))));

    assert.deepEqual(
      sent.map(({ seq }) => seq),
      [1, 2],
    );
  });

  it('refuses nobody by a head that another node has left behind', async () => {
    const store = openMemoryStore();
    const [one, other] = [await openClockedLog(store), await openClockedLog(store)];
    await one.log.append(sampleDraft('ada', 'hello'));

    const liked = await other.log.append(like('bob', true));

    assert.equal(liked.seq, 2);
    const again = watch(one.log.append(like('bob', true, 'again')));
    await one.clock.advance(100);
    assert.deepEqual(again(), ['no_change', false]);
    assert.equal(one.log.facts.head, 2);
  });

  it('G9 › refuses nothing for certain while an insert of it may still be committed', async () => {
    const inner = openMemoryStore();
    await inner.insert(ROOM, sampleEntries(1, 1));
    const old = await inner.facts(ROOM);
    // What is inserted is stored, but neither answered nor to be seen yet.
    const store: Store = {
      ...methodsOf(inner),
      facts: async () => old,
      find: async () => [],
      read: (room, range) => inner.read(room, { ...range, upTo: Math.min(range.upTo, old.head) }),
      changes: async () => [],
      insert: async (room, entries) => {
        if (entries.length === 2) await inner.insert(room, entries);
        throw new Error('no answer');
      },
    };
    const { log, clock } = await openClockedLog(store);

    const { deadlineMs } = sampleLimits;

    const on = watch(log.append(changeDraft('ada', 'pin', { target: 1, on: true })));
    await clock.advance(deadlineMs / 2);
    const off = watch(log.append(changeDraft('bob', 'pin', { target: 1, on: false })));
    await clock.advance(0.8 * deadlineMs);

    // Without the first, which was given up, the second would change nothing on the old head.
    assert.deepEqual(
      [on(), off()],
      [
        ['unavailable', true],
        ['unavailable', true],
      ],
    );
    assert.equal((await inner.facts(ROOM)).head, 3);
  });

  it('G4 › finds a change whose reply was lost, though by now it would change nothing', async () => {
    const store = faultyStore(openMemoryStore());
    await store.insert(ROOM, sampleEntries(1, 1));
    const { log, clock } = await openClockedLog(store);
    store.fail({ fault: 'reply lost' });

    const state = watch(log.append(like('bob', true, 'like')));
    await clock.advance(200);

    assert.equal(state(), 2);
    assert.equal(log.facts.head, 2);
  });

  it('G4 › a resend of an old change is answered from the store', async () => {
    const store = openMemoryStore();
    await store.insert(ROOM, sampleEntries(1, 1));
    const first = await openClockedLog(store);
    await first.log.append(like('bob', true, 'like'));
    await first.log.append(like('bob', false));
    await first.log.append(remove('ada'));

    const { log } = await openClockedLog(store);
    const again = await log.append(like('bob', true, 'like'));

    assert.equal(again.seq, 2);
    await assert.rejects(log.append(like('bob', false, 'like')), { code: 'id_conflict' });
  });

  it('refuses by what is durable alone: what depends on its own batch waits for it', async () => {
    const store = faultyStore(openMemoryStore());
    await store.insert(ROOM, sampleEntries(1, 1));
    const { log, clock } = await openClockedLog(store, { deadlineMs: 1000 });
    const isHung = { fault: 'hangs', until: new Promise(() => undefined) } as const;
    store.fail(isHung);

    const removed = watch(log.append(remove('ada')));
    const liked = watch(log.append(like('bob', true)));
    const plain = watch(log.append(sampleDraft('ada', 'after')));
    await clock.advance(500);
    assert.deepEqual([removed(), liked(), plain()], ['waiting', 'waiting', 'waiting']);
    await clock.advance(5000);

    assert.deepEqual(
      store.inserts[1]?.map(({ kind }) => kind),
      ['delete'],
    );
    // Nobody can say that there was nothing to like: the deletion never came.
    assert.deepEqual([removed(), liked()], Array(2).fill(['unavailable', true]));
  });

  it('keeps the order of one sender around what it refuses', async () => {
    const store = openMemoryStore();
    await store.insert(ROOM, sampleEntries(1, 1));
    const { log } = await openClockedLog(store);

    const outcomes = await Promise.allSettled([
      log.append(sampleDraft('bob', 'before')),
      log.append(changeDraft('bob', 'edit', { target: 1, text: 'mine' })),
      log.append(like('bob', true)),
      log.append(like('bob', true, 'twice')),
      log.append(sampleDraft('bob', 'after')),
    ]);

    assert.deepEqual(
      outcomes.map((one) => (one.status === 'fulfilled' ? one.value.seq : one.reason.code)),
      [2, 'forbidden', 3, 'no_change', 4],
    );
  });

  it('says unavailable when what a change is about cannot be read', async () => {
    const store = faultyStore(openMemoryStore());
    await store.insert(ROOM, sampleEntries(1, 1));
    const { log, clock } = await openClockedLog(store, { deadlineMs: 1000 });
    store.reject('read', 1e6);

    const state = watch(log.append(like('bob', true)));
    await clock.advance(3000);

    assert.deepEqual(state(), ['unavailable', true]);
    store.reject('read', 0);
    assert.equal((await log.append(like('bob', true, 'later'))).seq, 2);
  });
});
