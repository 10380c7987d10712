import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoomId, Seq, ServerOp, User, UserId } from 'mini-chat/protocol';
import { FanOut } from '../../../server/fan-out.ts';
import type { Fact } from '../../../server/node-news.ts';
import { RoomPeople, type Listener, type VolatileLimits } from '../../../server/room-people.ts';
import type { RoomKey } from '../../../server/store.ts';
import { FakeClock } from '../../support/clock.ts';

const room = 'main/lobby' as RoomKey;
const limits: VolatileLimits = {
  typingMs: 6000,
  typingEveryMs: 500,
  presenceEveryMs: 1000,
  crowdEveryMs: 5000,
  readEveryMs: 1000,
  newsEveryMs: 100,
  retellMs: 20_000,
  forgetNodeMs: 60_000,
};

const user = (id: string, name = id): User => ({ id: `u_${id}`, name, role: 'guest' }) as User;

/** A connection that keeps what it is sent. */
class FakeListener implements Listener {
  readonly frames: Buffer[] = [];
  isSlow = false;
  #drained = Promise.withResolvers<void>();

  queue(frame: Buffer): boolean {
    this.frames.push(frame);
    return true;
  }

  flush(): void {}

  drained(): Promise<void> {
    return this.#drained.promise;
  }

  drain(): void {
    this.isSlow = false;
    this.#drained.resolve();
    this.#drained = Promise.withResolvers<void>();
  }

  /** What it was told since last asked, in short. */
  take(): readonly string[] {
    return this.frames.splice(0).map((frame) => inShort(opOf(frame)));
  }
}

/** The op in a whole frame. */
function opOf(frame: Buffer): ServerOp {
  return JSON.parse(frame.subarray(frame.indexOf('{')).toString()) as ServerOp;
}

function inShort(op: ServerOp): string {
  if (op.op === 'typing') {
    return `typing ${op.users.map(({ name }) => name).join(' ')}${op.more ? ` +${op.more}` : ''}`;
  }
  if (op.op === 'presence') {
    return `presence ${op.count}${op.users ? `: ${op.users.map(({ name }) => name).join(' ')}` : ''}`;
  }
  return op.op === 'read' ? `read ${op.seq}` : op.op;
}

interface Scene {
  readonly people: RoomPeople;
  readonly clock: FakeClock;
  readonly told: Fact[];
  readonly kept: string[];
  /** Comes in, and has not been told anything yet. */
  readonly enter: (id: string, read?: Seq) => FakeListener;
}

const newScene = (): Scene => {
  const clock = new FakeClock();
  const told: Fact[] = [];
  const kept: string[] = [];
  const people = new RoomPeople({
    id: 'lobby' as RoomId,
    key: room,
    fanOut: new FanOut(1000),
    clock,
    limits,
    tell: (fact) => told.push(fact),
    keep: (id, seq) => kept.push(`${id} ${seq}`),
  });
  const enter = (id: string, read: Seq = 0): FakeListener => {
    const listener = new FakeListener();
    people.enter(listener, { user: user(id), read });
    return listener;
  };
  return { people, clock, told, kept, enter };
};

