/** Room log, second part: what it learns from others, and how it ends. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Entry } from 'mini-chat/protocol';

import { openMemoryStore } from '../../../server/store-memory.ts';
import { openClockedLog, ROOM, watch } from '../../support/clocked-log.ts';
import { faultyStore } from '../../support/faulty-store.ts';
import { openGatedStore } from '../../support/gated-store.ts';
import { sampleDraft, sampleEntries, sampleEntry } from '../../support/log-samples.ts';

const seqsOf = (entries: readonly Entry[]): readonly number[] => entries.map(({ seq }) => seq);

describe('RoomLog › hints', () => {
  it('the next entry is released without asking the store', async () => {
    const store = faultyStore(openMemoryStore());
    const { log, released } = await openClockedLog(store);
    store.reject('facts', 1_000);

    for (const entry of sampleEntries(1, 3)) log.take(entry);

    assert.deepEqual(released, sampleEntries(1, 3));
    assert.equal(log.facts.head, 3);
  });

  it('what was released before is dropped', async () => {
    const { log, clock, released } = await openClockedLog(openMemoryStore());

    for (const seq of [1, 1, 2, 1, 2]) log.take(sampleEntry(seq));
    await clock.settle();

    assert.deepEqual(seqsOf(released), [1, 2]);
  });

  it('a gap is read from the store, in order', async () => {
    const store = openMemoryStore();
    const { log, clock, released } = await openClockedLog(store);
    await store.insert(ROOM, sampleEntries(1, 9));

    log.take(sampleEntry(4));
    log.take(sampleEntry(9));
    await clock.settle();

    assert.deepEqual(released, sampleEntries(1, 9));
  });

  it('the hint of an own entry, before its answer, releases it once', async () => {
    const inner = openMemoryStore();
    const store = { ...inner };
    const { log, released } = await openClockedLog(store);
    store.insert = async (room, entries) => {
      await inner.insert(room, entries);
      for (const entry of entries) log.take(entry);
    };

    const sent = await log.append(sampleDraft('ada', 'hello'));

    assert.deepEqual(released, [sent]);
  });

  it('an entry of another kind is released like any other', async () => {
    const { log, released } = await openClockedLog(openMemoryStore());
    const reaction = sampleEntry(1, { kind: 'react', body: { target: 1 } });

    log.take(reaction);

    assert.deepEqual(released, [reaction]);
  });
});

describe('RoomLog › repair', () => {
  it('releases what others wrote, thousands too', async () => {
    const store = openMemoryStore();
    const { log, released } = await openClockedLog(store);
    await store.insert(ROOM, sampleEntries(1, 2_345));

    await log.repair();

    assert.deepEqual(released, sampleEntries(1, 2_345));
  });

  it('asked while it runs, it looks once more', async () => {
    const inner = openMemoryStore();
    const store = faultyStore(inner);
    const { log, released } = await openClockedLog(store);

    const first = log.repair();
    const second = log.repair();
    await inner.insert(ROOM, sampleEntries(1, 2));
    const third = log.repair();
    await Promise.all([first, second, third]);

    assert.equal(first, third);
    assert.deepEqual(seqsOf(released), [1, 2]);
  });

  it('never rejects, and the next one makes good for it', async () => {
    const inner = openMemoryStore();
    const store = faultyStore(inner);
    const { log, released } = await openClockedLog(store);
    await inner.insert(ROOM, sampleEntries(1, 2));
    store.reject('facts', 1);
    await log.repair();
    assert.deepEqual(released, []);

    await log.repair();

    assert.deepEqual(seqsOf(released), [1, 2]);
  });

  it('a hanging store does not hold it for ever', async () => {
    const store = { ...openMemoryStore() };
    const { log, clock } = await openClockedLog(store);
    const { facts } = store;
    store.facts = () => new Promise(() => {});
    const hanging = log.repair();
    await clock.advance(35_000);
    await hanging;

    store.facts = facts;
    await store.insert(ROOM, sampleEntries(1, 1));
    await log.repair();

    assert.equal(log.facts.head, 1);
  });

  it('takes nothing from another epoch', async () => {
    const store = { ...openMemoryStore() };
    const { log, released } = await openClockedLog(store);
    const other = openMemoryStore();
    await other.insert(ROOM, sampleEntries(1, 2));
    Object.assign(store, { facts: other.facts, read: other.read });

    await log.repair();

    assert.deepEqual(released, []);
  });

  it('learns of a floor that moved', async () => {
    const inner = openMemoryStore();
    await inner.insert(ROOM, sampleEntries(1, 9));
    const store = { ...inner };
    const { log } = await openClockedLog(store);
    store.facts = async (room) => ({ ...(await inner.facts(room)), floor: 5 });

    await log.repair();

    assert.equal(log.facts.floor, 5);
  });
});

describe('RoomLog › reading', () => {
  it('reads no further than what was released', async () => {
    const store = openMemoryStore();
    await store.insert(ROOM, sampleEntries(1, 5));
    const { log } = await openClockedLog(store);
    await store.insert(ROOM, sampleEntries(6, 9));

    assert.deepEqual(await log.read({ after: 2, limit: 50 }), sampleEntries(3, 5));
    const { messages } = await log.page({ before: 50, limit: 2 });
    assert.deepEqual(messages, sampleEntries(4, 5));
  });

  it('answers from memory what it released a short while ago', async () => {
    const store = faultyStore(openMemoryStore());
    const { log } = await openClockedLog(store);
    for (const entry of sampleEntries(1, 40)) log.take(entry);
    store.reject('read', 1_000);
    const cursor = { epoch: log.facts.epoch, seq: 38, id: sampleEntry(38).id };

    assert.deepEqual(await log.read({ after: 10, limit: 5 }), sampleEntries(11, 15));
    assert.deepEqual(await log.resume(cursor), { entries: sampleEntries(39, 40), more: false });
  });
});

describe('RoomLog › closing', () => {
  it('stores what is queued, takes no more, and leaves no timer', async () => {
    const store = openGatedStore();
    const { log, clock } = await openClockedLog(store);
    store.shut();
    const first = log.append(sampleDraft('ada', 'first'));
    await store.waiting(1);
    const queued = log.append(sampleDraft('ada', 'queued'));

    const closing = log.close();
    const late = watch(log.append(sampleDraft('ada', 'late')));
    store.open();
    await closing;

    assert.deepEqual(seqsOf(await Promise.all([first, queued])), [1, 2]);
    assert.deepEqual(late(), ['unavailable', false]);
    assert.equal(clock.timers, 0);
  });

  it('does not wait for a store that fails', async () => {
    const store = faultyStore(openMemoryStore());
    const { log, clock } = await openClockedLog(store);
    store.fail({ fault: 'refused' });
    store.reject('facts', 1_000);
    const states = [1, 2].map((n) => watch(log.append(sampleDraft('ada', `line ${n}`))));
    await clock.settle();

    const closing = log.close();
    await clock.advance(600);
    await closing;

    assert.deepEqual(
      states.map((state) => state()),
      Array(2).fill(['unavailable', true]),
    );
    assert.equal(clock.timers, 0);
  });

  it('an idle log has no timer, a while after its last draft', async () => {
    const { log, clock } = await openClockedLog(openMemoryStore());
    await log.append(sampleDraft('ada', 'hello'));

    await clock.advance(5_000);

    assert.equal(clock.timers, 0);
  });
});
