import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Entry, User } from 'mini-chat/protocol';

import { openMemoryStore } from '../../../server/store-memory.ts';
import { openClockedLog, ROOM, watch } from '../../support/clocked-log.ts';
import { faultyStore } from '../../support/faulty-store.ts';
import { openGatedStore } from '../../support/gated-store.ts';
import { sampleDraft, sampleEntries, sampleEntry, sampleUser } from '../../support/log-samples.ts';

const drafts = (count: number, user = 'ada'): ReturnType<typeof sampleDraft>[] =>
  Array.from({ length: count }, (_, n) => sampleDraft(user, `${user} ${n}`));

const seqsOf = (entries: readonly Entry[]): readonly number[] => entries.map(({ seq }) => seq);

describe('RoomLog › appending', () => {
  it('gives what one turn appended consecutive seqs in one insert', async () => {
    const store = faultyStore(openMemoryStore());
    const { log, released } = await openClockedLog(store);

    const sent = await Promise.all(drafts(3).map((draft) => log.append(draft)));

    assert.deepEqual(seqsOf(sent), [1, 2, 3]);
    assert.deepEqual(released, sent);
    assert.equal(store.inserts.length, 1);
    assert.equal(log.facts.head, 3);
    assert.equal(log.facts.headId, sent[2]?.id);
  });

  it('G3 › nothing is released or acknowledged before the insert is durable', async () => {
    const store = openGatedStore();
    const { log, clock, released } = await openClockedLog(store);
    store.shut();

    const sent = log.append(sampleDraft('ada', 'hello'));
    const state = watch(sent);
    await store.waiting(1);
    await clock.settle();

    assert.equal(state(), 'waiting');
    assert.deepEqual(released, []);
    assert.equal(log.facts.head, 0);
    store.open();
    assert.equal((await sent).seq, 1);
  });

  it('an entry is released before its append resolves', async () => {
    const { log, released } = await openClockedLog(openMemoryStore());

    const seen = await log.append(sampleDraft('ada', 'hello')).then(() => released.length);

    assert.equal(seen, 1);
  });

  it('what comes during a write goes out together afterwards', async () => {
    const store = openGatedStore();
    const { log, releases } = await openClockedLog(store);
    store.shut();
    const first = log.append(sampleDraft('ada', 'first'));
    await store.waiting(1);

    const rest = drafts(20, 'bob').map((draft) => log.append(draft));
    store.open();
    await Promise.all([first, ...rest]);

    assert.deepEqual(releases, [1, 20]);
  });

  it('a batch keeps to its maximum of entries, and of bytes', async () => {
    const store = faultyStore(openMemoryStore());
    const { log } = await openClockedLog(store, { batchEntriesMax: 3, batchBytesMax: 2000 });
    const big = 'x'.repeat(1500);

    const small = drafts(7).map((draft) => log.append(draft));
    const large = ['1', '2', '3'].map((cid) => log.append(sampleDraft('bob', big, cid)));
    await Promise.all([...small, ...large]);

    assert.deepEqual(
      store.inserts.map(({ length }) => length),
      [3, 3, 1, 1, 1, 1],
    );
  });

  it('at never goes back, though the clock does', async () => {
    const { log, clock } = await openClockedLog(openMemoryStore());
    const first = await log.append(sampleDraft('ada', 'first'));
    clock.wallShiftMs = -60_000;

    const second = await log.append(sampleDraft('ada', 'second'));

    assert.equal(first.at, second.at);
  });

  it("at never goes below another node's", async () => {
    const store = openMemoryStore();
    await store.insert(ROOM, [sampleEntry(1, { at: Date.UTC(2100, 0) })]);
    const { log } = await openClockedLog(store);

    const next = await log.append(sampleDraft('ada', 'next'));

    assert.equal(next.at, Date.UTC(2100, 0));
  });

  it('an entry keeps the user as it was when the draft came', async () => {
    const { log } = await openClockedLog(openMemoryStore());
    const user = { ...sampleUser('ada'), avatar: 'https://a.example/1.png', secret: 'x' };
    const draft = { ...sampleDraft('ada', 'hello'), user };

    const sent = log.append(draft);
    user.name = 'Renamed';

    const want: User = { ...sampleUser('ada'), avatar: 'https://a.example/1.png' };
    assert.deepEqual((await sent).user, want);
  });
});