describe('RoomPeople › presence', () => {
  it('is told at once after a quiet time, then at most once a second', async () => {
    const { people, clock, enter } = newScene();
    const ann = enter('ann');
    await clock.advance(0);
    assert.deepEqual(ann.take(), ['presence 1: ann']);

    await clock.advance(300);
    const bob = enter('bob');
    const cid = enter('cid');
    await clock.advance(600);
    assert.deepEqual([ann.take(), bob.take()], [[], []]);
    people.leave(cid);
    await clock.advance(200);

    assert.deepEqual(
      [ann.take(), bob.take(), cid.take()],
      [['presence 2: ann bob'], ['presence 2: ann bob'], []],
    );
  });

  it('counts a user with two connections once, and says nothing when only one of them goes', async () => {
    const { people, clock, enter } = newScene();
    const one = enter('ann');
    const other = enter('ann');
    await clock.advance(2000);
    assert.deepEqual([one.take(), other.take()], [['presence 1: ann'], ['presence 1: ann']]);

    people.leave(other);
    await clock.advance(2000);

    assert.deepEqual(one.take(), []);
    assert.equal(people.isEmpty, false);
  });

  it('tells a new name, and the same to nobody twice', async () => {
    const { people, clock, enter } = newScene();
    const ann = enter('ann');
    await clock.advance(2000);
    ann.take();

    people.rename(ann, user('ann'));
    await clock.advance(2000);
    assert.deepEqual(ann.take(), []);
    people.rename(ann, user('ann', 'Annie'));
    await clock.advance(2000);

    assert.deepEqual(ann.take(), ['presence 1: Annie']);
  });

  it('tells everything again to a connection that joins again', async () => {
    const { people, clock, enter } = newScene();
    const [ann, bob] = [enter('ann'), enter('bob')];
    people.type(bob, true);
    await clock.advance(2000);
    ann.take();
    bob.take();

    people.enter(ann, { user: user('ann'), read: 0 });
    await clock.advance(2000);

    assert.deepEqual(ann.take().toSorted(), ['presence 2: ann bob', 'typing bob']);
    assert.deepEqual(bob.take(), []);
  });

  it('says to a crowd how many, seldom, and to who joins it at once', async () => {
    const { clock, enter } = newScene();
    const ann = enter('ann');
    for (let i = 0; i < 50; i += 1) enter(`${i}`);
    await clock.advance(2000);
    assert.deepEqual(ann.take(), ['presence 51']);

    const late = enter('late');
    await clock.settle();
    assert.deepEqual(late.take(), ['presence 51']);
    await clock.advance(2900);
    assert.deepEqual(ann.take(), []);
    await clock.advance(1000);

    assert.deepEqual([ann.take(), late.take()], [['presence 52'], ['presence 52']]);
  });

  it('costs a room of 5000 that all join at once two small ops each', async () => {
    const { clock, enter } = newScene();

    const all = Array.from({ length: 5000 }, (_, i) => enter(`${i}`));
    await clock.advance(0);
    const late = Array.from({ length: 5000 }, (_, i) => enter(`late-${i}`));
    await clock.advance(10_000);

    const frames = [...all, ...late].flatMap((one) => one.frames);
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
    assert.deepEqual(all[0]?.take(), ['presence 5000', 'presence 10000']);
    assert.deepEqual(late[0]?.take(), ['presence 5000', 'presence 10000']);
    assert.ok(frames.length === 20_000 && bytes < 60 * frames.length);
    // Encoded once, not once for each.
    assert.equal(new Set(frames).size, 2);
  });
});

describe('RoomPeople › typing', () => {
  it('is told at once, then at most twice a second, and only what changed', async () => {
    const { people, clock, enter } = newScene();
    const [ann, bob] = [enter('ann'), enter('bob')];
    await clock.advance(2000);
    ann.take();

    people.type(bob, true);
    await clock.advance(0);
    assert.deepEqual(ann.take(), ['typing bob']);
    people.type(bob, false);
    await clock.advance(100);
    people.type(bob, true);
    await clock.advance(399);
    assert.deepEqual(ann.take(), []);
    await clock.advance(1);
    assert.deepEqual(ann.take(), []);
    people.type(bob, false);
    await clock.advance(500);

    assert.deepEqual(ann.take(), ['typing ']);
  });

  it('ends by itself six seconds after the last word of it', async () => {
    const { people, clock, enter } = newScene();
    const ann = enter('ann');
    await clock.advance(2000);
    ann.take();

    people.type(ann, true);
    await clock.advance(3000);
    people.type(ann, true);
    await clock.advance(5900);
    assert.deepEqual(ann.take(), ['typing ann']);
    await clock.advance(100);

    assert.deepEqual(ann.take(), ['typing ']);
    await clock.advance(10_000);
    assert.equal(clock.timers, 0);
  });

  it('ends when the connection that said so leaves, and not for another of its user', async () => {
    const { people, clock, enter } = newScene();
    const [ann, bob, tab] = [enter('ann'), enter('bob'), enter('bob')];
    people.type(bob, true);
    await clock.advance(2000);
    ann.take();

    people.leave(tab);
    await clock.advance(1000);
    assert.deepEqual(ann.take(), []);
    people.leave(bob);
    await clock.advance(1000);

    assert.deepEqual(ann.take(), ['typing ', 'presence 1: ann']);
  });

  it('is told to who joins while it lasts, and to nobody when nobody writes', async () => {
    const { people, clock, enter } = newScene();
    const ann = enter('ann');
    await clock.advance(2000);
    people.type(ann, true);
    await clock.advance(2000);

    const bob = enter('bob');
    await clock.advance(2000);

    assert.deepEqual(bob.take().toSorted(), ['presence 2: ann bob', 'typing ann']);
  });

  it('costs 1000 people who all write no more than two ops a second each', async () => {
    const { people, clock, enter } = newScene();
    const all = Array.from({ length: 1000 }, (_, i) => enter(`${i}`));
    await clock.advance(10_000);
    for (const one of all) one.take();

    for (let i = 0; i < 20; i += 1) {
      for (const one of all) people.type(one, i % 2 === 0);
      await clock.advance(50);
    }

    for (const one of all) assert.ok(one.frames.length <= 3);
    assert.equal(new Set(all.flatMap((one) => one.frames)).size, all[0]?.frames.length);
  });
});

