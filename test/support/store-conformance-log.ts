/** The second half of the suite: what room logs make of a store. G numbers: docs/GUARANTEES.md. */

import assert from 'node:assert/strict';
import { before, it } from 'node:test';

import { ChatError, type Cursor, type Entry, type EntryId, type Epoch } from 'mini-chat/protocol';

import type { RoomLog } from '../../server/room-log.ts';
import type { RoomKey, Store } from '../../server/store.ts';
import { faultyStore, type InsertFault } from './faulty-store.ts';
import { freshName, freshRoom, openLog, sampleDraft, sampleEntries } from './log-samples.ts';
import { processesConformance } from './store-conformance-processes.ts';
import { awkwardTexts, type OpenStore, type StoreTraits } from './stores-under-test.ts';

const EVERYTHING = { after: 0, upTo: 1_000_000, limit: 1_000_000 };

/** Declares what room logs must be able to do on one kind of store, inside a `describe`. */
export function roomLogConformance(open: OpenStore, traits: StoreTraits): void {
  let store: Store;
  before(async () => {
    store = await open(freshName());
  });
  orderSuite(() => store);
  onceSuite(() => store);
  faultSuite(() => store);
  resumeSuite(() => store);
  if (traits.isDurable) durableSuite(open);
  if (traits.urlOf !== undefined) processesConformance(open, traits.urlOf);
}

function orderSuite(store: () => Store): void {
  it('G1, G2 › rival logs number one room densely and release the same entries', async () => {
    const room = freshRoom();
    const writers = await Promise.all([1, 2, 3].map(() => openLog(store(), room)));

    const senders = writers.flatMap(({ log }, place) => [
      sendInTurn(log, `turn${place}`, 25),
      sendAtOnce(log, `burst${place}`, 40),
    ]);
    const sent = (await Promise.all(senders)).flat();
    await Promise.all(writers.map(({ log }) => log.repair()));

    const stored = await store().read(room, EVERYTHING);
    assert.deepEqual(
      stored.map(({ seq }) => seq),
      sampleEntries(1, 195).map(({ seq }) => seq),
    );
    assert.deepEqual(
      [...sent].sort((a, b) => a.seq - b.seq),
      stored,
    );
    for (const { log, released } of writers) {
      assert.deepEqual(released, stored);
      await log.close();
    }
  });

  it("G6 › one sender's drafts keep their order while rivals write", async () => {
    const room = freshRoom();
    const [one, two] = await Promise.all([openLog(store(), room), openLog(store(), room)]);

    const [ada, bob] = await Promise.all([
      sendAtOnce(one.log, 'ada', 120),
      sendAtOnce(two.log, 'bob', 120),
    ]);

    for (const entries of [ada, bob]) {
      const seqs = entries.map(({ seq }) => seq);
      assert.deepEqual(
        seqs,
        [...seqs].sort((a, b) => a - b),
      );
    }
    await Promise.all([one.log.close(), two.log.close()]);
  });

  it('G5 › what is sent after an ack stands behind it, whichever log takes it', async () => {
    const room = freshRoom();
    const logs = await Promise.all([1, 2, 3].map(() => openLog(store(), room)));
    const seqs: number[] = [];

    for (let n = 0; n < 15; n++) {
      const taker = logs[(n * 7) % 3]?.log;
      const entry = await taker?.append(sampleDraft(`user${n}`, 'hello', `cid-${n}`));
      seqs.push(entry?.seq ?? 0);
    }

    assert.deepEqual(seqs, seqsOf(sampleEntries(1, 15)));
    await Promise.all(logs.map(({ log }) => log.close()));
  });

  it('every text arrives byte for byte', async () => {
    const room = freshRoom();
    const { log, released } = await openLog(store(), room);

    const drafts = awkwardTexts.map((text, place) => sampleDraft('ada', text, `cid-${place}`));
    await Promise.all(drafts.map((draft) => log.append(draft)));

    assert.deepEqual(textsOf(released), awkwardTexts);
    assert.deepEqual(textsOf(await store().read(room, EVERYTHING)), awkwardTexts);
    await log.close();
  });
}