describe('RoomLog › once', () => {
  it('G4 › a resend while the first is under way gets the same entry', async () => {
    const store = faultyStore(openMemoryStore());
    const { log } = await openClockedLog(store);
    const draft = sampleDraft('ada', 'hello');

    const [first, second] = await Promise.all([log.append(draft), log.append(draft)]);

    assert.equal(first, second);
    assert.equal(store.inserts.length, 1);
  });

  it('G4 › a resend of something recent asks the store nothing', async () => {
    const store = faultyStore(openMemoryStore());
    const { log } = await openClockedLog(store);
    const first = await log.append(sampleDraft('ada', 'hello'));

    const second = await log.append(sampleDraft('ada', 'hello'));

    assert.equal(first, second);
    assert.equal(store.inserts.length, 1);
  });

  it('G4 › another body under a cid under way is refused, whatever came first wins', async () => {
    const { log, clock } = await openClockedLog(openMemoryStore());

    const first = watch(log.append(sampleDraft('ada', 'one', 'same')));
    const second = watch(log.append(sampleDraft('ada', 'two', 'same')));
    await clock.settle();

    assert.equal(first(), 1);
    assert.deepEqual(second(), ['id_conflict', false]);
  });

  it('G4 › a conflict in the middle of a batch costs the others nothing', async () => {
    const store = openMemoryStore();
    await store.insert(ROOM, [sampleEntry(1, { cid: 'ada 2', body: { text: 'other' } })]);
    const { log, clock } = await openClockedLog(store);

    const states = drafts(5).map((draft) => watch(log.append(draft)));
    await clock.advance(100);

    assert.deepEqual(
      states.map((state) => state()),
      [2, 3, ['id_conflict', false], 4, 5],
    );
  });

  it('a lost race is settled by reading on, without looking each draft up', async () => {
    const inner = openMemoryStore();
    const store = faultyStore(inner);
    const { log, clock } = await openClockedLog(store);
    store.reject('find', 1_000);
    await inner.insert(ROOM, sampleEntries(1, 3));

    const sent = drafts(2).map((draft) => log.append(draft));
    await clock.advance(50);

    assert.deepEqual(seqsOf(await Promise.all(sent)), [4, 5]);
  });

  it('G4 › a resend of something old is found though rivals keep writing', async () => {
    const inner = openMemoryStore();
    await inner.insert(ROOM, [sampleEntry(1, { cid: 'old', body: { text: 'old' } })]);
    const store = { ...inner };
    const { log, clock } = await openClockedLog(store);
    store.insert = async (room, entries) => {
      const { head } = await inner.facts(room);
      await inner.insert(room, [sampleEntry(head + 1)]);
      return inner.insert(room, entries);
    };

    const state = watch(log.append(sampleDraft('ada', 'old')));
    await clock.advance(1_000);

    assert.equal(state(), 1);
  });
});