describe('RoomPeople › read', () => {
  it("tells the same user's other connections, and nobody else, at most once a second", async () => {
    const { people, clock, kept, enter } = newScene();
    const [one, other, bob] = [enter('ann'), enter('ann'), enter('bob')];
    await clock.advance(2000);
    for (const listener of [one, other, bob]) listener.take();

    for (let seq = 1; seq <= 9; seq += 1) {
      people.mark(one, seq);
      await clock.advance(100);
    }
    await clock.advance(1000);

    assert.deepEqual([one.take(), other.take(), bob.take()], [[], ['read 1', 'read 9'], []]);
    assert.deepEqual(kept, ['u_ann 1', 'u_ann 9']);
  });

  it('never goes back', async () => {
    const { people, clock, kept, enter } = newScene();
    const [one, other] = [enter('ann', 5), enter('ann', 5)];
    await clock.advance(2000);
    one.take();
    other.take();

    people.mark(one, 3);
    people.mark(one, 5);
    people.hear('n', 1, { about: 'read', room, user: 'u_ann' as UserId, seq: 4 });
    await clock.advance(2000);

    assert.deepEqual([one.take(), other.take(), kept], [[], [], []]);
  });

  it('tells who joined with less than another connection marked meanwhile', async () => {
    const { people, clock, enter } = newScene();
    const one = enter('ann');
    people.mark(one, 7);
    const late = enter('ann', 2);
    await clock.advance(2000);

    assert.deepEqual(late.take().toSorted(), ['presence 1: ann', 'read 7']);
  });

  it('is kept though the user leaves at once', async () => {
    const { people, kept, enter } = newScene();
    const ann = enter('ann');

    people.mark(ann, 7);
    people.leave(ann);
    people.close();

    assert.deepEqual(kept, ['u_ann 7']);
  });

  it('costs 5000 who all read the same line nothing but what has to be kept', async () => {
    const { people, clock, kept, told, enter } = newScene();
    const all = Array.from({ length: 5000 }, (_, i) => enter(`${i}`));
    await clock.advance(10_000);
    for (const one of all) one.take();
    told.length = 0;

    for (const one of all) people.mark(one, 7);
    await clock.advance(2000);

    assert.deepEqual([kept.length, told.length], [5000, 0]);
    assert.ok(all.every((one) => one.frames.length === 0));
  });
});