function onceSuite(store: () => Store): void {
  it('G4 › a resend gets the first seq, from any log, however old it is', async () => {
    const room = freshRoom();
    const first = await openLog(store(), room);
    const entries = await sendAtOnce(first.log, 'ada', 30);
    const other = await openLog(store(), room);

    const again = await sendAtOnce(other.log, 'ada', 30);
    const fresh = await other.log.append(sampleDraft('ada', 'new'));

    assert.deepEqual(again, entries);
    assert.equal(fresh.seq, 31);
    assert.equal((await store().facts(room)).head, 31);
    await Promise.all([first.log.close(), other.log.close()]);
  });

  it('G4 › the same cid with another body is refused, and the first stays', async () => {
    const room = freshRoom();
    const [one, two] = await Promise.all([openLog(store(), room), openLog(store(), room)]);
    const kept = await one.log.append(sampleDraft('ada', 'first', 'same'));

    for (const { log } of [one, two]) {
      const outcome = log.append(sampleDraft('ada', 'second', 'same'));
      await assert.rejects(outcome, (error) => isCode(error, 'id_conflict'));
    }

    assert.deepEqual(await store().read(room, EVERYTHING), [kept]);
    await Promise.all([one.log.close(), two.log.close()]);
  });

  it('G4 › a draft sent to rival logs at once is stored once', async () => {
    const room = freshRoom();
    const logs = await Promise.all([1, 2, 3].map(() => openLog(store(), room)));

    const sent = logs.flatMap(({ log }) => [
      log.append(sampleDraft('ada', 'same')),
      log.append(sampleDraft('ada', 'same')),
    ]);
    const seqs = (await Promise.all(sent)).map(({ seq }) => seq);

    assert.deepEqual(seqs, [1, 1, 1, 1, 1, 1]);
    assert.equal((await store().facts(room)).head, 1);
    await Promise.all(logs.map(({ log }) => log.close()));
  });
}

function faultSuite(store: () => Store): void {
  const faults: readonly InsertFault[] = [
    { fault: 'refused' },
    { fault: 'reply lost' },
    { fault: 'prefix', stored: 4 },
  ];
  for (const fault of faults) {
    it(`an insert that fails half-way (${fault.fault}) loses and doubles nothing`, async () => {
      const room = freshRoom();
      const faulty = faultyStore(store());
      const { log, released } = await openLog(faulty, room);
      faulty.fail(fault, fault);

      const sent = await sendAtOnce(log, 'ada', 10);

      assert.deepEqual(
        sent.map(({ seq }) => seq),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      );
      assert.deepEqual(released, sent);
      assert.deepEqual(await store().read(room, EVERYTHING), sent);
      await log.close();
    });
  }

  it('reads that fail while the outcome is looked up only delay it', async () => {
    const room = freshRoom();
    const faulty = faultyStore(store());
    const { log, released } = await openLog(faulty, room);
    faulty.fail({ fault: 'reply lost' });
    faulty.reject('find', 1);
    faulty.reject('facts', 1);
    faulty.reject('read', 1);

    const sent = await sendAtOnce(log, 'ada', 3);

    assert.deepEqual(
      sent.map(({ seq }) => seq),
      [1, 2, 3],
    );
    assert.deepEqual(released, sent);
    await log.close();
  });
}

