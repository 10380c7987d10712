import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserId } from 'mini-chat/protocol';
import { newScene, room, user } from '../../support/people-scene.ts';

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
    const { clock, told, enter } = newScene();

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
    // Nor told to the other nodes one by one.
    assert.equal(told.length, 2);
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

  it('begins anew with another log', async () => {
    const { people, clock, kept, enter } = newScene();
    const [one, other] = [enter('ann', 5), enter('ann', 5)];
    people.mark(one, 812);
    people.forgetRead();
    await clock.advance(2000);
    for (const listener of [one, other]) listener.take();

    people.mark(one, 3);
    await clock.advance(2000);

    assert.deepEqual([one.take(), other.take(), kept], [[], ['read 3'], ['u_ann 3']]);
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