describe('RoomLog › when the store fails', () => {
  it('G9 › a draft without an answer is unavailable, maybe, after its deadline', async () => {
    const store = faultyStore(openMemoryStore());
    const { log, clock } = await openClockedLog(store);
    store.fail({ fault: 'hangs', until: new Promise(() => {}) });

    const state = watch(log.append(sampleDraft('ada', 'hello')));
    await clock.advance(29_000);
    assert.equal(state(), 'waiting');
    await clock.advance(5_000);

    assert.deepEqual(state(), ['unavailable', true]);
  });

  it('a call that hangs is given up, and the log goes on, even if it is stored late', async () => {
    const store = faultyStore(openMemoryStore());
    const { log, clock, released } = await openClockedLog(store);
    const late = Promise.withResolvers<void>();
    store.fail({ fault: 'hangs', until: late.promise });

    const lost = watch(log.append(sampleDraft('ada', 'lost')));
    await clock.advance(35_000);
    const next = log.append(sampleDraft('ada', 'next'));
    await clock.advance(50);
    late.resolve();
    await clock.settle();
    const again = log.append(sampleDraft('ada', 'lost'));
    await clock.advance(50);

    assert.deepEqual(lost(), ['unavailable', true]);
    assert.equal((await next).seq, 1);
    assert.equal((await again).seq, 2);
    assert.deepEqual(seqsOf(released), [1, 2]);
  });

  it('a store that is away delays drafts, and keeps their order', async () => {
    const store = faultyStore(openMemoryStore());
    const { log, clock } = await openClockedLog(store);
    for (let i = 0; i < 5; i++) store.fail({ fault: 'refused' });
    store.reject('facts', 6);

    const sent = [...drafts(4), ...drafts(4, 'bob')].map((draft) => log.append(draft));
    await clock.advance(10_000);

    assert.deepEqual(seqsOf(await Promise.all(sent)), [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('a store that stays away is asked less and less often', async () => {
    const store = faultyStore(openMemoryStore());
    const { log, clock } = await openClockedLog(store);
    store.fail({ fault: 'refused' });
    let asked = 0;
    const facts = store.facts.bind(store);
    store.facts = async (room) => {
      asked++;
      store.reject('facts', 1);
      return facts(room);
    };

    const state = watch(log.append(sampleDraft('ada', 'hello')));
    await clock.advance(29_000);

    assert.equal(state(), 'waiting');
    assert.ok(asked > 10 && asked < 100, `${asked} times in 29 s`);
  });

  it('a full queue refuses at once, and takes again when it has room', async () => {
    const store = openGatedStore();
    const { log, clock } = await openClockedLog(store, { queueMax: 5 });
    store.shut();
    const sent = drafts(5).map((draft) => log.append(draft));

    const surplus = watch(log.append(sampleDraft('bob', 'surplus')));
    await clock.settle();

    assert.deepEqual(surplus(), ['unavailable', false]);
    store.open();
    await Promise.all(sent);
    assert.equal((await log.append(sampleDraft('bob', 'surplus'))).seq, 6);
  });

  it('drafts that gave up leave room in the queue', async () => {
    const store = openGatedStore();
    const { log, clock } = await openClockedLog(store, { queueMax: 5 });
    store.shut();
    const states = drafts(5).map((draft) => watch(log.append(draft)));
    await clock.advance(35_000);
    assert.deepEqual(
      states.map((state) => state()),
      Array(5).fill(['unavailable', true]),
    );

    const next = log.append(sampleDraft('bob', 'next'));
    store.open();
    await clock.advance(100);

    assert.ok((await next).seq > 0);
  });

  it('opening, reading and resuming say unavailable, too', async () => {
    const inner = openMemoryStore();
    await inner.insert(ROOM, sampleEntries(1, 3));
    const store = faultyStore(inner);
    const isUnavailable = { code: 'unavailable', retry: true };
    store.reject('facts', 1);
    await assert.rejects(openClockedLog(store), isUnavailable);
    const { log } = await openClockedLog(store);

    store.reject('read', 2);
    store.reject('lines', 1);
    const { epoch } = log.facts;
    const cursor = { epoch, seq: 1, id: sampleEntry(1).id };

    await assert.rejects(log.read({ after: 0, limit: 5 }), isUnavailable);
    await assert.rejects(log.page({ before: 4, limit: 5 }), isUnavailable);
    await assert.rejects(log.resume(cursor), isUnavailable);
    store.reject('facts', 1);
    await assert.rejects(log.resume({ ...cursor, seq: 99 }), isUnavailable);
  });
});