function resumeSuite(store: () => Store): void {
  it('G7 › any cursor resumes with exactly what came after it', async () => {
    const { log, entries, fresh } = await logOf(store(), 60);

    for (const at of [0, ...entries.keys()]) {
      for (const reader of [log, fresh]) {
        const resumed = await reader.resume(cursorAt(reader, entries, at));
        assert.deepEqual(resumed, { entries: entries.slice(at), more: false });
      }
    }
    await Promise.all([log.close(), fresh.close()]);
  });

  it('G7 › a reader far behind gets the first part and reads on', async () => {
    const { log, entries, fresh } = await logOf(store(), 1001);

    for (const reader of [log, fresh]) {
      const resumed = await reader.resume(cursorAt(reader, entries, 1));
      assert.ok('entries' in resumed && resumed.more);
      const got = [...resumed.entries];
      for (let last = got.at(-1); last !== undefined && last.seq < 1001; last = got.at(-1)) {
        got.push(...(await reader.read({ after: last.seq, limit: 300 })));
      }
      assert.deepEqual(got, entries.slice(1));
      const tooFar = await reader.resume(cursorAt(reader, entries, 0));
      assert.deepEqual(tooFar, { reset: 'too_far_behind' });
    }
    await Promise.all([log.close(), fresh.close()]);
  });

  it('G8 › a cursor of another history is reset, with the reason', async () => {
    const { log, entries, fresh } = await logOf(store(), 5);
    const cursor = cursorAt(log, entries, 3);
    const cases: readonly [Partial<Cursor>, string][] = [
      [{ epoch: 'another' as Epoch }, 'epoch'],
      [{ seq: 6 }, 'ahead_of_head'],
      [{ id: 'another' as EntryId }, 'other_id'],
      [{ seq: 2 }, 'other_id'],
      [{ seq: 0 }, 'other_id'],
      [{ id: '' }, 'other_id'],
    ];

    for (const [change, reset] of cases) {
      for (const reader of [log, fresh]) {
        assert.deepEqual(await reader.resume({ ...cursor, ...change }), { reset });
      }
    }
    await Promise.all([log.close(), fresh.close()]);
  });

  it('G7 › a cursor ahead of this node is looked up before it is refused', async () => {
    const { log, entries, fresh } = await logOf(store(), 5);
    const newest = await log.append(sampleDraft('ada', 'newest'));

    const resumed = await fresh.resume(cursorAt(log, [...entries, newest], 6));

    assert.deepEqual(resumed, { entries: [], more: false });
    await Promise.all([log.close(), fresh.close()]);
  });

  it('G8 › a head that is not the newest resets nobody: a linearizable read has the word', async () => {
    const { log, entries, fresh, room } = await logOf(store(), 5);
    await fresh.close();
    const old = await store().facts(room);
    const newest = await log.append(sampleDraft('ada', 'newest'));
    let looks = 0;
    const facts: Store['facts'] = async () => ((looks += 1) <= 2 ? old : store().facts(room));
    const { log: late } = await openLog({ ...faultyStore(store()), facts }, room);

    const resumed = await late.resume(cursorAt(log, [...entries, newest], 6));

    assert.deepEqual([resumed, looks], [{ entries: [], more: false }, 3]);
    assert.deepEqual(await Promise.all([1, 6, 7].map((seq) => store().holds(room, seq))), [
      true,
      true,
      false,
    ]);
    await Promise.all([log.close(), late.close()]);
  });

  it('G7 › below the floor there is only a reset', async () => {
    const { log, entries, fresh, room } = await logOf(store(), 5);
    await fresh.close();
    const trimmed: Store = {
      ...faultyStore(store()),
      facts: async (room) => ({ ...(await store().facts(room)), floor: 4 }),
    };
    const { log: late } = await openLog(trimmed, room);

    const outcomes = [0, 3, 4].map((at) => late.resume(cursorAt(log, entries, at)));

    assert.deepEqual(await Promise.all(outcomes), [
      { reset: 'below_floor' },
      { reset: 'below_floor' },
      { entries: entries.slice(4), more: false },
    ]);
    await Promise.all([log.close(), late.close()]);
  });

  it('pages of messages end at the released head', async () => {
    const { log, entries, fresh } = await logOf(store(), 20);
    await log.append(sampleDraft('ada', 'unseen by the other log'));

    const { messages: page } = await fresh.page({ before: 1000, limit: 5 });

    assert.deepEqual(page, entries.slice(15));
    await Promise.all([log.close(), fresh.close()]);
  });
}

function durableSuite(open: OpenStore): void {
  it('G3, G8 › a reopened store resumes old cursors and goes on', async () => {
    const [data, room] = [freshName(), freshRoom()];
    const first = await open(data);
    const { log } = await openLog(first, room);
    const entries = await sendAtOnce(log, 'ada', 10);
    const cursor = cursorAt(log, entries, 4);
    await log.close();
    await first.close();

    const second = await open(data);
    const { log: again } = await openLog(second, room);

    assert.deepEqual(await again.resume(cursor), { entries: entries.slice(4), more: false });
    assert.deepEqual(await sendAtOnce(again, 'ada', 10), entries);
    assert.equal((await again.append(sampleDraft('bob', 'next'))).seq, 11);
    await again.close();
    await second.close();
  });
}

/** A log with so many entries, and another one opened on them afterwards, with an empty tail. */
async function logOf(
  store: Store,
  count: number,
): Promise<{ log: RoomLog; entries: readonly Entry[]; fresh: RoomLog; room: RoomKey }> {
  const room = freshRoom();
  const { log } = await openLog(store, room);
  const entries = await sendAtOnce(log, 'ada', count);
  const { log: fresh } = await openLog(store, room);
  return { log, entries, fresh, room };
}

const cursorAt = (log: RoomLog, entries: readonly Entry[], seq: number): Cursor => ({
  epoch: log.facts.epoch,
  seq,
  id: entries[seq - 1]?.id ?? '',
});

const sendAtOnce = (log: RoomLog, user: string, count: number): Promise<readonly Entry[]> =>
  Promise.all(
    Array.from({ length: count }, (_, n) => log.append(sampleDraft(user, `${user} ${n}`, `c${n}`))),
  );

async function sendInTurn(log: RoomLog, user: string, count: number): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let n = 0; n < count; n++) {
    entries.push(await log.append(sampleDraft(user, `${user} ${n}`, `c${n}`)));
  }
  return entries;
}

const seqsOf = (entries: readonly Entry[]): readonly number[] => entries.map(({ seq }) => seq);

const textsOf = (entries: readonly Entry[]): readonly string[] =>
  entries.map((entry) => (entry.kind === 'message' ? entry.body.text : `a ${entry.kind}`));

const isCode = (error: unknown, code: string): boolean =>
  error instanceof ChatError && error.code === code;
