import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fact } from '../../../server/node-news.ts';
import { newScene, room, user } from '../../support/people-scene.ts';

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

  it('takes a read mark from another node for its tabs here, and says it to nobody else', async () => {
    const { people, clock, kept, told, enter } = newScene();
    const [ann, bob] = [enter('ann'), enter('bob')];
    people.hear('n1', 1, presence('ann', 'bob'));
    await clock.advance(2000);
    for (const listener of [ann, bob]) listener.take();
    told.length = 0;

    people.hear('n1', 2, { about: 'read', room, user: user('ann').id, seq: 7 });
    people.hear('n1', 3, { about: 'read', room, user: user('nobody').id, seq: 7 });
    await clock.advance(2000);

    assert.deepEqual([ann.take(), bob.take(), told, kept], [['read 7'], [], [], []]);
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