describe('RoomPeople › slow readers', () => {
  it('are skipped, and made whole once they read again', async () => {
    const { people, clock, enter } = newScene();
    const [ann, bob] = [enter('ann'), enter('bob')];
    const tab = enter('ann');
    await clock.advance(2000);
    for (const listener of [ann, bob, tab]) listener.take();

    ann.isSlow = true;
    for (let i = 1; i <= 5; i += 1) {
      people.type(bob, i % 2 === 1);
      people.mark(tab, i);
      enter(`new-${i}`);
      await clock.advance(1500);
    }
    assert.deepEqual(ann.take(), []);
    ann.drain();
    await clock.settle();

    const whole = ['presence 7: ann bob new-1 new-2 new-3 new-4 new-5', 'read 5', 'typing bob'];
    assert.deepEqual(ann.take().toSorted(), whole);
    await clock.advance(100);
    assert.deepEqual(ann.take(), []);
  });

  it('that leave meanwhile are told nothing', async () => {
    const { people, clock, enter } = newScene();
    const ann = enter('ann');
    ann.isSlow = true;
    await clock.advance(2000);

    people.leave(ann);
    ann.drain();
    await clock.settle();

    assert.deepEqual(ann.take(), []);
  });
});

describe('RoomPeople › nodes', () => {
  const presence = (...ids: string[]): Fact => ({
    about: 'presence',
    room,
    users: ids.map((id) => user(id)),
  });

  it('tells who is here when somebody comes, goes, or another node is new', async () => {
    const { people, clock, told, enter } = newScene();
    enter('ann');
    await clock.advance(2000);
    assert.deepEqual(told.splice(0), [presence('ann')]);

    people.hear('n1', 1, presence('bob'));
    await clock.advance(2000);
    assert.deepEqual(told.splice(0), [presence('ann')]);
    people.hear('n1', 2, presence('bob', 'cid'));
    await clock.advance(2000);
    assert.deepEqual(told, []);
    people.leave(enter('dan'));
    await clock.advance(2000);

    assert.deepEqual(told.splice(0), [presence('ann')]);
  });

  it('tells again every time it is asked to, and that nobody is left at the end', async () => {
    const { people, clock, told, enter } = newScene();
    const ann = enter('ann');
    people.hear('n1', 1, presence('bob'));
    await clock.advance(2000);
    told.length = 0;

    people.retell();
    people.leave(ann);
    people.close();

    assert.deepEqual(told, [presence('ann'), presence()]);
    assert.equal(clock.timers, 0);
  });

  it('tells typing to other nodes only where there are people, and again while it lasts', async () => {
    const { people, clock, told, enter } = newScene();
    const ann = enter('ann');
    people.type(ann, true);
    await clock.advance(2000);
    people.hear('n1', 1, presence('bob'));
    await clock.advance(2000);
    told.length = 0;

    for (let i = 0; i < 4; i += 1) {
      people.type(ann, true);
      await clock.advance(3000);
    }
    people.type(ann, false);
    await clock.advance(1000);

    const is = { about: 'typing', room, users: [{ id: 'u_ann', name: 'ann' }] };
    const last = told.pop();
    assert.ok(told.length >= 4 && told.length <= 6);
    for (const fact of told) assert.deepEqual(fact, is);
    assert.deepEqual(last, { ...is, users: [] });
  });

  it('tells a read mark to other nodes only where its user may be', async () => {
    const { people, clock, told, enter } = newScene();
    const [ann, bob] = [enter('ann'), enter('bob')];
    people.hear('n1', 1, presence('bob'));
    await clock.advance(2000);
    told.length = 0;

    people.mark(ann, 7);
    people.mark(bob, 8);
    await clock.advance(2000);

    assert.deepEqual(told, [{ about: 'read', room, user: 'u_bob', seq: 8 }]);
  });

  it("forgets a node's people and writers when it ends, or says nothing for a minute", async () => {
    const { people, clock, enter } = newScene();
    const ann = enter('ann');
    for (const node of ['n1', 'n2']) {
      people.hear(node, 1, presence(`${node}-bob`));
      people.hear(node, 2, { about: 'typing', room, users: [user(`${node}-bob`)] });
    }
    await clock.advance(2000);
    assert.deepEqual(
      ann.take(),
      ['presence 3: ann n1-bob n2-bob', 'typing n1-bob n2-bob'].toSorted(),
    );

    people.forget('n1');
    await clock.advance(2000);
    assert.deepEqual(ann.take().toSorted(), ['presence 2: ann n2-bob', 'typing n2-bob']);
    await clock.advance(60_000);
    people.retell();
    await clock.advance(2000);

    assert.deepEqual(ann.take(), ['typing ', 'presence 1: ann']);
  });
});
