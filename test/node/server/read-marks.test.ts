import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Seq, UserId } from 'mini-chat/protocol';
import { ReadMarks } from '../../../server/read-marks.ts';
import type { RoomKey } from '../../../server/store.ts';
import { FakeClock } from '../../support/clock.ts';

const room = 'main/lobby' as RoomKey;
const ann = 'u_ann' as UserId;

class FakeStore {
  readonly writes: string[] = [];
  readonly marks = new Map<string, Seq>();
  underWay = 0;
  mostUnderWay = 0;
  fails = 0;

  async readMark(key: RoomKey, user: UserId): Promise<Seq> {
    return this.marks.get(`${key} ${user}`) ?? 0;
  }

  async markRead(key: RoomKey, user: UserId, seq: Seq): Promise<void> {
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    await Promise.resolve();
    this.underWay -= 1;
    this.writes.push(`${user} ${seq}`);
    if (this.fails > 0) {
      this.fails -= 1;
      throw new Error('no store');
    }
    this.marks.set(`${key} ${user}`, seq);
  }
}

const newMarks = (): { store: FakeStore; clock: FakeClock; marks: ReadMarks } => {
  const [store, clock] = [new FakeStore(), new FakeClock()];
  return { store, clock, marks: new ReadMarks({ store, clock, everyMs: 1000 }) };
};

describe('ReadMarks', () => {
  it('write the newest of a user and room at most once a second', async () => {
    const { store, clock, marks } = newMarks();

    for (let seq = 1; seq <= 30; seq += 1) {
      marks.mark(room, ann, seq);
      await clock.advance(100);
    }
    await clock.advance(1000);

    assert.deepEqual(store.writes, ['u_ann 1', 'u_ann 10', 'u_ann 20', 'u_ann 30']);
    assert.deepEqual([marks.size, clock.timers], [0, 0]);
  });

  it('know what was marked before it is written, and never go back', async () => {
    const { store, marks } = newMarks();
    store.marks.set(`${room} ${ann}`, 5);
    assert.equal(await marks.of(room, ann), 5);

    marks.mark(room, ann, 9);
    marks.mark(room, ann, 7);

    assert.equal(await marks.of(room, ann), 9);
    await marks.close();
    assert.deepEqual(store.writes, ['u_ann 9']);
  });

  it('write few at once, whoever reads', async () => {
    const { store, clock, marks } = newMarks();

    for (let i = 0; i < 500; i += 1) marks.mark(room, `u_${i}` as UserId, 1);
    await clock.advance(0);
    while (marks.size > 0) await clock.settle();

    assert.deepEqual([store.writes.length, store.mostUnderWay], [500, 16]);
  });

  it('try again later what could not be written, with the newest', async () => {
    const { store, clock, marks } = newMarks();
    store.fails = 1;

    marks.mark(room, ann, 1);
    await clock.advance(10);
    marks.mark(room, ann, 2);
    await clock.advance(1000);

    assert.deepEqual(store.writes, ['u_ann 1', 'u_ann 2']);
    assert.equal(marks.size, 0);
  });

  it('are dropped with the log that they are about', async () => {
    const { store, marks } = newMarks();
    marks.mark(room, ann, 7);
    marks.mark('main/other' as RoomKey, ann, 8);

    marks.forget(room);
    await marks.close();

    assert.deepEqual(store.writes, ['u_ann 8']);
  });

  it('forget the oldest when too many wait', async () => {
    const { store, clock, marks } = newMarks();
    store.fails = Infinity;

    for (let i = 0; i <= 10_000; i += 1) marks.mark(room, `u_${i}` as UserId, 1);

    assert.equal(marks.size, 10_000);
    assert.equal(await marks.of(room, 'u_0' as UserId), 0);
    await marks.close();
    assert.equal(clock.timers, 0);
  });
});
